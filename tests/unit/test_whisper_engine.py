"""The Whisper engine around a small stand-in for faster-whisper: windows, times, languages, broken files."""

import sys
from dataclasses import dataclass, field
from itertools import pairwise
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from models.engines.base import SPEECH_RATE, Hearing
from models.engines.speech_windows import FILL_S, Windows, fill, windows_of
from models.engines.whisper import NAMES_TOKENS, WINDOWS_AT_ONCE, WhisperTranscriber
from models.errors import ModelError

LOUD = 0.5


@dataclass
class FoundWord:
    word: str
    start: float
    end: float
    probability: float = 0.9


@dataclass
class Found:
    words: list
    no_speech_prob: float = 0.0
    avg_logprob: float = -0.3
    compression_ratio: float = 1.2


@dataclass
class Library:
    """What the stand-in was asked, and what it is to find in a second of glued sound."""

    multilingual: bool = True
    mels: int = 80
    asked: list = field(default_factory=list)
    opened: list = field(default_factory=list)
    say: object = None

    def found(self, sound, bounds, **how):
        self.asked.append({"sound": sound, "bounds": bounds, **how})
        for begin, end in bounds:
            yield from (self.say or self.each_second)(begin, end, how)

    @staticmethod
    def each_second(begin, end, how):
        """A word for each second."""
        moments = np.arange(begin, end - 0.5, 1.0)
        yield Found([FoundWord(f" {moment:.0f}", float(moment), float(moment) + 0.8) for moment in moments])


@pytest.fixture
def library(monkeypatch):
    library = Library()

    class WhisperModel:
        def __init__(self, path, **how):
            library.opened.append({"path": path, **how})
            self.model = SimpleNamespace(is_multilingual=library.multilingual, n_mels=80)
            self.feature_extractor = SimpleNamespace(mel_filters=np.zeros((library.mels, 201)))
            self.supported_languages = ["en", "de", "fr"] if library.multilingual else ["en"]
            self.hf_tokenizer = SimpleNamespace(encode=lambda text: SimpleNamespace(ids=text.split()))

        def transcribe(self, audio, **how):
            return library.found(audio, [(0.0, len(audio) / SPEECH_RATE)], **how), None

        def detect_language(self, audio):
            library.asked.append({"language of": len(audio)})
            return "de", 0.75, []

    class BatchedInferencePipeline:
        def __init__(self, model):
            pass

        def transcribe(self, audio, clip_timestamps, **how):
            bounds = [(each["start"], each["end"]) for each in clip_timestamps]
            return library.found(audio, bounds, **how), None

    fake, vad = ModuleType("faster_whisper"), ModuleType("faster_whisper.vad")
    fake.WhisperModel, fake.BatchedInferencePipeline, fake.vad = WhisperModel, BatchedInferencePipeline, vad
    vad.VadOptions = SimpleNamespace
    vad.get_speech_timestamps = lambda samples, options: loud_parts(samples)
    monkeypatch.setitem(sys.modules, "faster_whisper", fake)
    monkeypatch.setitem(sys.modules, "faster_whisper.vad", vad)
    return library


def loud_parts(samples):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.abs(samples) > 0, [0]])))
    return [{"start": int(a), "end": int(b)} for a, b in zip(edges[::2], edges[1::2], strict=True)]


def sound(*seconds):
    """Speech and silence in turns, beginning with speech."""
    return np.concatenate(
        [np.full(int(s * SPEECH_RATE), LOUD * (n % 2 == 0), np.float32) for n, s in enumerate(seconds)]
    )


class Counted:
    """A turn that knows whether it is taken."""

    threads = 3

    def __init__(self):
        self.inside = self.entered = 0

    def __enter__(self):
        self.inside += 1
        self.entered += 1
        return self

    def __exit__(self, *_):
        self.inside -= 1


@pytest.fixture
def folder(tmp_path):
    for name in ("model.bin", "tokenizer.json", "config.json", "vocabulary.json"):
        (tmp_path / name).write_text("{}")
    return tmp_path


@pytest.fixture
def ear(library, folder):
    return WhisperTranscriber(folder / "model.bin", Counted())


def heard(ear, samples, **hearing):
    return list(ear.transcribe(samples, Hearing(**{"language": "de", **hearing})))


# --- Loading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["model.bin", "."])
def test_the_model_is_loaded_from_its_folder_without_a_network(library, folder, named):
    WhisperTranscriber(folder / named, Counted())
    (opened,) = library.opened
    assert opened["path"] == str(folder)
    assert opened["local_files_only"]
    assert (opened["cpu_threads"], opened["compute_type"], opened["device"]) == (3, "int8", "cpu")


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json"])
@pytest.mark.parametrize("spoil", [lambda file: file.unlink(), lambda file: file.write_bytes(b'{"half": ')])
def test_a_missing_or_half_file_is_named_before_the_library_asks_the_network(library, folder, name, spoil):
    spoil(folder / name)
    with pytest.raises(ModelError) as caught:
        WhisperTranscriber(folder, Counted())
    assert (caught.value.key, caught.value.facts) == ("transcribe.broken_model", {"model": folder.name})
    assert library.opened == []


def test_broken_weights_are_named(library, folder, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("File model.bin is incomplete")

    monkeypatch.setattr(sys.modules["faster_whisper"], "WhisperModel", broken)
    with pytest.raises(ModelError, match=r"transcribe\.broken_model"):
        WhisperTranscriber(folder, Counted())


def test_a_model_that_would_hear_nonsense_is_refused(library, folder):
    library.mels = 128
    with pytest.raises(ModelError, match=r"transcribe\.broken_model"):
        WhisperTranscriber(folder, Counted())


def test_a_closed_engine_says_so(ear):
    assert ear.is_open
    ear.close()
    assert not ear.is_open
    with pytest.raises(ModelError, match=r"transcribe\.engine_gone"):
        heard(ear, sound(1))
    with pytest.raises(ModelError, match=r"transcribe\.engine_gone"):
        ear.language_of(sound(1))


def test_what_is_being_read_when_the_engine_is_closed_is_read_to_its_end(ear):
    segments = ear.transcribe(sound(20), Hearing("de", together=False))
    next(segments)
    ear.close()
    assert list(segments) == []


# --- Languages ------------------------------------------------------------------------------------------------------


def test_a_language_that_the_model_does_not_know_is_refused(ear, library):
    with pytest.raises(ModelError) as caught:
        heard(ear, sound(1), language="tlh")
    assert (caught.value.key, caught.value.facts) == ("transcribe.language", {"language": "tlh"})
    assert library.asked == []


def test_a_model_for_english_only_knows_english_only(library, folder):
    library.multilingual = False
    ear = WhisperTranscriber(folder, Counted())
    assert ear.languages == ("en",)
    assert ear.language_of(sound(3)) == ("en", 1.0)
    assert {segment.language for segment in heard(ear, sound(3), language=None)} == {"en"}
    with pytest.raises(ModelError, match=r"transcribe\.language"):
        heard(ear, sound(3), language="de")


def test_the_language_is_told_from_the_first_window_of_speech(ear, library):
    silence_first = np.concatenate([np.zeros(60 * SPEECH_RATE, np.float32), sound(40)])
    assert ear.language_of(silence_first) == ("de", 0.75)
    assert library.asked == [{"language of": FILL_S * SPEECH_RATE}]


def test_silence_has_no_language(ear, library):
    assert ear.language_of(np.zeros(SPEECH_RATE, np.float32))[1] == 0.0
    assert library.asked == []


def test_a_language_is_told_only_when_none_was_chosen(ear, library):
    assert {segment.language for segment in heard(ear, sound(3), language=None)} == {"de"}
    assert [each for each in library.asked if "language of" in each]
    library.asked.clear()
    assert {segment.language for segment in heard(ear, sound(3), language="fr")} == {"fr"}
    assert [each["language"] for each in library.asked] == ["fr"]


# --- Reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [True, False])
def test_silence_gives_nothing_and_the_model_is_not_even_asked(ear, library, together):
    assert heard(ear, np.zeros(5 * SPEECH_RATE, np.float32), together=together, names=("Anna",)) == []
    assert heard(ear, np.zeros(SPEECH_RATE, np.float32), together=together, language=None) == []
    assert heard(ear, np.zeros(0, np.float32), together=together) == []
    assert library.asked == []


@pytest.mark.parametrize("together", [True, False])
def test_times_are_those_of_the_sound_with_its_silence(ear, together):
    words = [
        word for segment in heard(ear, sound(2, 10, 3, 60, 40), together=together) for word in segment.words
    ]
    starts = [round(word.start_s) for word in words]
    assert starts[:5] == [0, 1, 12, 13, 14]
    assert starts[5] == 75
    assert starts == sorted(starts)
    assert all(0 <= word.start_s <= word.end_s <= 115 for word in words)
    assert all(isinstance(word.start_s, float) and isinstance(word.sure, float) for word in words)


@pytest.mark.parametrize("together", [True, False])
def test_words_with_a_long_silence_between_them_are_not_one_segment(ear, together):
    segments = heard(ear, sound(2, 10, 3), together=together)
    assert [(round(each.start_s), each.text) for each in segments] == [(0, "0 1"), (12, "2 3 4")]


def test_windows_are_read_a_few_at_a_time_so_that_memory_has_a_limit(ear, library):
    heard(ear, sound(*[20, 1] * 20))
    assert [len(each["bounds"]) for each in library.asked] == [WINDOWS_AT_ONCE, WINDOWS_AT_ONCE, 4]
    assert max(len(each["sound"]) for each in library.asked) <= WINDOWS_AT_ONCE * FILL_S * SPEECH_RATE


def test_closing_leaves_the_rest_unread(ear, library):
    segments = ear.transcribe(sound(*[20, 1] * 30), Hearing("de"))
    next(segments)
    segments.close()
    assert len(library.asked) == 1


def test_the_turn_is_held_while_it_works_and_no_longer(ear):
    turn = ear._turn
    segments = ear.transcribe(sound(3), Hearing("de"))
    assert turn.entered == 0
    next(segments)
    assert turn.inside == 1
    segments.close()
    assert turn.inside == 0


def test_unlikely_words_in_what_the_model_takes_for_silence_are_silence(ear, library):
    library.say = lambda begin, end, how: [Found([FoundWord(" Danke", begin, end)], 0.7, -1.2)]
    assert heard(ear, sound(3)) == []
    library.say = lambda begin, end, how: [Found([FoundWord(" Danke", begin, end)], 0.7, -0.5)]
    assert [each.text for each in heard(ear, sound(3))] == ["Danke"]


def test_a_segment_without_words_is_nothing(ear, library):
    library.say = lambda begin, end, how: [Found([]), Found(None)]
    assert heard(ear, sound(3), together=False) == []


# --- What a first reading leaves out ----------------------------------------------------------------------------------


def forgets_the_end(begin, end, how):
    """Finds a word each second, but not in the last three seconds of a window, unless it may repeat nothing."""
    yield from Library.each_second(begin, end - 3 * (how["no_repeat_ngram_size"] == 0), how)


def test_what_the_library_forgets_at_the_end_of_a_window_is_read_again(ear, library):
    library.say = forgets_the_end
    words = [round(word.start_s) for segment in heard(ear, sound(20, 2, 20)) for word in segment.words]
    assert sorted(set(words)) == [*range(20), *range(22, 42)]
    first, again = library.asked
    assert (len(first["bounds"]), len(again["bounds"])) == (2, 1)


def test_what_is_forgotten_again_is_read_once_more_and_then_alone(ear, library):
    def forgets_twice(begin, end, how):
        forget = 3 if how["no_repeat_ngram_size"] == 0 else 1.5 if len(library.asked) == 2 else 0
        yield from Library.each_second(begin, end - forget, how)

    library.say = forgets_twice
    heard(ear, sound(20, 2, 20, 2, 20))
    assert [len(each["bounds"]) for each in library.asked[:2]] == [3, 1]
    assert len(library.asked) == 3


def test_nothing_is_read_twice_when_nothing_was_forgotten(ear, library):
    heard(ear, sound(20, 2, 20))
    assert len(library.asked) == 1


def test_a_loop_in_the_second_reading_is_left_out(ear, library):
    def loops_then(begin, end, how):
        yield from forgets_the_end(begin, end, {"no_repeat_ngram_size": 0})
        if how["no_repeat_ngram_size"]:
            yield Found([FoundWord(" äh", begin, end)], compression_ratio=9.0)

    library.say = loops_then
    assert "äh" not in " ".join(segment.text for segment in heard(ear, sound(20)))


def test_windows_in_which_nobody_says_a_word_are_left_alone(ear, library):
    library.say = lambda begin, end, how: []
    heard(ear, sound(20))
    assert len(library.asked) == 1


def test_apart_a_window_that_goes_round_in_circles_is_read_again_and_may_repeat_nothing(ear, library):
    def loops_once(begin, end, how):
        loop = how["no_repeat_ngram_size"] == 0 and len(library.asked) == 2
        yield Found(
            [FoundWord(" äh" if loop else " gut", begin, end)], compression_ratio=9.0 if loop else 1.0
        )

    library.say = loops_once
    assert [each.text for each in heard(ear, sound(20, 2, 20, 2, 20), together=False)] == ["gut"] * 3
    assert [each["no_repeat_ngram_size"] > 0 for each in library.asked] == [False, False, True, False]


# --- Names ----------------------------------------------------------------------------------------------------------


def test_names_are_told_to_the_model_as_many_as_fit(ear, library):
    heard(ear, sound(3), names=("Ahornbach", "Aylin"))
    heard(ear, sound(3), names=tuple(f"Name{number}" for number in range(500)), together=False)
    few, many = (each["hotwords"] for each in library.asked)
    assert few == "Ahornbach, Aylin"
    assert len(many.split()) == NAMES_TOKENS
    heard(ear, sound(3))
    assert library.asked[-1]["hotwords"] is None


# --- Windows --------------------------------------------------------------------------------------------------------


def test_windows_hold_all_speech_in_order_and_none_is_too_long():
    speech = [(0, 10), (15, 40), (41, 160), (170, 180)]
    windows = fill(speech, longest=50)
    flat = [span for window in windows for span in window]
    assert [moment for span in flat for moment in range(*span)] == [
        m for span in speech for m in range(*span)
    ]
    assert all(sum(end - begin for begin, end in window) <= 50 for window in windows)
    assert flat == sorted(flat)


def test_glued_sound_is_the_speech_and_its_times_lead_back(library):
    samples = sound(2, 5, 3, 1, 4)
    windows = windows_of(samples)
    assert len(windows.glued) == 9 * SPEECH_RATE
    assert windows.bounds_s == ((0.0, 9.0),)
    for glued, original in ((0.5, 0.5), (2.5, 7.5), (4.9, 9.9), (5.1, 11.1), (8.9, 14.9)):
        start, _ = windows.times_before_gluing(glued, glued + 0.02)
        assert start == pytest.approx(original)


def test_a_word_across_a_cut_stays_on_one_side_of_the_silence():
    windows = Windows(sound(2, 5, 3), fill([(0, 2 * SPEECH_RATE), (7 * SPEECH_RATE, 10 * SPEECH_RATE)]))
    assert windows.times_before_gluing(1.5, 2.2) == (1.5, 2.0)
    assert windows.times_before_gluing(1.9, 2.6) == (7.0, 7.6)
    assert windows.times_before_gluing(0.0, 99.0)[1] <= 10.0


def test_speech_without_words_is_found_where_it_was():
    seconds = [(0, 10), (20, 30)]
    windows = Windows(sound(30), fill([(a * SPEECH_RATE, b * SPEECH_RATE) for a, b in seconds]))
    words = [(float(at), at + 0.9) for at in range(20) if not 8 <= at < 12 and at < 18]
    left = [(begin / SPEECH_RATE, end / SPEECH_RATE) for begin, end in windows.left_out(words)]
    assert left == [(pytest.approx(7.9), 10.0), (20.0, 22.0), (pytest.approx(27.9), 30.0)]


def test_ordinary_pauses_are_not_taken_for_forgotten_speech():
    windows = Windows(sound(20), fill([(0, 20 * SPEECH_RATE)]))
    words = [(at, at + 0.5) for at in np.arange(0.0, 19.5, 1.9)]
    assert all(after[0] - before[1] < 1.6 for before, after in pairwise(words))
    assert list(windows.left_out(words)) == []
