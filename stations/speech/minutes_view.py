"""Minutes and summaries as people see them: every point with the moments at which it was said."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from stations.page import html_block
from stations.speech.meeting.points import Minutes, Point, Said, Task
from stations.speech.meeting.short import Faq, PressNote, Sentence, ShortSummary
from stations.texts import Language, say
from stations.units import clock_text


def minutes_block(minutes: Minutes, job: str, language: Language) -> str:
    """Return minutes as one line of HTML; each moment is a button that plays the recording there."""
    occasion = minutes.occasion
    about = [occasion.date, occasion.place, ", ".join(minutes.participants)]
    return points_block(
        tuple(_parts(minutes, language)),
        job,
        language,
        title=occasion.title,
        about=" · ".join(filter(None, about)),
    )


def summary_block(summary: ShortSummary, job: str, language: Language) -> str:
    """Return a summary as one line of HTML: each sentence with its moment, and what about it is new."""
    rows = [_sentence(each, language) for each in summary.sentences]
    return points_block([{"heading": say("minutes.summary", language), "points": rows}], job, language)


def faq_block(asked: Faq, job: str, language: Language) -> str:
    """Return questions with their answers as one line of HTML."""
    rows = [point(each.answer.text, each.answer.said[:1], lead=each.question.text) for each in asked.pairs]
    about = say("minutes.no_pairs", language) if asked.stage == "done" and not rows else ""
    parts = [{"heading": say("minutes.faq", language), "points": rows}]
    return points_block(parts, job, language, about=about)


def press_block(note: PressNote, job: str, language: Language) -> str:
    """Return a note for the press as one line of HTML; its gaps are shown in the document."""
    rows = [_sentence(each, language) for each in note.sentences]
    parts = [{"heading": note.headline or say("minutes.gap_headline", language), "points": rows}]
    return points_block(parts, job, language)


def points_block(
    parts: Sequence[dict[str, Any]], job: str, language: Language, *, title: str = "", about: str = ""
) -> str:
    """Return headings with points (see ``point``) as one line of HTML."""
    return html_block(
        "minutes.html",
        audio=f"/speech/{job}/audio",
        title=title,
        about=about,
        parts=parts,
        say=partial(say, language=language),
    )


def point(
    text: str, said: Sequence[Said], *, lead: str = "", tail: str = "", quote: str = ""
) -> dict[str, Any]:
    """Return a point for ``points_block`` with the moments at which it was said, and how."""
    moments = [{"second": round(each.start_s, 1), "time": clock_text(each.start_s)} for each in said]
    return {"text": text, "lead": lead, "tail": tail, "quote": quote, "moments": moments}


def _parts(minutes: Minutes, language: Language) -> Iterator[dict[str, Any]]:
    lists: tuple[tuple[str, Sequence[Point]], ...] = (
        ("decisions", minutes.decisions),
        ("tasks", minutes.tasks),
        ("questions", minutes.questions),
        ("topics", minutes.topics),
    )
    for name, points in lists:
        if points:
            yield {
                "heading": say(f"minutes.{name}", language),
                "points": [_point(each) for each in points],
            }


def _point(one: Point) -> dict[str, Any]:
    first = one.said[:1]  # one moment is enough to hear it; the lines follow each other
    text, quote = (one.quote or one.text, "") if one.quoted else (one.text, one.quote)
    lead = f"{one.who}:" if isinstance(one, Task) and one.who else ""
    tail = f"({one.until})" if isinstance(one, Task) and one.until else ""
    return point(text, first, lead=lead, tail=tail, quote=quote) | {"quoted": one.quoted}


def _sentence(one: Sentence, language: Language) -> dict[str, Any]:
    new = ", ".join((*one.new_numbers, *one.new_names))
    tail = say("speech.new_words", language, what=new) if new else ""
    return point(one.text, one.said[:1], tail=tail)
