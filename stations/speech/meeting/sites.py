"""Places in a conversation where something may have been decided, promised or left open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stations.prose.sentences import words
from stations.speech.meeting.cues import Cues, cues
from stations.speech.meeting.evidence import content
from stations.speech.meeting.points import Kind
from stations.speech.transcript import Line
from stations.texts import Language

BEFORE = {"decision": 9, "task": 4, "question": 4}
AFTER = {"decision": 2, "task": 4, "question": 2}
"""Lines around a place that are read with it: a decision is prepared before, a promise gets its date after."""
GAP = 4
"""Cues that are no more lines apart belong to one place."""
SHORT_REPLY = 8
"""Words of a promise that only answers a request ("ja, das krieg ich hin") and names nothing new."""
REPLY_WITHIN = 2
"""A plain yes counts so many lines after the request, and so does taking back after the promise."""
ANSWER_AFTER = 6
"""A question that stays open is followed so soon by somebody who does not know either."""


@dataclass(frozen=True)
class Site:
    """A place: ``first`` and ``last`` count lines and hold the ``cues``; the window around it is what is read.

    ``sure`` when the words leave no doubt. ``taken_back`` when somebody withdrew it afterwards. ``doer`` is the id of the
    speaker who promises, ``""`` when that is not known; ``requests`` are the lines that ask somebody to do it.
    """

    kind: Kind
    cues: tuple[int, ...]
    sure: bool = False
    taken_back: bool = False
    doer: str = ""
    requests: tuple[int, ...] = ()

    @property
    def first(self) -> int:
        """The number of its first line."""
        return self.cues[0]

    @property
    def last(self) -> int:
        """The number of its last line."""
        return self.cues[-1]


def sites(lines: Sequence[Line], language: Language) -> tuple[Site, ...]:
    """Return the places of all kinds in order of time."""
    known = cues(language)
    found = [*_decisions(lines, known), *_tasks(lines, known, language), *_questions(lines, known)]
    return tuple(sorted(found, key=lambda site: (site.first, site.kind)))


def window(site: Site, lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines that are read to word a site."""
    return lines[max(0, site.first - BEFORE[site.kind]) : site.last + AFTER[site.kind] + 1]


def _decisions(lines: Sequence[Line], known: Cues) -> Iterator[Site]:
    marked = [at for at, line in enumerate(lines) if known.decided.search(line.text) or known.agreed.search(line.text)]
    for run in _clusters(marked):
        sure = [at for at in run if known.decided.search(lines[at].text)]
        after = lines[(sure or run)[-1] : run[-1] + AFTER["decision"] + 1]
        yield Site("decision", run, bool(sure), any(known.takes_back.search(each.text) for each in after))


def _questions(lines: Sequence[Line], known: Cues) -> Iterator[Site]:
    last = -1
    for at, line in enumerate(lines):
        if at <= last or not line.text.rstrip().endswith("?"):
            continue
        unsure = [
            near for near in range(at, min(len(lines), at + ANSWER_AFTER)) if known.unknown.search(lines[near].text)
        ]
        if unsure:
            last = unsure[-1]
            yield Site("question", tuple(dict.fromkeys((at, *unsure))), sure=len(unsure) > 1)


def _tasks(lines: Sequence[Line], known: Cues, language: Language) -> Iterator[Site]:
    """Yield promises, each with the request that it answers; a request that nobody accepts is none."""
    site: Site | None = None
    for at, line in enumerate(lines):
        promised = _promised(line, site, lines, at, known)
        if not promised and not known.asks.search(line.text):
            continue
        if site and at - site.last <= GAP and _goes_on(site, at, promised, lines, language):
            site = replace(site, cues=(*site.cues, at))
        else:
            yield from _promise(site, lines, known)
            site = Site("task", (at,))
        site = (
            replace(site, doer=line.speaker, sure=True)
            if promised
            else replace(site, requests=(*site.requests, at))
        )
    yield from _promise(site, lines, known)


def _promised(line: Line, site: Site | None, lines: Sequence[Line], at: int, known: Cues) -> bool:
    """Tell whether somebody promises something in a line, or says yes to a request that came just before."""
    if line.text.rstrip().endswith("?") or known.refuses.search(line.text):
        return False
    if known.promises.search(line.text):
        return True
    asked = site is not None and not site.sure and at - site.last <= REPLY_WITHIN
    return asked and line.speaker != lines[at - 1].speaker and known.accepts.search(line.text) is not None


def _goes_on(site: Site, at: int, promised: bool, lines: Sequence[Line], language: Language) -> bool:
    """Tell whether a line belongs to a site: the answer to its request, a short reply, or nothing new."""
    if promised and (not site.sure or site.last in site.requests):
        return True
    if promised and site.doer != lines[at].speaker:
        return False
    text = lines[at].text
    if len(words(text)) <= SHORT_REPLY and (promised or site.sure):
        return True
    known = content(" ".join(each.text for each in lines[site.first : at]), language)
    return not set(content(text, language)) - set(known) or not site.sure


def _promise(site: Site | None, lines: Sequence[Line], known: Cues) -> Iterator[Site]:
    """Yield a site that somebody promised in, knowing whether it was taken back right afterwards."""
    if site and site.sure:
        after = lines[site.last : site.last + REPLY_WITHIN + 1]
        yield replace(site, taken_back=any(known.takes_back.search(each.text) for each in after))


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
