import numpy as np
import pytest

from models.engines.embedder import BATCH_LETTERS, BATCH_TEXTS, WINDOW, embed_all, in_order, unit
from models.engines.fingerprint import PROBE, fingerprint, same_space

DIMENSIONS = 8


class Encoder:
    """Says the length and the first letter of a text, and remembers its batches."""

    dimensions = DIMENSIONS

    def __init__(self):
        self.batches = []

    def __call__(self, texts):
        self.batches.append(texts)
        rows = np.zeros((len(texts), DIMENSIONS), np.float32)
        rows[:, 0], rows[:, 1] = (
            [len(text) for text in texts],
            [ord(text[0]) if text else 0 for text in texts],
        )
        return rows

    def embed(self, texts, kind):
        return in_order(texts, self, DIMENSIONS)


def some_texts(count, longest=900):
    dice = np.random.default_rng(3)
    return [chr(97 + n % 26) * int(dice.integers(0, longest)) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW + 7])
def test_vectors_come_in_the_order_of_the_texts(count):
    texts = some_texts(count)
    rows = embed_all(Encoder(), texts, "passage")
    assert rows.shape == (count, DIMENSIONS)
    assert rows[:, 0].tolist() == [len(text) for text in texts]
    assert rows[:, 1].tolist() == [ord(text[0]) if text else 0 for text in texts]


def test_batches_are_small_and_of_texts_that_are_about_equally_long():
    encoder = Encoder()
    texts = some_texts(WINDOW)
    embed_all(encoder, texts, "passage")
    for batch in encoder.batches:
        longest = max(map(len, batch))
        assert len(batch) <= BATCH_TEXTS
        assert len(batch) == 1 or longest * len(batch) <= BATCH_LETTERS
    padded = sum(max(map(len, batch)) * len(batch) for batch in encoder.batches)
    assert padded < 1.3 * sum(map(len, texts))


def test_many_short_texts_are_several_batches():
    encoder = Encoder()
    embed_all(encoder, ["kurz"] * (BATCH_TEXTS + 1), "passage")
    assert [len(batch) for batch in encoder.batches] == [BATCH_TEXTS, 1]


def test_a_text_longer_than_a_batch_is_a_batch():
    encoder = Encoder()
    embed_all(encoder, ["a" * 5 * BATCH_LETTERS, "b"], "passage")
    assert [len(batch) for batch in encoder.batches] == [1, 1]


def test_something_comes_after_every_batch_so_that_stop_is_noticed():
    encoder = Encoder()
    for steps, _ in enumerate(coming := in_order(some_texts(WINDOW), encoder, DIMENSIONS), start=1):
        assert len(encoder.batches) == steps
        if steps == 3:
            coming.close()
    assert len(encoder.batches) == 3


def test_texts_are_taken_window_by_window():
    encoder = Encoder()
    coming = in_order(["x"] * 10 * WINDOW, encoder, DIMENSIONS)
    next(coming)
    assert sum(map(len, encoder.batches)) <= WINDOW


def test_rows_are_of_length_one():
    rows = unit(np.random.default_rng(1).standard_normal((5, 8)).astype(np.float16))
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(5), abs=1e-6)
    assert unit(np.zeros((1, 8))).tolist() == [[0.0] * 8]


def test_a_fingerprint_survives_another_precision_but_not_another_model():
    dice = np.random.default_rng(5)
    row = unit(dice.standard_normal((1, 384)))[0]
    again = row + dice.standard_normal(384).astype(np.float32) * 0.005
    other = unit(dice.standard_normal((1, 384)))[0]
    assert same_space(fingerprint(row), fingerprint(row))
    assert same_space(fingerprint(row), fingerprint(row.astype(np.float16).astype(np.float32)))
    assert same_space(fingerprint(row), fingerprint(unit(again[None])[0]))
    assert not same_space(fingerprint(row), fingerprint(other))
    assert not same_space(fingerprint(row), fingerprint(row[:100]))


@pytest.mark.parametrize("broken", ["", "384:", "384:!!", "x", "384:AAAA", "ä"])
def test_what_is_no_fingerprint_is_no_known_space(broken):
    assert not same_space(broken, fingerprint(np.ones(384, np.float32)))
    assert PROBE
