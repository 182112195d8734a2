"""What minutes hold: points that rest on lines of a transcript, and what the person added."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from stations.speech.transcript import Line
from stations.texts import Language

Kind = Literal["decision", "task", "question"]
Stage = Literal["reading", "done"]


@dataclass(frozen=True)
class Occasion:
    """What the person says about the meeting. Nothing of it is ever taken from what a model writes."""

    title: str = ""
    date: str = ""
    place: str = ""
    participants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A line on which a point rests: its id in the transcript, and the second at which it begins."""

    line: str
    start_s: float


@dataclass(frozen=True)
class Point:
    """Something that was said; ``quote`` is how, without fillers, and ``quoted`` when ``text`` is nothing else.

    ``said`` is never empty and in order of time.
    """

    text: str
    said: tuple[Said, ...]
    quote: str = ""
    quoted: bool = False

    @property
    def start_s(self) -> float:
        """When the first of its lines begins."""
        return self.said[0].start_s


@dataclass(frozen=True)
class Task(Point):
    """Something that somebody promised to do.

    ``who`` is a speaker's name or one that was said, ``until`` the words that were said ("bis Ende nächster Woche");
    both are empty where nobody said so.
    """

    who: str = ""
    until: str = ""


@dataclass(frozen=True)
class Topic(Point):
    """What a stretch of the conversation was about; ``begin_s`` and ``end_s`` are its first and last second."""

    begin_s: float = 0.0
    end_s: float = 0.0


@dataclass(frozen=True)
class Left:
    """What was left out.

    ``taken_back`` are promises and decisions that somebody withdrew; ``unsupported`` are sentences of the model that
    say more or other than their lines: the lines themselves are quoted instead.
    """

    taken_back: int = 0
    unsupported: int = 0


@dataclass(frozen=True)
class Minutes:
    """Minutes on their way.

    ``done`` of ``total`` places have been read; ``share`` is how much of all the work is done, 0 to 1;
    ``seconds_left`` comes from the rate so far, ``None`` at the beginning. ``language`` is the one that was spoken, in
    which the points are. Each list is in order of time.
    """

    occasion: Occasion = field(default_factory=Occasion)
    language: Language = "de"
    participants: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    decisions: tuple[Point, ...] = ()
    tasks: tuple[Task, ...] = ()
    questions: tuple[Point, ...] = ()
    left: Left = field(default_factory=Left)
    stage: Stage = "reading"
    done: int = 0
    total: int = 0
    share: float = 0.0
    seconds_left: float | None = None
    seconds: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.topics or self.decisions or self.tasks or self.questions)


def said(lines: Sequence[Line]) -> tuple[Said, ...]:
    """Return the links to lines, in order of time, each once."""
    found = {Said(each.id, each.start_s) for each in lines}
    return tuple(sorted(found, key=lambda each: (each.start_s, each.line)))
