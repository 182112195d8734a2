"""A program of its own that reads one e-mail (EML): the file comes on standard input, JSON lines go out.

Started with ``python -I``; knows nothing of the kit. Arguments: how many letters, bytes of memory and seconds it may
take, and ``attachments`` for what hangs on it. It says ``{"field", "text"}``, ``{"body": "plain" or "html", "text"}``,
``{"attachment", "base64"}`` and ``{"error"}``.
"""

import base64
import email
import email.errors
import email.header
import email.policy
import json
import sys
from collections.abc import Iterable, Iterator
from email.message import Message

FIELDS = ("Subject", "From", "To", "Cc", "Date")
FIELD_LETTERS = 2000
MOST_PARTS = 1000
EXTRA_S = 10
ENCODINGS = ("utf-8", "cp1252", "latin-1")

Line = dict[str, object]


def main(letters: int, memory_bytes: int, seconds: int, *, attachments: bool = False) -> None:
    """Write what the mail says, or what hangs on it."""
    _lock_in(memory_bytes, seconds)
    try:
        mail = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.compat32)
        _write(_attachments(mail) if attachments else _words(mail), letters)
    except (MemoryError, RecursionError):
        _put({"error": "bomb"})


def _words(mail: Message) -> Iterator[Line]:
    for name in FIELDS:
        if text := _field(mail, name):
            yield {"field": name, "text": text}
    for part in _parts(mail):
        kind = part.get_content_type()
        if part is not mail and kind == "message/rfc822":
            inside = part.get_payload(0) if part.is_multipart() else None
            yield {
                "body": "forwarded",
                "text": _field(inside, "Subject") if isinstance(inside, Message) else "",
            }
        elif kind in ("text/plain", "text/html") and not _is_attached(part):
            yield {"body": kind.removeprefix("text/"), "text": _text(part)}


def _parts(mail: Message) -> Iterator[Message]:
    """Yield the parts; of two ways to say the same, plain text."""
    left = [mail]
    for _ in range(MOST_PARTS):
        if not left:
            return
        part = left.pop()
        yield part
        inside = part.get_payload()
        if part.is_multipart() and isinstance(inside, list):
            left += reversed(_chosen(part, [each for each in inside if isinstance(each, Message)]))


def _chosen(part: Message, inside: list[Message]) -> list[Message]:
    if part.get_content_type() != "multipart/alternative":
        return inside
    plain = [each for each in inside if each.get_content_type() == "text/plain" and _text(each).strip()]
    return plain[:1] or inside[-1:]


def _attachments(mail: Message) -> Iterator[Line]:
    for part in _parts(mail):
        if _is_attached(part) and isinstance(raw := part.get_payload(decode=True), bytes):
            yield {
                "attachment": readable(part.get_filename()) or "",
                "base64": base64.b64encode(raw).decode(),
            }


def _is_attached(part: Message) -> bool:
    if part.is_multipart():
        return False
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    return decoded(raw, part.get_content_charset()) if isinstance(raw, bytes) else ""


def decoded(raw: bytes, said: str | None) -> str:
    """Return letters in the encoding that is said, or in one that fits."""
    for encoding in (said, *ENCODINGS):
        try:
            return raw.decode(encoding or "ascii")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return ""


def readable(field: object) -> str:
    """Return a header field in ordinary letters: ``=?utf-8?q?Gr=C3=BC=C3=9Fe?=`` becomes „Grüße“."""
    if field is None:
        return ""
    raw = decoded(str(field)[:FIELD_LETTERS].encode("utf-8", "surrogateescape"), None)
    raw = " ".join(raw.split())
    try:
        pieces = email.header.decode_header(raw)
    except (email.errors.HeaderParseError, ValueError):
        pieces = [(raw, None)]
    text = "".join(decoded(words, said) if isinstance(words, bytes) else words for words, said in pieces)
    return " ".join(text.split())


def _field(mail: Message, wanted: str) -> str:
    """Return the first field of a name as it stands in the file: the library hides bytes that nobody marked."""
    return next((readable(text) for name, text in mail.raw_items() if name.lower() == wanted.lower()), "")


def _write(lines: Iterable[Line], letters: int) -> None:
    written = 0
    for line in lines:
        written += len(str(line.get("text", "")))
        if written > letters:
            _put({"error": "too_long"})
            return
        _put(line)


def _put(said: Line) -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")


def _lock_in(memory_bytes: int, seconds: int) -> None:
    """Let the system itself enforce the limits, where it can; the parent watches everywhere."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + EXTRA_S, seconds + EXTRA_S))
    except (ImportError, ValueError, OSError):  # Windows has none of it, macOS not the first
        return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), attachments="attachments" in sys.argv[4:])
