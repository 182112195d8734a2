"""A child's only task: read a few words and write some with a chat model. If it dies, only the child dies.

Run as ``python -m models.engines.prove FILE [plain]``; ``plain`` does without llama.cpp's repacked weights.
"""

import sys
from pathlib import Path

from models.engines.base import Message, Sampling
from models.engines.llama import LlamaChat

QUESTION = "Nennen Sie drei Dinge, die man in einem Museum sehen kann, und sagen Sie, warum sie dort stehen."


def prove(file: Path, *, extra_buffers: bool) -> int:
    """Decode a prompt (matrix times matrix) and a few tokens (matrix times vector); return the tokens written."""
    model = LlamaChat(file, context_tokens=512, threads=2, extra_buffers=extra_buffers)
    pieces = list(model.reply([Message("user", QUESTION)], Sampling(max_tokens=4, temperature=0)))
    model.close()
    return pieces[-1].tally.new_tokens


if __name__ == "__main__":
    sys.exit(0 if prove(Path(sys.argv[1]), extra_buffers="plain" not in sys.argv[2:]) else 1)
