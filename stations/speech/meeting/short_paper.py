"""Summary, questions and answers, and a note for the press as Markdown."""

import re

from stations.speech.meeting.paper import TimeLink, moment, plain
from stations.speech.meeting.short import Faq, PressNote, Sentence, ShortSummary
from stations.texts import Language, say

_NOBODY = re.compile(r"^(?:Wir|Er|Sie|Ich|Man|We|They|He|She|I)\b")
"""Who acts is not said: in a note for the press that is a gap, not a guess."""


def summary_markdown(summary: ShortSummary, language: Language, time_link: TimeLink | None = None) -> str:
    """Return a summary as Markdown: each sentence with the moment it rests on, ``(12:34)``, a link where wished."""
    rows = [_with_moment(each, time_link) for each in summary.sentences]
    return _page(say("minutes.summary", language), " ".join(rows), language)


def faq_markdown(asked: Faq, language: Language, time_link: TimeLink | None = None) -> str:
    """Return questions in bold with their answers, each with its moment; a sentence where there are none."""
    pairs = [
        f"**{plain(each.question.text)}**\n\n{_with_moment(each.answer, time_link)}" for each in asked.pairs
    ]
    return _page(
        say("minutes.faq", language), "\n\n".join(pairs) or say("minutes.no_pairs", language), language
    )


def press_markdown(note: PressNote, language: Language) -> str:
    """Return a note for the press. What nobody said is a gap in brackets, such as ``[Wann?]``."""

    def gap(key: str) -> str:
        return say(f"minutes.gap_{key}", language)

    given = note.occasion
    lead = f"**{plain(given.place) or gap('where')}, {plain(given.date) or gap('when')}**"
    people = ", ".join(given.participants)
    body = " ".join(_NOBODY.sub(gap("who"), plain(each.text)) for each in note.sentences) or gap("what")
    contact = say(
        "minutes.press_contact",
        language,
        who=plain(people) or gap("who"),
        how=gap("how"),
    )
    return _page(plain(note.headline) or gap("headline"), f"{lead}\n\n{body}\n\n{contact}", language)


def _page(title: str, text: str, language: Language) -> str:
    return f"# {title}\n\n{text}\n\n*{say('minutes.made', language)}*\n"


def _with_moment(sentence: Sentence, time_link: TimeLink | None) -> str:
    return f"{plain(sentence.text)} ({moment(sentence.said, time_link)})"
