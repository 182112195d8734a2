"""Looking into packed files (DOCX, ODT are ZIP archives) before any reader unpacks them."""

import struct
import zipfile
import zlib
from types import TracebackType
from typing import BinaryIO, Self

from models.errors import ModelError
from models.reading.document import Source

START_BYTES = 1_000_000
END_BYTES = 65_557
"""The record at the end of an archive, with the longest comment."""
END_MARK, ZIP64_MARK = b"PK\x05\x06", b"PK\x06\x07"
CONTENTS_BYTES = 4_000_000
"""A table of contents of some 50,000 members; Python would build a longer one in this very process."""
SIZE_AT = 12
"""Where the record says how long the table of contents is."""
LOCKED_FLAG = 0x1
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError)
"""What ``zipfile`` raises for archives that are damaged, or packed in a way nobody uses for documents."""


class Archive:
    """The members of a packed file, which has been found whole, unlocked and of a sensible size.

    Raises:
        ModelError: ``reading.broken``, ``reading.bomb`` or ``reading.encrypted``, on entering.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    def __enter__(self) -> Self:
        self._file = self._source.file.open("rb")
        try:
            self._check_end(self._file)
            self._zip = zipfile.ZipFile(self._file)
            self._check_members()
        except DAMAGED as error:
            self._file.close()
            raise ModelError("reading.broken", name=self._source.name) from error
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def has_folder(self, folder: str) -> bool:
        """Tell whether a member lies in ``folder`` (ends with a slash)."""
        return any(name.startswith(folder) for name in self._zip.namelist())

    def start(self, member: str) -> bytes:
        """Return at most the first megabyte of a member; nothing if there is none.

        Raises:
            ModelError: ``reading.broken``.
        """
        if member not in self._zip.namelist():
            return b""
        try:
            with self._zip.open(member) as file:
                return file.read(START_BYTES)
        except DAMAGED as error:
            raise ModelError("reading.broken", name=self._source.name) from error

    def _check_end(self, file: BinaryIO) -> None:
        file.seek(max(0, self._source.file.stat().st_size - END_BYTES))
        tail = file.read()
        at = tail.rfind(END_MARK)
        if at < 0 or len(tail) < at + SIZE_AT + 4 or ZIP64_MARK in tail[max(0, at - 20) : at]:
            raise zipfile.BadZipFile  # cut off; or made for more than 4 GB, which a document never needs
        if struct.unpack_from("<I", tail, at + SIZE_AT)[0] > CONTENTS_BYTES:
            raise ModelError("reading.bomb", name=self._source.name)

    def _check_members(self) -> None:
        members = self._zip.infolist()
        if sum(member.file_size for member in members) > self._source.limits.unpacked_bytes:
            raise ModelError("reading.bomb", name=self._source.name)
        locked = any(member.flag_bits & LOCKED_FLAG for member in members)
        if locked or b"encryption-data" in self.start("META-INF/manifest.xml"):
            raise ModelError("reading.encrypted", name=self._source.name)
