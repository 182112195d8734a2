"""How well and how fast speech is written down, against the bare library with the same settings in the same run.

    python bench/transcribe.py MANIFEST.tsv [MANIFEST.tsv …] [--minutes 10] [--rounds 3] [--hours 2] [--stereo two.wav]

A manifest has a line for each clip, with tabs: file (beside it), lang (``de``, ``en``; ``-`` where nobody speaks) and
reference. Printed are

- word errors of each language, ours and bare (wrong, missing and additional words by words said), and how many words
  were invented where nobody speaks;
- ``--minutes`` of the clips with pauses: wall time and processor time of ours by those of the bare library, who take
  turns in each round;
- ``--hours`` of them as a file that is decoded meanwhile, in a process of its own: seconds to the first text, peak
  memory, and the pace at which it goes on (``--heard-s`` ends it sooner);
- ``--stereo``: what each channel of a file says.

Ours is everything the station does: cut into stretches, listen, look for loops and inventions. Bare is faster-whisper's
own batch of eight with its own voice detector, beam 5, time stamps and words with times. Needs jiwer.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from statistics import median

import jiwer
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.audio.decoding import decode
from models.audio.recording import Recording
from models.engines.base import SPEECH_RATE, Hearing
from models.engines.whisper import WhisperTranscriber
from models.store import Store
from models.turns import Fixed
from stations.speech.listening import listen

LANGUAGES = {"de", "en"}
NOBODY = "-"
PAUSES_S = (0.4, 1.0, 0.7, 2.5)


def main():
    asked = arguments()
    if asked.child:
        print(json.dumps(endure(asked)))
        return
    ear = WhisperTranscriber(file_of(asked.model), Fixed(asked.threads))
    clips = [clip for manifest in asked.manifests for clip in clips_of(manifest)]
    with tempfile.TemporaryDirectory() as folder:
        if asked.rounds:
            words(ear, clips, Path(folder))
            pace(ear, clips, asked, Path(folder))
        if asked.stereo:
            channels(ear, asked.stereo, Path(folder))
        if asked.hours:
            long_file(asked, clips, Path(folder))


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifests", nargs="*", type=Path)
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--language", default="de", help="of the long files")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--hours", type=float, default=0)
    parser.add_argument("--heard-s", type=float, default=float("inf"))
    parser.add_argument("--stereo", type=Path)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def file_of(model_id):
    store = Store()
    return store.file(store.catalog.model(model_id))


def clips_of(manifest):
    with manifest.open(encoding="utf-8") as lines:
        rows = [
            row
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["lang"] == NOBODY or (row["lang"] in LANGUAGES and row["reference"])
        ]
    for row in rows:
        file = manifest.parent / row["file"]
        if file.stat().st_size and (row["lang"] != NOBODY or float(row["seconds"].replace("-", "0"))):
            yield file, row["lang"], row["reference"]


def samples_of(file):
    from faster_whisper import decode_audio

    return decode_audio(str(file), sampling_rate=SPEECH_RATE)


# --- Both ways --------------------------------------------------------------------------------------------------------


def ours(ear, samples, language, folder):
    recording = raw(folder / "ours.raw", samples)
    heard = []
    for stretch in listen(ear, recording, Hearing(language), decoded=lambda: True):
        heard += [each.segment.text for each in stretch.heard if stretch.whole]
    return " ".join(heard)


def bare(ear, samples, language, _folder):
    from faster_whisper import BatchedInferencePipeline

    segments, _ = BatchedInferencePipeline(ear._model).transcribe(
        samples, language=language, beam_size=5, without_timestamps=False, word_timestamps=True, batch_size=8
    )
    return " ".join(segment.text for segment in segments)


WAYS = {"ours": ours, "bare": bare}


def raw(file, *channels):
    sound = np.stack(channels, axis=1)
    file.write_bytes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return Recording(file, len(channels))


# --- Words ------------------------------------------------------------------------------------------------------------


def words(ear, clips, folder):
    errors, said = defaultdict(int), defaultdict(int)
    for file, language, reference in clips:
        samples = samples_of(file)
        for name, way in WAYS.items():
            text = plain(way(ear, samples, None if language == NOBODY else language, folder))
            wrong, count = word_errors(plain(reference), text)
            errors[name, language] += wrong
            said[name, language] += count
    for (name, language), wrong in sorted(errors.items(), key=lambda each: each[0][::-1]):
        if language == NOBODY:
            print(f"{name}: {wrong} words invented where nobody speaks")
        else:
            count = said[name, language]
            print(f"{name} {language}: word errors {100 * wrong / count:.1f} % ({wrong} of {count})")


def word_errors(reference, text):
    if not reference:
        return len(text.split()), 0
    counted = jiwer.process_words(reference, text or " ")
    wrong = counted.substitutions + counted.deletions + counted.insertions
    return wrong, len(reference.split())


def plain(text):
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


# --- Pace -------------------------------------------------------------------------------------------------------------


def joined(clips, language, seconds):
    """Clips of a language one after the other with pauses, again and again, and what they say."""
    spoken = [(samples_of(file), reference) for file, lang, reference in clips if lang == language]
    parts, references, length = [], [], 0
    while length < seconds * SPEECH_RATE:
        samples, reference = spoken[len(references) % len(spoken)]
        silence = np.zeros(int(PAUSES_S[len(references) % len(PAUSES_S)] * SPEECH_RATE), np.float32)
        parts += [samples, silence]
        references.append(reference)
        length += len(samples) + len(silence)
    return np.concatenate(parts), " ".join(references)


def pace(ear, clips, asked, folder):
    samples, reference = joined(clips, asked.language, asked.minutes * 60)
    wall, work = defaultdict(list), defaultdict(list)
    for turn in range(asked.rounds):
        for name in list(WAYS) if turn % 2 else list(reversed(WAYS)):
            began, computed = time.monotonic(), time.process_time()
            text = WAYS[name](ear, samples, asked.language, folder)
            wall[name].append(time.monotonic() - began)
            work[name].append(time.process_time() - computed)
            if not turn:
                wrong, count = word_errors(plain(reference), plain(text))
                print(f"{name}: {asked.minutes:.0f} min, word errors {100 * wrong / count:.1f} %")
    for what, seconds in (("wall", wall), ("processor", work)):
        ratios = [mine / other for mine, other in zip(seconds["ours"], seconds["bare"], strict=True)]
        print(
            f"{what}: ours {median(seconds['ours']):.1f} s, bare {median(seconds['bare']):.1f} s, "
            f"ours ÷ bare {median(ratios):.3f} (each round: {', '.join(f'{ratio:.2f}' for ratio in ratios)})"
        )


# --- A long file ------------------------------------------------------------------------------------------------------


def long_file(asked, clips, folder):
    """Make the file here and hear it in a child, whose memory is then that of listening alone."""
    samples, _ = joined(clips, asked.language, min(600, asked.hours * 3600))
    file = folder / "long.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SPEECH_RATE)
        block = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        for _ in range(max(1, round(asked.hours * 3600 * SPEECH_RATE / len(samples)))):
            out.writeframes(block)
    options = ["--model", asked.model, "--threads", str(asked.threads), "--heard-s", str(asked.heard_s)]
    child = subprocess.run(
        [sys.executable, __file__, "--child", str(file), "--language", asked.language, *options],
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(child.stdout)
    print(
        f"{asked.hours:g} hours: first text after {found['first_s']:.1f} s, peak memory "
        f"{found['peak'] / 1e9:.2f} GB, {found['heard_s'] / found['wall_s']:.1f} times as fast as it is spoken "
        f"(heard {found['heard_s']:.0f} s)"
    )


def endure(asked):
    """Load the model and write a file down while it is decoded; count from the moment before."""
    began, first = time.monotonic(), None
    ear = WhisperTranscriber(file_of(asked.model), Fixed(asked.threads))
    over = threading.Event()
    recording = Recording(asked.child.with_suffix(".raw"))
    threading.Thread(target=decoded, args=(asked.child, recording.file, over), daemon=True).start()
    with closing(listen(ear, recording, Hearing(asked.language), decoded=over.is_set)) as stretches:
        for stretch in stretches:
            first = first or (time.monotonic() - began if stretch.heard else None)
            if stretch.whole and stretch.end_s >= asked.heard_s:
                break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"first_s": first, "peak": peak, "heard_s": stretch.end_s, "wall_s": time.monotonic() - began}


def decoded(file, to, over):
    for _ in decode(file, to, None):
        pass
    over.set()


# --- Two channels -----------------------------------------------------------------------------------------------------


def channels(ear, file, folder):
    from faster_whisper import decode_audio

    recording = raw(
        folder / "two.raw", *decode_audio(str(file), sampling_rate=SPEECH_RATE, split_stereo=True)
    )
    *_, last = listen(ear, recording, Hearing(), decoded=lambda: True, channels=(0, 1))
    for channel, name in enumerate(("left", "right")):
        print(f"{name}: {' '.join(each.segment.text for each in last.heard if each.channel == channel)}")


if __name__ == "__main__":
    main()
