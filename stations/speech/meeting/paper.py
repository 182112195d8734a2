"""Minutes as Markdown for people and as JSON for other programs."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from stations.speech.meeting.points import Minutes, Point, Said, Task, Topic
from stations.texts import Language, say
from stations.units import clock_text

TimeLink = Callable[[Said], str]
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LIST = re.compile(r"^(\d+)(?=[.)])|^(?=[-+])")
_QUOTES: dict[Language, str] = {"de": "„{text}“", "en": "“{text}”"}


def minutes_markdown(minutes: Minutes, language: Language, time_link: TimeLink | None = None) -> str:
    """Return minutes as Markdown for ``stations.documents``: after each point the moment it was said, ``(12:34)``.

    ``time_link`` gives the address that opens the recording at a line; without one, or for ``""``, the moment is plain
    text. What people and models wrote cannot become HTML, a picture or another link. Sections without points are left
    out; who takes on a task and until when stays empty where nobody said so.
    """
    return _Paper(minutes, language, time_link).markdown()


def minutes_json(minutes: Minutes) -> dict[str, Any]:
    """Return minutes as plain values: every point with the ids and seconds of its lines."""
    whole = asdict(minutes)
    return {
        name: whole[name]
        for name in (
            "occasion",
            "language",
            "participants",
            "topics",
            "decisions",
            "tasks",
            "questions",
            "left",
        )
    }


class _Paper:
    """One document being written."""

    def __init__(self, minutes: Minutes, language: Language, time_link: TimeLink | None) -> None:
        self._minutes, self._language, self._link = minutes, language, time_link

    def markdown(self) -> str:
        given = self._minutes.occasion
        title = self._say("of", title=plain(given.title)) if given.title else self._say("heading")
        blocks = [
            f"# {title}",
            "\n".join(self._head()),
            *self._section("topics", [self._topic(each) for each in self._minutes.topics]),
            *self._section("decisions", [self._point(each) for each in self._minutes.decisions]),
            *self._tasks(self._minutes.tasks),
            *self._section("questions", [self._point(each) for each in self._minutes.questions]),
            *([self._say("nothing")] if self._minutes.is_empty else []),
            f"*{self._say('made')}*",
        ]
        return "\n\n".join(filter(None, blocks)) + "\n"

    def _head(self) -> Iterator[str]:
        given = self._minutes.occasion
        people = ", ".join(self._minutes.participants)
        for key, text in (
            ("date", given.date),
            ("place", given.place),
            ("participants", people),
        ):
            if text:
                yield f"- **{self._say(key)}:** {plain(text)}"

    def _section(self, key: str, rows: Sequence[str]) -> Iterator[str]:
        if rows:
            yield f"## {self._say(key)}"
            yield "\n".join(f"{at}. {row}" for at, row in enumerate(rows, start=1))

    def _tasks(self, tasks: Sequence[Task]) -> Iterator[str]:
        if tasks:
            yield f"## {self._say('tasks')}"
            head = [self._say(key) for key in ("who", "what", "until")]
            rows = [[plain(each.who), self._point(each), plain(each.until)] for each in tasks]
            yield "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * 3, *rows))

    def _topic(self, topic: Topic) -> str:
        end = clock_text(topic.end_s)
        return f"{_item(plain(topic.text))} ({self._moment(topic, topic.begin_s)}–{end})"

    def _point(self, point: Point) -> str:
        """Return a point with its moment; a sentence of the model is followed by the words that were said."""
        quote = _QUOTES[self._minutes.language].format(text=plain(point.quote)) if point.quote else ""
        if point.quoted:
            return f"{quote or _item(plain(point.text))} ({self._moment(point)})"
        return f"{_item(plain(point.text))} ({self._moment(point)})" + (f" *{quote}*" if quote else "")

    def _moment(self, point: Point, at_s: float | None = None) -> str:
        return moment(point.said, self._link, at_s)

    def _say(self, key: str, **facts: object) -> str:
        return say(f"minutes.{key}", self._language, **facts)


def moment(said: Sequence[Said], time_link: TimeLink | None = None, at_s: float | None = None) -> str:
    """Return when the first of some lines begins, or another second, as a link where there is an address for it."""
    shown = clock_text(said[0].start_s if at_s is None else at_s)
    address = time_link(said[0]) if time_link else ""
    return f"[{shown}](<{address}>)" if address else shown


def plain(text: str) -> str:
    """Return text that Markdown shows letter by letter, on one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _item(text: str) -> str:
    """Return the text of a list's item so that its beginning begins no other list."""
    return _LIST.sub(r"\1\\", text)
