"""Words that tell groups of texts apart: frequent in one group and rare in the others, shown as people write them.

The idea of c-TF-IDF (Grootendorst, BERTopic, 2022), counted in passages instead of words, so that one long list does
not name a group.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.index.stop_words import stop_words
from models.index.words import ALGORITHMS

SHORTEST = 3
SMALL_WEIGHT = 0.4
"""German words that are mostly written small are rarely nouns, and nouns name things best."""
LIKE = 5
"""Two words with so many equal letters at the beginning say the same: one of them is enough."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

Text = tuple[str, str]
"""A text and the code of its language."""


@dataclass
class _Seen:
    """In how many texts of each group a stem is, and how it is written there."""

    groups: Counter[int] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)


def telling_words(texts: Sequence[Text], groups: Sequence[int], count: int = 3) -> dict[int, tuple[str, ...]]:
    """Return for each group up to ``count`` words that tell it from the others, the best first.

    Stop words, numbers and words of one text only (if the group has more) are left out; of a stem the most frequent
    form is shown. Perhaps nothing is left.
    """
    seen = _counted(texts, groups)
    sizes = Counter(groups)
    scores: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for stem, found in seen.items():
        everywhere = found.groups.total()
        form = found.forms.most_common(1)[0][0]
        weight = (SMALL_WEIGHT if form[0].islower() else 1.0) * math.log(1 + len(texts) / everywhere)
        for group, times in found.groups.items():
            if times > 1 or sizes[group] == 1:
                scores[group].append((times / sizes[group] * weight, f"{form}\0{stem}"))
    return {group: _apart(scores[group], count) for group in sizes}


def _counted(texts: Sequence[Text], groups: Sequence[int]) -> Mapping[str, _Seen]:
    stems = _stems(texts)
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for (text, language), group in zip(texts, groups, strict=True):
        found = [
            (stems[language][word.lower()], word) for word in _words(text) if word.lower() in stems[language]
        ]
        for stem, word in found:
            seen[stem].forms[word] += 1
        for stem in {stem for stem, _ in found}:
            seen[stem].groups[group] += 1
    return seen


def _stems(texts: Sequence[Text]) -> dict[str, dict[str, str]]:
    """Return for each language the stem of each word that counts."""
    import Stemmer

    spoken: dict[str, set[str]] = defaultdict(set)
    for text, language in texts:
        spoken[language].update(word.lower() for word in _words(text))
    found = {}
    for language, words in spoken.items():
        kept = sorted(words - stop_words(language))
        stemmer = Stemmer.Stemmer(ALGORITHMS.get(language[:2], "german"))
        found[language] = dict(zip(kept, stemmer.stemWords(kept), strict=True))
    return found


def _words(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if len(word) >= SHORTEST)


def _apart(scores: Sequence[tuple[float, str]], count: int) -> tuple[str, ...]:
    """Return the best words without those that begin like a better one."""
    kept: list[str] = []
    for _, word in sorted(scores, key=lambda each: (-each[0], each[1])):
        form = word.partition("\0")[0]
        if not any(form[:LIKE].lower() == other[:LIKE].lower() for other in kept):
            kept.append(form)
        if len(kept) == count:
            break
    return tuple(kept)
