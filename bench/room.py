"""An afternoon in ten minutes: many visitors at five stations on one laptop.

    python -m bench.room ADDRESS [--people 30] [--minutes 10] [--pin PIN] [--process ID]

ADDRESS is a running workshop (``python3 launcher.py --no-browser``). Each visitor opens the page, goes from station to
station in an own order and uses it: a text by a recipe, a voice, a question to documents, a chat, the example
recording. Printed are how many works ended well, which were refused with a sentence, what failed otherwise, how fast
the page answered meanwhile, and the memory of the process.
"""

import argparse
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable

import httpx
import psutil

from bench.visitor import Outcome, PageVisitor

PAUSE_S = (4.0, 20.0)
"""People read before they press again."""
ANSWERS = "Mein Verein lädt am 3. Mai um 14 Uhr in die alte Mühle ein. Kommt pünktlich, sonst gibt es keinen Kuchen."
QUESTIONS = ("Wer darf abstimmen?", "Wie hoch ist der Beitrag?", "Wann wird der Vorstand gewählt?")


def write(visitor: PageVisitor, dice: random.Random) -> Outcome:
    """Let a recipe rework a short text."""
    visitor.fill("text-recipe", dice.choice(("freundlicher", "foermlicher")))
    visitor.press("text-recipe", "input")
    visitor.fill("text-field-0", ANSWERS)
    return visitor.press("text-write")


def speak(visitor: PageVisitor, dice: random.Random) -> Outcome:
    """Let a voice read a sentence."""
    visitor.fill("audio-text", f"{ANSWERS} Tisch {dice.randint(1, 9)}.")
    return visitor.press("audio-go")


def search(visitor: PageVisitor, dice: random.Random) -> Outcome:
    """Take the example in once, then ask."""
    if not visitor.shown("retrieval-documents"):
        visitor.press("retrieval-example")
        time.sleep(5)
    visitor.fill("retrieval-ask-question", dice.choice(QUESTIONS))
    return visitor.press("retrieval-ask-go")


def chat(visitor: PageVisitor, dice: random.Random) -> Outcome:
    """Ask the chatbot something short."""
    topics = ("Mühlen", "Webstühle", "Apotheken", "Fahrräder")
    visitor.fill("chatbot-question", f"Sagen Sie in zwei Sätzen etwas über {dice.choice(topics)}.")
    return visitor.press("chatbot-send")


def transcribe(visitor: PageVisitor, _: random.Random) -> Outcome:
    """Have the example recording written down (that goes on beside the page)."""
    return visitor.press("speech-example")


STATIONS: tuple[Callable[[PageVisitor, random.Random], Outcome], ...] = (
    write,
    speak,
    search,
    chat,
    transcribe,
)


class Afternoon:
    """What all visitors went through."""

    def __init__(self, address: str, pin: str, until: float) -> None:
        self._address, self._pin, self._until = address, pin, until
        self.works: list[tuple[str, Outcome]] = []
        self.looks: list[float] = []
        self.broken: Counter[str] = Counter()

    def visit(self, number: int) -> None:
        """Play one visitor until the end."""
        dice, visitor = random.Random(number), PageVisitor(self._address)
        try:
            visitor.open(self._pin)
            while time.monotonic() < self._until:
                station = dice.choice(STATIONS)
                self.works.append((station.__name__, station(visitor, dice)))
                time.sleep(dice.uniform(*PAUSE_S))
        except (httpx.HTTPError, ValueError, KeyError) as error:
            self.broken[f"{type(error).__name__}: {error}"[:120]] += 1
        finally:
            visitor.close()

    def watch(self) -> None:
        """Measure how fast the page answers, as somebody who just looks."""
        watcher = PageVisitor(self._address)
        watcher.open(self._pin)
        while time.monotonic() < self._until:
            self.looks.append(watcher.look())
            time.sleep(1)
        watcher.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("address")
    arguments.add_argument("--people", type=int, default=30)
    arguments.add_argument("--minutes", type=float, default=10)
    arguments.add_argument("--pin", default="")
    arguments.add_argument("--process", type=int, help="id of the workshop's process, to watch its memory")
    given = arguments.parse_args()
    afternoon = Afternoon(given.address, given.pin, time.monotonic() + 60 * given.minutes)
    threads = [threading.Thread(target=afternoon.visit, args=(n,)) for n in range(given.people)]
    threads.append(threading.Thread(target=afternoon.watch))
    for thread in threads:
        thread.start()
        time.sleep(0.3)
    memory = []
    while any(thread.is_alive() for thread in threads):
        if given.process:
            memory.append(psutil.Process(given.process).memory_info().rss / 1e6)
        time.sleep(5)
    tell(afternoon, memory)


def tell(afternoon: Afternoon, memory: list[float]) -> None:
    """Print the figures."""
    print("| station | well | refused | median s | first s |\n|---|---|---|---|---|")
    for name in (station.__name__ for station in STATIONS):
        done = [outcome for station, outcome in afternoon.works if station == name]
        well = [outcome for outcome in done if outcome.good]
        seconds = statistics.median([each.seconds for each in well] or [0])
        first = statistics.median([each.first_s for each in well] or [0])
        print(f"| {name} | {len(well)} | {len(done) - len(well)} | {seconds:.1f} | {first:.1f} |")
    said = Counter(outcome.said for _, outcome in afternoon.works if not outcome.good)
    print("\nrefused:", *(f"\n  {count} × {sentence}" for sentence, count in said.most_common()))
    print("broken:", *(f"\n  {count} × {error}" for error, count in afternoon.broken.most_common()))
    looks = sorted(afternoon.looks) or [0.0]
    print(f"page: median {statistics.median(looks):.3f} s, longest {looks[-1]:.2f} s of {len(looks)}")
    if memory:
        third = max(1, len(memory) // 3)
        early, late = statistics.mean(memory[third : 2 * third]), statistics.mean(memory[2 * third :])
        print(f"memory: {early:.0f} MB in the second third, {late:.0f} MB in the last ({late / early:.3f})")


if __name__ == "__main__":
    main()
