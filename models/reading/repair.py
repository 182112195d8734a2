"""Mending what formats and programs do to words: split umlauts, glued letters, hyphens, invisible characters."""

import re
import unicodedata

_NEWLINES = re.compile("\r\n?|[\f\v\x85\u2028]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff0-\ufffc\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, those that turn the writing direction, and those that hide text from people."""
_SOFT_HYPHEN = re.compile("\u00ad[ \t]*\n?")
_LINE_END_MARK = re.compile("[\x02\ufffe][ \t\r]*\n?")
"""How pdfium writes a hyphen at the end of a line, mostly with the line end itself left out."""
_SPLIT_UMLAUT = re.compile("¨ ?([aouAOU])")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_SYMBOL_BULLET = re.compile("[\uf0b7\uf0a7\uf0d8]")
"""Bullets of Word's symbol fonts, which no other font knows."""
_HYPHEN_END = re.compile(r"(?<=[^\W\d_])[-\u2010]\n *(\w+)")
_COMPLETED = {"und", "oder", "bzw", "sowie", "als", "bis", "wie", "and", "or", "to"}
"""Words that follow a hyphen which stands for a left-out half: „Vor- und Nachteile“."""


def repaired(text: str) -> str:
    """Return clean text in composed letters (NFC), with words joined again that a line end cut."""
    return joined(cleaned(text))


def one_line(text: str) -> str:
    """Return a heading as clean text on one line."""
    return " ".join(repaired(text).split())


def cleaned(text: str) -> str:
    """Return ``text`` with every line kept, each made of letters that people see."""
    text = _LINE_END_MARK.sub("-\n", text)
    text = _NEWLINES.sub("\n", text).replace("\u2029", "\n\n")
    text = _SOFT_HYPHEN.sub("", _SPACES.sub(" ", text))
    text = _SPLIT_UMLAUT.sub("\\1\u0308", text)
    text = _LIGATURE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _SYMBOL_BULLET.sub("•", text)
    return _tidy(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def joined(text: str) -> str:
    """Return ``text`` with words joined that a hyphen cuts at a line end."""
    return _HYPHEN_END.sub(_whole_word, text)


def _whole_word(found: re.Match[str]) -> str:
    rest = found[1]
    if rest.lower() in _COMPLETED:
        return f"- {rest}"
    return rest if rest[0].islower() else f"-{rest}"


def _tidy(text: str) -> str:
    text = "\n".join(line.rstrip() for line in text.split("\n"))  # a pattern takes for ever on many spaces
    return re.sub("\n{3,}", "\n\n", text).strip("\n")
