"""The guard that refuses every way out. Its audit hook cannot be removed again, so each test is a child process.

Verified that these tests can fail: with the line taken out of ``close_the_door`` that adds the hook, all of
``test_every_way_out_is_refused_counted_and_remembered`` turned red, and all of ``test_libraries_cannot_get_out`` but
the hub, whose own switch suffices; so did those that read counts, targets and named hosts. Each event taken out of
``models.offline`` turned its own test red. (192.0.2.1 and 2001:db8::1 belong to nobody, RFC 5737 and 3849: even
without a guard nothing is reached.)
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 60
BEGIN = """
import json, os, socket, sys
from models.offline import OfflineError, SWITCHES, close_the_door, is_loopback, open_connections

guard = close_the_door({allowed!r})

def tried(way_out):
    try:
        way_out()
    except OfflineError as error:
        return "refused" if isinstance(error, OSError) else "not an OSError"
    except BaseException as error:
        return f"{{type(error).__name__}}: {{error}}"
    return "went through"

def soon(family=socket.AF_INET, kind=socket.SOCK_STREAM):
    made = socket.socket(family, kind)
    made.settimeout(1)
    return made
"""


def child(code, allowed=(), env=None):
    """Run ``code`` behind the guard in a process of its own; return what it prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN.format(allowed=allowed) + code],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


WAYS_OUT = {
    "tcp": ("lambda: soon().connect(('192.0.2.1', 80))", "192.0.2.1"),
    "tcp by connect_ex": ("lambda: soon().connect_ex(('192.0.2.1', 80))", "192.0.2.1"),
    "tcp by create_connection": ("lambda: socket.create_connection(('192.0.2.1', 80), 1)", "192.0.2.1"),
    "udp": ("lambda: soon(kind=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))", "192.0.2.1"),
    "udp by sendmsg": (
        "lambda: soon(kind=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('192.0.2.1', 53))",
        "192.0.2.1",
    ),
    "udp connected": ("lambda: soon(kind=socket.SOCK_DGRAM).connect(('192.0.2.1', 53))", "192.0.2.1"),
    "private address": ("lambda: soon().connect(('192.168.0.77', 80))", "192.168.0.77"),
    "metadata address": ("lambda: soon().connect(('169.254.169.254', 80))", "169.254.169.254"),
    "broadcast": ("lambda: soon(kind=socket.SOCK_DGRAM).sendto(b'x', ('<broadcast>', 9))", "<broadcast>"),
    "bytes host": ("lambda: soon().connect((b'192.0.2.1', 80))", "192.0.2.1"),
    "getaddrinfo": ("lambda: socket.getaddrinfo('example.org', 443)", "example.org"),
    "getaddrinfo of bytes": ("lambda: socket.getaddrinfo(b'example.org', 443)", "example.org"),
    "gethostbyname": ("lambda: socket.gethostbyname('example.org')", "example.org"),
    "gethostbyname_ex": ("lambda: socket.gethostbyname_ex('example.org')", "example.org"),
    "gethostbyaddr": ("lambda: socket.gethostbyaddr('192.0.2.1')", "192.0.2.1"),
    "getnameinfo": ("lambda: socket.getnameinfo(('192.0.2.1', 80), 0)", "192.0.2.1"),
    "a name that only begins like ours": ("lambda: socket.gethostbyname('localhost.evil')", "localhost.evil"),
    "ipv6": ("lambda: soon(socket.AF_INET6).connect(('2001:db8::1', 80))", "2001:db8::1"),
    "ipv4 inside ipv6": (
        "lambda: soon(socket.AF_INET6).connect(('::ffff:192.0.2.1', 80))",
        "::ffff:192.0.2.1",
    ),
}


@pytest.mark.parametrize(("way_out", "target"), WAYS_OUT.values(), ids=WAYS_OUT)
def test_every_way_out_is_refused_counted_and_remembered(way_out, target):
    if target.count(":") > 1 and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    seen = child(f"""
sys.modules["visitor"] = type(sys)("visitor")
exec("def go(way_out): way_out()", vars(sys.modules["visitor"]))
way_out = eval({way_out!r}, dict(globals(), __name__="visitor"))
outcome = tried(lambda: sys.modules["visitor"].go(way_out))
latest = guard.refusals()[0] if guard.refusals() else None
print(json.dumps([outcome, guard.refused_count, latest and latest.target, latest and latest.module]))
""")
    assert seen == ["refused", 1, target, "visitor"]


@pytest.mark.parametrize(
    "method", ["connect(({0!r}, 80))", "connect_ex(({0!r}, 80))", "sendto(b'x', ({0!r}, 80))"]
)
def test_a_name_given_straight_to_a_socket_is_refused_before_it_is_looked_up(method):
    """Python looks such a name up in C before its audit event: an unknown name would end as a look-up error."""
    name = "nirgends.example"
    kind = "socket.SOCK_DGRAM" if "sendto" in method else "socket.SOCK_STREAM"
    go = f"soon(kind={kind}).{method.format(name)}"
    seen = child(f"print(json.dumps([tried(lambda: {go}), guard.refusals()[0].target, guard.refused_count]))")
    assert seen == ["refused", name, 1]


def test_the_count_goes_on_and_the_newest_refusals_come_first():
    seen = child("""
for number in range(250):
    tried(lambda: socket.gethostbyname("a.example"))
for number in range(3):
    tried(lambda: soon().connect(("192.0.2.1", 80)))
by_target = guard.refused_by_target()
print(json.dumps([guard.refused_count, len(guard.refusals()), guard.refusals()[0].target, by_target]))
""")
    assert seen == [253, 200, "192.0.2.1", {"a.example": 197, "192.0.2.1": 3}]


LIBRARIES = {
    "urllib": "import urllib.request\ngo = lambda: urllib.request.urlopen('http://192.0.2.1/', timeout=1)",
    "urllib with a name": (
        "import urllib.request\ngo = lambda: urllib.request.urlopen('http://example.org/', timeout=1)"
    ),
    "httpx": "import httpx\ngo = lambda: httpx.get('http://192.0.2.1/', timeout=1)",
    "httpx with a name": "import httpx\ngo = lambda: httpx.get('https://example.org/', timeout=1)",
    "asyncio": (
        "import asyncio\n"
        "go = lambda: asyncio.run(asyncio.wait_for(asyncio.open_connection('192.0.2.1', 80), 1))"
    ),
    "asyncio with a name": (
        "import asyncio\n"
        "go = lambda: asyncio.run(asyncio.wait_for(asyncio.open_connection('example.org', 80), 1))"
    ),
    "async httpx": (
        "import asyncio, httpx\n"
        "async def get():\n"
        "    async with httpx.AsyncClient(timeout=1) as client:\n"
        "        await client.get('http://192.0.2.1/')\n"
        "go = lambda: asyncio.run(get())"
    ),
    "the hub": (
        "from huggingface_hub import HfApi\n"
        "go = lambda: HfApi(endpoint='http://192.0.2.1').model_info('owner/name', timeout=1)"
    ),
}


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_libraries_cannot_get_out(library):
    outcome, refused = child(
        f"""
{library}
print(json.dumps([tried(go), guard.refused_count]))
""",
        env={"HTTP_PROXY": "", "HTTPS_PROXY": "", "http_proxy": "", "https_proxy": ""},
    )
    assert outcome != "went through"
    assert refused >= 1 or "OfflineMode" in outcome  # the hub's own switch may be quicker than the guard


def test_a_proxy_in_the_environment_is_no_way_out_either():
    proxy = "http://192.0.2.7:3128"
    assert (
        child(
            """
import urllib.request
tried(lambda: urllib.request.urlopen("http://192.0.2.1/", timeout=1))
print(json.dumps(guard.refusals()[0].target))
""",
            env={"http_proxy": proxy, "HTTP_PROXY": proxy},
        )
        == "192.0.2.7"
    )


LOOPBACK = """
def talked(family, host, connect_to=None):
    try:
        with socket.create_server((host, 0), family=family) as server:
            with socket.create_connection((connect_to or host, server.getsockname()[1]), 5) as visitor:
                arrived, _ = server.accept()
                with arrived:
                    visitor.sendall(b"hello")
                    return arrived.recv(5) == b"hello"
    except OSError as error:
        return f"{type(error).__name__}: {error}"
"""


def has_ipv6_loopback():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.enable_socket
def test_this_machine_stays_reachable():
    wanted = {"four": True, "name": True, "bytes": True, "udp": 5, "nobody": 0}
    code = f"""{LOOPBACK}
def datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        here.bind(("127.0.0.1", 0))
        return soon(kind=socket.SOCK_DGRAM).sendto(b"hello", here.getsockname())
found = {{
    "four": talked(socket.AF_INET, "127.0.0.1"),
    "name": talked(socket.AF_INET, "127.0.0.1", "localhost"),
    "bytes": talked(socket.AF_INET, "127.0.0.1", b"127.0.0.1"),
    "udp": datagram(),
}}
if {has_ipv6_loopback()}:
    found["six"] = talked(socket.AF_INET6, "::1")
    wildcard = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    mapped = soon(socket.AF_INET6)
    found["mapped"] = mapped.connect_ex(("::ffff:127.0.0.1", wildcard.getsockname()[1]))
print(json.dumps({{**found, "nobody": guard.refused_count}}))
"""
    if has_ipv6_loopback():
        wanted |= {"six": True, "mapped": 0}
    assert child(code) == wanted


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no unix sockets")
def test_unix_sockets_work(tmp_path):
    assert child(f"""
server = socket.socket(socket.AF_UNIX)
server.bind({str(tmp_path / "s")!r})
server.listen()
visitor = socket.socket(socket.AF_UNIX)
visitor.connect({str(tmp_path / "s")!r})
left, right = socket.socketpair()
left.sendall(b"x")
print(json.dumps([right.recv(1) == b"x", guard.refused_count]))
""") == [True, 0]


def test_an_event_loop_runs_behind_the_guard():
    assert child("""
import asyncio
async def talk():
    async def answer(reader, writer):
        writer.write(await reader.read(5)); writer.close()
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello")
    return (await reader.read()).decode()
print(json.dumps([asyncio.run(talk()), guard.refused_count]))
""") == ["hello", 0]


def test_a_place_that_the_host_named_is_not_refused_and_its_neighbours_are():
    allowed, neighbour, other_port, looked_up, count = child(
        """
print(json.dumps([
    tried(lambda: soon().connect(("192.0.2.1", 80))),
    tried(lambda: soon().connect(("192.0.2.11", 80))),
    tried(lambda: soon().connect(("192.0.2.1", 81))),
    tried(lambda: socket.gethostbyaddr("192.0.2.1")),
    guard.refused_count,
]))
""",
        allowed=(("192.0.2.1", 80),),
    )
    assert allowed != "refused"  # the network's own answer: nobody is there
    assert (neighbour, other_port, looked_up) == ("refused", "refused", "refused")
    assert count == 3


def test_open_connections_lists_a_real_one_and_marks_it_inside():
    listed, sides = child("""
server = socket.create_server(("127.0.0.1", 0))
visitor = socket.create_connection(server.getsockname())
arrived, _ = server.accept()
port, own = server.getsockname()[1], visitor.getsockname()[1]
found = [one for one in open_connections() if f"127.0.0.1:{port}" in (one.here, one.there)]
print(json.dumps([[one.outside for one in found], sorted(one.here == f"127.0.0.1:{own}" for one in found)]))
""")
    assert listed == [False, False]
    assert sides == [False, True]


def test_a_connection_is_outside_unless_it_came_to_our_page_or_stays_here():
    assert child("""
from types import SimpleNamespace
from models.offline import _connection
def outside(here, there):
    ends = [SimpleNamespace(ip=ip, port=port) for ip, port in (here, there)]
    return _connection(*ends, {7860}).outside
print(json.dumps([
    outside(("192.168.0.5", 40000), ("93.184.216.34", 443)),
    outside(("192.168.0.5", 7860), ("192.168.0.9", 50000)),
    outside(("127.0.0.1", 40000), ("127.0.0.1", 8080)),
    outside(("::1", 40000), ("::ffff:127.0.0.1", 8080)),
    outside(("::1", 40000), ("::ffff:93.184.216.34", 443)),
]))
""") == [True, False, False, False, True]


def test_the_libraries_are_told_to_stay_offline():
    switches = child("print(json.dumps({name: os.environ.get(name) == SWITCHES[name] for name in SWITCHES}))")
    assert switches
    assert all(switches.values())


@pytest.mark.parametrize(
    ("target", "stays"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", True),
        ("::", True),
        ("fe80::1%lo", False),
        ("::ffff:10.0.0.1", False),
        ("10.0.0.1", False),
        ("example.org", False),
        ("127.0.0.1.example.org", False),
        ("", False),
        ("2130706433", False),  # 127.0.0.1 as a number: in doubt refused
    ],
)
def test_only_addresses_of_this_machine_count_as_this_machine(target, stays):
    from models.offline import is_loopback

    assert is_loopback(target) is stays


def test_unit_tests_themselves_cannot_open_a_socket():
    with pytest.warns(match="socket"), pytest.raises(RuntimeError, match="socket"):
        socket.socket()
