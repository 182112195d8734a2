"""How often an answer differs when others are answered at the same time.

    python bench/company.py [--model qwen-1.5b] [--requests 24] [--tokens 48]

Asks each question twice with the same seed: alone, and while seven others are being answered. Prints how many of the
answers are the same to the letter, with dice (temperature 0.3, seed 7) and without (temperature 0), and after how much
of the answer the others take another way.
"""

import argparse
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from models.engines.base import ChatSize, Message, Sampling
from models.engines.llama import LlamaChat
from models.engines.tracks import common_start
from models.store import Store
from models.turns import Kind, Turns

THINGS = ("Uhr", "Glocke", "Truhe", "Fahne", "Nähmaschine", "Münze", "Trachtenjacke", "Schreibmaschine")
OTHERS = 7


def main() -> None:
    wishes = _wishes()
    store = Store()
    chat = LlamaChat(
        store.file(store.catalog.model(wishes.model)), Turns().turn(Kind.INTERACTIVE), ChatSize()
    )
    for temperature in (0.3, 0.0):
        sampling = Sampling(temperature=temperature, seed=7, max_tokens=wishes.tokens)
        compare(chat, sampling, wishes.requests)
    chat.close()


def compare(chat: LlamaChat, sampling: Sampling, requests: int) -> None:
    asked = [f"Beschreiben Sie Stück {n} der Sammlung: eine {THINGS[n % 8]}." for n in range(requests)]
    alone = [answer(chat, each, sampling) for each in asked]
    with others(chat):
        among = [answer(chat, each, sampling) for each in asked]
    pairs = list(zip(alone, among, strict=True))
    shares = [common_start(*pair) / max(1, len(pair[0])) for pair in pairs if pair[0] != pair[1]]
    same = len(pairs) - len(shares)
    where = (
        f"; the others part after {statistics.median(shares):.0%} of the answer (median)" if shares else ""
    )
    print(
        f"temperature {sampling.temperature}, seed {sampling.seed}: {same} of {len(pairs)} the same{where}",
        flush=True,
    )


def answer(chat: LlamaChat, question: str, sampling: Sampling) -> str:
    return "".join(piece.text for piece in chat.reply([Message("user", question)], sampling))


@contextmanager
def others(chat: LlamaChat) -> Iterator[None]:
    """Keep seven others talking."""
    enough = threading.Event()

    def talk(number: int) -> None:
        while not enough.is_set():
            for _ in chat.reply([Message("user", f"Erzählen Sie Geschichte {number}.")], Sampling()):
                if enough.is_set():
                    break

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(OTHERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen-1.5b")
    parser.add_argument("--requests", type=int, default=24)
    parser.add_argument("--tokens", type=int, default=48)
    return parser.parse_args()


if __name__ == "__main__":
    main()
