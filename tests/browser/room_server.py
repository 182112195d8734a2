"""The workshop as the room sees it: https with PIN on loopback, in place of the room's network; a model that echoes.

Arguments: the ports of this laptop's page, of https and of http, and the folder for everything it keeps. A reset
starts it anew, as the program itself does.
"""

import os
import sys
import tempfile
from pathlib import Path

from echo_server import Echo, Shelf

from models.offline import close_the_door
from stations.private_temp import private_temp_folder
from stations.serving import listening_socket
from stations.settings import Room, load_workshop


def serve(port: int, https: int, http: int, home: Path) -> bool:
    from stations.app import build_page, make_bench
    from stations.room.admission import Admission, RoomSockets
    from stations.room.day import Diary
    from stations.room.host_door import HostDoor
    from stations.room.house import House
    from stations.room.lan import Lan
    from stations.room.listeners import Course, room_listeners, room_socket, run_servers
    from stations.room.network import Network
    from stations.room.passes import Entrance
    from stations.room.results import mark_interrupted
    from stations.room.visitors import Visitors
    from stations.shell import make_app

    guard, folder = close_the_door(), home / "room"
    own, sockets = listening_socket(port), RoomSockets(room_socket(https, ()), room_socket(http, ()))
    lan = Lan(folder, *sockets.ports, lambda: Network(("127.0.0.1",), ()))
    doors = Admission(HostDoor(folder), lan, Entrance("room", folder))
    house = House(folder, Path(tempfile.gettempdir()), doors, guard, Diary(folder / "day.json"))
    workshop = load_workshop(profile="mini", room=Room(open=True, wifi="Museum", wifi_password="leise"))
    store = Shelf(["qwen-1.5b"], home / "models")
    visitors = Visitors(home / "visitors", house.diary.came)
    mark_interrupted(visitors.home)
    bench = make_bench(workshop, store, lambda _model, _file: Echo(), visitors, house.loans())
    app = make_app(bench, build_page(bench, store.catalog), house)
    beside = room_listeners(app, lan, sockets.https, sockets.http)
    run_servers(app, own, beside, Course(lambda: None, house.anew))
    return house.anew.is_set()


def main(port: int, https: int, http: int, home: Path) -> None:
    from stations.room.reset import wipe

    with private_temp_folder(home / "temp"):
        anew = serve(port, https, http, home)
    if anew:
        wipe(home / "visitors", home / "temp", home / "room")
        os.execv(sys.executable, sys.orig_argv)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), Path(sys.argv[4]))
