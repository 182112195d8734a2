"""Embedding with any model in sentence-transformers' format, on the processor."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.engines.embedder import TextKind, Vectors, in_order, unit
from models.engines.fingerprint import PROBE, fingerprint
from models.errors import ModelError
from models.turns import Turn

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

E5 = {"query": "query: ", "passage": "passage: "}
"""What models of the E5 family were trained with (Wang et al. 2024, arXiv:2402.05672); their own folders do not say."""
WEIGHT = 0.6


class SentenceEmbedder:
    """Embeds texts with one model folder, for several people at a time (see ``Embedder``).

    ``file`` is the folder or a file in it. What the model wants in front of questions and passages is put there.
    Before each batch it asks its turn how many threads it may use.

    Raises:
        ModelError: ``embed.broken_model`` when files are missing or cannot be read.
    """

    def __init__(self, file: Path, turn: Turn) -> None:
        folder = file if file.is_dir() else file.parent
        self._turn, self._tokenizing = turn, threading.Lock()
        self._model: SentenceTransformer | None = _loaded(folder)
        self._prefixes = _prefixes(self._model, folder)
        probe = self._encoded([PROBE], "passage")[0]
        self.dimensions, self.fingerprint, self.fusion_weight = len(probe), fingerprint(probe), WEIGHT

    @property
    def is_open(self) -> bool:
        """Whether it can work (see ``Engine.is_open``)."""
        return self._model is not None

    def close(self) -> None:
        """Give the memory back; the batch that is being read is read to its end."""
        self._model = None

    def embed(self, texts: Sequence[str], kind: TextKind) -> Iterator[Vectors]:
        """Yield the vectors of ``texts`` in their order, some rows at a time (see ``Embedder.embed``)."""
        return in_order(texts, lambda batch: self._encoded(batch, kind), self.dimensions)

    def tokens(self, text: str) -> tuple[str, ...]:
        """Return the pieces in which the model reads ``text``; ``▁`` is a space."""
        with self._tokenizing:
            return tuple(self._open.tokenizer.tokenize(text))

    @property
    def _open(self) -> "SentenceTransformer":
        if self._model is None:
            raise ModelError("embed.engine_gone")
        return self._model

    def _encoded(self, texts: list[str], kind: TextKind) -> Vectors:
        import torch

        model = self._open
        with self._tokenizing:  # "Already borrowed": fast tokenizers are not safe for two threads
            features = model.preprocess(texts, prompt=self._prefixes[kind])
        with self._turn, torch.inference_mode():
            torch.set_num_threads(self._turn.threads)
            return unit(model(features)["sentence_embedding"].float().numpy())


def _loaded(folder: Path) -> "SentenceTransformer":
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    if not (folder / "modules.json").is_file():
        raise ModelError("embed.broken_model", model=folder.name, problem="modules.json")
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"dtype": "float32"},
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        problem = (str(error).splitlines() or [type(error).__name__])[0].replace(str(folder), folder.name)
        raise ModelError("embed.broken_model", model=folder.name, problem=problem) from error
    return model.eval()


def _prefixes(model: "SentenceTransformer", folder: Path) -> Mapping[str, str]:
    """Return what goes before a question and before a passage: as the model's folder says, else as its family wants."""
    own = model.prompts
    said = {"query": own.get("query") or "", "passage": own.get("passage") or own.get("document") or ""}
    if any(said.values()):
        return said
    return E5 if "e5" in folder.name.split("-") else said
