"""Writes a network as an ONNX file, in so far as convolutional networks need it.

The format is Protocol Buffers (onnx/onnx.proto3, IR version 8, operator set 17): fields with a number, a kind and a
value. Writing the few fields by hand gives the same bytes on every machine and needs no package.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating] | npt.NDArray[np.int64]
Attribute = int | float | Sequence[int]
Shape = Sequence[int | str]
"""Sizes; a name stands for a size that is known only at work."""

IR_VERSION, OPERATORS = 8, 17
KINDS = {"f": (1, "<f4"), "i": (7, "<i8")}
"""Kinds of numbers that a file may hold: by numpy's letter, the format's number and the form on the disk."""
_VARINT, _BYTES, _FOUR = 0, 2, 5
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_INTS = 1, 2, 7


class Network:
    """A network that grows node by node; every node's output has a name that later nodes use."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def constant(self, numbers: Numbers) -> str:
        """Store numbers, as 32-bit floats or 64-bit integers; return their name."""
        name, (kind, form) = f"constant_{len(self._constants)}", KINDS[numbers.dtype.kind]
        body = b"".join(_field(1, int(size)) for size in numbers.shape) + _field(2, kind)
        self._constants.append(body + _field(8, name) + _field(9, numbers.astype(form).tobytes()))
        return name

    def node(self, kind: str, inputs: Iterable[str], **attributes: Attribute) -> str:
        """Add an operator of the ONNX set; return the name of its output."""
        name = f"{kind.lower()}_{len(self._nodes)}"
        body = b"".join(_field(1, each) for each in inputs) + _field(2, name) + _field(4, kind)
        self._nodes.append(body + b"".join(_field(5, _attribute(*each)) for each in attributes.items()))
        return name

    def file(self, inputs: Mapping[str, Shape], output: str, shape: Shape) -> bytes:
        """Return the whole file; ``output`` is the name of the node whose output is the network's."""
        graph = b"".join(_field(1, node) for node in self._nodes) + _field(2, "network")
        graph += b"".join(_field(5, constant) for constant in self._constants)
        graph += b"".join(_field(11, _value(name, sizes)) for name, sizes in inputs.items())
        graph += _field(12, _value(output, shape))
        return _field(1, IR_VERSION) + _field(7, graph) + _field(8, _field(1, "") + _field(2, OPERATORS))


def _value(name: str, shape: Shape) -> bytes:
    sizes = b"".join(_field(1, _field(1 if isinstance(size, int) else 2, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, KINDS["f"][0]) + _field(2, sizes)))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        kind, body = _ATTRIBUTE_FLOAT, _key(2, _FOUR) + np.float32(value).tobytes()
    elif isinstance(value, int):
        kind, body = _ATTRIBUTE_INT, _field(3, value)
    else:
        kind, body = _ATTRIBUTE_INTS, b"".join(_field(8, each) for each in value)
    return _field(1, name) + body + _field(20, kind)


def _field(number: int, value: int | str | bytes) -> bytes:
    """Return one field: its number and kind, then the value (texts and messages with their length)."""
    if isinstance(value, int):
        return _key(number, _VARINT) + _varint(value & (1 << 64) - 1)
    body = value.encode() if isinstance(value, str) else value
    return _key(number, _BYTES) + _varint(len(body)) + body


def _key(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(value: int) -> bytes:
    """Return a number in groups of seven bits, lowest first; the eighth bit says that more follow."""
    groups = [value & 127]
    while value := value >> 7:
        groups.append(value & 127)
    return bytes([*(group | 128 for group in groups[:-1]), groups[-1]])
