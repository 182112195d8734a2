"""Several people at once: this engine, the bare library one after another, and llama-server if there is one.

    python bench/people.py [--model qwen-1.5b] [--rounds 3] [--llama-server PATH]

For each number of people all arrive at the same moment with the same role and different questions. Prints tokens per
second of all together and the median and worst time to the first token, as medians over the rounds; the three take
turns within each round, because machines are noisy. Then eight people with a common beginning of 800 tokens, against
the same engine with beginnings that differ. Needs the model in the store.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from models.engines.base import ChatSize, Message, Sampling
from models.engines.llama import LlamaChat
from models.store import Store
from models.turns import Kind, Turns

CORES = os.cpu_count() or 1
CELLS = 16384
ROLE = (
    "Sie sind ein freundlicher Assistent für Museen, Kulturämter und Vereine. Antworten Sie auf Deutsch, in kurzen, "
    "einfachen Sätzen. Erfinden Sie keine Namen, Zahlen und Daten. Wenn Sie etwas nicht wissen, sagen Sie es."
)
QUESTION = (
    "Nennen Sie {n} Ideen für ein Fest im Heimatmuseum der Stadt {town} und erklären Sie jede ausführlich."
)
TOWNS = ("Lindau", "Husum", "Coburg", "Meißen", "Soest", "Celle", "Passau", "Görlitz")
LIBRARY = "high-level library, one after another"
UNTUNED = "high-level library with its own thread count, one after another"
PAUSE_S = 2.5
"""Between two measurements, so that this engine does not take the peer before it for a busy neighbour."""
numbers = count(3)


@dataclass(frozen=True)
class Answer:
    """What one person got: seconds to the first token, seconds to the last, tokens."""

    first_s: float
    last_s: float
    tokens: int


@dataclass(frozen=True)
class Group:
    """What several people got who came together."""

    speed: float
    median_first_s: float
    worst_first_s: float


Ask = Callable[[Sequence[Message], float], Answer]


def main() -> None:
    wishes = _wishes()
    file = Store().file(Store().catalog.model(wishes.model))
    with ExitStack() as stack:
        ours = LlamaChat(file, Turns().turn(Kind.INTERACTIVE), ChatSize(2 * CELLS // 8))
        stack.callback(ours.close)
        peers: dict[str, Callable[[int], Group]] = {
            "this engine": partial(together, partial(ask_ours, ours, wishes.tokens)),
            LIBRARY: partial(one_after_another, bare(file, wishes.tokens, CORES)),
            UNTUNED: partial(one_after_another, bare(file, wishes.tokens, None)),
        }
        if wishes.llama_server:
            address = stack.enter_context(LlamaServer(wishes.llama_server, file))
            peers["llama-server -np 8"] = partial(together, partial(ask_server, address, wishes.tokens))
        for peer in peers.values():
            peer(1)  # load, warm up
        compare(peers, wishes.people, wishes.rounds)
        shared_beginning(ours, wishes.rounds)


def compare(peers: dict[str, Callable[[int], Group]], people: list[int], rounds: int) -> None:
    for number in people:
        seen: dict[str, list[Group]] = {name: [] for name in peers}
        for _ in range(rounds):
            for name, peer in peers.items():
                time.sleep(PAUSE_S)
                seen[name].append(peer(number))
        middle = {name: _middle(groups) for name, groups in seen.items()}
        ours = middle["this engine"]
        for name, group in middle.items():
            print(
                f"{number} people, {name}: {group.speed:.1f} tokens/s, first token after "
                f"{group.median_first_s:.2f} s (median), {group.worst_first_s:.2f} s (worst)"
            )
            if group is not ours:
                print(
                    f"{number} people, this engine ÷ {name}: tokens/s {ours.speed / group.speed:.2f}, "
                    f"worst first token {ours.worst_first_s / group.worst_first_s:.2f}",
                    flush=True,
                )


def shared_beginning(ours: LlamaChat, rounds: int) -> None:
    """Compare eight people with one document against eight with documents that differ from the first word on."""
    document = " ".join(f"Punkt {place}: Der Verein hat {place} Helfende." for place in range(1, 62))
    worst: dict[bool, list[float]] = {True: [], False: []}
    for number in range(rounds):
        for shared in (False, True):

            def ask(
                messages: Sequence[Message], came: float, shared: bool = shared, n: int = number
            ) -> Answer:
                own = f"{n}" if shared else messages[-1].text
                text = f"{n} {'gemeinsam' if shared else own} {document}"
                return ask_ours(ours, 8, [Message("system", text), *messages[1:]], came)

            worst[shared].append(together(ask, 8).worst_first_s)
    common, own = statistics.median(worst[True]), statistics.median(worst[False])
    print(f"8 people, long common beginning: worst first token {common:.2f} s, without sharing {own:.2f} s")
    print(f"8 people, long common beginning ÷ without sharing: {common / own:.2f}")


def questions(people: int) -> list[list[Message]]:
    """Return as many conversations: the same role, questions nobody has asked before."""
    return [
        [Message("system", ROLE), Message("user", QUESTION.format(n=next(numbers), town=TOWNS[person]))]
        for person in range(people)
    ]


def together(ask: Ask, people: int) -> Group:
    answers: list[Answer] = []
    began = time.monotonic()
    threads = [
        threading.Thread(target=lambda each=each: answers.append(ask(each, began)))
        for each in questions(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _group(answers)


def one_after_another(ask: Ask, people: int) -> Group:
    began = time.monotonic()
    return _group([ask(each, began) for each in questions(people)])


def ask_ours(chat: LlamaChat, tokens: int, messages: Sequence[Message], came: float) -> Answer:
    first, written = 0.0, 0
    for piece in chat.reply(messages, Sampling(temperature=0, max_tokens=tokens)):
        written = piece.tally.new_tokens
        first = first or (written and time.monotonic() - came)
    return Answer(first, time.monotonic() - came, written)


def bare(file: Path, tokens: int, threads: int | None) -> Ask:
    """Return the library as it is; ``None`` threads leaves their number to it (half the cores)."""
    import llama_cpp

    llama = llama_cpp.Llama(
        str(file), n_ctx=4096, n_threads=threads, n_threads_batch=threads, verbose=False, flash_attn=True
    )

    def ask(messages: Sequence[Message], came: float) -> Answer:
        turns = [{"role": each.speaker, "content": each.text} for each in messages]
        first, written = 0.0, 0
        settings = {"temperature": 0.0, "repeat_penalty": 1.1, "max_tokens": tokens}
        for chunk in llama.create_chat_completion(turns, stream=True, **settings):
            if chunk["choices"][0]["delta"].get("content"):
                written += 1
                first = first or time.monotonic() - came
        return Answer(first, time.monotonic() - came, written)

    return ask


class LlamaServer:
    """llama-server in a process of its own, with eight places that share one store of cells."""

    def __init__(self, program: Path, file: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._address = f"http://127.0.0.1:{port}"
        self._command = [str(program), "-m", str(file), "-np", "8", "-c", str(CELLS), "-t", str(CORES)]
        self._command += ["--host", "127.0.0.1", "--port", str(port)]

    def __enter__(self) -> str:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self._address}/health", timeout=5).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return self._address
        raise SystemExit("llama-server does not answer")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def ask_server(address: str, tokens: int, messages: Sequence[Message], came: float) -> Answer:
    turns = [{"role": each.speaker, "content": each.text} for each in messages]
    settings = {"temperature": 0.0, "repeat_penalty": 1.1, "max_tokens": tokens, "stream": True}
    body = json.dumps({"messages": turns, **settings}).encode()
    request = urllib.request.Request(
        f"{address}/v1/chat/completions", body, {"Content-Type": "application/json"}
    )
    first, written = 0.0, 0
    with urllib.request.urlopen(request) as lines:
        for line in lines:
            if not line.startswith(b"data: {"):
                continue
            choices = json.loads(line[6:])["choices"]
            if choices and choices[0]["delta"].get("content"):
                written += 1
                first = first or time.monotonic() - came
    return Answer(first, time.monotonic() - came, written)


def _group(answers: list[Answer]) -> Group:
    firsts = [answer.first_s for answer in answers]
    speed = sum(answer.tokens for answer in answers) / max(answer.last_s for answer in answers)
    return Group(speed, statistics.median(firsts), max(firsts))


def _middle(groups: list[Group]) -> Group:
    values = zip(*((each.speed, each.median_first_s, each.worst_first_s) for each in groups), strict=True)
    return Group(*map(statistics.median, values))


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen-1.5b")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--people", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--llama-server", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
