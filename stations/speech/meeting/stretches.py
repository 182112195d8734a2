"""A conversation in stretches, each about one thing: cut where somebody goes on to the next point, else at pauses."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from models.language import language_of
from stations.asking.answers import Answer
from stations.prose.sentences import words
from stations.speech.meeting.cues import cues
from stations.speech.meeting.evidence import content, nouns, resting_on, supports
from stations.speech.meeting.points import Topic, said
from stations.speech.meeting.wording import transcribed
from stations.speech.transcript import Line
from stations.summary.prompts import prose
from stations.texts import Language

STRETCH_BYTES = 2_500
"""About 700 tokens of German, and three minutes of talk."""
LEAST_BYTES = 500
"""Less is no topic of its own: half a minute of talk."""
READ_BYTES = 1_800
"""A topic is named at its beginning: a model reads no more of a stretch to give it a title."""
TITLE_TOKENS, MOST_TITLE_WORDS = 24, 8
CHANGE_S = 0.5
"""A change of speaker is worth a pause of half a second when a place to cut is looked for."""
KEYWORDS, LINKS = 3, 3


@dataclass(frozen=True)
class Stretch:
    """Neighbouring lines that are about one thing, as far as anybody can tell without understanding them."""

    lines: tuple[Line, ...]

    def text(self, names: Mapping[str, str]) -> str:
        """Return its beginning as a model reads it."""
        shown: list[tuple[Line, str]] = []
        size = 0
        for line in self.lines:
            size += len(line.text.encode())
            if shown and size > READ_BYTES:
                break
            shown.append((line, line.text))
        return transcribed(shown, names)


def stretches(lines: Sequence[Line], language: Language) -> tuple[Stretch, ...]:
    """Return the conversation in stretches of at most about ``STRETCH_BYTES``, without gaps and in order."""
    opens = cues(language).opens_topic
    found: list[list[Line]] = []
    for line in lines:
        if not found or (opens.search(line.text) and _size(found[-1]) >= LEAST_BYTES):
            found.append([])
        found[-1].append(line)
    return tuple(Stretch(tuple(piece)) for run in found for piece in _cut(run))


def _cut(lines: list[Line]) -> Iterator[list[Line]]:
    """Yield pieces that are short enough, cut at the longest pause or a change of speaker in their second half."""
    while len(lines) > 1 and _size(lines) > STRETCH_BYTES:
        end = _reaches(lines, STRETCH_BYTES)
        begin = max(1, _reaches(lines, STRETCH_BYTES // 2))
        at = max(range(begin, max(begin + 1, end)), key=lambda at: _gap(lines[at - 1], lines[at]))
        yield lines[:at]
        lines = lines[at:]
    if lines:
        yield lines


def _reaches(lines: Sequence[Line], size: int) -> int:
    """Return how many lines are at most so many bytes."""
    total = 0
    for count, line in enumerate(lines):
        total += _size([line])
        if total > size:
            return min(count, len(lines) - 1)
    return len(lines) - 1


def _gap(before: Line, after: Line) -> float:
    return after.start_s - before.end_s + CHANGE_S * (before.speaker != after.speaker)


def _size(lines: Sequence[Line]) -> int:
    return sum(len(line.text.encode("utf-8", "replace")) for line in lines)


def titled(
    stretch: Stretch, answer: Answer | None, others: Sequence[Stretch], language: Language
) -> Topic | None:
    """Return what a stretch was about: in the model's words if they were said, else its own most telling nouns.

    ``None`` where neither is there.
    """
    title = _title(stretch, answer, language) if answer else ""
    text = title or ", ".join(keywords(stretch, others, language))
    links = resting_on(stretch.lines, text, language, LINKS)
    if not links:
        return None
    first, last = stretch.lines[0], stretch.lines[-1]
    return Topic(text, said(links), "", not title, first.start_s, last.end_s)


def _title(stretch: Stretch, answer: Answer, language: Language) -> str:
    title = prose(answer.text, 1, language).strip(' ."„“”') if answer.tally.end == "done" else ""
    if not title or len(words(title)) > MOST_TITLE_WORDS or language_of(title) not in (None, language):
        return ""
    return title if supports("\n".join(each.text for each in stretch.lines), title, language) else ""


def keywords(stretch: Stretch, others: Sequence[Stretch], language: Language) -> list[str]:
    """Return the nouns that are said often here and seldom elsewhere, in order of how telling they are."""
    here = Counter(_spoken_nouns(stretch, language))
    spread = Counter(word for each in others for word in set(_spoken_nouns(each, language)))
    ranked = sorted(here, key=lambda word: (-here[word] / max(1, spread[word]), list(here).index(word)))
    return ranked[:KEYWORDS]


def _spoken_nouns(stretch: Stretch, language: Language) -> list[str]:
    if language == "en":
        return [word for line in stretch.lines for word in content(line.text, language)]
    return [word for line in stretch.lines for word in nouns(line.text)]


def joined(topics: Sequence[Topic]) -> Iterator[Topic]:
    """Yield topics in order of time; neighbours with the same title are one."""
    held: Topic | None = None
    for topic in topics:
        if held and held.text.casefold() == topic.text.casefold():
            held = replace(held, said=(*held.said, *topic.said), end_s=topic.end_s)
            continue
        if held:
            yield held
        held = topic
    if held:
        yield held
