"""Questions that somebody asked and somebody answered, found by rules and worded by a model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.language import language_of
from stations.asking.answers import Answer
from stations.prose.sentences import words
from stations.speech.meeting.cues import cues
from stations.speech.meeting.evidence import content, supports
from stations.speech.meeting.points import said
from stations.speech.meeting.prompts import pair_filled
from stations.speech.meeting.short import Answered, Sentence
from stations.speech.meeting.wording import transcribed
from stations.speech.transcript import Line
from stations.texts import Language

BEFORE, ANSWER_LINES, WAIT_LINES = 2, 3, 2
"""Lines read before a question; the most that are its answer; the most that pass before the answer begins."""
LEAST_ASKED, LEAST_ANSWERED = 2, 3
"""Content words that a question and its answer need to be worth telling anybody else."""
LEAST_QUESTION_WORDS = 4
MOST_WORTH = 8
PAIR_TOKENS = 170


@dataclass(frozen=True)
class Pair:
    """A question and its answer, each as lines, and the lines before that tell what it is about."""

    before: tuple[Line, ...]
    question: tuple[Line, ...]
    answer: tuple[Line, ...]

    def excerpt(self, names: Mapping[str, str]) -> str:
        """Return it as a model reads it."""
        return transcribed(
            [(line, line.text) for line in (*self.before, *self.question, *self.answer)], names
        )


def pairs(lines: Sequence[Line], language: Language, most: int) -> list[Pair]:
    """Return the ``most`` questions that say most and were answered, in order of time."""
    ranked = sorted(_all_pairs(lines, language), key=lambda pair: -_worth(pair, language))
    return sorted(ranked[:most], key=lambda pair: pair.question[0].start_s)


def _all_pairs(lines: Sequence[Line], language: Language) -> Iterator[Pair]:
    known, end = cues(language), 0
    for at, line in enumerate(lines):
        if at < end or not _asks(line, language):
            continue
        answer = _answer(lines, at)
        text = " ".join(each.text for each in answer)
        if len(content(text, language)) >= LEAST_ANSWERED and not known.unknown.search(text):
            end = lines.index(answer[-1], at)
            yield Pair(tuple(lines[max(0, at - BEFORE) : at]), (line,), tuple(answer))


def _asks(line: Line, language: Language) -> bool:
    if not line.text.rstrip().endswith("?") or len(words(line.text)) < LEAST_QUESTION_WORDS:
        return False
    return len(content(line.text, language)) >= LEAST_ASKED and not cues(language).asks.search(line.text)


def _answer(lines: Sequence[Line], at: int) -> list[Line]:
    """Return what somebody else says after a question; where voices are not known, what is said next."""
    asker, found = lines[at].speaker, list[Line]()
    for place, line in enumerate(lines[at + 1 : at + 1 + WAIT_LINES + ANSWER_LINES]):
        mine = bool(asker) and line.speaker == asker
        if line.text.rstrip().endswith("?") or (found and (mine or line.speaker != found[0].speaker)):
            break
        if mine and place >= WAIT_LINES:
            break
        if not mine and len(found) < ANSWER_LINES:
            found.append(line)
    return found


def _worth(pair: Pair, language: Language) -> int:
    asked, answered = (
        len(content(" ".join(line.text for line in part), language)) for part in (pair.question, pair.answer)
    )
    return min(asked, MOST_WORTH) + min(answered, MOST_WORTH)


def answered(pair: Pair, answer: Answer, names: Mapping[str, str], language: Language) -> Answered:
    """Return the question and its answer in the model's words where they stand the checks, else as they were said."""
    question, reply = pair_filled(answer.text, language) if answer.tally.end == "done" else ("", "")
    source = pair.excerpt(names)
    good = question.endswith("?") and _is_true(source, question, language)
    return Answered(
        _sentence(question if good else "", pair.question),
        _sentence(reply if good and _is_true(source, reply, language) else "", pair.answer),
    )


def _is_true(source: str, text: str, language: Language) -> bool:
    return language_of(text) in (None, language) and supports(source, text, language)


def _sentence(text: str, lines: Sequence[Line]) -> Sentence:
    quote = " ".join(line.text for line in lines)
    return Sentence(text or quote, said(lines), quoted=not text)
