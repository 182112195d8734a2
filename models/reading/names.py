"""Names of files that somebody else chose: made readable, and harmless."""

import re
import unicodedata
import zipfile

NAME_LETTERS = 200
UTF8_FLAG = 0x800
NO_DOCUMENTS = {"__MACOSX", "Thumbs.db", "desktop.ini", ".DS_Store"}
LOCKS = ("~$", ".~lock.")
"""What Word and LibreOffice put beside a file that is open."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def passed_over(name: str) -> bool:
    """Tell whether a file or folder is hidden, a lock, or what systems leave behind."""
    return name.startswith((".", *LOCKS)) or name in NO_DOCUMENTS


def readable_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member as people know it.

    Macs write UTF-8 and do not say so, German Windows writes the letters of DOS (code page 850).
    """
    if member.flag_bits & UTF8_FLAG:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")


def harmless_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a path that somebody else wrote, each harmless to show; nothing that leads elsewhere."""
    clean = unicodedata.normalize("NFC", _CONTROL.sub("", name)).replace("\\", "/")
    parts = (part.strip()[:NAME_LETTERS] for part in clean.split("/"))
    return tuple(
        part for part in parts if part not in ("", ".", "..") and not re.fullmatch("[A-Za-z]:", part)
    )
