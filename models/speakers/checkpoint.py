"""Reads the weights out of a PyTorch checkpoint, without PyTorch and without running anything that it says.

Such a file is a ZIP archive: a pickle that names tensors, and one file of numbers per tensor. The pickle may name only
the five things below; anything else in it is refused before it is looked up.
"""

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Weights = Mapping[str, Array]
NUMBERS: Mapping[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
PICKLE = "archive/data.pkl"
BAD_FILE = (zipfile.BadZipFile, pickle.UnpicklingError, KeyError, ValueError, TypeError, EOFError, IndexError)
"""What reading raises when the file is something else."""


@dataclass(frozen=True)
class _Kind:
    """The type of the numbers of a storage."""

    form: np.dtype[Any]


def read_checkpoint(file: Path) -> Weights:
    """Return the arrays of a state dictionary by name.

    Raises:
        OSError: the file cannot be read.
        Exception: one of ``BAD_FILE``, when it is not such a checkpoint or names anything but arrays.
    """
    with zipfile.ZipFile(file) as archive:
        found = _Reader(archive).load()
    if not isinstance(found, dict) or not all(isinstance(value, np.ndarray) for value in found.values()):
        raise ValueError("not a dictionary of arrays")
    return found


class _Reader(pickle.Unpickler):
    def __init__(self, archive: zipfile.ZipFile) -> None:
        super().__init__(io.BytesIO(archive.read(PICKLE)))
        self._archive = archive

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 (the interface of pickle)
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _array
        if module == "torch" and name in NUMBERS:
            return _Kind(NUMBERS[name])
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a checkpoint")

    def persistent_load(self, pid: tuple[str, _Kind, str, str, int]) -> Array:
        _, kind, key, _, count = pid
        numbers: Array = np.frombuffer(self._archive.read(f"archive/data/{key}"), kind.form, count)
        return numbers


def _array(numbers: Array, offset: int, shape: Sequence[int], strides: Sequence[int], *_: object) -> Array:
    """Return a tensor as PyTorch describes it; only the ordinary order of numbers occurs in weights."""
    count = int(np.prod(shape, dtype=np.int64))
    ordinary = tuple(int(np.prod(shape[at + 1 :], dtype=np.int64)) for at in range(len(shape)))
    if tuple(strides) != ordinary or offset + count > len(numbers):
        raise ValueError("a tensor lies in an unusual order")
    return numbers[offset : offset + count].reshape(tuple(shape))
