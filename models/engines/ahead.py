"""Lets a stream run ahead of whoever reads it."""

import queue
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

Item = TypeVar("Item")


def ahead(stream: Generator[Item, None, None]) -> Iterator[Item]:
    """Yield what ``stream`` yields while it goes on by itself in a thread of its own.

    A page takes some ten milliseconds to show an update; an engine that waited for it wrote a fifth slower. Closing
    this iterator closes ``stream`` after its current step and returns when that is done. What ``stream`` raises is
    raised here.
    """
    ready: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
    enough = threading.Event()

    def run() -> None:
        try:
            with closing(stream):
                for item in stream:
                    ready.put(item)
                    if enough.is_set():
                        return
        finally:
            ready.put(None)

    with ThreadPoolExecutor(1, "stream") as thread:
        ended = thread.submit(run)
        try:
            yield from iter(ready.get, None)
            ended.result()
        finally:
            enough.set()
