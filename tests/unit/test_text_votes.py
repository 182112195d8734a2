"""Votes that stay on the computer: counts and nothing else, whatever happens to the file."""

import json
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.errors import ModelError
from stations.text import votes
from stations.text.comparing import Contender, Pair
from stations.text.votes import BROKEN, NAME, Standing, tally, vote

QWEN, WARM, GEMMA = (
    Contender("qwen", "Qwen", 0.3),
    Contender("qwen", "Qwen", 0.9),
    Contender("gemma", "G", 0.3),
)


def standing(folder, contender, against=None):
    return next(each for each in tally(folder) if each.contender == contender and each.against == against)


def numbers(one):
    return one.wins, one.losses, one.equals


def test_without_votes_nobody_stands_and_no_file_is_made(tmp_path):
    assert tally(tmp_path / "neu") == []
    assert list(tmp_path.iterdir()) == []


def test_a_vote_counts_for_one_and_against_the_other(tmp_path):
    vote(tmp_path, Pair(QWEN, GEMMA), "left")
    assert numbers(standing(tmp_path, QWEN)) == (1, 0, 0)
    assert numbers(standing(tmp_path, GEMMA)) == (0, 1, 0)
    assert standing(tmp_path, QWEN, GEMMA) == Standing(QWEN, GEMMA, 1, 0, 0)


def test_sides_do_not_matter_only_who_stood_there(tmp_path):
    vote(tmp_path, Pair(QWEN, GEMMA, blind=True), "right")
    vote(tmp_path, Pair(GEMMA, QWEN, blind=True), "left")
    vote(tmp_path, Pair(GEMMA, QWEN), "equal")
    assert numbers(standing(tmp_path, GEMMA, QWEN)) == (2, 0, 1)
    assert len(json.loads((tmp_path / NAME).read_text())["pairs"]) == 1


def test_settings_of_one_model_are_contenders_of_their_own(tmp_path):
    vote(tmp_path, Pair(QWEN, WARM), "right")
    vote(tmp_path, Pair(Contender("qwen", "", None), WARM), "right")
    assert numbers(standing(tmp_path, WARM)) == (2, 0, 0)
    assert numbers(standing(tmp_path, QWEN)) == (0, 1, 0)
    assert numbers(standing(tmp_path, Contender("qwen"))) == (0, 1, 0)


def test_the_same_contender_twice_cannot_win_or_lose(tmp_path):
    vote(tmp_path, Pair(QWEN, Contender("qwen", "anders", 0.3)), "left")
    assert tally(tmp_path) == []


def test_temperatures_that_differ_by_rounding_alone_are_one(tmp_path):
    vote(tmp_path, Pair(Contender("qwen", "", 0.1 + 0.2), GEMMA), "left")
    vote(tmp_path, Pair(Contender("qwen", "", 0.3), GEMMA), "left")
    assert numbers(standing(tmp_path, QWEN)) == (2, 0, 0)


@pytest.mark.parametrize("seed", range(15))
def test_many_votes_add_up(tmp_path, seed):
    dice = random.Random(seed)
    people, wins, equals = [QWEN, WARM, GEMMA], Counter(), Counter()
    for _ in range(40):
        left, right = dice.sample(people, 2)
        choice = dice.choice(["left", "right", "equal"])
        vote(tmp_path, Pair(left, right), choice)
        if choice == "equal":
            equals[frozenset((left, right))] += 1
        else:
            wins[(left, right) if choice == "left" else (right, left)] += 1
    for each in tally(tmp_path):
        rivals = [one for one in people if each.against in (one, None) and one != each.contender]
        assert each.wins == sum(wins[each.contender, one] for one in rivals)
        assert each.losses == sum(wins[one, each.contender] for one in rivals)
        assert each.equals == sum(equals[frozenset((each.contender, one))] for one in rivals)
    together = [each for each in tally(tmp_path) if each.against is None]
    assert [each.wins for each in together] == sorted((each.wins for each in together), reverse=True)
    assert sum(each.wins for each in together) == sum(each.losses for each in together) == sum(wins.values())


def test_the_file_holds_models_temperatures_and_counts_in_an_order_that_tells_nothing(tmp_path):
    votes_cast = [(Pair(WARM, GEMMA), "left"), (Pair(QWEN, GEMMA), "equal"), (Pair(GEMMA, QWEN), "right")]
    for pair, choice in votes_cast:
        vote(tmp_path / "a", pair, choice)
    for pair, choice in reversed(votes_cast):
        vote(tmp_path / "b", pair, choice)
    written = (tmp_path / "a" / NAME).read_text(encoding="utf-8")
    assert written == (tmp_path / "b" / NAME).read_text(encoding="utf-8")
    assert set(re.findall(r'"([a-z]+)"', written)) == {
        "pairs", "first", "second", "model", "temperature", "better", "worse", "equal", "qwen", "gemma",
    }  # fmt: skip
    assert "Qwen" not in written


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b'{"pairs": [',
        b"[]",
        b'{"pairs": [{"first": {"model": "a"}, "second": {"model": "b"}, "better": -1}]}',
        b'{"pairs": [{"first": {"model": "a"}, "second": {"model": "b"}, "better": "3"}]}',
        b'{"text": "geheim"}',
    ],
)
def test_a_broken_file_is_set_aside_and_counting_starts_anew(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    assert tally(tmp_path) == []
    vote(tmp_path, Pair(QWEN, GEMMA), "left")
    assert (tmp_path / BROKEN).read_bytes() == content
    assert numbers(standing(tmp_path, QWEN)) == (1, 0, 0)


def test_a_vote_that_cannot_be_written_is_told_and_the_file_before_stays(tmp_path, monkeypatch):
    vote(tmp_path, Pair(QWEN, GEMMA), "left")
    before = (tmp_path / NAME).read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(ModelError) as caught:
        vote(tmp_path, Pair(QWEN, GEMMA), "left")
    assert caught.value.key == "text.cannot_write"
    assert caught.value.facts == {"file": NAME, "problem": "No space left on device"}
    assert (tmp_path / NAME).read_bytes() == before


def test_a_lock_that_is_never_given_back_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(votes, "LOCK_S", 0.05)
    vote(tmp_path, Pair(QWEN, GEMMA), "left")
    with votes.FileLock(tmp_path / f"{NAME}.lock"), pytest.raises(ModelError) as caught:
        vote(tmp_path, Pair(QWEN, GEMMA), "left")
    assert caught.value.key == "text.cannot_write"


def test_votes_at_the_same_time_are_all_counted(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: vote(tmp_path, Pair(QWEN, GEMMA), "left"), range(80)))
    assert numbers(standing(tmp_path, QWEN)) == (80, 0, 0)
    assert not list(tmp_path.glob("*.part"))
