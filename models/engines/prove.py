"""A child's only task: read a few words and write some with a chat model. If it dies, only the child dies.

Run as ``python -m models.engines.prove FILE [plain]``; ``plain`` does without llama.cpp's repacked weights.
"""

import sys
from pathlib import Path

from models.engines.base import ChatSize, Message, Sampling
from models.engines.llama import LlamaChat
from models.errors import ModelError
from models.turns import Fixed

UNREADABLE = 3
QUESTION = "Nennen Sie drei Dinge, die man in einem Museum sehen kann, und sagen Sie, warum sie dort stehen."


def prove(file: Path, *, extra_buffers: bool) -> int:
    """Decode a prompt (matrix times matrix) and a few tokens (matrix times vector); return the tokens written."""
    model = LlamaChat(file, Fixed(2), ChatSize(512, people=1), extra_buffers=extra_buffers)
    pieces = list(model.reply([Message("user", QUESTION)], Sampling(max_tokens=4, temperature=0)))
    model.close()
    return pieces[-1].tally.new_tokens


def main(words: list[str]) -> int:
    """Return 0 if tokens were written, ``UNREADABLE`` if the file is at fault; a crash has a code of its own."""
    try:
        return 0 if prove(Path(words[0]), extra_buffers="plain" not in words[1:]) else 1
    except ModelError:
        return UNREADABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
