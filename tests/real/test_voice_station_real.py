"""Bot, dialogue and audio guide with the real small models of the package index.

The models come from the store of this machine (KIWERKSTATT_HOME); where one is absent its tests are skipped.
"""

import time
from itertools import pairwise

import numpy as np
import pytest

from models.engines.base import SPEECH_RATE, ChatSize, Hearing
from models.turns import Kind, Turns
from models.voice.base import Audio, Manner
from stations.audio.bot import Bot, Done, Heard, Step, Voiced, Words
from stations.audio.bot_ear import BotEar, Ended
from stations.audio.bot_role import BotRole, lines
from stations.audio.dialogue import cast, performed
from stations.audio.guide import guided
from stations.audio.guide_plan import GuideWish, Narrator
from stations.audio.guide_table import Stop
from stations.audio.script import read_script
from stations.speaking.sound import resampled
from stations.speaking.speaking import spoken
from tests.real.conftest import file_of

pytest.importorskip("faster_whisper", reason="the engine that writes down speech is not installed")
FACTS = (
    "Das Heimatmuseum zeigt das Leben der Bauern und Fischer. Geöffnet ist Dienstag bis Sonntag von 10 bis 17 Uhr. "
    "Die alte Mühle im Garten wurde 1786 gebaut und mahlte bis 1952 Korn. Hunde dürfen nicht hinein."
)


@pytest.fixture(scope="module")
def bot(ear, pico):
    pytest.importorskip("llama_cpp", reason="the chat engine is not installed")
    from models.engines.llama import LlamaChat

    chat = LlamaChat(file_of("qwen-0.5b"), Turns().turn(Kind.INTERACTIVE), ChatSize(4096, 2))
    yield Bot(ear, chat, {"de": pico}, BotRole("de", FACTS))
    chat.close()


def said(pico, text):
    """Return a question as the bot's ear takes it from an open microphone."""
    pieces = [
        resampled(each.audio, SPEECH_RATE).samples for each in spoken(text, {"de": pico}, Manner(pitch=1.2))
    ]
    quiet = np.zeros(SPEECH_RATE, np.float32)
    found = BotEar().hear(np.concatenate([quiet, *pieces, quiet]), SPEECH_RATE)
    (ended,) = (each for each in found if isinstance(each, Ended))
    return ended.samples


def test_a_spoken_question_is_heard_and_answered_from_the_facts(bot, pico):
    events = list(bot.answer(said(pico, "Wann wurde die alte Mühle gebaut?"), SPEECH_RATE))
    assert "Mühle" in next(each.text for each in events if isinstance(each, Heard))
    assert "1786" in " ".join(each.text for each in events if isinstance(each, Words))
    assert sum(each.audio.seconds for each in events if isinstance(each, Voiced)) > 2
    assert [each.name for each in events if isinstance(each, Step)] == [
        "transcribing",
        "first_token",
        "first_audio",
    ]
    assert isinstance(events[-1], Done)


def test_what_it_cannot_know_it_says(bot, pico):
    events = list(bot.answer(said(pico, "Wie heißt die Direktorin des Museums?"), SPEECH_RATE))
    assert events[-1].exchange.answer == lines("de").unknown


def test_interrupting_ends_it_and_the_next_question_is_answered(bot, pico):
    question = said(pico, "Wann ist das Museum geöffnet?")
    answer = bot.answer(question, SPEECH_RATE)
    next(each for each in answer if isinstance(each, Voiced))
    began = time.monotonic()
    answer.close()
    assert time.monotonic() - began < 1.5
    assert any(isinstance(each, Done) for each in bot.answer(question, SPEECH_RATE))


def test_silence_and_noise_never_reach_the_bot():
    noise = np.random.default_rng(3).normal(0, 0.05, 10 * SPEECH_RATE).astype(np.float32)
    assert list(BotEar().hear(noise, SPEECH_RATE)) == []


def height(audio):
    """Return the median pitch of a sound in Hz, by autocorrelation of windows of 40 ms that are loud enough."""
    sound = resampled(audio, SPEECH_RATE).samples
    size, found = SPEECH_RATE // 25, []
    for at in range(0, len(sound) - size, size):
        window = sound[at : at + size]
        if np.abs(window).max() > 0.3 * np.abs(sound).max():
            alike = np.correlate(window, window, "full")[size - 1 :]
            lag = 40 + int(alike[40:200].argmax())
            if alike[lag] > 0.5 * alike[0]:
                found.append(SPEECH_RATE / lag)
    return float(np.median(found))


@pytest.mark.parametrize(("which", "language"), [("pico", "de"), ("joe", "en")])
def test_three_roles_of_one_voice_have_three_heights(which, language, request):
    voice = request.getfixturevalue(which)
    text = {"de": "Guten Morgen, das ist ein schöner Tag.", "en": "Good morning, this is a lovely day."}[
        language
    ]
    script = read_script("\n".join(f"{role}: {text}" for role in ("Anna", "Ben", "Cleo")))
    sounds = {}
    for line in performed(script, cast(script.roles, [voice], language, Manner(language=""))):
        sounds.setdefault(line.role, []).append(line.piece.audio)
    heights = sorted(
        height(Audio(np.concatenate([each.samples for each in audios]), audios[0].rate))
        for audios in sounds.values()
    )
    assert all(high / low > 1.1 for low, high in pairwise(heights)), heights


def test_a_guide_in_two_languages_can_be_understood(tmp_path, pico, joe, ear):
    stops = [
        Stop("1", "Die Mühle", "Die alte Mühle steht im Garten und mahlte das Korn der Bauern.", "de"),
        Stop("1", "The mill", "The old mill is in the garden and it ground the corn of the farmers.", "en"),
    ]
    narrators = {"de": Narrator(pico, "Pico", "Apache-2.0"), "en": Narrator(joe, "joe", "CC0-1.0")}
    *_, last = guided(stops, GuideWish("Rundgang", ("de", "en")), narrators, tmp_path)
    for told, words in zip(
        last.finished, (("Mühle", "Garten", "Korn"), ("mill", "garden", "farmers")), strict=True
    ):
        sound = decoded(told.file)
        hearing = Hearing(language=told.planned.language, together=False)
        text = " ".join(each.text for each in ear.transcribe(sound, hearing))
        assert all(word in text for word in words), text


def decoded(file):
    import av

    with av.open(str(file)) as container:
        rate = container.streams.audio[0].rate
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return resampled(Audio(np.concatenate(frames).astype(np.float32), rate), SPEECH_RATE).samples
