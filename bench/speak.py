"""What reading aloud costs beyond the bare engine: pace, time to the first sound, memory for half an hour of text.

    KIWERKSTATT_HOME=… python bench/speak.py [--rounds 3] [--minutes 30] [--only pace|memory]

Pace: the same English text by bare Piper (its own ``synthesize``, one thread, the numbers already in words) and by
``spoken`` with Piper, round by round in turn; each figure is the median of the rounds' ratios. Ours trims, levels and
splits too. First sound: from the call to the first piece. Memory: highest resident set of a fresh process of each voice
that writes an MP3 of a text of that many minutes.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from models.engines.pico import PicoVoice
from models.engines.piper import PiperVoice
from models.store import Store
from models.turns import Fixed
from stations.speaking.files import write_speech
from stations.speaking.normalising import said
from stations.speaking.speaking import spoken

ENGLISH = (
    "Welcome to the golden room of our museum, which was built in 1850 and has hardly been changed since. "
    "Please look at the large window on the left, where you can see the garden and the old mill behind it. "
    "The painting above the fireplace shows Henry VIII and was given to the town by a merchant. "
    "Every Sunday at 11 am a guided tour begins here. Admission is free for children. "
)
GERMAN = (
    "Willkommen im goldenen Saal unseres Museums, der 1850 gebaut und seitdem kaum verändert wurde. "
    "Bitte sehen Sie durch das große Fenster links, dort liegen der Garten und dahinter die alte Mühle. "
    "Das Gemälde über dem Kamin zeigt Ludwig XIV. und wurde der Stadt von einem Kaufmann geschenkt. "
    "Jeden So um 11 Uhr beginnt hier eine Führung. Der Eintritt ist für Kinder frei. "
)
LETTERS_A_MINUTE = 850
LIMIT_MB = 600


def main() -> None:
    wish = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    wish.add_argument("--rounds", type=int, default=3)
    wish.add_argument("--minutes", type=float, default=30.0)
    wish.add_argument("--only", choices=("pace", "memory"))
    wish.add_argument("--child", choices=("de", "en"), help=argparse.SUPPRESS)
    given = wish.parse_args()
    if given.child:
        write_long(given.child, given.minutes)
        return
    if given.only != "memory":
        pace(given.rounds)
    if given.only != "pace":
        memory(given.minutes)


def opened(language):
    store, model = Store(), {"de": "pico", "en": "piper-joe"}[language]
    kind = {"de": PicoVoice, "en": PiperVoice}[language]
    return kind(store.file(store.catalog.model(model)), Fixed(1))


def pace(rounds):
    voice = opened("en")
    words = said(ENGLISH, "en")
    engine = voice._voice
    runs = {
        "bare Piper": lambda: ((len(c.audio_float_array), c.sample_rate) for c in engine.synthesize(words)),
        "spoken": lambda: ((len(p.audio.samples), p.audio.rate) for p in spoken(ENGLISH, {"en": voice})),
    }
    for run in runs.values():
        list(run())
    found = {name: [] for name in runs}
    for number in range(rounds):
        for name in list(runs)[:: 1 if number % 2 else -1]:
            found[name].append(measured(runs[name]))
    print(
        "| | CPU seconds a second of speech | wall seconds a second of speech | first sound, s |\n|---|---|---|---|"
    )
    for name, rows in found.items():
        print(
            f"| {name} | "
            + " | ".join(f"{statistics.median(row[at] for row in rows):.3f}" for at in range(3))
            + " |"
        )
    ratios = [
        [ours[at] / bare[at] for ours, bare in zip(found["spoken"], found["bare Piper"], strict=True)]
        for at in range(3)
    ]
    print("| ratio | " + " | ".join(f"{statistics.median(row):.2f}" for row in ratios) + " |")
    voice.close()


def measured(run):
    began, cpu, first, seconds = time.perf_counter(), time.process_time(), 0.0, 0.0
    for samples, rate in run():
        first = first or time.perf_counter() - began
        seconds += samples / rate
    return (time.process_time() - cpu) / seconds, (time.perf_counter() - began) / seconds, first


def write_long(language, minutes):
    text = {"de": GERMAN, "en": ENGLISH}[language]
    whole = (text + "\n\n") * round(minutes * LETTERS_A_MINUTE / len(text))
    voice = opened(language)
    pieces = (piece.audio for piece in spoken(whole, {language: voice}))
    with tempfile.TemporaryDirectory() as folder:
        seconds = write_speech(pieces, Path(folder) / "long.mp3", "bench")
    voice.close()
    print(f"{seconds / 60:.1f}")


def memory(minutes):
    print(
        f"\n| voice | minutes of speech | computed in, s | highest memory, MB (limit {LIMIT_MB}) |\n|---|---|---|---|"
    )
    for language in ("de", "en"):
        began, highest = time.perf_counter(), 0
        command = [sys.executable, __file__, "--child", language, "--minutes", str(minutes)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        while child.poll() is None:
            highest = max(highest, held(child.pid))
            time.sleep(0.2)
        print(
            f"| {language} | {child.stdout.read().strip()} | {time.perf_counter() - began:.0f} | {highest / 1e6:.0f} |",
            flush=True,
        )


def held(pid):
    try:
        process = psutil.Process(pid)
        return sum(each.memory_info().rss for each in [process, *process.children(recursive=True)])
    except psutil.Error:
        return 0


if __name__ == "__main__":
    main()
