"""Chat and transcription on the same cores, with and without a third program beside them.

    python bench/together.py RECORDING [--chat qwen-1.5b] [--whisper whisper-base] [--seconds 40]

Prints how much of its own best speed each keeps: as the workshop does it (turns at the processor) and naively (each
with a thread on every core). The recording is transcribed again and again; some ten seconds of speech are best. Needs
both models in the store and the package ``faster-whisper``.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel, decode_audio

from models.engines.base import ChatSize, Message, Sampling
from models.engines.llama import LlamaChat
from models.store import Store
from models.turns import Fixed, Kind, Turn, Turns

CORES = os.cpu_count() or 1
ASKED = [Message("user", "Erzählen Sie ausführlich, wie ein Heimatmuseum eine Ausstellung vorbereitet.")]
WARM_UP_S = 4.0
SPIN = "while True: pass"


class Chatting:
    """One person who always asks the next question."""

    def __init__(self, file: Path, turn: Turn) -> None:
        self._chat = LlamaChat(file, turn, ChatSize())
        self._marks: list[tuple[float, float]] = []

    def close(self) -> None:
        self._chat.close()

    def work(self, enough: threading.Event) -> None:
        self._marks, written, before = [], 0, 0
        while not enough.is_set():
            before = written
            for piece in self._chat.reply(ASKED, Sampling(max_tokens=400)):
                written = before + piece.tally.new_tokens
                self._marks.append((time.monotonic(), written))
                if enough.is_set():
                    break

    def speed(self) -> float:
        """Tokens per second."""
        return _slope(self._marks)


class Transcribing:
    """The same recording again and again; ``speed`` is in recordings per second."""

    def __init__(self, folder: Path, samples: np.ndarray, turn: Turn, threads: int) -> None:
        self._model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
        self._samples, self._turn = samples, turn
        self._marks: list[tuple[float, float]] = []

    def close(self) -> None:
        del self._model

    def work(self, enough: threading.Event) -> None:
        self._marks = []
        with self._turn:
            for done in count(1):
                segments, _ = self._model.transcribe(self._samples, language="de", beam_size=5)
                for _segment in segments:
                    if enough.is_set():
                        return
                self._marks.append((time.monotonic(), float(done)))

    def speed(self) -> float:
        return _slope(self._marks)


def main() -> None:
    wishes = _wishes()
    store = Store()
    file = store.file(store.catalog.model(wishes.chat))
    folder = store.file(store.catalog.model(wishes.whisper)).parent
    recording = decode_audio(str(wishes.recording))
    turns = Turns()
    background = turns.turn(Kind.BACKGROUND)
    chat = Chatting(file, turns.turn(Kind.INTERACTIVE))
    whisper = Transcribing(folder, recording, background, background.threads)
    greedy = Transcribing(folder, recording, Fixed(CORES), CORES)

    [chat_alone] = measured(wishes.seconds, chat)
    [few] = measured(wishes.seconds, whisper)
    [many] = measured(wishes.seconds, greedy)
    whisper_alone = max(few, many)
    line(
        f"alone: chat {chat_alone:.1f} tokens/s, transcription {60 * few:.1f} recordings a minute "
        f"({60 * many:.1f} with a thread on every core)"
    )
    shares(chat_alone, whisper_alone, "together", measured(wishes.seconds, chat, whisper))
    with spinning():
        both = measured(wishes.seconds, chat, whisper)
        shares(chat_alone, whisper_alone, "together, another program keeps one core busy", both)
        [beside] = measured(wishes.seconds, chat)
        line(f"chat alone, another program keeps one core busy: {beside / chat_alone:.0%}")
    chat.close()
    naive = Chatting(file, Fixed(CORES))
    shares(chat_alone, whisper_alone, "naively together", measured(wishes.seconds, naive, greedy))
    naive.close()


def shares(chat_alone: float, whisper_alone: float, what: str, speeds: Sequence[float]) -> None:
    chat, whisper = speeds
    line(
        f"{what}: chat keeps {chat / chat_alone:.0%} ({chat:.1f} tokens/s), "
        f"transcription {whisper / whisper_alone:.0%} ({60 * whisper:.1f} recordings a minute)"
    )


def measured(seconds: float, *works: Chatting | Transcribing) -> list[float]:
    """Return the speed of each while all work at the same time for so many seconds."""
    enough = threading.Event()
    threads = [threading.Thread(target=each.work, args=(enough,)) for each in works]
    for thread in threads:
        thread.start()
    time.sleep(WARM_UP_S + seconds)
    speeds = [each.speed() for each in works]
    enough.set()
    for thread in threads:
        thread.join()
    return speeds


@contextmanager
def spinning() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", SPIN])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _slope(marks: list[tuple[float, float]]) -> float:
    """Return units per second between the first and the last mark after the warm-up."""
    late = [mark for mark in marks if mark[0] - marks[0][0] >= WARM_UP_S]
    if len(late) < 2:
        raise SystemExit("too little came in this time: try more --seconds")
    (began, first), (ended, last) = late[0], late[-1]
    return (last - first) / (ended - began)


def line(text: str) -> None:
    print(text, flush=True)


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recording", type=Path)
    parser.add_argument("--chat", default="qwen-1.5b")
    parser.add_argument("--whisper", default="whisper-base")
    parser.add_argument("--seconds", type=float, default=40.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
