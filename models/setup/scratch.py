"""A folder for pip's temporary files that is cleared away even after a kill.

A killed pip leaves its temporary files behind, half a gigabyte when it was building; nobody else would remove them.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.setup.place import Place

PREFIX = "ki-werkstatt-setup-"
VARIABLES = ("TMPDIR", "TEMP", "TMP")


@contextmanager
def folder(place: Place) -> Iterator[dict[str, str]]:
    """Yield the environment variables that lead programs to a fresh temporary folder, removing it afterwards.

    The folder's name is noted first, so that the next set-up can remove what a killed one left.
    """
    note = place.root / "build" / "setup.temporary"
    _remove_noted(note)
    made = tempfile.mkdtemp(prefix=PREFIX)
    note.write_text(made, encoding="utf-8")
    try:
        yield dict.fromkeys(VARIABLES, made)
    finally:
        _remove_noted(note)


def _remove_noted(note: Path) -> None:
    if not note.exists():
        return
    noted = Path(note.read_text(encoding="utf-8").strip())
    if noted.name.startswith(PREFIX):  # whatever else is written there is not ours to remove
        shutil.rmtree(noted, ignore_errors=True)
    note.unlink(missing_ok=True)
