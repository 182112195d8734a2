"""Text that stands there more than once: loops of a small model, and results that copy their source."""

import re
from collections import Counter
from collections.abc import Iterator

from stations.prose.sentences import spans, words

LOOP_TIMES = 3
LOOP_WORDS = 8
_LEAST_LOOP_WORDS = 3
_RUN = 5


def looped(text: str) -> bool:
    """Tell whether a sentence, a list item or a run of eight words stands in ``text`` three times or more."""
    return _first_repetition(text) is not None


def without_loop(text: str) -> str:
    """Return ``text`` up to where its loop begins to repeat; a text without a loop comes back as it is."""
    while (start := _first_repetition(text)) is not None:
        text = text[:start].rstrip()
    return text


def _first_repetition(text: str) -> int | None:
    """Return where the second occurrence of what is repeated begins."""
    places: dict[tuple[str, ...], list[int]] = {}
    begins = []
    for start, end in spans(text, "de"):
        begins.append(start)
        unit = tuple(words(text[start:end].lower()))
        if len(unit) >= _LEAST_LOOP_WORDS:
            places.setdefault(("sentence", *unit), []).append(start)
    in_order = [(match[0].lower(), match.start()) for match in re.finditer(r"\w+", text)]
    for at in range(len(in_order) - LOOP_WORDS + 1):
        run = tuple(word for word, _ in in_order[at : at + LOOP_WORDS])
        places.setdefault(run, []).append(in_order[at][1])
    seconds = [starts[1] for starts in places.values() if len(starts) >= LOOP_TIMES]
    if not seconds:
        return None
    return max((begin for begin in begins if 0 < begin <= min(seconds)), default=min(seconds))


def copied(source: str, result: str) -> float:
    """Return how much of ``result`` is taken from ``source`` word by word: 0 nothing, 1 unchanged.

    Counted in runs of five words; for shorter results, in words that stand in the source in the same order.
    """
    from_words, to_words = words(source.lower()), words(result.lower())
    if len(to_words) < _RUN:
        return _in_same_order(from_words, to_words)
    there = Counter(_runs_of_words(from_words))
    return sum(there[run] > 0 for run in _runs_of_words(to_words)) / (len(to_words) - _RUN + 1)


def _runs_of_words(text: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(text[at : at + _RUN]) for at in range(len(text) - _RUN + 1))


def _in_same_order(source: list[str], result: list[str]) -> float:
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, source, result, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(result) if result else 0.0
