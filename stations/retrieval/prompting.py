"""From a question and passages to what the model is sent: first whether the answer is there, then the answer.

Both begin alike, so that the passages are read only once. They are not one conversation: after a turn that says yes,
small models say yes again instead of answering.
"""

from collections.abc import Sequence

from models.engines.base import Message, Sampling
from stations.retrieval.quoting import harmless_quotation
from stations.retrieval.wording import lines
from stations.texts import Language

VERDICT_TOKENS = 1
WRITING = Sampling(temperature=0.0, repetition=1.05, max_tokens=130, max_seconds=90.0)
CANDIDATES = 20


def verdict_prompt(question: str, quotations: Sequence[str], language: Language) -> tuple[Message, ...]:
    """Return the passages with the question, and whether its answer is in them."""
    return _prompt(question, quotations, lines(language).decide, language)


def answer_prompt(
    question: str, quotations: Sequence[str], language: Language, *, may_refuse: bool = True
) -> tuple[Message, ...]:
    """Return the passages with the question, and how to answer.

    ``may_refuse`` tells the word for "that is not in there".
    """
    told = lines(language)
    refusal = told.refusal.format(nothing=told.nothing) if may_refuse else ""
    return _prompt(question, quotations, told.answer.format(refusal=refusal), language)


def _prompt(question: str, quotations: Sequence[str], wish: str, language: Language) -> tuple[Message, ...]:
    told = lines(language)
    quotes = "\n\n".join(
        told.quote.format(number=number, text=text) for number, text in enumerate(quotations, start=1)
    )
    asked = told.asked.format(quotes=quotes, question=one_line(question), wish=wish)
    return Message("system", told.role.strip()), Message("user", asked)


def deciding(language: Language) -> Sampling:
    """Return how yes or no is chosen: nothing else can be written, and how likely each was is told."""
    told = lines(language)
    return Sampling(
        temperature=0.0,
        max_tokens=VERDICT_TOKENS,
        candidates=CANDIDATES,
        grammar=f'root ::= "{told.yes}" | "{told.no}"',
    )


def one_line(text: str) -> str:
    """Return a question as one line that cannot begin a quotation."""
    return " ".join(harmless_quotation(text).split())
