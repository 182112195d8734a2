"""E-mails (EML) as blocks, and what hangs on them as files."""

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path

from models.errors import ModelError
from models.reading.document import Source
from models.reading.pandoc_blocks import html_blocks
from models.reading.structure import Block
from models.reading.text_blocks import text_blocks
from models.reading.told import told

CHILD = Path(__file__).with_name("mail_child.py")
MOST_BYTES = 100_000_000
"""What hangs on a mail is in the memory of this very process for a moment; no post office takes more."""
PACKED_BYTES = 1.5
"""Base64 and JSON make three bytes four and a little more."""


def mail_blocks(source: Source) -> list[Block]:
    """Return subject, sender, receivers and date, then what is written; of two versions of a text the plain one.

    Raises:
        ModelError: ``reading.broken``, ``bomb``, ``too_slow`` or ``too_long``.
    """
    said = told(source, CHILD)
    subject = next((each["text"] for each in said if each.get("field") == "Subject"), "")
    fields = [
        f"{each['field']}: {each['text']}" for each in said if each.get("field", "Subject") != "Subject"
    ]
    blocks = [Block("heading", subject, 1), Block("paragraph", "\n".join(fields))]
    for each in said:
        blocks += _body_blocks(source, str(each.get("body", "")), str(each["text"]))
    return blocks


def attachments(source: Source) -> Iterator[tuple[str, bytes]]:
    """Yield what hangs on a mail with its name, which may be empty and is not to be trusted.

    Raises:
        ModelError: ``reading.too_big`` beyond 100 MB, else as ``mail_blocks``.
    """
    size = source.file.stat().st_size
    if size > MOST_BYTES:
        raise ModelError("reading.too_big", name=source.name, size=size, bytes=MOST_BYTES)
    room = int(PACKED_BYTES * size) + 100_000
    for each in told(source, CHILD, "attachments", output_bytes=room):
        try:
            yield each["attachment"], base64.b64decode(each["base64"])
        except binascii.Error:
            continue


def _body_blocks(source: Source, kind: str, text: str) -> list[Block]:
    if kind == "html":
        return html_blocks(source, text)
    if kind == "forwarded":
        return [Block("heading", text, 2)]
    return list(text_blocks(text)) if kind else []
