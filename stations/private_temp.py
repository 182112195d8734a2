"""A folder for everything temporary that only this user can open and that is gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


@contextmanager
def private_temp_folder(parent: Path) -> Iterator[Path]:
    """Lend a folder below ``parent`` for this process; Python's and Gradio's temporary files go there too.

    It is wiped at the end. Folders that a killed start left behind are wiped at the beginning.
    """
    _sweep(parent)
    folder = parent / str(os.getpid())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = tempfile.tempdir
    tempfile.tempdir = os.environ["GRADIO_TEMP_DIR"] = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    for left in parent.glob("*"):
        if not (left.name.isdigit() and psutil.pid_exists(int(left.name))):
            shutil.rmtree(left, ignore_errors=True)
