"""Works on unfinished recordings as the program does after it opened: ``python speech_child.py HOME``."""

import sys
import time
from functools import partial
from pathlib import Path

from models.library import Library
from models.opening import Opening
from models.store import Store
from stations import casting
from stations.settings import load_workshop
from stations.speech.processing import process
from stations.speech.runner import Runner
from stations.speech.sheet import Sheets
from stations.speech.speed import Speed


def main(home: Path) -> None:
    workshop, store = load_workshop(profile="mini"), Store()
    library = Library(partial(casting.players, workshop, store), store.file, Opening())
    runner = Runner(partial(process, library=library, sheets=Sheets(), speed=Speed(home / "speed.json")))
    runner.take_up(home)
    time.sleep(600)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
