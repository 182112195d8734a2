"""Follow-up questions: whether a question leans on the conversation, and what it asks by itself.

A model rewrites it with one worked example. What it writes is held against the conversation: a rewritten question that
brings new names or numbers, loses the question's own words, or goes on for ever is not taken; then the words of the
last question are put in front instead.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing

from models.engines.base import ChatModel, Message, Sampling
from models.index.words import WordMaker
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.sentences import words
from stations.retrieval.answer import Turn
from stations.retrieval.prompting import one_line
from stations.retrieval.question_words import covered, question_words, stems_of
from stations.retrieval.wording import Lines, lines
from stations.texts import Language

FEW_WORDS = 1
"""A question with no more words of its own (``Wann genau?``, ``Und der Preis?``) says too little by itself."""
TURNS, ANSWER_LETTERS = 2, 300
LONGEST = 240
LEAST_KEPT = 0.5
REWRITING = Sampling(temperature=0.0, max_tokens=70, max_seconds=20.0, stop=("\n",))
_QUESTION = re.compile(r"[^\n?]+\?")


def leans_on_talk(question: str, history: Sequence[Turn], language: Language, maker: WordMaker) -> bool:
    """Tell whether a question cannot be understood without the conversation before it.

    It begins like one that goes on ("Und …", "Wer noch …"), has hardly a word of its own, or points ("sie", "dort")
    at something that it has not named itself before.
    """
    if not history:
        return False
    told, small = lines(language), question.strip().casefold()
    if any(re.match(rf"{re.escape(opening)}\b", small) for opening in told.openings):
        return True
    if len(question_words(question, language, maker)) <= FEW_WORDS:
        return True
    return _points_back(question, told)


class Independent:
    """Makes a follow-up question independent; ``question`` holds it once ``steps`` are through."""

    def __init__(self, question: str, history: Sequence[Turn], language: Language, maker: WordMaker) -> None:
        self._asked, self._history, self._maker = question, history, maker
        self._language: Language = language
        self.question = with_words_before(question, history, language, maker)

    def steps(self, chat: ChatModel, person: str) -> Iterator[None]:
        """Yield at least every half second while the model rewrites; closing the iterator stops it."""
        messages = rewriting_prompt(self._asked, self._history, self._language)
        text = ""
        with closing(chat.reply(messages, REWRITING, person=person)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                text += piece.text
                yield
        written = _QUESTION.search(text)
        if written and self._fits(written[0].strip()):
            self.question = written[0].strip()

    def _fits(self, written: str) -> bool:
        talk = "\n".join([self._asked, *_talk_lines(self._history)])
        if len(written) > LONGEST or new_names(talk, written, self._language):
            return False
        if new_numbers(talk, written, self._language):
            return False
        own = question_words(self._asked, self._language, self._maker)
        return covered(own, stems_of([written], self._language, self._maker)) >= LEAST_KEPT


def with_words_before(question: str, history: Sequence[Turn], language: Language, maker: WordMaker) -> str:
    """Return the question with what the one before it was about in front."""
    about = question_words(history[-1].question, language, maker)
    return f"{' '.join(word.text for word in about)}: {question.strip()}" if about else question.strip()


def rewriting_prompt(question: str, history: Sequence[Turn], language: Language) -> list[Message]:
    """Return what the model is sent: a worked example, then the conversation and its last question."""
    told = lines(language)
    talk = "\n".join(
        f"{told.rewrite_question}: {one_line(turn.question)}\n"
        f"{told.rewrite_answer}: {one_line(turn.answer)[:ANSWER_LETTERS]}"
        for turn in history[-TURNS:]
    )
    return [
        Message("system", told.rewrite),
        Message("user", told.rewrite_asked.format(talk=told.example_talk, question=told.example_question)),
        Message("assistant", told.example_rewritten),
        Message("user", told.rewrite_asked.format(talk=talk, question=one_line(question))),
    ]


def _points_back(question: str, told: Lines) -> bool:
    """Tell whether a small word stands for something that is not named before it in the same question."""
    for place, word in enumerate(words(question)):
        if word.casefold() in told.pointing and (word[0].islower() or place == 0):
            return True
        if place and (word[0].isupper() or word[0].isdigit()):
            return False
    return False


def _talk_lines(history: Sequence[Turn]) -> list[str]:
    return [text for turn in history[-TURNS:] for text in (turn.question, turn.answer)]
