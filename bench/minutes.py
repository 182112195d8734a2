"""Minutes of invented meetings on a real model: what was found, what was invented, and how long it took.

    python bench/minutes.py [--model qwen-1.5b] [--meetings de_board …] [--threads 2] [--show] [--rules]

A point is right when it rests on a line that the meeting's key names, and worded right when its text has the words of
the key; a second point about the same thing is wrong. ``--rules`` asks no model: every point is a quotation. The key of
each meeting in ``tests/real/meetings`` was written before the program saw the meeting; ``de_board``, ``de_museum`` and
``en_choir`` were used to write the rules, ``de_library`` and those after it to measure them (docs/decisions.md).
"""

import argparse
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.engines.base import ChatModel, ChatSize, Sampling
from models.store import Store
from models.turns import Fixed
from stations.speech.meeting.paper import minutes_markdown
from stations.speech.meeting.points import Minutes, Point, Task
from stations.speech.meeting.wording import worded
from stations.speech.minutes import minutes, places
from stations.speech.transcript import Transcript

MEETINGS = Path(__file__).resolve().parents[1] / "tests" / "real" / "meetings"
KINDS = ("decisions", "tasks", "questions")
SAMPLING = Sampling(temperature=0.0, repetition=1.0, seed=7)


@dataclass
class Score:
    """What was found of one kind; ``worded``, ``who`` and ``until`` count among the right ones."""

    key: int = 0
    found: int = 0
    right: int = 0
    worded: int = 0
    quoted: int = 0
    who: int = 0
    until: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.key if self.key else 1.0


def scored(points: Sequence[Point], key: Sequence[dict]) -> Score:
    """Compare points with the key of their kind."""
    score, open_keys = Score(len(key), len(points)), list(key)
    for point in points:
        lines = {each.line for each in point.said}
        one = max(open_keys, key=lambda each: len(lines & set(each["lines"])), default=None)
        if one is None or not lines & set(one["lines"]):
            score.wrong.append(point.text)
            continue
        open_keys.remove(one)
        score.right += 1
        score.quoted += point.quoted
        score.worded += all(re.search(words, point.text, re.IGNORECASE) for words in one["says"])
        if isinstance(point, Task):
            score.who += one["who"] in point.who
            score.until += one["until"].lower() in point.until.lower() and bool(one["until"]) == bool(
                point.until
            )
    score.missed = [each["id"] for each in open_keys]
    return score


def by_rules(transcript: Transcript) -> Minutes:
    """Return the minutes without any model: every point as it was said."""
    kept, _ = places(transcript, transcript.speakers, transcript.language)  # type: ignore[arg-type]
    found = [(each.site.kind, worded(each, None)) for each in kept]
    return Minutes(
        **{f"{kind}s": tuple(one for own, one in found if f"{own}s" == f"{kind}s") for kind in _singular()}
    )


def _singular() -> Iterator[str]:
    yield from (kind.removesuffix("s") for kind in KINDS)


def with_model(chat: ChatModel, transcript: Transcript) -> Minutes:
    *_, last = minutes(chat, transcript, "de", sampling=SAMPLING)
    return last


def main() -> None:
    wishes = arguments()
    chat = None if wishes.rules else opened(wishes.model, wishes.threads)
    sums = {kind: Score() for kind in KINDS}
    for file in sorted(MEETINGS.glob("*.json")):
        if wishes.meetings and file.stem not in wishes.meetings:
            continue
        meeting = json.loads(file.read_text(encoding="utf-8"))
        transcript = Transcript.model_validate(meeting["transcript"])
        began = time.monotonic()
        result = with_model(chat, transcript) if chat else by_rules(transcript)
        seconds = time.monotonic() - began
        print(
            f"{file.stem}: {seconds:.0f} s for {transcript.seconds:.0f} s of talk, {result.left}", flush=True
        )
        for kind in KINDS:
            score = scored(getattr(result, kind), meeting["key"][kind])
            sums[kind] += score
            print(line(kind, score), flush=True)
        if wishes.show:
            print(minutes_markdown(result, "de"), flush=True)
    print("all")
    for kind in KINDS:
        print(line(kind, sums[kind]))
    if chat:
        chat.close()


def line(kind: str, score: Score) -> str:
    text = f"  {kind}: precision {score.precision:.2f}, recall {score.recall:.2f} ({score.right} of {score.key} found, "
    text += f"{score.found - score.right} wrong); worded right {score.worded}, quoted {score.quoted}"
    if kind == "tasks":
        text += f"; who right {score.who}, until right {score.until}"
    notes = [*(f"missed {each}" for each in score.missed), *(f"wrong: {each}" for each in score.wrong)]
    return "\n    ".join([text, *notes])


def opened(model_id: str, threads: int) -> ChatModel:
    from models.engines.llama import LlamaChat

    store = Store()
    return LlamaChat(
        store.file(store.catalog.model(model_id)), Fixed(threads), ChatSize(context_tokens=4096, people=4)
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen-1.5b")
    parser.add_argument("--meetings", nargs="*", default=[])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="print the minutes")
    parser.add_argument("--rules", action="store_true", help="without a model")
    return parser.parse_args()


if __name__ == "__main__":
    main()
