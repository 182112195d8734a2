"""What short texts about a recording hold: sentences that rest on lines of its transcript."""

from dataclasses import dataclass, field
from typing import Literal

from stations.speech.meeting.points import Occasion, Said

Stage = Literal["reading", "writing", "plain", "done"]


@dataclass(frozen=True)
class Sentence:
    """One sentence with the lines it comes from, in order of time and never none.

    ``quoted`` is in the speaker's own words. ``new_numbers`` and ``new_names`` are those that the lines do not have: a
    person should look. ``plain`` was put into plain language.
    """

    text: str
    said: tuple[Said, ...]
    quoted: bool = False
    new_numbers: tuple[str, ...] = ()
    new_names: tuple[str, ...] = ()
    plain: bool = False

    @property
    def start_s(self) -> float:
        """When the first of its lines begins."""
        return self.said[0].start_s

    @property
    def is_doubtful(self) -> bool:
        """Whether it says a number or a name that its lines do not have."""
        return bool(self.new_numbers or self.new_names)


@dataclass(frozen=True)
class Answered:
    """A question that somebody asked, and what was answered."""

    question: Sentence
    answer: Sentence


@dataclass(frozen=True)
class _OnItsWay:
    """How far a text is: ``share`` of the work done, 0 to 1; ``seconds_left`` is ``None`` at the beginning."""

    stage: Stage = "reading"
    share: float = 0.0
    seconds_left: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class ShortSummary(_OnItsWay):
    """A recording in a few sentences, in order of time."""

    sentences: tuple[Sentence, ...] = ()

    @property
    def text(self) -> str:
        """Return the sentences as one paragraph."""
        return " ".join(each.text for each in self.sentences)


@dataclass(frozen=True)
class Faq(_OnItsWay):
    """Questions that were asked and answered, in order of time."""

    pairs: tuple[Answered, ...] = ()


@dataclass(frozen=True)
class PressNote(_OnItsWay):
    """A short note for the press: a headline (``""`` where none stood the checks) and sentences without doubtful ones.

    Who, when and where come from the ``occasion`` alone; what it does not say is a gap to fill in.
    """

    occasion: Occasion = field(default_factory=Occasion)
    headline: str = ""
    sentences: tuple[Sentence, ...] = ()
