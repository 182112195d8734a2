"""A dialogue as people write it (``Anna: …``), parted into who says what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.errors import ModelError

MOST_ROLES = 12
FEWEST_ROLES = 2
MOST_SPEECHES = 1_000
LONGEST_SCRIPT = 60_000
"""Characters; about an hour."""
LONGEST_NAME, NAME_WORDS = 40, 4
LONGEST_ROW = 400
"""So far into a line the colon behind a name is looked for."""
_MARKS = re.compile(r"[*_]{1,3}")
_BEFORE_NAME = re.compile(r"[ \t>]*(?:[-•–][ \t]+)?")
_SMALL = frozenset(
    {
        "von",
        "vom",
        "van",
        "de",
        "der",
        "die",
        "das",
        "den",
        "und",
        "zu",
        "zur",
        "im",
        "am",
        "of",
        "the",
        "and",
    }
)
"""Words of a name that begin small."""
_HEADING = re.compile(r"[ \t]*(?:#{1,6}[ \t]|[-=*_]{3,}[ \t]*$)")
_PAUSE = re.compile(r"\[\s?(?:pause|break)\b[^\[\]]{0,20}\]", re.IGNORECASE)
_DIRECTION = re.compile(r"\[[^\[\]]{0,500}\]|\([^()]{0,500}\)")
_QUOTES = (("„", "“"), ("„", "”"), ("“", "”"), ("»", "«"), ("«", "»"), ('"', '"'), ("‚", "‘"), ("‘", "’"))
_SPACE_BEFORE_SIGN = re.compile(r"[ \t]+(?=[,.;:!?…])")


@dataclass(frozen=True)
class Speech:
    """What a role says until another one speaks."""

    role: str
    text: str


@dataclass(frozen=True)
class Script:
    """A dialogue: its speeches in order."""

    speeches: tuple[Speech, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """Who speaks, each once, in the order of their first words."""
        return tuple(dict.fromkeys(speech.role for speech in self.speeches))


def read_script(text: str) -> Script:
    """Return who says what in a script such as ``Anna: Guten Tag.``, one speech a paragraph or a line.

    Names may be bold (``**Anna:**``), all capitals, with a stage direction behind them (``Anna (lacht):``). Lines
    without a name go on with what was said; headings, stage directions in brackets and the quotation marks around a
    speech are not spoken, ``[Pause 2 s]`` stays a pause. Names that differ only in their capitals are one role.

    Raises:
        ModelError: ``dialogue.empty``, ``too_long``, ``no_roles`` (nobody is named), ``one_role``, ``many_roles``,
            ``nobody`` (a line before the first name).
    """
    if not any(map(str.isalnum, text)):
        raise ModelError("dialogue.empty")
    if len(text) > LONGEST_SCRIPT:
        raise ModelError("dialogue.too_long", characters=len(text), most=LONGEST_SCRIPT)
    script = Script(tuple(_joined(_lines(text))))
    count = len(script.roles)
    if count < FEWEST_ROLES:
        raise ModelError("dialogue.one_role")
    if count > MOST_ROLES:
        raise ModelError("dialogue.many_roles", count=count, most=MOST_ROLES)
    if len(script.speeches) > MOST_SPEECHES:
        raise ModelError("dialogue.many_speeches", count=len(script.speeches), most=MOST_SPEECHES)
    return script


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that are spoken with the role that is named there, ``""`` where a speech goes on."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not any(_role(row) for row in rows):
        raise ModelError("dialogue.no_roles")
    begun = False
    for number, row in enumerate(rows, start=1):
        if _HEADING.match(row):
            continue
        role, said = _role(row) or ("", row)
        words = _spoken(said)
        begun = begun or bool(role)
        if not begun and words:
            raise ModelError("dialogue.nobody", line=number)
        if role or words or not row.strip():
            yield role, words


def _role(row: str) -> tuple[str, str] | None:
    """Return the role that a line names and what it says; nothing where the part before the colon is no name."""
    head, colon, said = row[:LONGEST_ROW].partition(":")
    said += row[LONGEST_ROW:]
    head = _BEFORE_NAME.sub("", head, count=1).strip()
    begun, plain = _MARKS.match(head), _DIRECTION.sub("", _MARKS.sub("", head))
    if begun and not head.endswith(begun[0]) and said.startswith(begun[0]):  # **Anna:** Hallo
        said = said[len(begun[0]) :]
    words = plain.split()
    name = " ".join(words)
    is_name = 0 < len(words) <= NAME_WORDS and len(name) <= LONGEST_NAME and all(map(_is_of_a_name, words))
    return (name, said) if colon and is_name and name[0].isalnum() and not _is_time(name, said) else None


def _is_of_a_name(word: str) -> bool:
    return not word[0].islower() or word in _SMALL


def _is_time(name: str, said: str) -> bool:
    """Tell whether the colon belongs to a time or a score (``14:30``)."""
    return name[-1].isdigit() and said[:1].isdigit()


def _spoken(text: str) -> str:
    """Return what is said of a line: without stage directions, and without quotation marks around all of it."""
    pauses = _PAUSE.findall(text)
    kept = _PAUSE.sub("\x00", text)
    for _ in range(2):  # one within another
        kept = _DIRECTION.sub(" ", kept)
    kept = _SPACE_BEFORE_SIGN.sub("", " ".join(kept.split()))
    for pause in pauses:
        kept = kept.replace("\x00", pause, 1)
    for begin, end in _QUOTES:
        inside = kept[1:-1]
        if (
            len(kept) > 1
            and kept[0] == begin
            and kept[-1] == end
            and begin not in inside
            and end not in inside
        ):
            return inside.strip()
    return kept


def _joined(lines: Iterator[tuple[str, str]]) -> Iterator[Speech]:
    """Yield speeches: neighbouring lines of one role are one, under the name as it was written first."""
    names: dict[str, str] = {}
    role, said = "", ""
    for name, words in lines:
        known = names.setdefault(name.casefold(), name) if name else role
        if known != role:
            yield from _speech(role, said)
            role, said = known, words
        else:
            said = f"{said}\n{words}"
    yield from _speech(role, said)


def _speech(role: str, said: str) -> Iterator[Speech]:
    if any(map(str.isalnum, _PAUSE.sub("", said))):
        yield Speech(role, said.strip())
