"""The running workshop: builds everything and serves it. Imported only after the door is closed (see ``serving``)."""

import signal
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from models.engines.base import ChatSize
from models.library import Library
from models.offline import Guard
from models.opening import Opening
from models.settings import data_folder
from stations.app import build_page, make_bench
from stations.base import Workbench
from stations.room.admission import Admission, admission
from stations.room.day import Diary
from stations.room.house import House
from stations.room.listeners import Course, room_listeners, run_servers
from stations.room.results import mark_interrupted
from stations.room.visitors import Visitors
from stations.serving import Plan
from stations.shell import make_app

TIDY_EVERY_S = 30.0


def run(plan: Plan, guard: Guard, opened: Callable[[Admission], None]) -> bool:
    """Serve the page until a signal comes; ``True`` means: delete everything of all visitors and begin anew."""
    house = _house(plan, guard)
    bench = _bench(plan, house)
    app = make_app(bench, build_page(bench, plan.store.catalog), house)
    threading.Thread(target=_tidy, args=(bench.library,), daemon=True).start()
    room, lan = plan.sockets.room, house.admission.lan
    beside = room_listeners(app, lan, room.https, room.http) if room and lan else []
    # uvicorn hands a signal on after it has closed down; the temporary folder is still to be wiped then
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        run_servers(app, plan.sockets.page, beside, Course(partial(opened, house.admission), house.anew))
    house.admission.close()
    bench.close()
    return house.anew.is_set()


def _bench(plan: Plan, house: House) -> Workbench:
    workshop = plan.workshop
    size = ChatSize(workshop.chat.context_tokens, workshop.chat.people, workshop.limits.people_waiting)
    visitors = Visitors(data_folder() / "visitors", house.diary.came)
    visitors.sweep(workshop.limits.keep_days)
    mark_interrupted(visitors.home)
    opener = Opening(size, workshop.chat.threads, plan.extra_buffers)
    return make_bench(workshop, plan.store, opener, visitors, house.loans())


def _house(plan: Plan, guard: Guard) -> House:
    folder = data_folder() / "room"
    doors = admission(plan.workshop.room, folder, plan.sockets.room)
    return House(folder, Path(tempfile.gettempdir()), doors, guard, Diary(folder / "day.json"))


def _tidy(library: Library) -> None:
    while True:
        time.sleep(TIDY_EVERY_S)
        library.tidy()
