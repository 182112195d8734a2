"""Words that a person changed find their seconds: what stayed keeps its own, what is new shares those in between."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from stations.speech.transcript import SpokenWord

_TOKEN = re.compile(r"\S+")
_Group = tuple[SpokenWord, ...]
"""Words that stand together without a space, such as `` E`` and ``-Mail``, or a whole line of Chinese."""


def retold(words: Sequence[SpokenWord], text: str) -> tuple[SpokenWord, ...]:
    """Return the words of ``text``; ``words`` are those that stood there before.

    Words that did not change keep their seconds and how sure the model was of them. Changed ones are certain (a person
    wrote them): one word in the place of one other has its seconds, several share those of the words they replace,
    or those between their neighbours. The comparison is Python's difflib (Ratcliff and Obershelp 1988).
    """
    groups, tokens = list(_groups(words)), _TOKEN.findall(text)
    written = ["".join(word.text for word in group).strip() for group in groups]
    told: list[_Group] = []
    for kind, low, high, new_low, new_high in SequenceMatcher(None, written, tokens, False).get_opcodes():
        new = tokens[new_low:new_high]
        if kind == "equal":
            told += groups[low:high]
        elif high - low == len(new):
            told += [_reworded(group, token) for group, token in zip(groups[low:high], new, strict=True)]
        else:
            told += [(word,) for word in spread(new, *_between(groups, low, high))]
    return tuple(_spaced(told, words[0].text))


def spread(texts: Sequence[str], start_s: float, end_s: float) -> list[SpokenWord]:
    """Return words that share a stretch of time by their letters; times are rounded to milliseconds."""
    letters = [0, *accumulate(max(1, len(text.strip())) for text in texts)]
    times = (
        [round(start_s + (end_s - start_s) * share / letters[-1], 3) for share in letters] if texts else []
    )
    return [
        SpokenWord(text=text, start_s=start, end_s=end)
        for text, (start, end) in zip(texts, pairwise(times), strict=True)
    ]


def _groups(words: Sequence[SpokenWord]) -> Iterator[_Group]:
    group: list[SpokenWord] = []
    for word in words:
        if group and word.text[:1].isspace():
            yield tuple(group)
            group = []
        group.append(word)
    yield tuple(group)


def _between(groups: Sequence[_Group], low: int, high: int) -> tuple[float, float]:
    """Return the time of the groups that are replaced, or of the gap in which words are new."""
    if high > low:
        start, end = groups[low][0].start_s, groups[high - 1][-1].end_s
    else:
        start = groups[low - 1][-1].end_s if low else groups[0][0].start_s
        end = groups[low][0].start_s if low < len(groups) else groups[-1][-1].end_s
    return start, max(start, end)


def _reworded(group: _Group, token: str) -> _Group:
    """Return one group with other letters: words at its beginning and end that are still there stay."""
    front, rest = _kept(group, f" {token}" if group[0].text[:1].isspace() else token)
    back, middle = _kept_at_the_end(group[len(front) :], rest)
    gone = group[len(front) : len(group) - len(back)]
    if not middle:
        return (*front, *back)
    start = gone[0].start_s if gone else front[-1].end_s if front else group[0].start_s
    end = gone[-1].end_s if gone else back[0].start_s if back else start
    return (*front, *spread([middle], start, max(start, end)), *back)


def _kept(group: _Group, text: str) -> tuple[_Group, str]:
    kept = 0
    while kept < len(group) and text.startswith(group[kept].text):
        text = text[len(group[kept].text) :]
        kept += 1
    return group[:kept], text


def _kept_at_the_end(group: _Group, text: str) -> tuple[_Group, str]:
    kept = len(group)
    while kept and text and text.endswith(group[kept - 1].text):
        text = text[: -len(group[kept - 1].text)]
        kept -= 1
    return group[kept:], text


def _spaced(groups: Sequence[_Group], before: str) -> Iterator[SpokenWord]:
    """Yield all words with one space before each group; before the first one as it was ``before``."""
    for place, group in enumerate(groups):
        for number, word in enumerate(group):
            gap = number == 0 and (place > 0 or before[:1].isspace())
            text = f" {word.text.strip()}" if gap else word.text.strip()
            yield word if text == word.text else word.model_copy(update={"text": text})
