"""Sentences in plain language, kept only where they say the same numbers and names."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TypeVar

from models.engines.base import Sampling
from models.language import language_of
from stations.asking.answers import Answer
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.repetition import copied
from stations.speech.meeting.asking import Asking, short_try
from stations.speech.meeting.evidence import content, shared
from stations.speech.meeting.prompts import request
from stations.speech.meeting.short import Sentence
from stations.summary.prompts import prose
from stations.texts import Language

PLAIN_TOKENS, MOST_SENTENCES = 120, 4
KEPT = 0.4
"""Plain words are other words, but so many of the content stay: names, things, places."""
COPY = 0.9
LONGEST = 2.5
"""Plain language is longer, but not that many times."""
State = TypeVar("State")
Shown = Callable[[tuple[Sentence, ...], float], State]


def in_plain_words(
    asking: Asking, given: Sequence[Sentence], language: Language, sampling: Sampling, shown: Shown[State]
) -> Generator[State, None, tuple[Sentence, ...]]:
    """Yield what is ``shown`` of the sentences so far and the share of the work; return them all.

    A sentence that the model does not make simpler, or that says something else then, stays as it was.
    """
    tries = [short_try(request("plain", each.text, language), sampling, PLAIN_TOKENS) for each in given]

    def simplified(answers: Sequence[Answer]) -> tuple[Sentence, ...]:
        return tuple(simpler(*each, language) for each in zip(given, answers, strict=False)) or tuple(given)

    answers = yield from asking.each(tries, 1.0, lambda answers, share: shown(simplified(answers), share))
    return simplified(answers)


def simpler(sentence: Sentence, answer: Answer, language: Language) -> Sentence:
    """Return a sentence in the model's plain words if they say the same, else as it was."""
    text = prose(answer.text, MOST_SENTENCES, language) if answer.tally.end == "done" else ""
    if not text or not _says_the_same(sentence.text, text, language):
        return sentence
    return replace(sentence, text=text, plain=True, quoted=False)


def _says_the_same(before: str, after: str, language: Language) -> bool:
    wanted = content(before, language)
    if language_of(after) not in (None, language) or len(after) > LONGEST * len(before):
        return False
    if copied(before, after) > COPY or len(shared(wanted, content(after, language))) < KEPT * len(wanted):
        return False
    ways = ((before, after), (after, before))
    return not any(new_numbers(*way, language) or new_names(*way, language) for way in ways)
