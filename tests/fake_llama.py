"""A small model of llama.cpp: its unified cache, and a native model whose answers follow from what its cache holds.

Loaded by path from several test modules; knows nothing of pytest.
"""

import numpy as np

from models.engines.llama_native import MOST_ROWS
from models.errors import ModelError

END, FIRST, WORDS = 0, 3, 101


class Cache:
    """Cells as llama.cpp keeps them: a token, its position, and the tracks that it belongs to.

    ``forgets_parts`` and ``shares`` are ``False`` for models with a running state instead of a full memory.
    """

    def __init__(self, size, *, forgets_parts=True, shares=True):
        self.size, self.forgets_parts, self.shares = size, forgets_parts, shares
        self.cells = []  # [token, position, tracks]

    def read(self, track, tokens):
        for at, token in enumerate(tokens, start=len(self.content(track))):
            self.put(track, token, at)

    def put(self, track, token, position):
        assert len(self.cells) < self.size, "no free cell"
        self.cells.append([token, position, {track}])

    def forget(self, track, position):
        last = len(self.content(track)) - 1
        if 0 < position <= last and not self.forgets_parts:
            return False
        for cell in self.cells:
            if cell[1] >= position:
                cell[2].discard(track)
        self.cells = [cell for cell in self.cells if cell[2]]
        return True

    def share(self, source, target, tokens):
        if not self.shares:
            return False
        self.forget(target, 0)
        for _, at, tracks in self.cells:
            if source in tracks and at < tokens:
                tracks.add(target)
        return True

    def content(self, track):
        held = sorted((at, token) for token, at, tracks in self.cells if track in tracks)
        assert [at for at, _ in held] == list(range(len(held))), "positions with gaps or twice"
        return [token for _, token in held]


def following(tokens):
    """The token that comes after these: it depends on each of them and on their order, and never ends an answer."""
    number = 7
    for token in tokens:
        number = (number * 31 + token) % 1_000_003
    return FIRST + number % (WORDS - FIRST)


def answer_to(prompt, tokens):
    """What the fake model writes after ``prompt``, as the text that a visitor sees."""
    known = list(prompt)
    for _ in range(tokens):
        known.append(following(known))
    return "".join(word(token) for token in known[len(prompt) :])


def word(token):
    return f"{token} "


class FakeSampler:
    """Takes the likeliest; ``grammar`` scripts what happens: ``end:3`` ends instead of the third token,
    ``bug:3`` divides by zero there, ``refuse:3`` finds that nothing fits, ``refuse:0`` that nothing ever will.
    """

    def __init__(self, sampling):
        self.sampling = sampling
        self.what, _, at = sampling.grammar.partition(":")
        self.at, self.chosen, self.closed = int(at or -1), 0, 0
        if (self.what, self.at) == ("refuse", 0):
            raise ModelError("chat.bad_schema")

    def choose(self, scores):
        assert not self.closed
        self.chosen += 1
        if self.chosen == self.at:
            if self.what == "refuse":
                raise ModelError("chat.bad_schema")
            return END if self.what == "end" else 1 // 0
        return int(scores.argmax())

    def close(self):
        self.closed += 1


class FakeNative:
    """Stands for ``NativeModel``.

    ``reads`` remembers the rows of each read that went well; ``before_read(rows)`` may raise, or wait;
    ``spoils`` rows are left in the cache by a read that fails.
    """

    def __init__(self, cells=4096, **kind):
        self.cache, self.cells = Cache(cells, **kind), cells
        self.trained_tokens, self.vocabulary_size = 1 << 20, WORDS
        self.reads, self.samplers, self.closed = [], [], 0
        self.before_read, self.spoils = lambda rows: None, 0
        self._scores = {}

    def chat_template(self):
        return "{% for m in messages %}{{ m['content'] }}{% endfor %}"

    def special_text(self, which):
        return ""

    def tokens(self, text, *, special):
        assert not self.closed, "used after it was freed"
        return [FIRST + ord(letter) % (WORDS - FIRST) for letter in text]

    def piece(self, token):
        return word(token).encode()

    def is_end(self, token):
        return token == END

    def use_threads(self, threads):
        assert threads >= 1

    def read(self, rows):
        assert not self.closed, "used after it was freed"
        assert 0 < len(rows) <= MOST_ROWS
        try:
            self.before_read(rows)
        except Exception:
            self._take(rows[: self.spoils])
            raise
        self._scores = self._take(rows)
        self.reads.append(list(rows))

    def _take(self, rows):
        scores, held = {}, {}
        for place, row in enumerate(rows):
            known = held.setdefault(row.track, self.cache.content(row.track))
            assert row.position == len(known)
            self.cache.put(row.track, row.token, row.position)
            known.append(row.token)
            if row.scored:
                scores[place] = np.zeros(WORDS, np.float32)
                scores[place][following(known)] = 5.0
        return scores

    def scores(self, place):
        return self._scores[place]

    def forget(self, track, position):
        return self.cache.forget(track, position)

    def share(self, source, target, tokens):
        return self.cache.share(source, target, tokens)

    def sampler(self, sampling):
        self.samplers.append(FakeSampler(sampling))
        return self.samplers[-1]

    def close(self):
        self.closed += 1
