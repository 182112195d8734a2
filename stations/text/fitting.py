"""Making a text fit whatever a model wrote: the last step, by cutting, and nothing but cutting."""

from collections.abc import Callable

from models.errors import ModelError
from stations.prose.harmless import harmless
from stations.prose.sentences import shortened_to_sentences
from stations.text.drawing import drawn
from stations.text.form import Filled, FilledPart, without_last
from stations.text.judging import lost_placeholders, within_limits
from stations.text.prompting import Task
from stations.texts import Language

_STOPS = ".!?…"
_FIRST_LETTERS = 250


def fitted(task: Task, parts: Filled, language: Language) -> Filled:
    """Return the parts cut at ends of sentences and rows until they, with all placeholders, keep to the limits.

    Raises:
        ModelError: ``text.limit_too_small`` if not even the placeholders fit.
    """

    def allowed(some: Filled) -> bool:
        return within_limits(task, complete(task, some, language))

    while parts and not allowed(parts):
        parts = _less(task, parts, language, allowed)
    if not parts:
        raise ModelError("text.limit_too_small")
    return parts


def complete(task: Task, parts: Filled, language: Language) -> str:
    """Return the text with placeholders that the model lost added at its end, in a line of their own below a table."""
    text = harmless(drawn(parts, language)).strip()
    lost = ", ".join(lost_placeholders(task, text))
    if not lost:
        return text
    if text.endswith("|"):
        return f"{text}\n\n({lost})"
    return f"{text.rstrip(_STOPS)} ({lost})."


def _less(task: Task, parts: Filled, language: Language, allowed: Callable[[Filled], bool]) -> Filled:
    """Shorten the longest part: prose as far as needed, rows by one; what cannot be shortened goes."""
    place = max(range(len(parts)), key=lambda at: len(drawn(parts[at : at + 1], language)))
    one, before, after = parts[place], parts[:place], parts[place + 1 :]

    def fits(text: str) -> bool:
        return allowed((*before, FilledPart(one.part, text), *after))

    less = ""
    if isinstance(one.content, str) and fits(""):
        less = shortened_to_sentences(_near(task, one.content), fits, language)
    shorter = without_last(one, less)
    return (*before, shorter, *after) if shorter else (*before, *after)


def _near(task: Task, text: str) -> str:
    """Return a beginning of the text that is surely too long, or all of it: what comes after need not be looked at."""
    length = _FIRST_LETTERS
    while length < len(text) and within_limits(task, text[:length].strip()):
        length *= 2
    return text[:length]
