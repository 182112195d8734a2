"""Unit tests reach nothing: no sockets at all, or only this machine where a test asks for them."""

import os

import pytest
from pytest_socket import disable_socket, socket_allow_hosts

from stations.settings import Workshop

THIS_MACHINE = ["127.0.0.1", "::1"]


@pytest.fixture(autouse=True)
def no_way_out(request):
    """Block sockets; ``@pytest.mark.enable_socket`` opens the way to this machine and no further.

    pytest-socket has judged the test before (fixtures come after its hook) and cleans up behind it.
    """
    if request.node.get_closest_marker("enable_socket"):
        socket_allow_hosts(THIS_MACHINE, allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)


@pytest.fixture
def workshop_file(tmp_path, monkeypatch):
    """A settings file that the test writes; nothing of the environment it runs in counts."""
    for name in [name for name in os.environ if name.startswith("KIWERKSTATT_")]:
        monkeypatch.delenv(name)
    place = tmp_path / "workshop.toml"
    monkeypatch.setitem(Workshop.model_config, "toml_file", place)
    place.write_text("", encoding="utf-8")
    return place
