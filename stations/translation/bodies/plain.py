"""The words of a plain text file: all of it, line breaks included."""

from collections.abc import Sequence

from models.reading.document import Source
from models.reading.plain import whole_text
from stations.translation.lines import Item, Line, Run


class PlainBody:
    """A text file as one line that has line breaks."""

    def __init__(self, source: Source) -> None:
        self._text = whole_text(source)

    def lines(self) -> list[Line]:
        """Return the whole text."""
        return [Line((Run(self._text),))]

    def replace(self, _number: int, items: Sequence[Item], /) -> None:
        """Put another text in its place."""
        self._text = "".join(item.text for item in items if isinstance(item, Run))

    def saved(self, _language: str, /) -> bytes:
        """Return the file in UTF-8; a text file does not say its language."""
        return self._text.encode("utf-8", errors="replace")
