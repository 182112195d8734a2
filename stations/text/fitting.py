"""Making a text fit whatever a model wrote: the last step, by cutting, and nothing but cutting."""

import re
from collections.abc import Callable

from models.errors import ModelError
from stations.text.drawing import drawn
from stations.text.form import Filled, FilledPart, without_last
from stations.text.judging import lost_placeholders, within_limits
from stations.text.prompting import Task
from stations.text.sentences import shortened_to_sentences
from stations.texts import Language

_TAG_BEGINS = re.compile(r"<(?=[A-Za-z/!?])")
_LAST_STOP = re.compile(r"[.!?…]?\s*$")


def harmless(text: str) -> str:
    """Return the text without the beginning of any HTML tag: ``<b>`` becomes ``‹b>``."""
    return _TAG_BEGINS.sub("‹", text)


def fitted(task: Task, parts: Filled, language: Language) -> Filled:
    """Return the parts cut at ends of sentences and rows until they, with all placeholders, keep to the limits.

    Raises:
        ModelError: ``text.limit_too_small`` if not even the placeholders fit.
    """

    def allowed(some: Filled) -> bool:
        return within_limits(task, complete(task, some, language))

    while parts and not allowed(parts):
        parts = _less(parts, language, allowed)
    if not allowed(parts) or not parts:
        raise ModelError("text.limit_too_small")
    return parts


def complete(task: Task, parts: Filled, language: Language) -> str:
    """Return the text with placeholders that the model lost added at its end."""
    text = harmless(drawn(parts, language))
    lost = lost_placeholders(task, text)
    return _LAST_STOP.sub(f" ({', '.join(lost)}).", text, count=1) if lost else text


def _less(parts: Filled, language: Language, allowed: Callable[[Filled], bool]) -> Filled:
    """Shorten the longest part: prose as far as needed, rows by one; what cannot be shortened goes."""
    place = max(range(len(parts)), key=lambda at: len(drawn(parts[at : at + 1], language)))
    one, before, after = parts[place], parts[:place], parts[place + 1 :]

    def with_text(text: str) -> Filled:
        return (*before, FilledPart(one.part, text), *after)

    less = ""
    if isinstance(one.content, str):
        less = shortened_to_sentences(one.content, lambda text: allowed(with_text(text)), language)
    shorter = without_last(one, less)
    return (*before, shorter, *after) if shorter else (*before, *after)
