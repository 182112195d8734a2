"""What a recording can become: minutes, a summary, questions and answers, a press note. One form for all of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from models.engines.base import ChatModel, Sampling
from stations.speech.meeting.paper import minutes_markdown
from stations.speech.meeting.points import Minutes, Occasion
from stations.speech.minutes import minutes
from stations.speech.minutes_view import minutes_block
from stations.speech.transcript import Transcript
from stations.texts import Language


@dataclass(frozen=True)
class ReportWish:
    """From which transcript of which job, in which language people read, for whom."""

    job: str
    transcript: Transcript
    language: Language
    occasion: Occasion = field(default_factory=Occasion)
    plain: bool = False
    person: str = ""
    sampling: Sampling = field(default_factory=lambda: Sampling(temperature=0.2))


class Report(Protocol):
    """Something on its way that rests on a transcript."""

    @property
    def done(self) -> bool:
        """Whether nothing more comes."""
        ...

    @property
    def share(self) -> float:
        """How much of the work is done, 0..1."""
        ...

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take; ``None`` while nobody knows."""
        ...

    def block(self, language: Language) -> str:
        """Return it as one line of HTML, with moments to listen to."""
        ...

    def markdown(self, language: Language) -> str:
        """Return it as a document."""
        ...


@dataclass(eq=False)
class MinutesReport:
    """Minutes on their way."""

    minutes: Minutes
    job: str

    @property
    def done(self) -> bool:
        """Whether nothing more comes."""
        return self.minutes.stage == "done"

    @property
    def share(self) -> float:
        """How much of the work is done."""
        return self.minutes.share

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take."""
        return self.minutes.seconds_left

    def block(self, language: Language) -> str:
        """Return the minutes as HTML."""
        return minutes_block(self.minutes, self.job, language)

    def markdown(self, language: Language) -> str:
        """Return the minutes as a document."""
        return minutes_markdown(self.minutes, language)


def _minutes(chat: ChatModel, wish: ReportWish) -> Iterator[Report]:
    states = minutes(
        chat,
        wish.transcript,
        wish.language,
        given=wish.occasion,
        sampling=wish.sampling,
        person=wish.person,
    )
    for state in states:
        yield MinutesReport(state, wish.job)


REPORTS: Mapping[str, Callable[[ChatModel, ReportWish], Iterator[Report]]] = {"minutes": _minutes}
