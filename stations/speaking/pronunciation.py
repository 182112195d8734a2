"""The association's own dictionary: how names and foreign words are said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from models.errors import ModelError

LONGEST_WORD, LONGEST_SAID, MOST_WORDS = 80, 200, 2000


@dataclass(frozen=True)
class Pronunciation:
    """Words and how they are said, in the language's own spelling: ``Goethe = Göte``.

    Words are found whole, not inside others, and as they are written: other forms of them (``Goethes``) are words of
    their own. A word written small is also found with a capital letter, any word in capitals. The longest goes first.
    """

    said: Mapping[str, str] = field(default_factory=dict)

    def applied(self, text: str) -> str:
        """Return the text with each of the words as it is said; what is said is not looked up again."""
        if not self.said:
            return text
        return self._pattern.sub(lambda match: self._forms[match[0]], text)

    @cached_property
    def _forms(self) -> dict[str, str]:
        """Every way in which a word may be written; what stands in the dictionary goes before what is derived."""
        derived: dict[str, str] = {}
        for word, said in self.said.items():
            for form in (word[:1].upper() + word[1:], word.upper()):
                derived.setdefault(form, said)
        return derived | dict(self.said)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._forms, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def read_pronunciation(lines: str) -> Pronunciation:
    """Return the dictionary that people typed, one word a line: ``Wort = wie es klingt``; lines with # are remarks.

    Raises:
        ModelError: ``voice.dictionary_line`` for a line without both sides or with too long ones,
            ``voice.dictionary_full`` above ``MOST_WORDS``.
    """
    said: dict[str, str] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        word, equals, sound = (part.strip() for part in line.partition("="))
        if not (word and equals and sound) or len(word) > LONGEST_WORD or len(sound) > LONGEST_SAID:
            raise ModelError("voice.dictionary_line", line=number)
        said[word] = sound
    if len(said) > MOST_WORDS:
        raise ModelError("voice.dictionary_full", count=len(said), most=MOST_WORDS)
    return Pronunciation(said)
