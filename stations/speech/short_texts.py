"""Short texts about a recording: a summary, questions and answers, a note for the press; each also in plain language.

Every sentence is linked to the lines it comes from. What a model writes is checked as for the minutes.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from models.engines.base import ChatModel, Sampling
from models.language import language_of
from stations.asking.answers import Answer
from stations.prose.sentences import words
from stations.speech.meeting.asking import Asking, short_try
from stations.speech.meeting.evidence import supports
from stations.speech.meeting.pairs import PAIR_TOKENS, Pair, answered, pairs
from stations.speech.meeting.plain_words import in_plain_words
from stations.speech.meeting.points import Occasion
from stations.speech.meeting.prompts import pair_request, pair_schema, request
from stations.speech.meeting.short import Answered, Faq, PressNote, Sentence, ShortSummary
from stations.speech.meeting.turns import Turn, as_document, links, turns
from stations.speech.minutes import spoken_language
from stations.speech.spoken import speaker_names
from stations.speech.transcript import Line, Transcript
from stations.summary.prompts import prose
from stations.summary.results import Summary, SummarySentence
from stations.summary.summarising import summarise
from stations.texts import Language

SUMMARY_SENTENCES, PRESS_SENTENCES, PAIRS = 5, 4, 6
SUMMARY_SHARE = 0.85
"""How much of the work is done when the sentences are there and plain words are still to come."""
HEADLINE_SHARE = 0.95
HEADLINE_TOKENS, MOST_HEADLINE_WORDS = 32, 12


@dataclass(frozen=True)
class Wish:
    """How a text is to be written: by which dice, for whom, and whether in plain language."""

    sampling: Sampling
    person: str = ""
    plain: bool = False


def short_summary(
    chat: ChatModel, transcript: Transcript, language: Language, wish: Wish, *, count: int = SUMMARY_SENTENCES
) -> Iterator[ShortSummary]:
    """Yield a summary of ``count`` sentences as it comes about, several times a second; the last one is ``done``.

    It is in ``language``, whatever was spoken. Closing stops everything at once; what was yielded last is kept.

    Raises:
        ModelError: see ``stations.summary.summarising.summarise``.
    """
    state, share = ShortSummary(), SUMMARY_SHARE if wish.plain else 1.0
    with closing(_summaries(chat, transcript, language, wish, count)) as states:
        for each in states:
            stage = "plain" if wish.plain and each.stage == "done" else each.stage
            state = replace(each, share=share * each.share, stage=stage)
            yield state
    if wish.plain:
        yield from _in_plain_words(chat, state, language, wish)


def faq(
    chat: ChatModel, transcript: Transcript, language: Language, wish: Wish, *, most: int = PAIRS
) -> Iterator[Faq]:
    """Yield questions that were asked and answered, several times a second; the last state is ``done``.

    They are in the language that was spoken; ``language`` is that of speakers without a name. There may be none.

    Raises:
        ModelError: what the model raises, and see ``minutes.spoken_language``.
    """
    yield from _Asked(chat, transcript, language, wish).states(most)


def press_note(
    chat: ChatModel, transcript: Transcript, language: Language, wish: Wish, *, given: Occasion | None = None
) -> Iterator[PressNote]:
    """Yield a note for the press, several times a second; the last one is ``done``.

    Its sentences are those of a short summary without doubtful ones. Who, when and where are ``given``, or gaps.

    Raises:
        ModelError: see ``short_summary``.
    """
    state = PressNote(occasion=given or Occasion())
    with closing(short_summary(chat, transcript, language, wish, count=PRESS_SENTENCES)) as states:  # type: ignore[type-var]
        for summary in states:
            state = _as_note(state, summary)
            yield state
    asking = Asking(chat, wish.person, 1.0)
    text = " ".join(each.text for each in state.sentences)
    tries = [short_try(request("headline", text, language), wish.sampling, HEADLINE_TOKENS)] if text else []

    def titled(answers: Sequence[Answer], share: float) -> PressNote:
        headline = _headline(answers[0], text, language) if answers else ""
        return replace(state, headline=headline, share=HEADLINE_SHARE + (1 - HEADLINE_SHARE) * share)

    with closing(asking.each(tries, 1.0, titled)) as notes:
        for state in notes:
            yield state
    yield replace(state, stage="done", share=1.0, seconds_left=0.0)


def _summaries(
    chat: ChatModel, transcript: Transcript, language: Language, wish: Wish, count: int
) -> Generator[ShortSummary, None, None]:
    found = turns(transcript.lines)
    document = as_document(transcript, found, speaker_names(transcript, language))
    states = summarise(chat, document, count, language, sampling=wish.sampling, person=wish.person)
    with closing(states) as seen:  # type: ignore[type-var]
        for summary in seen:
            said = tuple(_linked(each, summary, found, language) for each in summary.sentences)
            yield ShortSummary(summary.stage, summary.share, summary.seconds_left, summary.seconds, said)


def _linked(
    sentence: SummarySentence, summary: Summary, found: Sequence[Turn], language: Language
) -> Sentence:
    """Return a sentence with the lines of its parts on which it rests."""
    own = [part.sections for part in summary.parts if part.number in sentence.parts]
    lines = [line for first, last in own for turn in found[first : last + 1] for line in turn]
    return Sentence(
        sentence.text,
        links(lines, sentence.text, language),
        new_numbers=sentence.new_numbers,
        new_names=sentence.new_names,
    )


def _in_plain_words(
    chat: ChatModel, state: ShortSummary, language: Language, wish: Wish
) -> Generator[ShortSummary, None, None]:
    asking = Asking(chat, wish.person, float(len(state.sentences)))

    def shown(sentences: tuple[Sentence, ...], share: float) -> ShortSummary:
        whole = SUMMARY_SHARE + (1 - SUMMARY_SHARE) * share
        left = asking.pace.seconds_left(share)
        seconds = state.seconds + asking.pace.seconds
        return ShortSummary("plain", whole, left, seconds, (*sentences, *state.sentences[len(sentences) :]))

    sentences = yield from in_plain_words(asking, state.sentences, language, wish.sampling, shown)
    yield replace(shown(sentences, 1.0), stage="done", share=1.0, seconds_left=0.0)


def _as_note(note: PressNote, summary: ShortSummary) -> PressNote:
    return replace(
        note,
        stage="writing" if summary.stage == "done" else summary.stage,
        share=HEADLINE_SHARE * summary.share,
        seconds_left=summary.seconds_left,
        seconds=summary.seconds,
        sentences=tuple(each for each in summary.sentences if not each.is_doubtful),
    )


def _headline(answer: Answer, source: str, language: Language) -> str:
    text = prose(answer.text, 1, language).strip(' ."„“”') if answer.tally.end == "done" else ""
    if len(words(text)) > MOST_HEADLINE_WORDS or language_of(text) not in (None, language):
        return ""
    return text if supports(source, text, language) else ""


class _Asked:
    """Questions and answers being written."""

    def __init__(self, chat: ChatModel, transcript: Transcript, language: Language, wish: Wish) -> None:
        self._chat, self._wish = chat, wish
        self._lines: Sequence[Line] = transcript.lines
        self._spoken, self._names = spoken_language(transcript), speaker_names(transcript, language)
        self._pairs: list[Pair] = []
        self._state, self._asking = Faq(), Asking(chat, wish.person, 0.0)

    def states(self, most: int) -> Iterator[Faq]:
        yield self._state
        self._pairs = pairs(self._lines, self._spoken, most)
        self._asking = Asking(self._chat, self._wish.person, float(len(self._pairs)) * (1 + self._wish.plain))
        schema = pair_schema(self._spoken)
        requests = [pair_request(each.excerpt(self._names), self._spoken) for each in self._pairs]
        tries = [short_try(each, self._wish.sampling, PAIR_TOKENS, schema) for each in requests]
        yield from self._asking.each(tries, 1.0, self._with_answers)
        if self._wish.plain:
            given = [each.answer for each in self._state.pairs]
            sampling = self._wish.sampling
            yield from in_plain_words(self._asking, given, self._spoken, sampling, self._with_plain)
        yield replace(self._state, stage="done", share=1.0, seconds_left=0.0)

    def _with_answers(self, answers: Sequence[Answer], share: float) -> Faq:
        over = [each for each in zip(self._pairs, answers, strict=False) if each[1].tally.end is not None]
        found = tuple(answered(*each, self._names, self._spoken) for each in over)
        self._state = self._timed(Faq("writing", share, pairs=found))
        return self._state

    def _with_plain(self, sentences: tuple[Sentence, ...], share: float) -> Faq:
        both = zip(self._state.pairs, sentences, strict=False)
        found = tuple(Answered(pair.question, answer) for pair, answer in both)
        self._state = self._timed(Faq("plain", share, pairs=found or self._state.pairs))
        return self._state

    def _timed(self, state: Faq) -> Faq:
        pace = self._asking.pace
        return replace(state, seconds_left=pace.seconds_left(state.share), seconds=pace.seconds)
