"""Human or machine: half of the rounds are real, nothing tells which, and a round counts once."""

import random
from contextlib import contextmanager

import numpy as np
import pytest

from models.voice.base import Audio
from stations.audio.listening_game import clips, new_game, sounding


class Voice:
    languages, speakers, can, is_open = ("de-DE",), (), frozenset(), True

    def speak(self, _text, _manner):
        yield Audio(np.full(16_000, 0.1, np.float32), 16_000)


@contextmanager
def voices():
    yield {"de": Voice(), "en": Voice()}


def test_every_clip_is_there_and_comes_from_somebody():
    for clip in clips():
        assert clip.file.stat().st_size > 5_000
        assert clip.text
        assert clip.source


@pytest.mark.parametrize("seed", range(5))
def test_half_of_the_rounds_are_real_in_an_order_nobody_knows(seed):
    game = new_game({"de", "en"}, random.Random(seed))
    real = [is_real for _, is_real in game.coming]
    assert len(real) == len(clips())
    assert sum(real) == (len(real) + 1) // 2


def test_orders_differ():
    assert len({str(new_game({"de"}, random.Random(seed)).coming) for seed in range(8)}) > 4


def test_there_are_no_clips_in_languages_that_no_voice_speaks():
    assert {clip.language for clip, _ in new_game({"en"}).coming} == {"en"}
    assert new_game({"it"}).next() is False


def test_a_round_counts_once_and_the_score_is_right():
    game, answers = new_game({"de"}, random.Random(1)), []
    while game.next():
        answers.append(game.guess(True))
        assert game.is_real is None
    assert (game.rounds, game.right) == (len(answers), sum(answers))
    assert 0 < game.right < game.rounds


@pytest.mark.parametrize("real", [True, False])
def test_what_is_heard_is_the_person_or_the_voice(tmp_path, real):
    pytest.importorskip("av", reason="PyAV is not installed")
    game = new_game({"de"}, random.Random(1))
    while game.next() and game.is_real != real:
        game.guess(True)
    sounding(game, voices, tmp_path / "heard.mp3")
    same = (tmp_path / "heard.mp3").read_bytes() == game.clip.file.read_bytes()
    assert same == real
