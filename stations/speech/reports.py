"""What a recording can become: minutes, a summary, questions and answers, a press note. One form for all of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from models.engines.base import ChatModel, Sampling
from stations.speech import minutes_view as view
from stations.speech.meeting.paper import minutes_markdown
from stations.speech.meeting.points import Occasion
from stations.speech.meeting.short_paper import faq_markdown, press_markdown, summary_markdown
from stations.speech.minutes import minutes
from stations.speech.short_texts import Wish, faq, press_note, short_summary
from stations.speech.transcript import Transcript
from stations.texts import Language

SAMPLING = Sampling(temperature=0.2)


class State(Protocol):
    """How far something is."""

    @property
    def stage(self) -> str:
        """What is being done; ``done`` when nothing more comes."""
        ...

    @property
    def share(self) -> float:
        """How much of the work is done, 0..1."""
        ...

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take; ``None`` while nobody knows."""
        ...


@dataclass(eq=False)
class Report:
    """Something on its way that rests on a transcript.

    ``block`` gives it as one line of HTML with moments to listen to, ``markdown`` as a document.
    """

    state: State
    block: Callable[[Language], str]
    markdown: Callable[[Language], str]

    @property
    def done(self) -> bool:
        """Whether nothing more comes."""
        return self.state.stage == "done"


@dataclass(frozen=True)
class ReportWish:
    """From which transcript of which job, in which language people read, for whom."""

    job: str
    transcript: Transcript
    language: Language
    occasion: Occasion = field(default_factory=Occasion)
    plain: bool = False
    person: str = ""

    @property
    def short(self) -> Wish:
        """How a short text is to be written."""
        return Wish(SAMPLING, self.person, self.plain)


def _minutes(chat: ChatModel, wish: ReportWish) -> Iterator[Report]:
    states = minutes(
        chat, wish.transcript, wish.language, given=wish.occasion, sampling=SAMPLING, person=wish.person
    )
    for state in states:
        yield Report(state, partial(view.minutes_block, state, wish.job), partial(minutes_markdown, state))


def _summary(chat: ChatModel, wish: ReportWish) -> Iterator[Report]:
    for state in short_summary(chat, wish.transcript, wish.language, wish.short):
        yield Report(state, partial(view.summary_block, state, wish.job), partial(summary_markdown, state))


def _faq(chat: ChatModel, wish: ReportWish) -> Iterator[Report]:
    for state in faq(chat, wish.transcript, wish.language, wish.short):
        yield Report(state, partial(view.faq_block, state, wish.job), partial(faq_markdown, state))


def _press(chat: ChatModel, wish: ReportWish) -> Iterator[Report]:
    for state in press_note(chat, wish.transcript, wish.language, wish.short, given=wish.occasion):
        yield Report(state, partial(view.press_block, state, wish.job), partial(press_markdown, state))


REPORTS: Mapping[str, Callable[[ChatModel, ReportWish], Iterator[Report]]] = {
    "minutes": _minutes,
    "summary": _summary,
    "faq": _faq,
    "press": _press,
}
