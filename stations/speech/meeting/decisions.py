"""Decisions in a conversation: decided in plain words, or agreed upon by more than one."""

from collections.abc import Iterator, Sequence

from stations.speech.meeting.cues import cues
from stations.speech.meeting.evidence import content
from stations.speech.meeting.site import GAP, REPLY_WITHIN, Site
from stations.speech.meeting.verbs import shared_acts
from stations.speech.transcript import Line
from stations.texts import Language

CORE_WITHIN = 8
"""What is decided was said at most so many lines before the words that decide it."""
LEAST_CORE = 3
"""A line with fewer content words does not say what was decided: the proposal before it goes with it."""
ASSENT_WITHIN, LEAST_ASSENTS = 3, 2
"""So soon after "we do it" so many others say yes: then it is decided, whatever words they use."""


def decisions(lines: Sequence[Line], language: Language) -> Iterator[Site]:
    """Yield decisions; several signs that rest on one line are one of them."""
    yield from _Deciding(lines, language).sites()


class _Deciding:
    """Looks for signs of decisions in a conversation, and for what was decided before each."""

    def __init__(self, lines: Sequence[Line], language: Language) -> None:
        self._lines, self._language, self._cues = lines, language, cues(language)
        self._said = [line.text for line in lines]

    def sites(self) -> Iterator[Site]:
        found: dict[tuple[int, ...], Site] = {}
        marked = [
            at for at in range(len(self._said)) if self._is_sure(at) or self._agrees(at) or self._assents(at)
        ]
        for run in _clusters(marked):
            core = self._core(run)
            if any(map(self._is_sure, run)) or self._is_shared(run, core):
                before = found[core].cues if core in found else ()
                found[core] = Site("decision", (*before, *run), core, taken_back=self._taken_back(run))
        yield from found.values()

    def _is_sure(self, at: int) -> bool:
        text = self._said[at]
        return self._cues.decided.search(text) is not None or self._cues.votes.search(text) is not None

    def _agrees(self, at: int) -> bool:
        text = self._said[at]
        return self._cues.agreed.search(text) is not None and not self._cues.at_once.search(text)

    def _assents(self, at: int) -> bool:
        """Tell whether a line says what all will do, and at least two others say yes right after it."""
        if not self._proposes(at) or self._cues.at_once.search(self._said[at]):
            return False
        after = range(at + 1, min(len(self._said), at + 1 + ASSENT_WITHIN))
        voices = {self._lines[near].speaker for near in after if self._accepts(near)}
        return len(voices - {self._lines[at].speaker, ""}) >= LEAST_ASSENTS

    def _proposes(self, at: int) -> bool:
        text = self._said[at]
        if self._cues.proposes.search(text):
            return True
        return bool(set(shared_acts(text, self._language)) - self._cues.states)

    def _accepts(self, at: int) -> bool:
        return self._agrees(at) or self._cues.accepts.search(self._said[at]) is not None

    def _is_shared(self, run: Sequence[int], core: Sequence[int]) -> bool:
        """Tell whether what was proposed, or asked all about, was agreed upon by more than one voice."""
        near = range(max(0, run[0] - REPLY_WITHIN), min(len(self._said), run[-1] + REPLY_WITHIN + 1))
        agreeing = [at for at in near if self._accepts(at)]
        asking = [at for at in run if self._said[at].rstrip().endswith("?")]
        proposing = [at for at in core if self._proposes(at)] or asking
        voices = {self._lines[at].speaker for at in (*proposing, *agreeing)}
        if not proposing or not agreeing:
            return False
        return len(voices) > 1 or (voices == {""} and len(agreeing) > REPLY_WITHIN)

    def _taken_back(self, run: Sequence[int]) -> bool:
        last = max((at for at in run if self._is_sure(at)), default=run[-1])
        return any(map(self._cues.takes_back.search, self._said[last : run[-1] + REPLY_WITHIN + 1]))

    def _core(self, run: Sequence[int]) -> tuple[int, ...]:
        """Return the line that says what was decided; if it says little, with the proposal before it."""
        near = range(max(0, run[0] - CORE_WITHIN), run[-1] + 1)
        ranked = sorted(near, key=self._weight, reverse=True)
        enough = len(content(self._said[ranked[0]], self._language)) >= LEAST_CORE
        return tuple(sorted(ranked[: 1 if enough else 2]))

    def _weight(self, at: int) -> tuple[bool, bool, int, int]:
        text = self._said[at]
        says = len(content(text, self._language))
        proposes = self._cues.proposes.search(text) is not None and says > 1
        return proposes, self._cues.votes.search(text) is None, min(says, LEAST_CORE), at


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
