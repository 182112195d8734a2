"""What follows an event, however it ended."""

from collections.abc import Callable, Sequence
from typing import Any


def afterwards(event: Any, do: Callable[..., Any], inputs: Sequence[Any], outputs: Any) -> None:  # noqa: ANN401
    """Run ``do`` when an event of the page is over: done, stopped or failed.

    Gradio's ``then`` promises that and leaves out failures (6.31, ``Blocks.svelte``: after an error only ``failure``
    is triggered). After Stop it runs twice, so ``do`` must not mind.
    """
    for follow in (event.then, event.failure):
        follow(do, inputs, outputs, show_progress="hidden")
