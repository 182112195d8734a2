"""What the context remembers, against a small model of llama.cpp's unified cache that keeps every cell by itself."""

import importlib.util
import random
from pathlib import Path

import pytest

from models.engines.tracks import Tracks, common_start

_place = Path(__file__).resolve().parents[1] / "fake_llama.py"
_spec = importlib.util.spec_from_file_location("fake_llama", _place)
fake_llama = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fake_llama)
Cache = fake_llama.Cache


class Desk:
    """Tracks with their cache; reads as the engine does, the cache first."""

    def __init__(self, *, tracks=4, size=200, **kind):
        self.cache = Cache(size, **kind)
        self.tracks = Tracks(self.cache, tracks=tracks, cells=size)

    def begin(self, tokens):
        return self.tracks.begin(tokens)

    def read(self, track, tokens):
        self.cache.read(track.number, tokens)
        self.tracks.append(track, tokens)

    def told(self, tokens):
        """Begin, read the rest, and leave: one whole request."""
        track = self.begin(tokens)
        self.read(track, tokens[len(track.tokens) :])
        self.tracks.leave(track)
        return track

    @property
    def used(self):
        return self.cache.size - self.tracks.free


KINDS = {
    "full memory": {},
    "forgets all or nothing": {"forgets_parts": False},
    "cannot share": {"shares": False},
    "running state": {"forgets_parts": False, "shares": False},
}


@pytest.fixture(params=KINDS, ids=list(KINDS))
def kind(request):
    return KINDS[request.param]


# --- Whatever happens -------------------------------------------------------------------------------------------------


class RandomLife:
    """Does what the engine might do, in any order, and compares the books with the cache after each step."""

    def __init__(self, seed, kind):
        self.dice = random.Random(seed)
        self.desk = Desk(tracks=5, size=90, **kind)
        self.busy = []

    def prompt(self):
        """Few different tokens, so that many prompts begin alike."""
        return [self.dice.choice((1, 1, 1, 2)) for _ in range(self.dice.randint(1, 16))]

    def step(self):
        self.dice.choice((self.begin, self.read, self.read, self.leave, self.cut, self.share, self.room))()
        self.check()

    def begin(self):
        if len(self.busy) < 4:  # one is always idle, as in the engine
            prompt = self.prompt()
            track = self.desk.begin(prompt)
            assert track not in self.busy
            assert track.tokens == prompt[: len(track.tokens)]
            assert len(track.tokens) < len(prompt)
            self.busy.append(track)

    def read(self):
        tokens = self.prompt()
        if self.busy and (len(tokens) <= self.desk.tracks.free or self.desk.tracks.make_room(len(tokens))):
            self.desk.read(self.dice.choice(self.busy), tokens)

    def leave(self):
        if self.busy:
            self.desk.tracks.leave(self.busy.pop(self.dice.randrange(len(self.busy))))

    def cut(self):
        if self.busy:
            track = self.dice.choice(self.busy)
            self.desk.tracks.cut(track, self.dice.randint(0, len(track.tokens) + 2))

    def share(self):
        if self.busy:
            track, prompt = self.dice.choice(self.busy), self.prompt()
            before = list(track.tokens)
            donor, known = self.desk.tracks.best_start(prompt)
            if donor is None:
                return
            if self.desk.tracks.take_over(track, donor, known):
                assert track.tokens in (prompt[:known], [])
            else:
                assert track.tokens == before

    def room(self):
        wish = self.dice.randint(0, 60)
        assert self.desk.tracks.make_room(wish) == (self.desk.tracks.free >= wish)

    def check(self):
        tracks = self.desk.tracks._tracks
        for track in tracks:
            assert self.desk.cache.content(track.number) == track.tokens
            assert len(track.cells) == len(track.tokens)
            assert track.busy == (track in self.busy)
        assert self.desk.tracks.free == self.desk.cache.size - len(self.desk.cache.cells)
        assert self.desk.used == len({cell for track in tracks for cell in track.cells})


@pytest.mark.parametrize("seed", range(8))
def test_the_books_always_say_what_the_context_holds(kind, seed):
    life = RandomLife(seed, kind)
    for _ in range(400):
        kept = {track: list(track.tokens) for track in life.busy}
        life.step()
        changed = [track for track in kept if track in life.busy and track.tokens != kept[track]]
        assert len(changed) <= 1  # nobody's work is touched by what happens to another


@pytest.mark.parametrize("seed", range(200))
def test_a_common_beginning_is_found_as_by_comparing_one_by_one(seed):
    dice = random.Random(seed)
    one, other = ([dice.choice((1, 1, 1, 1, 1, 2)) for _ in range(dice.randint(0, 40))] for _ in range(2))
    naive = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    assert common_start(one, other) == common_start(other, one) == naive


# --- Sharing ----------------------------------------------------------------------------------------------------------


def test_a_common_beginning_takes_room_once():
    desk = Desk()
    desk.told([1] * 50 + [2] * 10)
    track = desk.begin([1] * 50 + [3] * 10)
    assert len(track.tokens) == 50
    desk.read(track, [3] * 10)
    assert desk.used == 50 + 10 + 10


def test_the_last_token_is_read_even_if_all_is_known():
    desk = Desk()
    desk.told([1, 2, 3])
    assert desk.begin([1, 2, 3]).tokens == [1, 2]
    assert Desk().begin([7]).tokens == []


def test_whoever_gave_a_beginning_keeps_all_when_the_other_is_cut_or_goes():
    desk = Desk()
    giver = desk.told([1, 2, 3, 4, 5])
    taker = desk.begin([1, 2, 3, 9])
    desk.tracks.cut(taker, 1)
    assert desk.cache.content(giver.number) == giver.tokens == [1, 2, 3, 4, 5]
    desk.tracks.cut(taker, 0)
    assert desk.cache.content(giver.number) == giver.tokens == [1, 2, 3, 4, 5]


def test_whoever_took_a_beginning_keeps_it_when_the_giver_goes():
    desk = Desk(size=20)
    giver = desk.told([1] * 10)
    taker = desk.begin([1] * 8 + [2])
    assert desk.tracks.make_room(12)
    assert giver.tokens == []
    assert desk.cache.content(taker.number) == taker.tokens == [1] * 8


def test_a_model_that_cannot_share_leaves_a_reader_what_it_has_read():
    """A reader that lost its beginning each time somebody else knows more of it would never come to its end."""
    desk = Desk(shares=False)
    desk.told([1] * 80)
    reader = desk.begin([1] * 60 + [2])
    desk.read(reader, [1] * 20)
    donor, known = desk.tracks.best_start([1] * 60 + [2])
    assert known == 60
    assert not desk.tracks.take_over(reader, donor, known)
    assert desk.cache.content(reader.number) == reader.tokens == [1] * 20


def test_a_model_that_cannot_share_still_continues_a_conversation(kind):
    """Models with a running state remember a conversation only where it lies and only as a whole."""
    desk = Desk(**kind)
    first = desk.told([1, 2, 3, 4])
    desk.told([7, 8])
    following = desk.begin([1, 2, 3, 4, 5, 6])
    assert following.tokens == [1, 2, 3, 4]
    assert (following is first) == (not desk.cache.shares)


def test_a_conversation_in_use_is_not_taken_away_by_one_that_goes_on_from_it(kind):
    desk = Desk(**kind)
    first = desk.begin([1, 2, 3])
    desk.read(first, [1, 2, 3])
    second = desk.begin([1, 2, 3, 4])
    assert second is not first
    assert desk.cache.content(first.number) == first.tokens == [1, 2, 3]


# --- Who gives way ----------------------------------------------------------------------------------------------------


def test_what_was_unused_for_longest_goes_first():
    desk = Desk(tracks=4, size=40)
    old, middle, new = (desk.told([number] * 10) for number in (1, 2, 3))
    desk.told([1] * 10 + [9])  # uses what old knew; lies in the fourth track
    assert desk.tracks.make_room(9)
    assert (len(old.tokens), len(middle.tokens), len(new.tokens)) == (10, 10, 10)  # there was room
    assert desk.tracks.make_room(10)
    assert desk.tracks.free == 19  # the first shares its cells with the fourth: the second had to go, too
    assert (old.tokens, middle.tokens, len(new.tokens)) == ([], [], 10)


def test_a_new_conversation_takes_an_empty_track_before_it_makes_anybody_forget():
    desk = Desk(tracks=3)
    desk.told([1] * 5)
    desk.told([2] * 5)
    desk.told([3] * 5)
    assert desk.used == 15
    desk.told([4] * 5)
    assert desk.used == 15
    assert desk.begin([1] * 5).tokens == []  # the oldest was forgotten, and nobody else
    assert len(desk.begin([3] * 5).tokens) == 4


def test_nobody_forgets_for_a_wish_that_cannot_be_granted():
    desk = Desk(size=30)
    kept = desk.told([1] * 10)
    busy = desk.begin([2] * 10)
    desk.read(busy, [2] * 10)
    assert not desk.tracks.make_room(21)
    assert kept.tokens == [1] * 10
    assert desk.tracks.make_room(20)
    assert kept.tokens == []
    assert busy.tokens == [2] * 10


def test_what_a_failed_read_left_behind_is_taken_back():
    desk = Desk()
    track = desk.begin([1, 2, 3])
    desk.read(track, [1, 2])
    desk.cache.read(track.number, [3, 4])  # the engine never heard of it
    assert desk.tracks.take_back(track)
    assert desk.cache.content(track.number) == track.tokens == [1, 2]


def test_where_only_all_can_be_taken_back_the_books_say_so():
    desk = Desk(forgets_parts=False)
    track = desk.begin([1, 2, 3])
    desk.read(track, [1, 2])
    desk.cache.read(track.number, [3, 4])
    assert not desk.tracks.take_back(track)
    assert desk.cache.content(track.number) == track.tokens == []
    assert desk.used == 0


def test_everything_can_be_forgotten_even_what_is_in_use():
    desk = Desk()
    desk.told([1] * 10)
    busy = desk.begin([1] * 8 + [2])
    desk.tracks.lose_all()
    assert (busy.tokens, busy.busy, desk.used, desk.cache.cells) == ([], True, 0, [])
