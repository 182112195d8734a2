"""Sixty sentences with numbers, dates and names: spoken, written down again, compared; prints a table in Markdown.

    KIWERKSTATT_HOME=… python bench/round_trip.py [--only de|en]

German is spoken by Pico, English by Piper's Joe (steady, so that two runs give the same), both heard by Whisper base.
Sentence and transcript are said in words in the same way (``stations.speaking.normalising``) and compared without
punctuation, capitals and hyphens; so "14:30 Uhr" may come back as "14.30 Uhr", but not as "15:30 Uhr".
"""

import argparse
import re
import tomllib
from pathlib import Path

import jiwer
import numpy as np

from models.engines.base import SPEECH_RATE, Hearing
from models.engines.pico import PicoVoice
from models.engines.piper import PiperVoice
from models.engines.whisper import WhisperTranscriber
from models.store import Store
from models.turns import Fixed
from stations.speaking.normalising import said
from stations.speaking.sound import resampled, silence
from stations.speaking.speaking import spoken

SENTENCES = tomllib.loads((Path(__file__).parent / "round_trip_sentences.toml").read_text(encoding="utf-8"))
AROUND_S = 0.4
SAME = str.maketrans({"ß": "ss", "-": " ", "’": "'"})


def main() -> None:
    wish = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    wish.add_argument("--only", choices=("de", "en"))
    only = wish.parse_args().only
    store = Store()
    ear = WhisperTranscriber(place(store, "whisper-base"), Fixed(2))
    for language in [only] if only else ("de", "en"):
        voice = (
            PicoVoice(place(store, "pico"), Fixed(1))
            if language == "de"
            else PiperVoice(place(store, "piper-joe"), Fixed(1), steady=True)
        )
        table(language, voice, ear)
        voice.close()


def place(store, model):
    return store.file(store.catalog.model(model))


def table(language, voice, ear):
    pairs = [(sentence, heard(sentence, language, voice, ear)) for sentence in SENTENCES[language]]
    words = [(compared(sentence, language), compared(found, language)) for sentence, found in pairs]
    whole = jiwer.process_words([true for true, _ in words], [found for _, found in words])
    count = whole.hits + whole.substitutions + whole.deletions
    print(f"\n### {language}: {100 * whole.wer:.1f} % of {count} words\n")
    print("| sentence | what Whisper base wrote | misses |\n|---|---|---|")
    for (sentence, found), (true, again) in zip(pairs, words, strict=True):
        wrong = jiwer.process_words(true, again)
        if wrong.wer:
            print(f"| {sentence} | {found} | {misses(wrong)} |")


def heard(sentence, language, voice, ear):
    pieces = [resampled(piece.audio, SPEECH_RATE).samples for piece in spoken(sentence, {language: voice})]
    sound = np.concatenate([silence(AROUND_S, SPEECH_RATE), *pieces])
    segments = ear.transcribe(sound, Hearing(language=language, together=False))
    return " ".join(segment.text for segment in segments)


def compared(text, language):
    plain = said(text, language).lower().translate(SAME)
    words = " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain))
    return re.sub(r"\b([ap]) m\b", r"\1m", words)


def misses(wrong):
    parts = []
    for change in wrong.alignments[0]:
        if change.type != "equal":
            true = " ".join(wrong.references[0][change.ref_start_idx : change.ref_end_idx]) or "–"
            found = " ".join(wrong.hypotheses[0][change.hyp_start_idx : change.hyp_end_idx]) or "–"
            parts.append(f"{true} → {found}")
    return "; ".join(parts)


if __name__ == "__main__":
    main()
