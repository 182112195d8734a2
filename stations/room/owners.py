"""What belongs to which visitor while the program runs: sessions and events of the page, and temporary files.

Gradio itself asks only whether somebody knows a name: whoever guesses the name of another's session or upload gets it
(its own documentation says so). Here whoever was given a name first owns it, and nobody else may use it.
"""

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

REMEMBERED = 50_000
"""Names kept; the oldest go first, and with them the right to use them."""
PATH = "path"


class Owners:
    """Remembers owners; ``temp`` is the folder of temporary files, whose files of now are everybody's."""

    def __init__(self, temp: Path) -> None:
        self._temp, self._lock = os.path.realpath(temp), threading.Lock()
        self._spellings = tuple(json.dumps(each)[1:-1].encode() for each in {self._temp, str(temp)})
        self._names: OrderedDict[str, str] = OrderedDict()
        self._files: OrderedDict[str, set[str]] = OrderedDict()
        self._common = {os.path.realpath(file) for file in temp.rglob("*")}

    def claim(self, name: str, visitor: str) -> bool:
        """Tell whether this session or event is the visitor's; one that nobody had becomes theirs."""
        with self._lock:
            owner = self._names.setdefault(name, visitor)
            self._names.move_to_end(name)
            if len(self._names) > REMEMBERED:
                self._names.popitem(last=False)
            return owner == visitor

    def give(self, files: Iterator[str], visitor: str) -> None:
        """Note that the visitor was given these temporary files."""
        with self._lock:
            for file in files:
                self._files.setdefault(os.path.realpath(file), set()).add(visitor)
                if len(self._files) > REMEMBERED:
                    self._files.popitem(last=False)

    def may_read(self, file: str, visitor: str) -> bool:
        """Tell whether a file is a temporary one that is everybody's or was given to this visitor."""
        name = os.path.realpath(file)
        with self._lock:
            return name in self._common or visitor in self._files.get(name, ())

    def is_temporary(self, file: str) -> bool:
        """Tell whether a path leads into the folder of temporary files."""
        return os.path.realpath(file).startswith(self._temp + os.sep)

    def of(self, visitor: str) -> list[Path]:
        """Return the temporary files that this visitor alone was given."""
        with self._lock:
            return [Path(file) for file, owners in self._files.items() if owners == {visitor}]

    def given_in(self, message: bytes) -> Iterator[str]:
        """Yield the temporary files that a JSON message of ours hands over; text that looks like a path is none."""
        if any(spelling in message for spelling in self._spellings):
            yield from self.named_in(json.loads(message))

    def named_in(self, value: object) -> Iterator[str]:
        """Yield the temporary files that a JSON value names as files, however their paths are spelled."""
        yield from (each for each in _handed_over(value) if self.is_temporary(each))


def _handed_over(value: object) -> Iterator[str]:
    """Yield what stands under the key ``path``, and what a change sets it to: ``["replace", […, "path"], x]``."""
    if isinstance(value, dict):
        if isinstance(file := value.get(PATH), str):
            yield file
        for each in value.values():
            yield from _handed_over(each)
    elif isinstance(value, list):
        if _is_change(value):
            yield value[2]
        for each in value:
            yield from _handed_over(each)


def _is_change(value: list[object]) -> bool:
    match value:
        case ["replace" | "add", [*_, "path"], str()]:
            return True
    return False
