"""The kit lent to the room: everything of the manifest, nothing else, to nobody outside."""

import html
import http.client
import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import ModelError
from models.kit import manifest, sharing
from models.kit.layout import Kit
from models.kit.sharing import KitServer
from stations.commands import kit_serve
from stations.room.network import in_the_room
from stations.texts import LANGUAGES, say
from tests.unit.kit_on_disk import FILES, write_kit

pytestmark = pytest.mark.enable_socket
HERE = "127.0.0.1"


@pytest.fixture
def stick(tmp_path: Path) -> Kit:
    kit, _ = write_kit(tmp_path / "stick", FILES | {"Start-Linux.sh": "#!/bin/sh\n"})
    (kit.root / "private.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "outside.txt").write_text("secret", encoding="utf-8")
    return kit


def server(kit: Kit, **more: object) -> KitServer:
    return KitServer(kit, (HERE, 0), b"<p>welcome", more.get("allowed", in_the_room))  # type: ignore[arg-type]


@pytest.fixture
def lent(stick: Kit) -> Iterator[KitServer]:
    yield from _running(server(stick))


def _running(lent: KitServer) -> Iterator[KitServer]:
    thread = threading.Thread(target=lent.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield lent
    lent.shutdown()
    lent.server_close()


def asked(lent: KitServer, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HERE, int(lent.server_address[1]), timeout=20)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_zip_is_a_stick_that_is_believed(lent: KitServer, stick: Kit, tmp_path: Path) -> None:
    status, content = asked(lent, f"/{sharing.ZIP}")
    assert status == 200
    packed = zipfile.ZipFile(io.BytesIO(content))
    assert packed.testzip() is None
    packed.extractall(tmp_path / "laptop")
    taken = Kit(tmp_path / "laptop" / sharing.FOLDER)
    found = manifest.read(taken)
    assert found == manifest.read(stick)
    for entry in found.files:
        assert manifest.entry_of(taken.root, taken.root / entry.path) == entry
    assert not (taken.root / "private.txt").exists()
    start = packed.getinfo(f"{sharing.FOLDER}/Start-Linux.sh")
    assert start.external_attr >> 16 & 0o100, "it can be started after unpacking"


def test_single_files_are_lent_as_another_laptops_store_asks_for_them(lent: KitServer) -> None:
    assert asked(lent, "/models/small/weights.gguf") == (200, b"w" * 3000)
    assert asked(lent, "/") == (200, b"<p>welcome")


@pytest.mark.parametrize(
    "path",
    [
        "/private.txt",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/models/../../outside.txt",
        "//etc/passwd",
        "/code",
        "/code/",
        "/models/small/weights.gguf/",
        "/code\\launcher.py",
        "/models/small/weights.gguf%00",
    ],
)
def test_what_the_manifest_does_not_list_is_not_there(lent: KitServer, path: str) -> None:
    status, content = asked(lent, path)
    assert (status, content) == (404, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nobody_can_write(lent: KitServer, method: str) -> None:
    connection = http.client.HTTPConnection(HERE, int(lent.server_address[1]), timeout=20)
    connection.request(method, "/models/small/weights.gguf", body=b"x")
    assert connection.getresponse().status == 501
    connection.close()


def test_addresses_outside_the_room_get_nothing(stick: Kit) -> None:
    seen: list[str] = []

    def nobody(address: str) -> bool:
        seen.append(address)
        return False

    for lent in _running(server(stick, allowed=nobody)):
        assert asked(lent, f"/{sharing.ZIP}") == (403, b"")
        assert asked(lent, "/") == (403, b"")
    assert seen == [HERE, HERE]


def test_half_a_kit_is_lent_to_nobody(stick: Kit) -> None:
    (stick.models / "small/weights.gguf").unlink()
    with pytest.raises(ModelError) as caught:
        server(stick)
    assert caught.value.key == "kit.missing"
    manifest.lift_mark(stick)
    with pytest.raises(ModelError) as caught:
        server(stick)
    assert caught.value.key == "kit.incomplete"


def test_a_transfer_that_breaks_off_is_noticed_by_the_browser(lent: KitServer, stick: Kit) -> None:
    (stick.models / "small/weights.gguf").unlink()  # the stick is pulled out
    with pytest.raises(http.client.IncompleteRead):
        asked(lent, f"/{sharing.ZIP}")


def test_the_page_says_in_both_languages_what_to_do_and_loads_nothing() -> None:
    page = kit_serve.welcome("http://192.168.1.20:7870")
    for language in LANGUAGES:
        for key in kit_serve.WELCOME:
            assert html.escape(say(key, language, file=sharing.ZIP)) in page
    assert f'href="/{sharing.ZIP}"' in page
    assert "<svg" in page
    assert "<script" not in page
    assert "src=" not in page


def test_without_a_network_the_kit_is_not_lent(stick: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    from stations.console import terminal
    from stations.room.network import Network

    monkeypatch.setattr(kit_serve, "network", lambda: Network((), ()))
    with pytest.raises(ModelError) as caught:
        kit_serve.serve(stick, None, terminal("de"))
    assert caught.value.key == "kit.no_network"


def test_a_taken_port_is_named(lent: KitServer, stick: Kit) -> None:
    with pytest.raises(ModelError) as caught:
        kit_serve._server(stick, HERE, int(lent.server_address[1]))
    assert (caught.value.key, caught.value.facts["port"]) == ("kit.port_busy", lent.server_address[1])
