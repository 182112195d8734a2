"""Sentences through the chat model and back out: promises kept at the first try and in the end, and the speed.

    python bench/translate.py [--model qwen-1.5b] [--sizes 1 4 8] [--only de-en] [--texts] [--back] [--threads 2]

Sizes are sentences in one request. Speed depends on what else the machine does: compare rows of one run. ``--texts``
prints every sentence, to be read by somebody who knows both languages: the checks see numbers, names and length, no
sense. ``--back`` translates back and tells how many words come home.
"""

import argparse
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.engines.base import ChatModel, ChatSize, Message, Piece, Sampling
from models.engines.llama import LlamaChat
from models.store import Store
from models.turns import Fixed, Kind, Turns
from stations.translation import translating
from stations.translation.results import Pair, Translation, Wish
from stations.translation.returning import returned, translate_back
from stations.translation.units import Unit, groups_of, units_of

SENTENCES = tomllib.loads(Path(__file__).with_name("translate_sentences.toml").read_text(encoding="utf-8"))
LETTERS_EACH = 125
_MARKED = re.compile(r"\*\*(.+?)\*\*")


@dataclass
class Counted:
    """A chat model that counts what it writes."""

    chat: ChatModel
    tokens: int = 0
    requests: int = 0
    is_open: bool = field(default=True)

    def close(self) -> None:
        self.chat.close()

    def reply(self, messages: Sequence[Message], sampling: Sampling, *, person: str = "") -> Iterator[Piece]:
        self.requests += 1
        for piece in self.chat.reply(messages, sampling, person=person):
            yield piece
            self.tokens += piece.tally.new_tokens if piece.tally.end else 0


def main() -> None:
    wishes = _wishes()
    model = Store().catalog.model(wishes.model)
    turn = Fixed(wishes.threads) if wishes.threads else Turns().turn(Kind.INTERACTIVE)
    chat = Counted(LlamaChat(Store().file(model), turn, ChatSize(context_tokens=4096, people=4)))
    try:
        for source, target in (("de", "en"), ("en", "de")):
            if wishes.only in ("", f"{source}-{target}"):
                for size in wishes.sizes:
                    _sentences(chat, Wish(source, target), size, wishes)
                _marks(chat, Wish(source, target), wishes)
    finally:
        chat.close()


def _sentences(chat: Counted, wish: Wish, size: int, wishes: argparse.Namespace) -> None:
    units = units_of("\n".join(SENTENCES[wish.source]), wish.source)
    translating.groups_of = lambda given: groups_of(given, size, LETTERS_EACH * size)  # type: ignore[attr-defined]
    began, tokens, requests = time.monotonic(), chat.tokens, chat.requests
    first, last = _both(units, wish, chat)
    seconds = time.monotonic() - began
    spoken = sum(unit.speaks for unit in units)
    print(
        f"{wish.source}-{wish.target} {size} at once: {_kept(first)} of {spoken} kept at first,"
        f" {_kept(last)} in the end;"
        f" {chat.requests - requests} requests, {seconds:.0f} s, {(chat.tokens - tokens) / seconds:.1f} tokens/s,"
        f" {60 * spoken / seconds:.0f} sentences/min; broken: {_checks(last)}",
        flush=True,
    )
    if wishes.texts:
        _show(last)
    if wishes.back:
        _back(chat, last, wish)


def _both(units: Sequence[Unit], wish: Wish, chat: Counted) -> tuple[Translation, Translation]:
    """Return the translation after the first try and in the end."""
    states = translating.translate(units, wish, chat)
    first = last = next(states)
    for last in states:
        first = last if first.stage == "translating" else first
    return first, last


def _kept(state: Translation) -> int:
    return sum(pair.unit.speaks and not pair.findings for pair in state.pairs)


def _checks(state: Translation) -> str:
    return (
        ", ".join(f"{check} {n}" for check, n in Counter(each.check for each in state.findings).most_common())
        or "-"
    )


def _show(state: Translation) -> None:
    for pair in state.pairs:
        found = [f"{each.check}: {each.facts.get('what', '')}" for each in pair.findings]
        print(f"  {pair.unit.text}\n    {pair.text}" + (f"\n    !! {'; '.join(found)}" if found else ""))


def _back(chat: Counted, state: Translation, wish: Wish) -> None:
    *_, back = translate_back(state, wish, chat)
    changed = words = 0
    for there, home in zip(state.pairs, back.pairs, strict=True):
        for part in returned(there.unit.text, home.text, wish.source).original:
            words += len(part.text.split())
            changed += len(part.text.split()) if part.changed else 0
    print(f"  back: {words - changed} of {words} words come home", flush=True)


def _marks(chat: Counted, wish: Wish, wishes: argparse.Namespace) -> None:
    """Tell how many marked words keep their mark."""
    units = [_unit(text, number) for number, text in enumerate(SENTENCES[f"marked_{wish.source}"])]
    *_, last = translating.translate(units, wish, chat)
    kept = sum(mark is not None for pair in last.pairs for mark in pair.marks)
    print(
        f"{wish.source}-{wish.target} marks: {kept} of {sum(len(unit.marks) for unit in units)} kept",
        flush=True,
    )
    if wishes.texts:
        for pair in last.pairs:
            print(f"  {pair.unit.text}\n    {_with_marks(pair)}")


def _unit(text: str, paragraph: int) -> Unit:
    marks = []
    while match := _MARKED.search(text):
        marks.append((match.start(), match.start() + len(match[1])))
        text = text[: match.start()] + match[1] + text[match.end() :]
    return Unit(text, paragraph=paragraph, marks=tuple(marks))


def _with_marks(pair: Pair) -> str:
    text = pair.text
    for start, end in sorted((mark for mark in pair.marks if mark), reverse=True):
        text = f"{text[:start]}**{text[start:end]}**{text[end:]}"
    return text


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen-1.5b")
    parser.add_argument("--sizes", type=int, nargs="+", default=[4])
    parser.add_argument("--only", default="", choices=["", "de-en", "en-de"])
    parser.add_argument("--texts", action="store_true")
    parser.add_argument("--back", action="store_true")
    parser.add_argument("--threads", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
