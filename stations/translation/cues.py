"""Subtitles and transcripts in another language: as many pieces as before, though sentences go over several of them.

The pieces of a sentence are put together, translated, and the translation is parted again where it fits best.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from models.engines.base import ChatModel, Translator
from stations.translation.languages import DENSE
from stations.translation.results import Pair, Translation, Wish
from stations.translation.translating import translate
from stations.translation.units import Unit

MOST_PIECES, MOST_LETTERS = 6, 400
"""So many cues are put together at most, when nobody ends a sentence."""
_ENDED = re.compile(r"[.!?…。！？][\"'“”»«)\]]*$")
_AFTER_SIGN = re.compile(r"[,;:–—.!?…，。；][\"'“”»«)]*$")
_NEAR = 0.35
"""A sign is a good place to part at when it is no farther than that share of a piece from the right place."""


@dataclass(frozen=True)
class Cues:
    """Pieces in another language on their way: as many as there were, ``""`` for those that are not translated yet.

    ``translation`` has the sentences, with findings, and how far it is; ``sentences`` tells for each piece which one of
    them it belongs to, ``None`` for a piece without words.
    """

    texts: tuple[str, ...]
    sentences: tuple[int | None, ...]
    translation: Translation

    @property
    def findings(self) -> tuple[tuple[int, Pair], ...]:
        """The first piece of each sentence that a person should check, and the sentence."""
        bad = ((number, pair) for number, pair in enumerate(self.translation.pairs) if pair.findings)
        return tuple((self.sentences.index(number), pair) for number, pair in bad)


def translate_cues(
    texts: Sequence[str], wish: Wish, by: Translator | ChatModel, speakers: Sequence[str] = ()
) -> Iterator[Cues]:
    """Yield the pieces in another language as they come about, several times a second; the last ones are done.

    ``texts`` are cues of subtitles, or lines of a transcript with their ``speakers``: nobody's sentence goes on in what
    somebody else says. A cue's own line breaks are not kept; the subtitle writer breaks lines anew.

    Raises:
        ModelError: as ``translate``.
    """
    groups, turns = _sentences(texts, speakers), _turns(speakers, len(texts))
    units = [
        Unit(
            " ".join(" ".join(texts[place].split()) for place in group),
            after="\n",
            paragraph=turns[group[0]],
        )
        for group in groups
    ]
    places: list[int | None] = [None] * len(texts)
    for number, group in enumerate(groups):
        for place in group:
            places[place] = number
    for state in translate(units, wish, by):
        yield Cues(_spread(texts, groups, state.pairs, wish.target), tuple(places), state)


def _sentences(texts: Sequence[str], speakers: Sequence[str]) -> list[list[int]]:
    """Return the places of the pieces that belong together; those without a word are in none."""
    groups: list[list[int]] = []
    open_ = False
    for place, text in enumerate(texts):
        if not any(map(str.isalnum, text)):
            open_ = False
            continue
        if open_ and _goes_on(groups[-1], place, texts, speakers):
            groups[-1].append(place)
        else:
            groups.append([place])
        open_ = not _ENDED.search(text.strip())
    return groups


def _goes_on(group: Sequence[int], place: int, texts: Sequence[str], speakers: Sequence[str]) -> bool:
    if speakers and speakers[group[-1]] != speakers[place]:
        return False
    return len(group) < MOST_PIECES and sum(len(texts[each]) for each in (*group, place)) <= MOST_LETTERS


def _turns(speakers: Sequence[str], count: int) -> list[int]:
    """Return for each piece which turn of the talk it belongs to: a new one begins when somebody else speaks."""
    changes = (before != after for before, after in pairwise(speakers))
    return list(accumulate(changes, initial=0)) if speakers else [0] * count


def _spread(
    texts: Sequence[str], groups: Sequence[Sequence[int]], pairs: Sequence[Pair], target: str
) -> tuple[str, ...]:
    found = ["" if any(map(str.isalnum, text)) else text for text in texts]
    for group, pair in zip(groups, pairs, strict=True):
        if pair.done:
            lengths = [len(texts[place]) for place in group]
            for place, part in zip(group, parted(pair.text, lengths, target), strict=True):
                found[place] = part
    return tuple(found)


def parted(text: str, lengths: Sequence[int], language: str) -> list[str]:
    """Return ``text`` in as many parts as there are ``lengths``, about in their proportion, cut between words.

    A cut goes after a comma or a full stop where one is near. With fewer words than parts the last ones are empty.
    """
    words = list(text) if language in DENSE and " " not in text else text.split()
    glue = "" if language in DENSE and " " not in text else " "
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word) + len(glue))
    cuts, share = [0], 0
    for length, following in pairwise(lengths):
        share += length
        wanted = ends[-1] * share / max(1, sum(lengths))
        near = _NEAR * ends[-1] * min(length, following) / max(1, sum(lengths))
        cuts.append(_cut(words, ends, cuts[-1], wanted, near))
    return [glue.join(words[start:stop]) for start, stop in zip(cuts, [*cuts[1:], len(words)], strict=True)]


def _cut(words: Sequence[str], ends: Sequence[int], after: int, wanted: float, near: float) -> int:
    """Return before which word to cut: the nearest place, but rather a little farther away after a sign."""
    places = range(min(after + 1, len(words)), len(words) + 1)

    def distance(place: int) -> float:
        signed = 0 < place < len(words) and _AFTER_SIGN.search(words[place - 1]) is not None
        return abs(ends[place] - wanted) - (near if signed else 0.0)

    return min(places, key=distance)
