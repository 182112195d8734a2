"""How well and how fast voices are told apart: speaker errors against references, time and memory.

    python bench/speakers.py --reference talk.wav talk.rttm --join anna=a1.wav anna=a2.wav ben=b.wav cem=c.wav
    python bench/speakers.py --hours 4 talk.wav

``--reference`` takes a recording and who speaks when in it (RTTM). ``--join`` makes dialogues of clips, each of one
person, with borders that are therefore known. The words come from the transcriber that is installed, or with
``--even-words`` from the reference alone: 0.3 s each where one person speaks. Printed per recording: DER (diarisation
error rate: seconds missed, invented and given to the wrong person, by seconds of speech; nothing counts within 0.25 s
of a border, nor while two speak at once) with the number of people given and guessed, and the share of it that is the
wrong person. DER with words contains what the transcriber did not hear.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.audio.recording import Recording
from models.catalog import Role
from models.engines.base import SPEECH_RATE, Hearing
from models.speakers.embedding import VoicePrints
from models.speakers.who import who_spoke
from models.store import Store
from models.turns import Fixed

COLLAR_S = 0.25
STEP_S = 0.01
SAME_TURN_S = 0.75
"""Words of one person with shorter gaps are one turn, as references have it."""
SENTENCE_ENDS = ".?!…"
PEOPLE = (2, 3, 4)
TURNS = 16


def main():
    asked = arguments()
    prints = VoicePrints(file_of(Role.SPEAKERS), Fixed(asked.threads))
    with tempfile.TemporaryDirectory() as folder:
        if asked.hours:
            endure(Path(folder), asked.reference[0][0], asked.hours, prints)
            return
        rows = [row(*each, prints, asked.even_words) for each in recordings(asked, Path(folder))]
    for name in ("given", "guessed"):
        errors = sum(each[name]["errors"] for each in rows)
        print(f"all, number {name}: DER {errors / sum(each['speech'] for each in rows):.3f}")
    print(json.dumps(rows))


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reference", nargs=2, action="append", default=[], metavar=("AUDIO", "RTTM"))
    parser.add_argument("--join", nargs="+", default=[], metavar="NAME=AUDIO")
    parser.add_argument("--even-words", action="store_true")
    parser.add_argument("--hours", type=float, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("audio", nargs="?")
    asked = parser.parse_args()
    if asked.hours:
        asked.reference = [(asked.audio or parser.error("--hours needs a recording"), "")]
    return asked


def file_of(role):
    store = Store()
    for model in store.catalog.players(role, "mini"):
        if store.present(model):
            return store.file(model)
    return sys.exit(f"no model for {role}: python3 launcher.py fetch")


def recordings(asked, folder):
    """Yield name, recording and reference of everything that was asked for."""
    for audio, rttm in asked.reference:
        yield Path(audio).stem, recorded(folder, sound_of(audio)), spans_of(Path(rttm))
    clips = {}
    for each in asked.join:
        name, _, audio = each.partition("=")
        clips.setdefault(name, []).append(sound_of(audio))
    for seed in range(5 if clips else 0):
        for people in PEOPLE:
            sound, spans = dialogue(random.Random(seed), clips, people)
            yield f"dialogue {seed} of {people}", recorded(folder, sound), spans


def sound_of(audio):
    from faster_whisper import decode_audio

    return decode_audio(str(audio), sampling_rate=SPEECH_RATE)


def recorded(folder, sound):
    file = folder / f"{time.monotonic_ns()}.raw"
    file.write_bytes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return Recording(file)


def spans_of(rttm):
    rows = [line.split() for line in rttm.read_text("utf-8").splitlines() if line.startswith("SPEAKER")]
    return [(float(row[3]), float(row[3]) + float(row[4]), row[7]) for row in rows]


def dialogue(dice, clips, people):
    """Return joined clips, all equally loud, with pauses of up to 0.6 s, and who speaks when."""
    names, sounds, spans, now = dice.sample(sorted(clips), people), [], [], 0
    for turn in range(TURNS):
        others = [name for name in names if not spans or name != spans[-1][2]]
        name = names[turn] if turn < people else dice.choice(others)
        clip = dice.choice(clips[name])
        length = min(len(clip), int(dice.uniform(1, 6) * SPEECH_RATE))
        first = dice.randrange(len(clip) - length + 1)
        clip = clip[first : first + length]
        spans.append((now / SPEECH_RATE, (now + length) / SPEECH_RATE, name))
        sounds += [clip * (0.05 / max(1e-4, float(np.sqrt(np.mean(clip**2)))))]
        sounds += [np.zeros(int(dice.uniform(0, 0.6) * SPEECH_RATE), np.float32)]
        now += length + len(sounds[-1])
    return np.concatenate(sounds), spans


def row(name, recording, spans, prints, even_words):
    """Print and return what came out for one recording."""
    words, starts = even(spans) if even_words else heard(recording)
    people = len({each for *_, each in spans})
    begun = time.perf_counter()
    given = scored(spans, words, run(recording, words, people, prints, starts), recording.seconds)
    took = time.perf_counter() - begun
    guessed = scored(spans, words, run(recording, words, None, prints, starts), recording.seconds)
    print(
        f"{name}: {people} people, {recording.seconds:.0f} s, time ratio {took / recording.seconds:.3f}, "
        f"DER given {given['der']:.3f} (wrong person {given['wrong']:.3f}), "
        f"guessed {guessed['people']} people {guessed['der']:.3f} ({guessed['wrong']:.3f})",
        flush=True,
    )
    return {"name": name, "people": people, "speech": given["speech"], "given": given, "guessed": guessed}


def run(recording, words, people, prints, starts):
    steps = who_spoke(recording, words, people, prints, starts)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def even(spans):
    """Return words of 0.3 s where one person speaks; nothing tells where sentences begin."""
    words = []
    for start, end, person in spans:
        others = [each for each in spans if each[2] != person]
        for at in np.arange(start, end - 0.15, 0.3):
            if not any(before < at + 0.3 and at < after for before, after, _ in others):
                words.append((float(at), min(end, float(at) + 0.3)))
    return sorted(words), frozenset()


@cache
def transcriber():
    from models.engines.whisper import WhisperTranscriber

    return WhisperTranscriber(file_of(Role.TRANSCRIBE), Fixed(1))


def heard(recording):
    """Return words as the transcriber hears them, and which of them begin a sentence."""
    sound = recording.samples(0, recording.seconds)
    found = [word for each in transcriber().transcribe(sound, Hearing()) for word in each.words]
    starts = {at for at in range(1, len(found)) if found[at - 1].text.strip()[-1:] in SENTENCE_ENDS}
    return [(word.start_s, word.end_s) for word in found], starts


def scored(spans, words, people, seconds):
    """Return DER and its parts; people are matched to the reference in the way that is best for them."""
    names = sorted({person for *_, person in spans})
    truth = grid([(start, end, names.index(person)) for start, end, person in spans], len(names), seconds)
    answer = grid(turns(words, people), max(people, default=0) + 1, seconds)
    counted = truth.sum(0) < 2
    for second in (border for start, end, _ in spans for border in (start, end)):
        counted[max(0, round((second - COLLAR_S) / STEP_S)) : round((second + COLLAR_S) / STEP_S)] = False
    truth, answer = truth[:, counted], answer[:, counted]
    shared = truth @ answer.T
    right = shared[linear_sum_assignment(-shared)].sum()
    speech, said = truth.sum(), answer.sum()
    both = np.minimum(truth.sum(0), answer.sum(0)).sum()
    errors = (speech - both) + (said - both) + (both - right)
    return {
        "der": float(errors / speech),
        "wrong": float((both - right) / speech),
        "people": len(set(people)),
        "errors": float(errors),
        "speech": float(speech),
    }


def turns(words, people):
    """Return begin, end and person of everybody's turns."""
    found = []
    for (start, end), person in zip(words, people, strict=True):
        if found and found[-1][2] == person and start - found[-1][1] < SAME_TURN_S:
            found[-1] = (found[-1][0], max(end, found[-1][1]), person)
        else:
            found.append((start, end, person))
    return found


def grid(spans, rows, seconds):
    cells = np.zeros((rows, round(seconds / STEP_S) + 1), np.float32)
    for start, end, person in spans:
        cells[person, round(start / STEP_S) : round(end / STEP_S)] = 1
    return cells


def endure(folder, audio, hours, prints):
    """Print time and memory for a recording of many hours, made by repeating one; words without a gap."""
    sound, file = sound_of(audio), folder / "long.raw"
    piece = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    with file.open("wb") as out:
        for _ in range(int(hours * 3600 * SPEECH_RATE / len(sound)) + 1):
            out.write(piece)
    recording = Recording(file)
    words = [(float(at), float(at) + 0.4) for at in np.arange(0, hours * 3600, 0.45)]
    starts = set(range(0, len(words), 12))
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.perf_counter()
    people = run(recording, words, 4, prints, starts)
    after = resource.getrusage(resource.RUSAGE_SELF)
    took, cores = (
        time.perf_counter() - begun,
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    )
    print(
        f"{hours} h: {took:.0f} s, {cores:.0f} s of one core, time ratio {took / hours / 3600:.3f}, "
        f"core ratio {cores / hours / 3600:.3f}, people {len(set(people))}, "
        f"peak memory {after.ru_maxrss / 1000:.0f} MB ({before.ru_maxrss / 1000:.0f} before)"
    )


if __name__ == "__main__":
    main()
