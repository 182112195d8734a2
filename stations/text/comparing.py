"""The same task for two models or two settings, side by side."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from random import Random

from models.engines.base import ChatModel
from models.errors import ModelError
from stations.text import work
from stations.text.prompting import Task
from stations.text.work import Draft, Wish


@dataclass(frozen=True)
class Contender:
    """A model with a setting; ``title`` is what people call the model and tells nobody apart.

    ``temperature`` ``None`` is each recipe's own.
    """

    model_id: str
    title: str = field(default="", compare=False)
    temperature: float | None = None


@dataclass(frozen=True)
class Pair:
    """Who writes on which side; ``blind`` keeps it from people until they have voted."""

    left: Contender
    right: Contender
    blind: bool = False


@dataclass(frozen=True)
class Side:
    """What one side has written so far, and why it failed if it did."""

    draft: Draft = field(default_factory=Draft)
    error: ModelError | None = field(default=None, hash=False)

    @property
    def over(self) -> bool:
        """Tell whether nothing more comes."""
        return self.error is not None or self.draft.stage == "done"


def paired(one: Contender, other: Contender, dice: Random, *, blind: bool) -> Pair:
    """Return both contenders on sides chosen by chance when ``blind``, else in the given order."""
    if blind and dice.random() < 0.5:  # noqa: PLR2004 - a coin
        one, other = other, one
    return Pair(one, other, blind)


def write_both(
    chats: tuple[ChatModel, ChatModel], one: Task, wishes: tuple[Wish, Wish]
) -> Iterator[tuple[Side, Side]]:
    """Yield both sides, left and right, as they grow; closing stops both.

    A side that fails with a ``ModelError`` keeps what it wrote and says so; the other goes on.
    """
    with ExitStack() as stack:
        sides = [Side(), Side()]
        writing = {
            at: stack.enter_context(closing(work.write(chat, one, wish)))  # type: ignore[type-var]
            for at, (chat, wish) in enumerate(zip(chats, wishes, strict=True))
        }
        while writing:
            for at, drafts in tuple(writing.items()):
                sides[at] = _next(drafts, sides[at])
                if sides[at].over:
                    del writing[at]
            yield sides[0], sides[1]


def _next(drafts: Iterator[Draft], side: Side) -> Side:
    try:
        return replace(side, draft=next(drafts))
    except ModelError as error:
        return replace(side, error=error)
