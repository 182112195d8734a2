"""From a recording to what is said in it: early, in any order of events, and the same whatever happened before."""

import threading
import time
from contextlib import closing
from itertools import pairwise

import numpy as np
import pytest

from models.audio.recording import Recording
from models.engines.base import SPEECH_RATE, Hearing, Segment, Word
from models.errors import ModelError
from stations.speech import listening, proofreading
from stations.speech.beats import in_beats
from stations.speech.crosstalk import Heard, without_crosstalk
from stations.speech.listening import LONG_S, TAIL_S, Stretch, listen, wanted_s
from stations.speech.proofreading import Sound, write_down

STEP = 1 / 32768
PATIENCE_S = 20.0


def sound_of(numbers, step=STEP):
    """One second of sound for each number, which says it all the time; 0 is silence."""
    return np.repeat(np.asarray(numbers, np.float32) * np.float32(step), SPEECH_RATE)


def recorded(file, *channels):
    """Write channels of whole seconds as a recording."""
    sound = np.stack([np.repeat(np.asarray(each, "<i2"), SPEECH_RATE) for each in channels], axis=1)
    file.write_bytes(sound.tobytes())
    return Recording(file, len(channels))


class Listener:
    """Understands the sound of ``sound_of``: each second is a word, its number; silence gives nothing."""

    languages = ("de", "en")
    is_open = True

    def __init__(self, language=("de", 0.9), before_each=lambda: None):
        self.language, self.before_each = language, before_each
        self.heard, self.asked_language = [], 0

    def close(self):
        self.is_open = False

    def language_of(self, samples):
        self.asked_language += 1
        return self.language if np.any(samples) else ("de", 0.0)

    def transcribe(self, samples, hearing):
        self.heard.append((len(samples), hearing))
        for second in range(len(samples) // SPEECH_RATE):
            self.before_each()
            number = round(abs(float(samples[second * SPEECH_RATE + 100])) / STEP)
            if number:
                yield said(f" {number}", second, second + 0.9, language=hearing.language)


def said(text, start_s, end_s, language="de", sure=0.9):
    """A segment whose words share its time."""
    parts = text.split()
    moments = np.linspace(start_s, end_s, len(parts) + 1)
    words = (
        Word(f" {part}", float(a), float(b), sure)
        for part, (a, b) in zip(parts, pairwise(moments), strict=True)
    )
    return Segment(start_s, end_s, tuple(words), language)


@pytest.fixture(autouse=True)
def no_real_ears(monkeypatch):
    """Cut where it was wanted, and take any sound for speech: the voice detector is tried elsewhere."""
    monkeypatch.setattr(listening, "pause_near", lambda recording, at_s, within_s: at_s)
    monkeypatch.setattr(
        proofreading, "speech_seconds", lambda samples: np.count_nonzero(samples) / SPEECH_RATE
    )


def whole(states):
    return [state for state in states if state.whole]


def texts(stretches):
    return [each.segment.text for stretch in stretches for each in stretch.heard]


def listened(recording, ear=None, **how):
    hearing = how.pop("hearing", Hearing("de"))
    return list(
        listen(ear or Listener(), recording, hearing, decoded=how.pop("decoded", lambda: True), **how)
    )


# --- Stretches ------------------------------------------------------------------------------------------------------


def test_everything_said_comes_once_with_times_of_the_whole_recording(tmp_path):
    recording = recorded(tmp_path / "raw", range(1, 401))
    stretches = whole(listened(recording))
    assert texts(stretches) == [str(number) for number in range(1, 401)]
    assert [round(each.segment.start_s) for stretch in stretches for each in stretch.heard] == list(
        range(400)
    )
    assert [each.segment.words[0].start_s for stretch in stretches for each in stretch.heard] == list(
        range(400)
    )


def test_stretches_follow_each_other_without_a_gap_to_the_very_end(tmp_path):
    recording = recorded(tmp_path / "raw", [1] * 700)
    stretches = whole(listened(recording))
    assert stretches[0].start_s == 0.0
    assert all(one.end_s == next_.start_s for one, next_ in pairwise(stretches))
    assert stretches[-1].end_s == recording.seconds == 700.0


def test_the_first_stretch_is_short_and_the_others_are_long(tmp_path):
    stretches = whole(listened(recorded(tmp_path / "raw", [1] * 1400)))
    lengths = [each.end_s - each.start_s for each in stretches]
    assert lengths[0] <= 60 < lengths[1] < lengths[2] == LONG_S


def test_a_stretch_shows_what_it_has_while_it_grows(tmp_path):
    states = listened(recorded(tmp_path / "raw", [1, 2, 3]))
    sizes = [len(state.heard) for state in states if not state.whole]
    assert sizes == sorted(sizes)
    assert {1, 2, 3} <= set(sizes)


def test_a_whole_stretch_comes_only_once_however_long_the_next_takes(tmp_path):
    ear = Listener(before_each=lambda: time.sleep(0.01))
    stretches = whole(listened(recorded(tmp_path / "raw", [1] * 120), ear))
    assert len({each.start_s for each in stretches}) == len(stretches) == 2


def test_a_short_rest_belongs_to_the_stretch_before_it(tmp_path):
    stretches = whole(listened(recorded(tmp_path / "raw", [1] * int(60 + TAIL_S - 1))))
    assert len(stretches) == 1


def test_a_recording_in_which_nobody_speaks_ends_without_segments(tmp_path):
    states = listened(recorded(tmp_path / "raw", [0] * 30), hearing=Hearing())
    assert states[-1].whole
    assert not any(state.heard for state in states)
    assert states[-1].language == ""


def test_an_empty_recording_ends_too(tmp_path):
    (tmp_path / "raw").write_bytes(b"")
    assert not whole(listened(Recording(tmp_path / "raw")))


def test_work_is_measured_and_gives_a_pace(tmp_path):
    ear = Listener(before_each=lambda: time.sleep(0.01))
    states = listened(recorded(tmp_path / "raw", [1] * 20), ear)
    assert states[-1].work_s >= 0.2
    assert states[-1].pace == pytest.approx(states[-1].work_s / 20)
    assert states[0].pace is None


# --- Going on after a crash -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("crashed_after", [0, 1, 2])
def test_who_goes_on_after_a_crash_gets_the_same_text(tmp_path, crashed_after):
    recording = recorded(tmp_path / "raw", [at if at % 5 == 0 else 0 for at in range(1, 1001)])
    undisturbed = whole(listened(recording, hearing=Hearing()))
    kept = undisturbed[crashed_after]
    rest = whole(listened(recording, hearing=Hearing(), begin_s=kept.end_s, language=kept.language))
    assert [(each.start_s, each.end_s, texts([each])) for each in rest] == [
        (each.start_s, each.end_s, texts([each])) for each in undisturbed[crashed_after + 1 :]
    ]


def test_the_cuts_do_not_depend_on_how_fast_the_file_is_decoded(tmp_path):
    at_once = whole(listened(recorded(tmp_path / "raw", [1] * 500)))
    growing, decoded = slowly(tmp_path / "slow", [1] * 500)
    assert [each.end_s for each in whole(listened(growing, decoded=decoded))] == [
        each.end_s for each in at_once
    ]


def test_how_long_a_stretch_is_follows_from_where_it_begins():
    assert [wanted_s(begin) for begin in (0.0, 60.0, 180.0, 780.0)] == [60, 120, LONG_S, LONG_S]


# --- While the file is still being decoded ---------------------------------------------------------------------------


def slowly(file, numbers, pause_s=0.001):
    """A recording that grows second by second in another thread, and what tells whether it is complete."""
    file.write_bytes(b"")
    complete = threading.Event()

    def grow():
        with file.open("ab", buffering=0) as raw:
            for number in numbers:
                raw.write(np.full(SPEECH_RATE, number, "<i2").tobytes())
                time.sleep(pause_s)
        complete.set()

    threading.Thread(target=grow, daemon=True).start()
    return Recording(file), complete.is_set


def test_listening_begins_before_the_file_is_decoded(tmp_path):
    recording = recorded(tmp_path / "raw", [1] * 100)
    states = listen(Listener(), recording, Hearing("de"), decoded=lambda: False)
    with closing(states):
        assert next(state for state in states if state.whole).end_s == 60.0


def test_nothing_is_lost_of_a_file_that_grows(tmp_path):
    recording, decoded = slowly(tmp_path / "raw", range(1, 301))
    assert texts(whole(listened(recording, decoded=decoded))) == [str(number) for number in range(1, 301)]


def test_there_is_a_beat_while_there_is_nothing_to_hear(tmp_path):
    states = listen(Listener(), Recording(tmp_path / "none"), Hearing("de"), decoded=lambda: False)
    with closing(states):
        moments = [time.monotonic() for _ in zip(range(6), states, strict=False)]
    assert max(after - before for before, after in pairwise(moments)) < 0.6


def test_trouble_while_decoding_reaches_whoever_listens(tmp_path):
    def broken():
        raise ModelError("sound.broken")

    with pytest.raises(ModelError, match="broken"):
        listened(recorded(tmp_path / "raw", [1]), decoded=broken)


# --- Stop -----------------------------------------------------------------------------------------------------------


def test_there_is_a_beat_during_a_long_step_and_stop_does_not_wait_for_its_end(tmp_path):
    go_on = threading.Event()
    ear = Listener(before_each=lambda: go_on.wait(PATIENCE_S))
    states = listen(ear, recorded(tmp_path / "raw", [1, 2]), Hearing("de"), decoded=lambda: True)
    began = time.monotonic()
    for _ in range(3):
        next(states)
    states.close()
    assert time.monotonic() - began < PATIENCE_S / 2
    go_on.set()


def test_after_a_stop_the_work_ends_with_the_step_that_is_being_made(tmp_path):
    steps = threading.Semaphore(2)
    ear = Listener(before_each=lambda: steps.acquire(timeout=PATIENCE_S))
    states = listen(ear, recorded(tmp_path / "raw", [1] * 50), Hearing("de"), decoded=lambda: True)
    next(state for state in states if len(state.heard) == 2)
    states.close()
    before = threading.active_count()
    for _ in range(60):
        steps.release()
    wait_until(lambda: threading.active_count() < before)
    assert steps._value > 40


def wait_until(true):
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


# --- Language -------------------------------------------------------------------------------------------------------


def test_the_language_is_told_once_and_kept(tmp_path):
    ear = Listener(("en", 0.8))
    stretches = whole(listened(recorded(tmp_path / "raw", [1] * 400), ear, hearing=Hearing()))
    assert ear.asked_language == 1
    assert {each.language for each in stretches} == {"en"} == {hearing.language for _, hearing in ear.heard}


def test_the_language_is_told_where_the_first_words_are(tmp_path):
    ear = Listener(("en", 0.8))
    stretches = whole(listened(recorded(tmp_path / "raw", [0] * 100 + [1] * 300), ear, hearing=Hearing()))
    assert [each.language for each in stretches] == ["", "en", "en"]


def test_an_uncertain_language_is_used_but_not_kept(tmp_path):
    ear = Listener(("en", 0.4))
    stretches = whole(listened(recorded(tmp_path / "raw", [1] * 100), ear, hearing=Hearing()))
    assert {each.language for each in stretches} == {""}
    assert ear.asked_language == len(stretches)
    assert {hearing.language for _, hearing in ear.heard} == {"en"}


def test_a_chosen_language_is_never_guessed(tmp_path):
    ear = Listener(("en", 1.0))
    stretches = whole(listened(recorded(tmp_path / "raw", [1] * 100), ear, hearing=Hearing("de")))
    assert ear.asked_language == 0
    assert {each.language for each in stretches} == {"de"}


# --- Two channels ---------------------------------------------------------------------------------------------------


def test_two_channels_are_heard_apart_and_merged_by_time(tmp_path):
    recording = recorded(tmp_path / "raw", [101, 0, 103, 0], [0, 202, 0, 204])
    heard = whole(listened(recording, channels=(0, 1)))[0].heard
    assert [(each.channel, each.segment.text) for each in heard] == [
        (0, "101"), (1, "202"), (0, "103"), (1, "204"),
    ]  # fmt: skip


def test_what_the_other_channel_says_much_louder_is_not_said_in_this_one(tmp_path):
    recording = recorded(tmp_path / "raw", [900, 10, 900], [10, 900, 10])
    heard = whole(listened(recording, channels=(0, 1)))[0].heard
    assert [(each.channel, each.segment.text) for each in heard] == [(0, "900"), (1, "900"), (0, "900")]


def at(channel, text, start_s=0.0, end_s=2.0):
    return Heard(said(text, start_s, end_s), channel)


def test_the_same_words_are_dropped_where_they_are_fainter(tmp_path):
    recording = recorded(tmp_path / "raw", [900, 900], [300, 300])
    kept = without_crosstalk(recording, [at(0, "Guten Morgen zusammen"), at(1, "Guten Morgen zusammen.")])
    assert [each.channel for each in kept] == [0]


def test_two_people_who_speak_at_once_are_both_heard(tmp_path):
    recording = recorded(tmp_path / "raw", [900, 900], [300, 300])
    assert (
        len(
            without_crosstalk(recording, [at(0, "Das machen wir am Freitag"), at(1, "Nein, auf keinen Fall")])
        )
        == 2
    )


def test_nothing_is_dropped_that_was_said_at_another_time(tmp_path):
    recording = recorded(tmp_path / "raw", [900, 900, 10, 10], [10, 10, 10, 10])
    assert len(without_crosstalk(recording, [at(0, "Guten Tag"), at(1, "Guten Tag", 2.0, 4.0)])) == 2


def test_who_is_louder_only_where_two_people_overlap_takes_nothing_away(tmp_path):
    recording = recorded(tmp_path / "raw", [900, 900, 900, 10], [10, 10, 10, 900])
    assert (
        len(without_crosstalk(recording, [at(0, "Und damit", 0.0, 3.5), at(1, "Und jetzt", 3.0, 4.0)])) == 2
    )


# --- Loops and inventions -------------------------------------------------------------------------------------------


class Circling(Listener):
    """Goes round in circles when it hears many windows together, and perhaps apart too."""

    def __init__(self, apart):
        super().__init__()
        self.apart = apart

    def transcribe(self, samples, hearing):
        self.heard.append((len(samples), hearing))
        if hearing.together:
            yield said("Guten Tag.", 0.0, 1.0)
            yield said("und dann und so " + "und so weiter " * 8, 2.0, 10.0)
            yield said("Danke sehr.", 12.0, 13.0)
        else:
            yield said(self.apart, 0.5, 6.0)


def test_a_loop_is_heard_again_with_what_it_swallowed(tmp_path):
    ear = Circling(apart="und so weiter, sagte er")
    sound = Sound(recorded(tmp_path / "raw", [5] * 20), 0.0, 20.0)
    *_, (segments, dropped) = write_down(ear, sound, Hearing("de"))
    assert [each.text for each in segments] == ["Guten Tag.", "und so weiter, sagte er", "Danke sehr."]
    assert (segments[1].start_s, dropped) == (2.5, 0)
    assert ear.heard[-1] == (10 * SPEECH_RATE, Hearing("de", together=False))


def test_what_is_still_a_loop_is_cut_where_it_repeats_itself_and_counted(tmp_path):
    sound = Sound(recorded(tmp_path / "raw", [5] * 20), 0.0, 20.0)
    *_, (segments, dropped) = write_down(Circling(apart="so weiter und " * 9), sound, Hearing("de"))
    assert [each.text for each in segments] == ["Guten Tag.", "und dann und so und so weiter", "Danke sehr."]
    assert dropped == 1


class Forgetful(Listener):
    """Remembers the middle last, as an engine does that reads again what it left out."""

    def transcribe(self, samples, hearing):
        yield said("Guten Tag.", 0.0, 1.0)
        yield said("Auf Wiedersehen.", 8.0, 9.0)
        yield said("Wir beginnen.", 3.0, 4.0)


def test_what_comes_late_stands_where_it_was_said(tmp_path):
    sound = Sound(recorded(tmp_path / "raw", [5] * 10), 0.0, 10.0)
    *_, (segments, _) = write_down(Forgetful(), sound, Hearing("de"))
    assert [each.text for each in segments] == ["Guten Tag.", "Wir beginnen.", "Auf Wiedersehen."]


class Inventing(Listener):
    """Hears the words of films where nobody speaks."""

    def transcribe(self, samples, hearing):
        yield said("Guten Tag.", 0.0, 1.0)
        yield said("Untertitel der Amara.org-Community", 3.0, 5.0)


def test_the_words_of_films_in_silence_are_taken_out_and_counted(tmp_path):
    stretch = whole(listened(recorded(tmp_path / "raw", [5, 5, 0, 0, 0, 0]), Inventing()))[0]
    assert texts([stretch]) == ["Guten Tag."]
    assert stretch.dropped == 1


# --- Beats ----------------------------------------------------------------------------------------------------------


def test_beats_hand_on_every_state_in_order_and_the_error_at_the_end():
    def states():
        yield from range(5)
        raise ModelError("chat.full", limit=1)

    got = []
    with pytest.raises(ModelError, match="full"):
        got.extend(in_beats(states()))
    assert [each for each in got if each is not None] == list(range(5))


def test_stretches_are_values():
    assert Stretch(0.0, 1.0) == Stretch(0.0, 1.0)
