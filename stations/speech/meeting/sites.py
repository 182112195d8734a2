"""Places in a conversation where something was decided, promised or left open, found by cues."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from stations.prose.sentences import words
from stations.speech.meeting.cues import Cues, cues
from stations.speech.meeting.decisions import decisions
from stations.speech.meeting.promises import promises
from stations.speech.meeting.site import Site
from stations.speech.transcript import Line
from stations.texts import Language

LEAST_QUESTION = 4
"""Words of a question that can be understood alone: "Für Säcke?" cannot."""
ANSWER_WITHIN = 6
"""A question that stays open is followed so soon by somebody who does not know either."""


def sites(lines: Sequence[Line], speakers: Mapping[str, str], language: Language) -> tuple[Site, ...]:
    """Return the places of all kinds in order of time; ``speakers`` are names by id."""
    found = [*decisions(lines, language), *promises(lines, speakers, language)]
    found += _questions(lines, cues(language))
    return tuple(sorted(found, key=lambda site: (site.lines[0], site.kind)))


def _questions(lines: Sequence[Line], known: Cues) -> Iterator[Site]:
    """Yield questions after which somebody says that nobody knows."""
    asked = [at for at, line in enumerate(lines) if _asks(line.text, known)]
    telling = [at for at in asked if _tells(lines[at].text, known)]
    for at, after in pairwise([*telling, len(lines)]):
        until = min(at + ANSWER_WITHIN, after)
        unsure = [near for near in range(at, until) if known.unknown.search(lines[near].text)]
        if unsure:
            before = [at - 1] if at - 1 in asked and lines[at - 1].speaker == lines[at].speaker else []
            yield Site("question", tuple(dict.fromkeys((at, *unsure))), (*before, at))


def _tells(text: str, known: Cues) -> bool:
    return len(words(text)) >= LEAST_QUESTION and not known.suggests.search(text)


def _asks(text: str, known: Cues) -> bool:
    return text.rstrip().endswith("?") or known.wonders.search(text) is not None
