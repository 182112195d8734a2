"""How a conversation looks: messages for the page, the honest line, the inside of an answer, a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from models.engines.base import Token
from stations.chatbot.work import Conversation, Exchange, in_wrong_language
from stations.page import html_block
from stations.texts import Language, say
from stations.units import decimal, wait_text
from stations.untrusted import defused

if TYPE_CHECKING:
    from gradio.components.chatbot import Message, MessageDict

SURE = 0.9
"""Above this probability a token is shown plainly: nothing to see there."""


def messages(conversation: Conversation, language: Language, busy: str = "") -> list[MessageDict | Message]:
    """Return the conversation for Gradio's chat view; ``busy`` is said in place of an answer not begun."""
    shown: list[MessageDict | Message] = []
    for exchange in conversation.exchanges:
        shown.append({"role": "user", "content": defused(exchange.question)})
        text = _answer(exchange, language)
        if text or busy:
            shown.append({"role": "assistant", "content": text or f"*{busy}*"})
    return shown


def state_of(exchange: Exchange, language: Language) -> str:
    """Return what is being done while no word of the answer is there."""
    tally = exchange.tally
    if tally.place:
        which = "chatbot.waiting_next" if tally.place == 1 else "chatbot.waiting"
        return say(which, language, place=tally.place, wait=wait_text(tally.expected_s or 0.0, language))
    if not tally.prompt_tokens:
        return say("chatbot.beginning", language)
    percent = round(100 * tally.prompt_read / tally.prompt_tokens)
    return say("chatbot.reading", language, percent=percent)


def loading(model: str, language: Language) -> str:
    """Return what is said while a model is being loaded."""
    return say("chatbot.loading", language, model=model)


def reminder(wanted: Language) -> str:
    """Return the sentence that asks a model for an answer in the wanted language."""
    return say("chatbot.reminder", wanted)


def other_languages(language: Language) -> str:
    """Return beginnings of words that show that a question is about languages."""
    return say("chatbot.other_languages", language)


def notes(exchange: Exchange, language: Language) -> list[str]:
    """Return the honest lines below an answer; none while it is being written."""
    tally = exchange.tally
    if tally.end is None and not (exchange.stopped or exchange.broken):
        return []
    lines = [
        say(
            "chatbot.note",
            language,
            model=exchange.model,
            seconds=decimal(tally.seconds, language),
            speed=decimal(tally.tokens_per_s, language),
        )
    ]
    if exchange.asked_again:
        lines.append(say("chatbot.note_asked_again", language))
        if in_wrong_language(exchange):
            lines.append(say("chatbot.note_wrong_language", language))
    if tally.dropped_turns:
        lines.append(say("chatbot.note_dropped", language, count=tally.dropped_turns))
    why = "broken" if exchange.broken else "stopped" if exchange.stopped else tally.end
    if why in ("broken", "stopped", "length", "time"):
        lines.append(say(f"chatbot.note_{why}", language))
    return lines


def inside(exchange: Exchange | None, language: Language) -> str:
    """Return HTML that shows an answer token by token, with what could have come instead."""
    tokens = exchange.tokens if exchange else ()
    half = sum(1 for token in tokens if token.probability < 0.5)  # noqa: PLR2004 - "half", as the sentence says
    return html_block(
        "inside.html",
        tokens=[_chip(token, language) for token in tokens],
        count=say("chatbot.inside_count", language, tokens=len(tokens), unsure=half),
        say=lambda key: say(key, language),
    )


def document(conversation: Conversation, language: Language, today: date) -> str:
    """Return the whole conversation as Markdown for a file, with model, date and the AI label."""
    models = ", ".join(dict.fromkeys(exchange.model for exchange in conversation.exchanges))
    when = today.strftime("%d.%m.%Y" if language == "de" else "%d %B %Y")
    made = say("chatbot.document_made", language, date=when, model=models)
    return "\n\n".join([made, say("chatbot.document_label", language), talk(conversation, language)])


def talk(conversation: Conversation, language: Language) -> str:
    """Return what was asked and answered as Markdown."""
    parts: list[str] = []
    for number, exchange in enumerate(conversation.exchanges, start=1):
        parts.append(f"## {say('chatbot.document_question', language)} {number}")
        parts.append(defused(exchange.question))
        parts.append(f"### {say('chatbot.document_answer', language)} {number}")
        parts.append(defused(exchange.answer))
        parts += [f"*{line}*" for line in notes(exchange, language)]
    return "\n\n".join(parts)


def document_name(language: Language) -> str:
    """Return the name of the file without its ending."""
    return say("chatbot.document_file", language)


def document_title(language: Language) -> str:
    """Return the title inside the file."""
    return say("chatbot.document_title", language)


def _answer(exchange: Exchange, language: Language) -> str:
    below: Sequence[str] = notes(exchange, language)
    text = defused(exchange.answer)
    return text + "".join(f"\n\n<small>{line}</small>" for line in below)


def _chip(token: Token, language: Language) -> dict[str, Any]:
    return {
        "text": token.text,
        "lines": token.text.split("\n"),
        "sure": token.probability >= SURE,
        "shade": round((1 - token.probability) * 100),
        "percent": _percent(token.probability, language),
        "rivals": [
            {
                "text": rival.text.replace("\n", "⏎") or "–",
                "percent": _percent(rival.probability, language),
                "taken": rival.text == token.text,
                "width": round(rival.probability * 100),
            }
            for rival in token.candidates
        ],
    }


def _percent(probability: float, language: Language) -> str:
    digits = 1 if probability < 0.1 else 0  # noqa: PLR2004 - below ten per cent the decimals tell something
    return f"{decimal(100 * probability, language, digits)} %"
