"""Texts without what is for the eye only: Markdown, HTML, emoji, signs that nobody sees."""

import html
import re
import unicodedata

ENTITIES_DEEP = 3
"""So many times may a text have been escaped for HTML."""
_TAG = re.compile(r"</?[A-Za-z][\w:-]{0,30}(?:\s[^<>]{0,300})?/?>|<!--.{0,1000}?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]\n]{1,300})\]\([^()\s]{0,2000}(?:\s\"[^\"\n]{0,200}\")?\)")
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)[^\n]{0,80}$", re.MULTILINE)
_RULE = re.compile(
    r"^[ \t]{0,3}(?:(?:-[ \t]{0,3}){3,}|(?:\*[ \t]{0,3}){3,}|(?:_[ \t]{0,3}){3,}|={3,})$", re.MULTILINE
)
_LINE_BEGIN = re.compile(
    r"^[ \t]*(?:>[ \t]?){0,9}(?:#{1,6}[ \t]+|[-*+•‣▪◦·–—][ \t]+)?(?:\[[ xX]\][ \t]+)?", re.MULTILINE
)
_LINE_END = re.compile(r"[ \t]+#{1,6}[ \t]*$", re.MULTILINE)
_TABLE_RULE = re.compile(
    r"^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|){1,50}[ \t]*(?::?-{3,}:?)?[ \t]*$", re.MULTILINE
)
_CELLS = re.compile(r"[ \t]*\|[ \t]*")
_STRONG = tuple(
    re.compile(rf"(?<!\w){mark}(?=[^\s{sign}])([^\n]{{1,200}}?)(?<=[^\s{sign}]){mark}(?!\w)")
    for mark, sign in ((r"\*\*\*", "*"), (r"\*\*", "*"), ("__", "_"), ("~~", "~"), (r"\*", "*"), ("_", "_"))
)
_CODE = re.compile(r"`{1,3}([^`\n]{0,500})`{1,3}")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
"""Kinds of signs without a shape: control, format (joiners, directions, soft hyphens), private, half and no letters."""
_KEYCAP = re.compile("[\ufe0e\ufe0f\u20e3]")
_SPACES = re.compile(r"[^\S\n]+")


def plain(text: str) -> str:
    """Return what can be read aloud of a text: its words, numbers and punctuation, line by line.

    Markdown's marks are taken away and its text stays, of links what they are called; so are HTML tags, emoji and
    invisible signs. Numbers of lists stay. The result has no line with spaces around it.
    """
    for _ in range(ENTITIES_DEEP):
        text = html.unescape(text)
    seen = _SPACES.sub(" ", _without_unseen(text))
    for pattern in (_TAG, _FENCE, _TABLE_RULE, _RULE, _LINE_END):
        seen = pattern.sub(" ", seen)
    seen = _LINK.sub(r"\1", _ESCAPED.sub(r"\1", seen))
    seen = _CODE.sub(r"\1", _LINE_BEGIN.sub("", seen))
    for pattern in _STRONG:
        seen = pattern.sub(r"\1", seen)
    lines = (_without_cells(line).strip() for line in _SPACES.sub(" ", seen).split("\n"))
    return "\n".join(lines).strip()


def _without_cells(line: str) -> str:
    """Return a row of a table as a list of what stands in it."""
    return _CELLS.sub(", ", line.strip().strip("|").strip()) if "|" in line else line


def _without_unseen(text: str) -> str:
    whole = unicodedata.normalize(
        "NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    )
    whole = whole.replace("\u00ad", "").replace("\u200b", "")
    return "".join(_shown(sign) for sign in _KEYCAP.sub("", whole))


def _shown(sign: str) -> str:
    """Return a sign that can be read: digits of all scripts as our own, nothing for pictures."""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return " " if sign != "\n" and _is_picture(sign) else sign


def _is_picture(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind in _UNSEEN or (kind == "So" and sign not in "°©®™№℃℉") or "\U0001f3fb" <= sign <= "\U0001f3ff"
