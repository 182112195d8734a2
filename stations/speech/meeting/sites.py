"""Places in a conversation where something was decided, promised or left open, found by cues."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from stations.prose.sentences import words
from stations.speech.meeting.cues import Cues, cues
from stations.speech.meeting.evidence import content
from stations.speech.meeting.promises import promises
from stations.speech.meeting.site import GAP, REPLY_WITHIN, Site
from stations.speech.transcript import Line
from stations.texts import Language

LEAST_QUESTION = 4
"""Words of a question that can be understood alone: "Für Säcke?" cannot."""
ANSWER_WITHIN = 6
"""A question that stays open is followed so soon by somebody who does not know either."""
CORE_WITHIN = 8
"""What is decided was said at most so many lines before the words that decide it."""
LEAST_CORE = 3
"""A line with fewer content words does not say what was decided: the proposal before it goes with it."""


def sites(lines: Sequence[Line], speakers: Mapping[str, str], language: Language) -> tuple[Site, ...]:
    """Return the places of all kinds in order of time; ``speakers`` are names by id."""
    known = cues(language)
    found = [*_decisions(lines, known, language), *_questions(lines, known)]
    found += promises(lines, speakers, language)
    return tuple(sorted(found, key=lambda site: (site.lines[0], site.kind)))


def _decisions(lines: Sequence[Line], known: Cues, language: Language) -> Iterator[Site]:
    """Yield what was decided in plain words, or agreed upon by more than one."""
    said = [line.text for line in lines]
    marked = [at for at, text in enumerate(said) if _is_sure(text, known) or _agrees(text, known)]
    found: dict[tuple[int, ...], Site] = {}
    for run in _clusters(marked):
        sure = [at for at in run if _is_sure(said[at], known)]
        core = _decided(run, lines, known, language)
        if sure or _is_shared(run, core, lines, known):
            after = said[(sure or run)[-1] : run[-1] + REPLY_WITHIN + 1]
            taken_back = any(map(known.takes_back.search, after))
            before = found[core].cues if core in found else ()
            found[core] = Site("decision", (*before, *run), core, taken_back=taken_back)
    yield from found.values()


def _is_sure(text: str, known: Cues) -> bool:
    return known.decided.search(text) is not None or known.votes.search(text) is not None


def _agrees(text: str, known: Cues) -> bool:
    return known.agreed.search(text) is not None and not known.at_once.search(text)


def _is_shared(run: Sequence[int], core: Sequence[int], lines: Sequence[Line], known: Cues) -> bool:
    """Tell whether something was proposed, and whoever did and those who agree around it are more than one."""
    proposing = [lines[at] for at in core if known.proposes.search(lines[at].text)]
    near = lines[max(0, run[0] - REPLY_WITHIN) : run[-1] + REPLY_WITHIN + 1]
    agreeing = [each for each in near if _agrees(each.text, known) or known.accepts.search(each.text)]
    if not proposing or not agreeing:
        return False
    voices = {each.speaker for each in (*proposing, *agreeing)}
    return len(voices) > 1 or (voices == {""} and len(agreeing) > REPLY_WITHIN)


def _decided(run: Sequence[int], lines: Sequence[Line], known: Cues, language: Language) -> tuple[int, ...]:
    """Return the line that says what was decided; if it says little, with the proposal before it."""
    near = range(max(0, run[0] - CORE_WITHIN), run[-1] + 1)

    def weight(at: int) -> tuple[bool, bool, int, int]:
        text = lines[at].text
        says = len(content(text, language))
        proposes = known.proposes.search(text) is not None and says > 1
        return proposes, known.votes.search(text) is None, min(says, LEAST_CORE), at

    ranked = sorted(near, key=weight, reverse=True)
    enough = len(content(lines[ranked[0]].text, language)) >= LEAST_CORE
    return tuple(sorted(ranked[: 1 if enough else 2]))


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


def _clusters(marked: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield runs of numbers that are no more than ``GAP`` apart."""
    run: list[int] = []
    for at in marked:
        if run and at - run[-1] > GAP:
            yield tuple(run)
            run = []
        run.append(at)
    if run:
        yield tuple(run)
