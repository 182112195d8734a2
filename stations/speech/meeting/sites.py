"""Places in a conversation where something was decided, promised or left open, found by cues."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stations.prose.sentences import words
from stations.speech.meeting.cues import Cues, cues
from stations.speech.meeting.deadlines import deadlines
from stations.speech.meeting.evidence import content
from stations.speech.meeting.points import Kind
from stations.speech.transcript import Line
from stations.texts import Language

GAP = 4
"""Cues that are no more lines apart belong to one place."""
SHORT_REPLY = 8
"""Words of a promise that only answers ("ja, das krieg ich hin") and names nothing new."""
REPLY_WITHIN = 2
"""A plain yes counts so many lines after a request or an offer, and so does taking back after the promise."""
ANSWER_WITHIN = 6
"""A question that stays open is followed so soon by somebody who does not know either."""
CORE_WITHIN = 8
"""What is decided was said at most so many lines before the words that decide it."""
LEAST_CORE = 3
"""A line with fewer content words does not say what was decided: the proposal before it goes with it."""


@dataclass(frozen=True)
class Site:
    """A place, in numbers of lines: the ``cues`` that mark it, and its ``core``, the lines that say what it is about.

    ``doer`` is the id of the speaker who promises, ``""`` when that is not known. ``taken_back`` when somebody withdrew
    it right afterwards.
    """

    kind: Kind
    cues: tuple[int, ...]
    core: tuple[int, ...]
    doer: str = ""
    taken_back: bool = False

    @property
    def lines(self) -> tuple[int, ...]:
        """All its lines in order."""
        return tuple(sorted({*self.cues, *self.core}))


def sites(lines: Sequence[Line], language: Language) -> tuple[Site, ...]:
    """Return the places of all kinds in order of time."""
    known = cues(language)
    found = [*_decisions(lines, known, language), *_promises(lines, known, language), *_questions(lines, known)]
    return tuple(sorted(found, key=lambda site: (site.lines[0], site.kind)))


def _decisions(lines: Sequence[Line], known: Cues, language: Language) -> Iterator[Site]:
    """Yield what was decided in plain words, or agreed upon by more than one."""
    marked = [at for at, line in enumerate(lines) if known.decided.search(line.text) or known.agreed.search(line.text)]
    for run in _clusters(marked):
        sure = [at for at in run if known.decided.search(lines[at].text)]
        if sure or _is_shared(run, lines, known):
            after = lines[(sure or run)[-1] : run[-1] + REPLY_WITHIN + 1]
            taken_back = any(known.takes_back.search(each.text) for each in after)
            yield Site("decision", run, _decided(run, lines, known, language), taken_back=taken_back)


def _is_shared(run: Sequence[int], lines: Sequence[Line], known: Cues) -> bool:
    """Tell whether at least two people agree in or right around the lines of a run."""
    near = lines[max(0, run[0] - REPLY_WITHIN) : run[-1] + REPLY_WITHIN + 1]
    agreeing = [each for each in near if known.agreed.search(each.text) or known.accepts.search(each.text)]
    return len({each.speaker for each in agreeing}) > 1 or len(agreeing) > REPLY_WITHIN


def _decided(run: Sequence[int], lines: Sequence[Line], known: Cues, language: Language) -> tuple[int, ...]:
    """Return the line that says what was decided; if it says little, with the proposal before it."""
    near = range(max(0, run[0] - CORE_WITHIN), run[-1] + 1)

    def weight(at: int) -> tuple[bool, int, int]:
        says = len(content(lines[at].text, language))
        return known.proposes.search(lines[at].text) is not None and says > 1, min(says, LEAST_CORE), at

    ranked = sorted(near, key=weight, reverse=True)
    enough = len(content(lines[ranked[0]].text, language)) >= LEAST_CORE
    return tuple(sorted(ranked[: 1 if enough else 2]))


def _questions(lines: Sequence[Line], known: Cues) -> Iterator[Site]:
    """Yield questions after which somebody says that nobody knows."""
    last = -1
    for at, line in enumerate(lines):
        if at <= last or not _asks(line.text, known):
            continue
        unsure = [near for near in range(at, at + ANSWER_WITHIN) if known.unknown.search(_text(lines, near))]
        if unsure:
            last = unsure[-1]
            asked = [near for near in range(at, unsure[0] + 1) if _asks(lines[near].text, known)]
            asked = [near for near in asked if lines[near].speaker == line.speaker]
            yield Site("question", tuple(dict.fromkeys((at, *unsure))), tuple(asked))


def _asks(text: str, known: Cues) -> bool:
    return text.rstrip().endswith("?") or known.wonders.search(text) is not None


def _text(lines: Sequence[Line], at: int) -> str:
    return lines[at].text if at < len(lines) else ""


@dataclass(frozen=True)
class _Talk:
    """Some lines about one piece of work: requests, offers and promises by number."""

    requests: tuple[int, ...] = ()
    offers: tuple[int, ...] = ()
    promises: tuple[int, ...] = ()
    doer: str = ""

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(sorted({*self.requests, *self.offers, *self.promises}))


def _promises(lines: Sequence[Line], known: Cues, language: Language) -> Iterator[Site]:
    """Yield promises, each with the request that it answers; requests and offers that nobody accepts are none."""
    talk = _Talk()
    for at, line in enumerate(lines):
        step = _step(talk, at, lines, known)
        if step is None:
            continue
        if talk.lines and not (at - talk.lines[-1] <= GAP and _goes_on(talk, step, at, lines, language)):
            yield from _promise(talk, lines, known)
            talk = _Talk()
        talk = _with(talk, step, at, line.speaker)
    yield from _promise(talk, lines, known)


def _step(talk: _Talk, at: int, lines: Sequence[Line], known: Cues) -> str | None:
    """Return what a line does: ``request``, ``offer``, ``promise``, ``yes`` to what came just before, or nothing."""
    text = lines[at].text
    if known.at_once.search(text) or known.refuses.search(text):
        return None
    asked = text.rstrip().endswith("?")
    if known.promises.search(text) and not asked:
        return "promise"
    if known.asks.search(text):
        return "request"
    if known.offers.search(text) and not asked:
        return "offer"
    open_for = talk.lines and not talk.promises and at - talk.lines[-1] <= REPLY_WITHIN
    if open_for and known.accepts.search(text) and lines[talk.lines[-1]].speaker != lines[at].speaker:
        return "yes"
    return None


def _with(talk: _Talk, step: str, at: int, speaker: str) -> _Talk:
    """Return the talk with one more line; a yes to an offer leaves the work with whoever offered it."""
    if step == "request":
        return replace(talk, requests=(*talk.requests, at), promises=talk.offers if talk.doer else talk.promises)
    if step == "offer":
        return replace(talk, offers=(*talk.offers, at), doer=speaker)
    return replace(talk, promises=(*talk.promises, at), doer=talk.doer if step == "yes" and talk.doer else speaker)


def _goes_on(talk: _Talk, step: str, at: int, lines: Sequence[Line], language: Language) -> bool:
    """Tell whether a line belongs to the same piece of work: an answer, a short reply, or nothing new."""
    if step == "yes" or (step == "promise" and (not talk.promises or talk.lines[-1] in talk.requests)):
        return True
    if step == "promise" and talk.doer != lines[at].speaker:
        return False
    if talk.promises and step == "offer":
        return False
    known = content(" ".join(lines[each].text for each in talk.lines), language)
    new = set(content(_timeless(lines[at].text, language), language)) - set(known)
    return not new or not talk.promises or (step == "promise" and len(words(lines[at].text)) <= SHORT_REPLY)


def _timeless(text: str, language: Language) -> str:
    """Return a text without words for a time: asking until when is no other piece of work."""
    for words_for_time in deadlines(text, language):
        text = text.replace(words_for_time, "")
    return text


def _promise(talk: _Talk, lines: Sequence[Line], known: Cues) -> Iterator[Site]:
    if talk.promises:
        after = lines[talk.lines[-1] : talk.lines[-1] + REPLY_WITHIN + 1]
        taken_back = any(known.takes_back.search(each.text) for each in after)
        yield Site("task", talk.lines, talk.lines, talk.doer, taken_back)


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
