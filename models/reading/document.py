"""What reading a file gives, and how much it may cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Section:
    """One piece of a document: what follows a heading, or a page.

    ``text`` may be empty: a heading right before another one, a page with a picture only.
    """

    text: str
    heading: str = ""
    page: int | None = None
    """Counts from 1; ``None`` where the format has no pages."""
    page_label: str = ""
    """What is printed on the page (``iv``, ``A-3``), where the file says so."""


@dataclass(frozen=True)
class Document:
    """The text of a file in reading order."""

    name: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """Everything, headings included, with a blank line between the parts."""
        return "\n\n".join(_parts(self.sections))

    @property
    def pages(self) -> int | None:
        """How many pages there are; ``None`` where the format has none."""
        return sum(section.page is not None for section in self.sections) or None


@dataclass(frozen=True)
class ReadingLimits:
    """How big a file, its text and the effort may be. What goes beyond is refused, never cut off silently."""

    file_bytes: int = 100_000_000
    """The file as it lies on the disk."""
    unpacked_bytes: int = 400_000_000
    """Everything inside a packed format (DOCX, ODT) by its own account."""
    pages: int = 600
    letters: int = 3_000_000
    """About ten thick novels; longer than any model here could use."""
    seconds: int = 60
    memory_bytes: int = 1_000_000_000
    """What the process that takes the file apart may hold."""


LIMITS = ReadingLimits()


@dataclass(frozen=True)
class Source:
    """A file on its way to a reader; ``name`` is what people call it."""

    file: Path
    name: str
    limits: ReadingLimits = LIMITS


def _parts(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield from filter(None, (section.heading, section.text))
