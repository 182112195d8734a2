"""What a model says to "is the answer in these passages?", as the probability of yes."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from models.engines.base import ChatModel, Message, Token
from stations.retrieval.prompting import deciding
from stations.retrieval.wording import lines
from stations.texts import Language

PLAIN_YES, PLAIN_NO = 0.8, 0.2
"""Probabilities where an engine does not tell any."""


class Verdict:
    """Asks a model; ``yes`` is its probability of yes, 0..1, once ``steps`` are through."""

    def __init__(self, chat: ChatModel, messages: Sequence[Message], language: Language, person: str) -> None:
        self._pieces = chat.reply(messages, deciding(language), person=person)
        self._language: Language = language
        self.yes = PLAIN_NO

    def steps(self) -> Iterator[None]:
        """Yield at least every half second until the model has decided; closing the iterator stops it."""
        text, tokens = "", list[Token]()
        with closing(self._pieces) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                text += piece.text
                tokens += piece.tokens
                yield
        self.yes = probability_of_yes(text, tokens, self._language)


def probability_of_yes(text: str, tokens: Sequence[Token], language: Language) -> float:
    """Return how likely yes was, as a share of yes and no; without probabilities, what was written counts."""
    told = lines(language)
    for token in tokens[:1]:
        shares = [
            sum(each.probability for each in token.candidates if _begins(each.text, word))
            for word in (told.yes, told.no)
        ]
        if sum(shares) > 0:
            return shares[0] / sum(shares)
    return PLAIN_YES if text.strip().casefold().startswith(told.yes.casefold()) else PLAIN_NO


def _begins(token: str, word: str) -> bool:
    """Tell whether a token is a word or its beginning (``Nein`` may come as ``Ne`` and ``in``)."""
    bare = token.strip()
    return len(bare) > 1 and word.startswith(bare)
