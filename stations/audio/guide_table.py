"""What an audio guide says, read from a table that somebody wrote in Word, LibreOffice or Excel."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.errors import ModelError
from models.language import language_of
from stations.audio.guide_grid import Row, rows_of
from stations.texts import LANGUAGES, Language
from stations.translation.languages import ENGLISH_NAMES, language_name

MOST_STOPS = 300
LONGEST_TEXT, LONGEST_TITLE, LONGEST_NUMBER = 20_000, 200, 12
"""Characters; a text of 20,000 takes twenty minutes to listen to."""
HEADINGS = {
    "number": frozenset({"nr", "nummer", "no", "number", "num", "station", "stop", "pos", "position", "id"}),
    "title": frozenset({"titel", "title", "name", "objekt", "object", "exponat", "überschrift", "heading"}),
    "text": frozenset({"text", "texte", "beschreibung", "inhalt", "description", "audiotext", "sprechtext", "script"}),
    "language": frozenset({"sprache", "sprachen", "language", "languages", "lang"}),
}  # fmt: skip
"""What people write above the columns; ``#`` is a number too."""
HEADING_WORDS = 2
LATEST_HEAD = 5
"""Above the names of the columns there may be some rows: a title, a date."""
_WORDS = re.compile(r"[^\W_]+")
_CODE = re.compile(r"(?P<code>[a-z]{2})(?:[-_][a-z]{2,4})?")
_WHOLE = re.compile(r"(\d+)\.0+")
"""A number as Excel keeps it."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

Column = tuple[str, str]
"""What stands in a column (``number``, ``title``, ``text``, ``language``), and its language where that is said."""


@dataclass(frozen=True)
class Stop:
    """One stop of a guide in one language: a code such as ``de``.

    Several stops may have one number: the same in other languages, which are then not translated. ``wanted`` are the
    languages in which the table wants it; empty means all.
    """

    number: str
    title: str
    text: str
    language: str
    wanted: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The number as a part of a file's name: small letters, digits and ``-``."""
        plain = self.number.casefold().translate(_UMLAUTS)
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def read_stops(file: Path, *, name: str = "", language: Language = "de") -> list[Stop]:
    """Return the stops of a table in a DOCX, ODT, XLSX, CSV or TSV file, in its order.

    The first row names the columns, in German or English: title and text must be there; without numbers the rows are
    counted. A column ``Sprache`` says in which language a row is, or in which it is wanted (``de, en``); columns may
    hold a language each (``Text (en)``). Failing that, the language is told by the text; ``language`` is for texts too
    short to tell.

    Raises:
        ModelError: ``guide.no_table``, ``no_title``, ``no_text``, ``no_rows``, ``too_many``, ``row_unfinished``,
            ``row_too_long``, ``row_number``, ``row_language``, ``twice``, or what reading raises (``reading.broken``).
    """
    return stops_of(rows_of(file, name), name or file.name, language)


def stops_of(rows: Sequence[Row], name: str, language: Language = "de") -> list[Stop]:
    """Return the stops of a table's rows (see ``read_stops``); ``name`` is what people call the table."""
    at = next((at for at, row in enumerate(rows[:LATEST_HEAD]) if {"title", "text"} <= _kinds(row)), 0)
    columns = _columns(rows[at])
    kinds = _kinds(rows[at])
    if "title" not in kinds:
        raise ModelError("guide.no_title", name=name)
    if "text" not in kinds:
        raise ModelError("guide.no_text", name=name)
    body = enumerate(rows[at + 1 :], start=at + 2)
    filled = [(number, row) for number, row in body if any(cell.strip() for cell in row)]
    if not filled:
        raise ModelError("guide.no_rows", name=name)
    if len(filled) > MOST_STOPS:
        raise ModelError("guide.too_many", name=name, count=len(filled), most=MOST_STOPS)
    lines = [_Line(columns, row, place) for place, row in filled]
    stops = [
        (line.place, stop) for at, line in enumerate(lines, start=1) for stop in line.stops(str(at), language)
    ]
    _check_numbers(stops)
    return [stop for _, stop in stops]


def _kinds(row: Row) -> set[str]:
    return {kind for kind, _ in _columns(row)}


def _columns(head: Row) -> dict[Column, int]:
    """Return where each column is; the first of those that are called the same."""
    found: dict[Column, int] = {}
    for at, heading in enumerate(head):
        if column := _column(heading):
            found.setdefault(column, at)
    return found


def _column(heading: str) -> Column | None:
    said = _WORDS.findall(heading.casefold()) or (["nr"] if heading.strip() == "#" else [])
    kind = next((kind for kind, names in HEADINGS.items() if said and said[0] in names), None)
    if kind is None or len(said) > HEADING_WORDS:
        return None
    return kind, known_code(said[1]) if len(said) > 1 else ""


@cache
def _codes() -> dict[str, str]:
    names = {language_name(code, one).casefold(): code for code in ENGLISH_NAMES for one in LANGUAGES}
    return names | {code: code for code in ENGLISH_NAMES}


def known_code(word: str) -> str:
    """Return the code of a language that is named (``Englisch``, ``EN``, ``en-GB``); nothing for any other word."""
    plain = word.strip().casefold()
    code = _CODE.fullmatch(plain)
    return _codes().get(plain) or _codes().get(code["code"] if code else "", "")


class _Line:
    """One row of the table; ``place`` is its number as a table program shows it."""

    def __init__(self, columns: dict[Column, int], row: Row, place: int) -> None:
        self._columns, self._row, self.place = columns, row, place

    def stops(self, counted: str, usual: Language) -> Iterator[Stop]:
        """Yield what the row says, once for each language in which it says it."""
        number = _WHOLE.sub(r"\1", self._cell("number")) or counted
        named = self._languages()
        wanted = named if len(named) > 1 else ()
        texts = {code: self._cell("text", code) for kind, code in self._columns if kind == "text"}
        if not any(texts.values()):
            raise ModelError("guide.row_unfinished", row=self.place)
        for code, text in texts.items():
            if text:
                title = self._cell("title", code) or self._cell("title") or self._any_title()
                language = code or self._told(text, named, usual)
                yield self._checked(Stop(number, " ".join(title.split()), text, language, wanted))

    def _cell(self, kind: str, code: str = "") -> str:
        at = self._columns.get((kind, code))
        return self._row[at].strip() if at is not None and at < len(self._row) else ""

    def _any_title(self) -> str:
        titles = [self._cell(kind, code) for kind, code in self._columns if kind == "title"]
        return next(filter(None, titles), "")

    def _languages(self) -> tuple[str, ...]:
        said = [word for word in re.split(r"[,;/+&\s]+|\bund\b|\band\b", self._cell("language")) if word]
        codes = tuple(dict.fromkeys(map(known_code, said)))
        if not all(codes):
            raise ModelError("guide.row_language", row=self.place)
        return codes

    def _told(self, text: str, named: Sequence[str], usual: Language) -> str:
        if len(named) == 1:
            return named[0]
        found = language_of(text)
        if found and (not named or found in named):
            return found
        return named[0] if named else usual

    def _checked(self, stop: Stop) -> Stop:
        if not stop.title or not any(map(str.isalnum, stop.text)):
            raise ModelError("guide.row_unfinished", row=self.place)
        if len(stop.text) > LONGEST_TEXT or len(stop.title) > LONGEST_TITLE:
            raise ModelError("guide.row_too_long", row=self.place, text=LONGEST_TEXT, title=LONGEST_TITLE)
        if len(stop.number) > LONGEST_NUMBER or not stop.slug:
            raise ModelError("guide.row_number", row=self.place, most=LONGEST_NUMBER)
        return stop


def _check_numbers(stops: Sequence[tuple[int, Stop]]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for place, stop in stops:
        before = seen.setdefault((stop.slug, stop.language), place)
        if before != place:
            raise ModelError("guide.twice", row=place, before=before)
