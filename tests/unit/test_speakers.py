"""Who spoke: groups, windows, the order of people, and the model's file, on answers that can be worked out by hand."""

import io
import pickle
import sys
import types
import zipfile
from collections import OrderedDict
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the packages of the speech station are not installed")

from models.engines.base import SPEECH_RATE
from models.errors import ModelError
from models.speakers import clustering, who
from models.speakers.checkpoint import read_checkpoint
from models.speakers.clustering import voices_in
from models.speakers.embedding import BATCH, WINDOW_SAMPLES, VoicePrints
from models.speakers.onnx_file import Network
from models.speakers.rebuild import BANDS, FRAMES, rebuild
from models.speakers.who import in_order_of_appearance, who_spoke, without_flickers
from models.speakers.windows import HOP_S, WINDOW_S, borders_of, shares, stretches
from models.turns import Fixed

SIZE = 32
ONE, TWO, THREE = np.eye(SIZE, dtype=np.float32)[:3]


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def prints(*spoken, noise=0.8, seed=0):
    """Return noisy prints of (voice, how many); two of the same voice are about 0.6 alike, as real ones are."""
    rows = np.concatenate([np.tile(voice, (count, 1)) for voice, count in spoken])
    away = unit(np.random.default_rng(seed).normal(size=rows.shape))
    return unit(rows + noise * away).astype(np.float32)


def long(rows):
    return np.full(len(rows), WINDOW_S)


def nearest(centres, voice):
    return float((centres @ voice).max())


# --- Groups ---


def test_each_voice_gets_a_print_of_its_own():
    rows = prints((ONE, 30), (TWO, 20), (THREE, 10))
    centres = voices_in(rows, long(rows), 3)
    assert len(centres) == 3
    assert np.linalg.norm(centres, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert min(nearest(centres, voice) for voice in (ONE, TWO, THREE)) > 0.9
    assert centres @ ONE == pytest.approx([1, 0, 0], abs=0.25)  # who speaks most comes first


def test_a_rare_voice_is_found_beside_one_that_speaks_all_the_time():
    rows = prints((ONE, 190), (TWO, 6))
    assert nearest(voices_in(rows, long(rows), 2), TWO) > 0.8


def test_one_voice_is_not_cut_in_two_because_somebody_counted_two():
    rows = prints((ONE, 60))
    assert len(voices_in(rows, long(rows), 2)) == 1


def test_two_similar_voices_are_not_joined_for_the_sake_of_a_cough():
    similar = unit(0.55 * ONE + 0.835 * TWO)
    rows = prints((ONE, 20), (similar, 20), (THREE, 1), noise=0.4)
    centres = voices_in(rows, long(rows), 2)
    assert min(nearest(centres, voice) for voice in (ONE, similar)) > 0.95


def test_never_more_people_than_said():
    rows = prints((ONE, 9), (TWO, 8), (THREE, 7))
    assert len(voices_in(rows, long(rows), 2)) == 2


def test_short_windows_make_no_people():
    rows = np.concatenate([prints((ONE, 20), (TWO, 20)), prints((THREE, 20))])
    seconds = np.array([WINDOW_S] * 40 + [0.3] * 20)
    assert nearest(voices_in(rows, seconds, 3), THREE) < 0.5


def test_where_all_windows_are_short_the_longest_must_do():
    rows = prints((ONE, 20), (TWO, 20))
    seconds = np.array([0.5, *[0.4] * 18, 0.5, 0.5, *[0.4] * 18, 0.5])
    centres = voices_in(rows, seconds, 2)
    assert min(nearest(centres, voice) for voice in (ONE, TWO)) > 0.7


@pytest.mark.parametrize("voices", [(ONE,), (ONE, TWO), (ONE, TWO, THREE)])
def test_clear_voices_are_counted_without_being_told(voices):
    rows = prints(*((voice, 20) for voice in voices))
    assert len(voices_in(rows, long(rows), None)) == len(voices)


def test_a_cough_is_not_counted_as_a_person():
    rows = prints((ONE, 40), (TWO, 1))
    assert len(voices_in(rows, long(rows), None)) == 1
    assert len(voices_in(rows, long(rows), 2)) == 2


def test_more_people_than_windows_is_no_error():
    rows = prints((ONE, 1), (TWO, 1))
    assert len(voices_in(rows, long(rows), 6)) == 2
    assert len(voices_in(rows[:1], long(rows[:1]), 6)) == 1


def test_long_recordings_are_grouped_by_a_sample(monkeypatch):
    monkeypatch.setattr(clustering, "MANY", 50)
    trees = []
    split = clustering._split
    monkeypatch.setattr(
        clustering, "_split", lambda rows, parts: trees.append(len(rows)) or split(rows, parts)
    )
    rows = prints((ONE, 400), (TWO, 400))
    assert len(voices_in(rows, long(rows), 2)) == 2
    assert trees == [50]


def test_a_long_recording_is_guessed_as_well_as_a_short_one(monkeypatch):
    monkeypatch.setattr(clustering, "MANY", 100)
    rows = prints(*((ONE, 30), (TWO, 30), (THREE, 30)) * 40)
    assert len(voices_in(rows, long(rows), None)) == 3


# --- Windows ---


def said(*spans, word_s=0.5):
    """Return words of half a second that fill stretches of time."""
    return [
        (float(at), float(at) + word_s) for start, end in spans for at in np.arange(start, end - 0.01, word_s)
    ]


def test_pauses_and_sentences_part_the_words():
    words = said((0, 2), (2.2, 4), (5, 6))
    assert borders_of(words, {6}) == {6, 8}
    assert borders_of(words, {0}) == {8}  # the first word begins no new stretch
    found = list(stretches(words, {6, 8}))
    assert [(each.first, each.last) for each in found] == [(0, 6), (6, 8), (8, 10)]
    assert [each.span for each in found] == [(0, 3.2), (3.2, 4.2), (5, 6)]


def test_windows_cover_their_stretch_and_nothing_else():
    for length in (0.2, 1.5, 1.6, 4.0, 61.3):
        (stretch,) = stretches([(10.0, 10.0 + length)], set())
        windows = stretch.windows
        assert windows[0][0] == pytest.approx(10)
        assert windows[-1][1] == pytest.approx(10 + length)
        assert max(end - start for start, end in windows) <= WINDOW_S + 1e-9
        gaps = [after - before for (before, _), (after, _) in pairwise(windows)]
        assert max(gaps, default=0) <= HOP_S + 1e-9


def test_words_without_length_are_no_error():
    (stretch,) = stretches([(3.0, 3.0)], set())
    assert stretch.windows[0][1] > stretch.windows[0][0]
    assert shares([(3.0, 3.0)], stretch.windows).sum() == pytest.approx(1)


def test_words_out_of_order_and_far_from_all_windows_are_no_error():
    words = [(30.0, 30.4), (3.0, 3.4), (31.0, 60.0)]
    (stretch,) = stretches(words, set())
    assert stretch.span == (3.0, 60.0)
    assert np.isfinite(shares(words, [(3.0, 4.5)])).all()


def test_the_nearest_window_says_most_about_a_word():
    weights = shares([(0.0, 0.4), (2.6, 3.0)], [(0.0, 1.5), (0.75, 2.25), (1.5, 3.0)])
    assert weights.sum(axis=1) == pytest.approx(1)
    assert weights.argmax(axis=1).tolist() == [0, 2]
    (both,) = shares([(0.8, 1.0)], [(0.0, 1.5), (0.75, 2.25)])  # lies in both
    assert both[0] > 3 * both[1]


# --- Who said which word ---


class Room:
    """A recording in which the sound is the number of the person, and voices that hear that number."""

    def __init__(self, *turns, noise=0.5):
        self.turns, self.noise, self.read = turns, noise, 0

    def samples(self, start_s, end_s):
        moments = np.arange(start_s, end_s, 1 / 100)
        sound = np.zeros(len(moments), np.float32)
        for start, end, person in self.turns:
            sound[(moments >= start) & (moments < end)] = person + 1
        return sound

    def of_each(self, windows):
        for window in windows:
            self.read += 1
            heard = sum((window == person + 1).sum() * np.eye(SIZE)[person] for person in range(SIZE))
            away = unit(np.random.default_rng(self.read).normal(size=SIZE))
            yield unit(unit(heard + 1e-6) + self.noise * away)[None].astype(np.float32)


def answered(room, words, count, starts=frozenset()):
    steps, told = who_spoke(room, words, count, room, starts), []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            return end.value, told


def test_words_get_the_people_who_say_them_in_order_of_appearance():
    turns = [(0, 6, 5), (6.5, 10, 2), (10.5, 16, 5), (17, 21, 9)]
    words = said(*((start, end) for start, end, _ in turns))
    found, told = answered(Room(*turns), words, 3)
    assert found == tuple([0] * 12 + [1] * 7 + [0] * 11 + [2] * 8)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_change_without_a_pause_is_found_within_a_word_or_two():
    turns = [(0, 8, 0), (8, 14, 1), (14, 20, 0)]
    found, _ = answered(Room(*turns), said((0, 20)), 2)
    truth = [0] * 16 + [1] * 12 + [0] * 12
    assert sum(one != other for one, other in zip(found, truth, strict=True)) <= 3


def test_the_begin_of_a_sentence_makes_the_change_exact():
    turns = [(0, 8, 0), (8, 14, 1), (14, 20, 0)]
    found, _ = answered(Room(*turns), said((0, 20)), 2, frozenset({0, 16, 28}))
    assert found == tuple([0] * 16 + [1] * 12 + [0] * 12)


def test_a_sentence_does_not_change_its_speaker_for_one_odd_word():
    evidence = np.array([[0.2, 0.0]] * 4 + [[0.0, 0.2]] + [[0.2, 0.0]] * 4)
    assert who._likeliest_path(evidence, set()) == [0] * 9
    assert who._likeliest_path(evidence, {4, 5}) == [0, 0, 0, 0, 1, 0, 0, 0, 0]  # a sentence of its own may


def test_one_person_and_no_words_need_no_listening():
    room = Room((0, 9, 0))
    assert answered(room, said((0, 9)), 1) == ((0,) * 18, [])
    assert answered(room, [], 3) == ((), [])
    assert room.read == 0


def test_the_number_of_people_is_guessed_where_nobody_knows_it():
    turns = [(0, 6, 0), (7, 13, 1), (14, 20, 0)]
    found, _ = answered(Room(*turns), said(*((start, end) for start, end, _ in turns)), None)
    assert found == tuple([0] * 12 + [1] * 12 + [0] * 12)


def test_closing_stops_the_listening():
    room = Room((0, 600, 0))
    steps = who_spoke(room, said((0, 600)), 2, room)
    share = next(steps)
    steps.close()
    assert 0 < share < 0.01
    assert room.read == 1


def test_numbers_follow_the_order_of_appearance():
    assert in_order_of_appearance([4, 4, 1, 4, 0]) == (0, 0, 1, 0, 2)


def test_nobody_flickers_up_between_two_turns_of_another():
    words = [(0, 2), (2, 2.4), (2.5, 4), (4, 4.6), (4.6, 6)]
    assert without_flickers([0, 1, 0, 1, 0], words) == [0, 0, 0, 1, 0]  # 0.4 s is too short, 0.6 s is not
    assert without_flickers([0, 1, 2, 2, 2], words) == [0, 1, 2, 2, 2]  # between two people it may be a third
    assert without_flickers([1], words[:1]) == [1]


# --- The model's file ---


@pytest.fixture
def torch_names(monkeypatch):
    """Names that a checkpoint refers to, so that one can be written without PyTorch."""
    torch, inner = types.ModuleType("torch"), types.ModuleType("torch._utils")
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    inner._rebuild_tensor_v2 = rebuilt = lambda *parts: None
    rebuilt.__module__, rebuilt.__qualname__, rebuilt.__name__ = inner.__name__, *["_rebuild_tensor_v2"] * 2
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", inner)
    return torch


class Tensor:
    def __init__(self, torch, key, shape, strides):
        self.parts = (torch, key, shape, strides)

    def __reduce__(self):
        torch, key, shape, strides = self.parts
        storage = ("storage", torch.FloatStorage, key, "cpu", int(np.prod(shape)))
        return sys.modules["torch._utils"]._rebuild_tensor_v2, (
            Stored(storage),
            0,
            shape,
            strides,
            False,
            OrderedDict(),
        )


class Stored(tuple):
    __slots__ = ()

    def __new__(cls, parts):
        return super().__new__(cls, [parts])


def write_checkpoint(file, content, numbers):
    out = io.BytesIO()
    pickler = pickle.Pickler(out, protocol=2)
    pickler.persistent_id = lambda one: one[0] if isinstance(one, Stored) else None
    pickler.dump(content)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", out.getvalue())
        for key, stored in numbers.items():
            archive.writestr(f"archive/data/{key}", np.asarray(stored, "<f4").tobytes())
    return file


def test_weights_are_read_as_they_were_written(tmp_path, torch_names):
    tensor = Tensor(torch_names, "7", (2, 3), (3, 1))
    file = write_checkpoint(tmp_path / "a.pt", OrderedDict(head=tensor), {"7": range(6)})
    weights = read_checkpoint(file)
    assert list(weights) == ["head"]
    assert weights["head"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_checkpoint_that_wants_to_run_something_is_refused(tmp_path, torch_names):
    class Evil:
        def __reduce__(self):
            return print, ("run",)

    file = write_checkpoint(tmp_path / "a.pt", OrderedDict(head=Evil()), {})
    with pytest.raises(ModelError, match=r"store\.build_failed.*print has no place"):
        rebuild(file, tmp_path / "out")


def test_tensors_in_an_unusual_order_are_refused(tmp_path, torch_names):
    tensor = Tensor(torch_names, "7", (2, 3), (1, 2))
    file = write_checkpoint(tmp_path / "a.pt", OrderedDict(head=tensor), {"7": range(6)})
    with pytest.raises(ValueError, match="unusual order"):
        read_checkpoint(file)


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_other_files_are_no_model(tmp_path, content):
    file = tmp_path / "a.pt"
    if content is None:
        write_checkpoint(file, OrderedDict(), {})
    else:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=r"store\.build_failed"):
        rebuild(file, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_network_written_by_hand_computes_what_it_says():
    ort = pytest.importorskip("onnxruntime", reason="the packages of the speech station are not installed")
    network = Network()
    weight = np.arange(6, dtype=np.float64).reshape(2, 1, 3) - 2
    seen = network.node(
        "Conv",
        ["sound", network.constant(weight), network.constant(np.array([8.0, -10.0]))],
        pads=(1, 1),
        strides=(2,),
        dilations=(1,),
    )
    flat = network.node("Flatten", [network.node("Relu", [seen])], axis=-1)
    session = ort.InferenceSession(network.file({"sound": ("many", 1, 4)}, flat, ("all", 2)))
    (found,) = session.run(None, {"sound": np.array([[[1, 2, 3, 4]]], np.float32)})
    assert found.tolist() == [[7, 1], [0, 10]]  # kernels -2 -1 0 and 1 2 3 over 0 1 2 and 2 3 4


# --- Prints ---


@pytest.fixture
def model(tmp_path):
    """A model of the right form that only looks for the loudest frame of each band."""
    pytest.importorskip("onnxruntime", reason="the packages of the speech station are not installed")
    pytest.importorskip("kaldi_native_fbank", reason="the packages of the speech station are not installed")
    network = Network()
    loudest = network.node("ReduceMax", ["bands"], axes=(3,), keepdims=0)
    flat = network.node("Flatten", [loudest], axis=1)
    file = tmp_path / "loudest.onnx"
    file.write_bytes(network.file({"bands": ("windows", 1, BANDS, FRAMES)}, flat, ("windows", BANDS)))
    return file


def noise(seconds, seed=0):
    loud = np.random.default_rng(seed).normal(size=int(seconds * SPEECH_RATE)) * 0.1
    return loud.astype(np.float32)


def test_prints_come_in_order_and_have_length_one(model):
    windows = [noise(WINDOW_S, seed) for seed in range(BATCH + 3)]
    found = list(VoicePrints(model, Fixed(1)).of_each(iter(windows)))
    assert [len(some) for some in found] == [BATCH, 3]
    rows = np.concatenate(found)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    (alone,) = VoicePrints(model, Fixed(1)).of_each(windows[-1:])
    assert alone[0] == pytest.approx(rows[-1], abs=1e-4)


def test_a_short_window_is_repeated_and_a_long_one_cut(model):
    short = noise(0.5)
    windows = [short, np.tile(short, 3), np.concatenate([np.tile(short, 3), noise(1, 1)]), short[:0]]
    (rows,) = VoicePrints(model, Fixed(1)).of_each(windows)
    assert rows[0] == pytest.approx(rows[1], abs=1e-5)
    assert rows[0] == pytest.approx(rows[2], abs=1e-5)
    assert np.isfinite(rows).all()


def test_the_loudness_of_a_recording_does_not_matter(model):
    loud = noise(WINDOW_S)
    (rows,) = VoicePrints(model, Fixed(1)).of_each([loud, loud * np.float32(0.1)])
    assert rows[0] == pytest.approx(rows[1], abs=1e-3)


def test_only_as_much_is_read_as_is_asked_for(model):
    taken = []
    windows = (taken.append(seed) or noise(WINDOW_S, seed) for seed in range(100))
    next(VoicePrints(model, Fixed(1)).of_each(windows))
    assert len(taken) == BATCH


def test_a_closed_engine_says_so(model):
    prints = VoicePrints(model, Fixed(1))
    assert prints.is_open
    prints.close()
    assert not prints.is_open
    with pytest.raises(ModelError, match=r"speakers\.engine_gone"):
        prints.of(noise(2))


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "cut", "other"])
def test_a_broken_model_is_named(model, damage):
    whole = model.read_bytes()
    network = Network()
    other = network.file({"bands": (1, 2)}, network.node("Relu", ["bands"]), (1, 2))
    contents = {"empty": b"", "text": b"abc" * 99, "cut": whole[: len(whole) // 2], "other": other}
    model.unlink()
    if damage in contents:
        model.write_bytes(contents[damage])
    with pytest.raises(ModelError, match=r"speakers\.broken_model.*loudest\.onnx"):
        VoicePrints(model, Fixed(1))


def test_prints_are_of_sound_of_one_and_a_half_seconds():
    assert WINDOW_SAMPLES == 1.5 * SPEECH_RATE
    assert (WINDOW_SAMPLES - 400) // 160 + 1 == FRAMES  # frames of 25 ms every 10 ms
