"""How long after a question the voice bot begins to speak, step by step, against the bare engines in the same run.

    KIWERKSTATT_HOME=… python bench/voice_bot.py [--model qwen-0.5b] [--rounds 3] [--cold]

A German voice (Pico) asks; the sound, with a second of silence behind it, goes through the bot's ear in pieces of 0.1 s
as from a microphone and then through the bot. The bare engines do the same one after the other, each called directly:
Whisper on the whole sound, the chat engine to the end of the first sentence, the voice on that sentence. Both are warm:
role and facts were read once before, as when a visitor begins to speak (``--cold`` leaves that out for the bot).
Seconds count from the end of the question; the ear waits for 0.7 s of silence before that, which is printed apart.
"""

import argparse
import statistics
import time
from contextlib import ExitStack

import numpy as np

from models.engines.base import SPEECH_RATE, ChatSize, Hearing
from models.engines.llama import LlamaChat
from models.engines.pico import PicoVoice
from models.engines.whisper import WhisperTranscriber
from models.store import Store
from models.turns import Kind, Turns
from models.voice.base import Manner
from stations.audio.bot import Bot, Done, Heard, Step, Voiced, Words
from stations.audio.bot_ear import BotEar, Ended
from stations.audio.bot_role import SAMPLING, BotRole, messages_for
from stations.audio.bot_text import Settling
from stations.speaking.sound import resampled
from stations.speaking.speaking import spoken

FACTS = """Das Heimatmuseum zeigt das Leben der Bauern und Fischer seit 1750.
Geöffnet ist Dienstag bis Sonntag von 10 bis 17 Uhr. Montags ist geschlossen.
Der Eintritt kostet 5 Euro, für Kinder bis 12 Jahre ist er frei.
Das älteste Stück ist eine Truhe aus Eichenholz von 1683. Sie gehörte der Familie Petersen.
Die alte Mühle im Garten wurde 1786 gebaut und mahlte bis 1952 Korn.
Jeden Sonntag um 11 Uhr beginnt eine Führung. Sie dauert eine Stunde."""
QUESTIONS = (
    "Wann wurde die alte Mühle gebaut?",
    "Was kostet der Eintritt für Kinder?",
    "Wann beginnt am Sonntag die Führung?",
    "Wem gehörte die Truhe aus Eichenholz?",
    "Wie heißt die Direktorin des Museums?",
)
STEPS = ("transcribing", "first_token", "first_audio", "done")
PIECE_S = 0.1
TARGET_FACTOR, TARGET_S = 1.15, 4.0


def main() -> None:
    wish = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    wish.add_argument("--model", default="qwen-0.5b")
    wish.add_argument("--rounds", type=int, default=3)
    wish.add_argument("--cold", action="store_true")
    given = wish.parse_args()
    store, turns = Store(), Turns()

    def file(name):
        return store.file(store.catalog.model(name))

    with ExitStack() as stack:
        ear = WhisperTranscriber(file("whisper-base"), turns.turn(Kind.BACKGROUND))
        chat = LlamaChat(file(given.model), turns.turn(Kind.INTERACTIVE), ChatSize(4096, 4))
        voice = PicoVoice(file("pico"), turns.turn(Kind.INTERACTIVE))
        for engine in (ear, chat, voice):
            stack.callback(engine.close)
        bot = Bot(ear, chat, {"de": voice}, BotRole("de", FACTS), person="bench")
        questions = [asked(voice, text) for text in QUESTIONS]
        bare(bot, questions[0][0])
        list(bot.answer(questions[0][0], SPEECH_RATE))
        measure(bot, questions, given)


def asked(voice, text):
    """Return a question as the ear hands it on, and how long after its last word that was."""
    pieces = [
        resampled(each.audio, SPEECH_RATE).samples for each in spoken(text, {"de": voice}, Manner(pitch=1.2))
    ]
    words = np.concatenate([np.zeros(SPEECH_RATE // 2, np.float32), *pieces])
    words = words[: int(np.flatnonzero(np.abs(words) > 0.01)[-1])]
    sound = np.concatenate([words, np.zeros(2 * SPEECH_RATE, np.float32)])
    ear, step = BotEar(), round(PIECE_S * SPEECH_RATE)
    for at in range(0, len(sound), step):
        for event in ear.hear(sound[at : at + step], SPEECH_RATE):
            if isinstance(event, Ended):
                return event.samples, (at + step - len(words)) / SPEECH_RATE
    raise SystemExit("the ear heard nothing")


def measure(bot, questions, given):
    found = {"bot": [], "bare": []}
    for number in range(given.rounds):
        for text, (sound, _) in zip(QUESTIONS, questions, strict=True):
            runs = [("bot", through_bot), ("bare", bare)]
            for name, run in runs if number % 2 else reversed(runs):
                if name == "bot" and not given.cold:
                    bot.warm()
                found[name].append(run(bot, sound))
            if not number:
                print(f"{text} → {found['bot'][-1]['heard']} → {found['bot'][-1]['answer']}", flush=True)
    silence = statistics.median(wait for _, wait in questions)
    print(f"\nend of the last word → the ear says so: {silence:.2f} s (of these 0.7 s silence)")
    print("\n| step, seconds since then (median, worst) | bot | bare engines |\n|---|---|---|")
    for step in STEPS:
        print(
            f"| {step} | " + " | ".join(middle([run[step] for run in found[name]]) for name in found) + " |"
        )
    beyond = [
        ours["first_audio"] - TARGET_FACTOR * bare_["first_audio"]
        for ours, bare_ in zip(found["bot"], found["bare"], strict=True)
    ]
    print(
        f"\nfirst audible word beyond {TARGET_FACTOR} × bare: median {statistics.median(beyond):.2f} s, "
        f"worst {max(beyond):.2f} s (target: {TARGET_S:.0f} s)"
    )


def middle(values):
    return f"{statistics.median(values):.2f}, {max(values):.2f}"


def through_bot(bot, sound):
    run, words = {}, []
    for event in bot.answer(sound, SPEECH_RATE):
        if isinstance(event, Step):
            run[event.name] = event.seconds
        elif isinstance(event, Heard):
            run["heard"] = event.text
        elif isinstance(event, Words):
            words.append(event.text + (f" [instead of: {event.instead_of}]" if event.instead_of else ""))
        elif isinstance(event, Voiced):
            run.setdefault("first_audio", 0.0)
        elif isinstance(event, Done):
            run["done"] = event.seconds
    return {**run, "answer": " ".join(words)}


def bare(bot, sound):
    """Call each engine directly, one after the other, up to the first piece of sound."""
    run, began = {}, time.monotonic()
    heard = list(bot.ear.transcribe(sound, Hearing(language="de", together=False)))
    text = " ".join(each.text for each in heard)
    run["transcribing"] = time.monotonic() - began
    settling, whole = Settling("de"), []
    for piece in bot.chat.reply(messages_for(bot.role, [], text), SAMPLING):
        if piece.text:
            run.setdefault("first_token", time.monotonic() - began)
        whole += settling.more(piece.text)
        if whole:
            break
    sentence = [*whole, *settling.rest()][0]
    next(iter(bot.voices["de"].speak(sentence, Manner(language="de"))))
    run["first_audio"] = run["done"] = time.monotonic() - began
    return run


if __name__ == "__main__":
    main()
