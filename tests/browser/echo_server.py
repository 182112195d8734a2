"""The real page with a model that repeats the question: run as ``python echo_server.py PORT HOME [MODEL …]``.

A process of its own, because the offline guard cannot be taken away again. Without MODEL no model is installed.
"""

import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn

from models.catalog import load_catalog
from models.engines.base import Alternative, Message, Piece, Sampling, Tally, Token
from models.offline import OfflineError, close_the_door
from models.store import Store
from stations.private_temp import private_temp_folder
from stations.room.admission import Admission
from stations.room.day import Diary
from stations.room.host_door import HostDoor
from stations.room.house import House
from stations.room.visitors import Visitors
from stations.settings import load_workshop

PAUSE_S = 0.04


class Echo:
    """Writes the question back, word by word."""

    def reply(self, messages: Sequence[Message], sampling: Sampling, *, person: str = "") -> Iterator[Piece]:
        text = messages[-1].text
        began, words = time.monotonic(), text.split(" ")
        for count, word in enumerate(words, start=1):
            time.sleep(PAUSE_S)
            shown = word if count == 1 else f" {word}"
            token = Token(shown, 0.4, (Alternative(shown, 0.4), Alternative("<b>anders</b>", 0.3)))
            tally = Tally(prompt_tokens=9, prompt_read=9, new_tokens=count, first_token_s=PAUSE_S)
            yield Piece(shown, (token,), tally)
        seconds = time.monotonic() - began
        last = Tally(
            prompt_tokens=9,
            prompt_read=9,
            new_tokens=len(words),
            first_token_s=PAUSE_S,
            seconds=seconds,
            end="done",
        )
        yield Piece("", (), last)

    is_open = True

    def close(self) -> None:
        pass


class Shelf(Store):
    """Says that the named models are installed."""

    def __init__(self, names: Sequence[str], folder: Path) -> None:
        super().__init__(folder, catalog=load_catalog())
        self._names = names

    def present(self, model) -> bool:
        return model.id in self._names


def main(port: int, home: Path, names: Sequence[str]) -> None:
    guard = close_the_door()
    with suppress(OfflineError), socket.socket() as attempt:
        attempt.connect(("192.0.2.1", 80))  # something to count
    with private_temp_folder(home / "temp") as temp:
        from stations.app import build_page, make_bench
        from stations.shell import make_app

        store = Shelf(names, home / "models")
        visitors = Visitors(home / "visitors")
        house = House(home, temp, Admission(HostDoor(home)), guard, Diary(home / "day.json"))
        bench = make_bench(
            load_workshop(profile="mini"), store, lambda _model, _file: Echo(), visitors, house.loans()
        )
        app = make_app(bench, build_page(bench, store.catalog), house)
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
