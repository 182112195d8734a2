"""A server in the room: which addresses count as the room, who plays the role then, and what the page says of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.catalog import Catalog, Role, load_catalog
from models.engines.base import ChatSize
from models.errors import ModelError
from models.library import Library
from models.offline import Guard, OfflineError
from models.opening import open_chat
from models.room import RoomServer, checked_address
from models.store import Store
from models.turns import Fixed
from stations import casting
from stations.page import dressed
from stations.settings import load_workshop

CATALOG = load_catalog()
ROOT = Path(__file__).resolve().parents[2]
ROOM = "http://192.168.1.20:8080/v1"
KEY = "sehr-geheim"


@pytest.fixture(autouse=True)
def settings_of_nobody(workshop_file):
    return workshop_file


def with_server(address=ROOM, **more):
    return load_workshop(chat={"server": address, **more})


class Shelf(Store):
    """Says that these models are installed."""

    def __init__(self, folder, *names):
        super().__init__(folder, catalog=CATALOG)
        self._names = names

    def present(self, model):
        return model.id in self._names


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://192.168.1.20:8080/v1", "http://192.168.1.20:8080/v1"),
        ("http://192.168.1.20:8080", "http://192.168.1.20:8080/v1"),
        (" http://192.168.1.20:8080/ ", "http://192.168.1.20:8080/v1"),
        ("http://10.0.0.7/api/v1/", "http://10.0.0.7:80/api/v1"),
        ("https://172.31.255.255/v1", "https://172.31.255.255:443/v1"),
        ("HTTP://169.254.3.4:11434/v1", "http://169.254.3.4:11434/v1"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http://[FD00:0::7]:8080/v1", "http://[fd00::7]:8080/v1"),
    ],
)
def test_an_address_of_the_room_is_taken_and_written_one_way(text, address):
    assert checked_address(text) == address
    assert checked_address(address) == address


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("http://server.local:8080/v1", "server.a_name"),
        ("http://localhost:8080/v1", "server.a_name"),
        ("http://192.168.1.20.example.org/v1", "server.a_name"),
        ("http://3232235796/v1", "server.a_name"),  # 192.168.1.20 as one number: in doubt a name
        ("http://192.168.1/v1", "server.a_name"),
        ("http://[fe80::1%25eth0]/v1", "server.not_an_address"),
        ("http://8.8.8.8/v1", "server.outside"),
        ("http://172.32.0.1/v1", "server.outside"),
        ("http://192.0.2.1/v1", "server.outside"),
        ("http://100.64.0.1/v1", "server.outside"),
        ("http://0.0.0.0:8080/v1", "server.outside"),
        ("http://255.255.255.255/v1", "server.outside"),
        ("http://[2001:db8::1]/v1", "server.outside"),
        ("http://[::ffff:8.8.8.8]/v1", "server.outside"),
        ("192.168.1.20:8080/v1", "server.not_an_address"),
        ("ftp://192.168.1.20/v1", "server.not_an_address"),
        ("http://", "server.not_an_address"),
        ("http://192.168.1.20:99999/v1", "server.not_an_address"),
        ("http://me:secret@192.168.1.20/v1", "server.not_an_address"),
        ("http://192.168.1.20/v1?key=secret", "server.not_an_address"),
        ("http://[192.168.1.20/v1", "server.not_an_address"),
    ],
)
def test_whatever_is_not_surely_the_room_is_refused_with_a_sentence(text, key):
    with pytest.raises(ModelError) as caught:
        with_server(text)
    assert caught.value.key == key
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "place", "elsewhere"),
    [
        ("http://192.168.1.20:8080/v1", ("192.168.1.20", 8080), True),
        ("https://10.0.0.7:443/v1", ("10.0.0.7", 443), True),
        ("http://[fd00::7]:8080/v1", ("fd00::7", 8080), True),
        ("http://127.0.0.1:8080/v1", ("127.0.0.1", 8080), False),
        ("http://[::1]:8080/v1", ("::1", 8080), False),
    ],
)
def test_a_server_knows_its_place(address, place, elsewhere):
    server = RoomServer(address=address)
    assert (server.place, server.elsewhere) == (place, elsewhere)


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_without_a_server_nothing_is_opened():
    for workshop in (load_workshop(), with_server(""), with_server("  ")):
        assert workshop.chat.room_server is None
        assert workshop.chat.places == ()


def test_the_file_names_the_server_and_the_environment_its_key(settings_of_nobody, monkeypatch):
    settings_of_nobody.write_text(f'[chat]\nserver = "{ROOM}"\nserver_model = "gut"\n', encoding="utf-8")
    monkeypatch.setenv("KIWERKSTATT_CHAT__SERVER_KEY", KEY)
    server = load_workshop().chat.room_server
    assert (server.address, server.model, server.key.get_secret_value()) == (ROOM, "gut", KEY)


def test_the_key_is_never_written_down():
    workshop = with_server(server_key=KEY)
    model = casting.room_model(workshop)
    for shown in (workshop, workshop.chat, model, model.server):
        assert KEY not in f"{shown!r} {shown} {shown.model_dump_json()}"
    with pytest.raises(ModelError) as caught:
        load_workshop(chat={"server": ROOM, "sever_key": KEY})
    assert KEY not in f"{caught.value} {caught.value.facts}"


# --- The door ---------------------------------------------------------------------------------------------------------


def tried(guard, event, *arguments):
    try:
        guard.watch(event, arguments)
    except OfflineError:
        return "refused"
    return "through"


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (("192.168.1.20", 8080), "through"),
        (("192.168.1.20", 8081), "refused"),
        (("192.168.1.21", 8080), "refused"),
        (("192.168.1.20",), "refused"),
    ],
)
def test_the_guard_opens_one_address_and_one_port(target, verdict):
    import socket

    guard = Guard(with_server().chat.places)
    with socket.socket() as own:
        assert tried(guard, "socket.connect", own, target) == verdict
        assert tried(guard, "socket.sendto", own, target) == verdict


@pytest.mark.parametrize("event", ["socket.getaddrinfo", "socket.gethostbyaddr", "socket.getnameinfo"])
def test_nobody_is_asked_about_the_server_either(event):
    """Looking an address up is a question to a name server, which may be anywhere."""
    assert tried(Guard(with_server().chat.places), event, "192.168.1.20", 8080) == "refused"


BEHIND_THE_DOOR = """
import json, sys
from models import offline
offline.is_loopback = lambda target: False
guard = offline.close_the_door([("127.0.0.1", 9)] if sys.argv[1] == "named" else [])
from models.engines import chat_server
from models.engines.base import Message, Sampling
from models.errors import ModelError
from models.room import RoomServer
chat = chat_server.ServerChat(RoomServer(address="http://127.0.0.1:9/v1", model="x"))
try:
    list(chat.reply([Message("user", "Hallo")], Sampling()))
except ModelError as error:
    print(json.dumps([error.key, guard.refused_count, dict(guard.refused_by_target())]))
chat.close()
"""


@pytest.mark.parametrize(("door", "refused"), [("named", {}), ("shut", {"127.0.0.1": 1})])
def test_the_way_to_the_server_needs_one_gap_in_the_door_and_nothing_else(door, refused):
    """The guard of this child does not know loopback as its own, so that nothing has to leave this machine."""
    pytest.importorskip("openai", reason="the client for servers in the room is not installed")
    done = subprocess.run(
        [sys.executable, "-c", BEHIND_THE_DOOR, door],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["server.unreachable", sum(refused.values()), refused]


def test_a_connection_to_the_server_is_shown_apart_and_is_no_alarm(monkeypatch):
    from models.offline import Connection
    from stations import shell

    there = ["192.168.1.20:8080", "93.184.216.34:443", "127.0.0.1:5000"]
    listed = [Connection("10.0.0.5:4000", each, outside=not each.startswith("127")) for each in there]
    monkeypatch.setattr(shell, "open_connections", lambda: listed)
    state = shell.offline_state(Guard(with_server().chat.places))
    assert (state["server"], state["outside"], state["inside"]) == ([there[0]], [there[1]], 1)
    assert shell.offline_state(Guard())["outside"] == there[:2]


# --- Who plays --------------------------------------------------------------------------------------------------------


def test_the_server_plays_first_and_the_installed_models_after_it(tmp_path):
    store = Shelf(tmp_path, "qwen-1.5b")
    assert [model.id for model in casting.players(with_server(), store, Role.CHAT)] == [
        "room-chat",
        "qwen-1.5b",
    ]
    assert [model.id for model in casting.players(load_workshop(), store, Role.CHAT)] == ["qwen-1.5b"]


def test_the_server_plays_no_other_role(tmp_path):
    assert casting.players(with_server(), Shelf(tmp_path), Role.VOICE) == ()


def test_with_a_server_no_chat_model_has_to_be_fetched(tmp_path):
    store = Shelf(tmp_path)
    assert [model.role for model in casting.missing_models(load_workshop(), store)] == [Role.CHAT]
    for profile in ("auto", "mini", "large"):
        workshop = load_workshop(chat={"server": ROOM}, profile=profile)
        assert casting.missing_models(workshop, store) == []
        assert casting.wanted_models(workshop, CATALOG) == []


def test_the_model_on_the_server_is_honest_about_itself():
    model = casting.room_model(with_server(server_model="gut"))
    assert model.title == "gut · 192.168.1.20:8080"
    assert "192.168.1.20:8080" in model.origin.de
    assert "192.168.1.20:8080" in model.origin.en
    assert "anderen Gerät" in model.origin.de
    here = casting.room_model(with_server("http://127.0.0.1:8080"))
    assert "auf diesem Gerät" in here.origin.de
    assert here.title == "127.0.0.1:8080"


def test_a_model_of_the_room_needs_no_memory_and_no_file(tmp_path):
    opened = []
    model = casting.room_model(with_server())
    library = Library(
        lambda _: (model,),
        Store(tmp_path, catalog=CATALOG).file,
        lambda *given: opened.append(given) or Silent(),
        available=lambda: 0,
    )
    with library.borrow_chat():
        assert opened[0][0] is model
    library.close()


class Silent:
    def reply(self, messages, sampling, *, person=""):
        yield from ()

    def close(self):
        pass


def test_the_catalogue_cannot_smuggle_a_server_in(tmp_path):
    raw = CATALOG.models["smollm2"].model_dump() | {"engine": "server", "server": {"address": ROOM}}
    with pytest.raises(ValueError, match="server"):
        Catalog.model_validate({"models": {"smollm2": raw}, "profiles": {}})
    del raw["server"]
    [model] = Catalog.model_validate({"models": {"smollm2": raw}, "profiles": {}}).models.values()
    with pytest.raises(ModelError) as caught:
        open_chat(model, tmp_path, Fixed(1), ChatSize())
    assert caught.value.key == "library.no_engine"


@pytest.mark.enable_socket
def test_a_model_of_the_room_is_opened_as_one(tmp_path):
    pytest.importorskip("openai", reason="the client for servers in the room is not installed")
    from models.engines.chat_server import ServerChat

    model = casting.room_model(with_server("http://127.0.0.1:9"))
    engine = open_chat(model, tmp_path, Fixed(1), ChatSize())
    engine.close()
    assert isinstance(engine, ServerChat)


# --- What the page says -----------------------------------------------------------------------------------------------

PAGE = '<html lang="en"><head></head><body><gradio-app></gradio-app></body></html>'


def test_the_header_says_where_the_texts_go():
    page = dressed(PAGE, "de", RoomServer(address=ROOM, key=KEY))
    assert "Ihre Texte gehen nur an ein Gerät im Raum." in page
    assert "192.168.1.20:8080" in page
    assert KEY not in page
    assert "verlässt dieses Gerät nicht" not in page
    assert "Flugmodus" not in page


def test_a_server_on_this_machine_is_named_too_for_the_guard_does_not_watch_it():
    page = dressed(PAGE, "de", RoomServer(address="http://127.0.0.1:8080/v1"))
    assert "Alles läuft auf diesem Gerät." in page
    assert "127.0.0.1:8080" in page


def test_without_a_server_the_header_says_that_nothing_leaves_this_machine():
    page = dressed(PAGE, "de")
    assert "Alles läuft auf diesem Gerät." in page
    assert "verlässt dieses Gerät nicht" in page
    assert "ki-server" not in page
    assert "Der Wächter bewacht nur dieses Programm" not in page
