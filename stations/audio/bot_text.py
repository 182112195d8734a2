"""An answer parted into sentences while it is being written."""

from collections.abc import Iterator
from itertools import pairwise

from stations.prose.sentences import spans
from stations.texts import Language

SETTLED = 8
"""Letters of the next sentence that must be there before the one before counts as whole: „am 3.“ may go on „Mai“."""


class Settling:
    """Takes a text piece by piece and gives its sentences back, each once and as soon as it is whole."""

    def __init__(self, language: Language) -> None:
        self._language, self._text = language, ""

    def more(self, text: str) -> Iterator[str]:
        """Yield the sentences that are whole now that ``text`` has come."""
        self._text += text
        found = spans(self._text, self._language)
        whole = [end for (_, end), (begin, _) in pairwise(found)
                 if len(self._text) - begin >= SETTLED]  # fmt: skip
        start = 0
        for end in whole:
            yield from _speaking(self._text[start:end])
            start = end
        self._text = self._text[start:].lstrip() if start else self._text

    def rest(self) -> Iterator[str]:
        """Yield what is left when the answer is over."""
        for begin, end in spans(self._text, self._language):
            yield from _speaking(self._text[begin:end])
        self._text = ""


def _speaking(sentence: str) -> Iterator[str]:
    """Yield a sentence on one line if it has a word."""
    if any(map(str.isalnum, sentence)):
        yield " ".join(sentence.split())
