"""Many requests to a model, a few of them at a time: when one answer is over, the next begins."""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace

from models.engines.base import ChatModel
from models.errors import ModelError
from stations.asking.answers import Answer, Try, written

AT_ONCE = 4
"""More share the processor without ending sooner, and leave no place for other people."""


def abreast(
    chat: ChatModel,
    tries: Sequence[Try],
    person: str = "",
    at_once: int = AT_ONCE,
    *,
    forgiving: bool = True,
) -> Generator[tuple[Answer, ...], None, None]:
    """Yield all answers so far, one for each try, several times a second, until each is over.

    An answer is over when its ``tally.end`` is set. With ``forgiving`` a request that is too long for the model gets
    an empty one: one odd page must not cost the others. Closing stops them all.

    Raises:
        ModelError: anything else that the model raises.
    """
    waiting, latest = deque(enumerate(tries)), [Answer() for _ in tries]
    writing: dict[int, Iterator[Answer]] = {}
    with ExitStack() as stack:
        while waiting or writing:
            while waiting and len(writing) < at_once:
                place, one = waiting.popleft()
                writing[place] = stack.enter_context(closing(_answer(chat, one, person, forgiving=forgiving)))
            for place, stream in tuple(writing.items()):
                latest[place] = next(stream, latest[place])
                if latest[place].tally.end is not None:
                    del writing[place]
            yield tuple(latest)


def _answer(chat: ChatModel, one: Try, person: str, *, forgiving: bool) -> Generator[Answer, None, None]:
    """Yield the answer as it grows; the last one has an end, whatever the model says."""
    latest = Answer()
    try:
        with closing(written(chat, one, person)) as states:
            for latest in states:
                if latest.tally.end is None:
                    yield latest
    except ModelError as error:
        if not forgiving or error.key != "chat.too_long":
            raise
        latest = Answer()
    yield replace(latest, tally=replace(latest.tally, end=latest.tally.end or "done"))
