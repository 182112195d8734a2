"""Chat through a real server: llama-cpp-python's own one, a process of its own on loopback, with the smallest model.

The model comes from the store of this machine (KIWERKSTATT_HOME); what is absent is skipped.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from models.catalog import Role
from models.engines.base import Message, Sampling
from models.engines.chat_server import ServerChat
from models.errors import ModelError
from models.room import RoomServer
from models.store import Store

for package in ("openai", "llama_cpp", "sse_starlette", "starlette_context"):
    pytest.importorskip(package, reason=f"{package} is not installed")

ROOT = Path(__file__).resolve().parents[2]
KEY = "sehr-geheim"
START_S = 120
LONG_S = 60
GREEDY = Sampling(temperature=0, max_tokens=24)
ENDLESS = Sampling(temperature=1.0, repetition=1.3, max_tokens=900, seed=1)
STORY = [Message("user", "Tell me a long story about a small museum.")]


@pytest.fixture(scope="module")
def model_file():
    store = Store()
    model = store.catalog.model("smollm2")
    if not store.present(model):
        pytest.skip(f"{model.title} is not on this machine: python3 launcher.py fetch smollm2")
    return store.file(model)


def free_port():
    with closing(socket.socket()) as own:
        own.bind(("127.0.0.1", 0))
        return own.getsockname()[1]


@contextmanager
def running(model_file, log, *more):
    """Start the server, wait until it lists its model, end it by its process id."""
    port = free_port()
    options = ["--n_ctx", "1024", "--n_threads", "1", "--interrupt_requests", "False", *more]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(model_file), "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen([*command, "--host", "127.0.0.1", *options], stdout=out, stderr=out)
    try:
        wait_for(f"http://127.0.0.1:{port}/v1/models", process, log)
        yield process, RoomServer(address=f"http://127.0.0.1:{port}/v1")
    finally:
        process.kill()
        process.wait()


def wait_for(address, process, log):
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:  # a key is wanted: it is there
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def server(model_file, tmp_path_factory):
    with running(model_file, tmp_path_factory.mktemp("server") / "log") as (_, room):
        yield room


@pytest.fixture(scope="module")
def locked(model_file, tmp_path_factory):
    with running(model_file, tmp_path_factory.mktemp("locked") / "log", "--api_key", KEY) as (_, room):
        yield room


@contextmanager
def chat_at(room):
    with closing(ServerChat(room)) as chat:
        yield chat


def written(chat, sampling=GREEDY, messages=STORY):
    pieces = list(chat.reply(messages, sampling))
    return "".join(piece.text for piece in pieces), pieces


def test_an_answer_streams_word_by_word(server):
    with chat_at(server) as chat:
        text, pieces = written(chat)
    assert len(text) > 20
    assert sum(1 for piece in pieces if piece.text) > 5
    assert (pieces[-1].tally.end, pieces[-1].tally.new_tokens) == ("length", 24)


def test_settings_reach_the_model(server):
    dice = Sampling(temperature=1.0, max_tokens=24, min_p=0.0, repetition=1.0)
    with chat_at(server) as chat:
        same = {written(chat, Sampling(**{**vars(dice), "seed": 7}))[0] for _ in range(2)}
        others = {written(chat, Sampling(**{**vars(dice), "seed": seed}))[0] for seed in range(4)}
        cut, _ = written(chat, Sampling(temperature=0, max_tokens=24, stop=(" museum",)))
        word, _ = written(chat, Sampling(max_tokens=8, grammar='root ::= "yes" | "no"'))
    assert len(same) == 1
    assert len(others) >= 3
    assert " museum" not in cut
    assert word in ("yes", "no")


def test_an_answer_keeps_to_a_schema(server):
    schema = {"type": "object", "properties": {"open": {"type": "boolean"}}, "required": ["open"]}
    with chat_at(server) as chat:
        text, _ = written(chat, Sampling(max_tokens=40, json_schema=json.dumps(schema)))
    assert isinstance(json.loads(text)["open"], bool)


def test_candidates_are_shown_and_the_likeliest_was_taken(server):
    with chat_at(server) as chat:
        text, pieces = written(
            chat, Sampling(temperature=0, repetition=1.0, min_p=0.0, max_tokens=6, candidates=3)
        )
    tokens = [token for piece in pieces for token in piece.tokens]
    assert "".join(token.text for token in tokens) == text
    assert all(len(token.candidates) == 3 for token in tokens)
    assert all(0 < token.probability <= 1 for token in tokens)


def test_a_stop_in_mid_answer_lets_the_next_one_through(server):
    """This server answers one after another: had it not noticed the Stop, the next would wait for 900 tokens."""
    with chat_at(server) as chat:
        alone, pieces = written(chat)
        answer = chat.reply(STORY, ENDLESS)
        next(piece for piece in answer if piece.text)
        answer.close()
        text, after = written(chat)
    assert text == alone
    assert after[-1].tally.end == pieces[-1].tally.end


def test_two_people_get_their_own_answers(server):
    """The second one's waiting is filled with beats; nobody gets the other's words."""
    with chat_at(server) as chat:
        alone, _ = written(chat)
        first, second = chat.reply(STORY, GREEDY), chat.reply([Message("user", "Count to five.")], GREEDY)
        begun = next(piece for piece in first if piece.text)
        waiting = next(second)
        told = begun.text + "".join(piece.text for piece in first)
        other = waiting.text + "".join(piece.text for piece in second)
    assert told == alone
    assert other
    assert other != told


def test_a_long_talk_is_shortened_although_this_server_does_not_say_why_it_fails(server):
    turns = [Message(who, "museum garden " * 60) for _ in range(10) for who in ("user", "assistant")]
    with chat_at(server) as chat:
        written(chat)
        _, pieces = written(chat, GREEDY, [*turns, Message("user", "Say hi.")])
    assert 0 < pieces[-1].tally.dropped_turns < len(turns) + 1
    assert pieces[-1].tally.end in ("done", "length")


def test_the_right_key_opens_and_a_wrong_one_is_named(locked):
    with chat_at(locked.model_copy(update={"key": RoomServer(address="", key=KEY).key})) as chat:
        assert written(chat, Sampling(max_tokens=4))[0]
    for room in (locked, locked.model_copy(update={"key": RoomServer(address="", key="falsch").key})):
        with chat_at(room) as chat, pytest.raises(ModelError) as caught:
            written(chat)
        assert caught.value.key == "server.key_refused"


def test_a_server_killed_in_mid_answer_is_named_and_so_is_its_absence(model_file, tmp_path):
    told = []
    with running(model_file, tmp_path / "log") as (process, room), chat_at(room) as chat:
        answer = chat.reply(STORY, ENDLESS)
        told.append(next(piece for piece in answer if piece.text))
        process.kill()
        with pytest.raises(ModelError) as broken:
            told.extend(answer)
        process.wait()
        with pytest.raises(ModelError) as absent:
            written(chat)
    assert (broken.value.key, absent.value.key) == ("server.broke_off", "server.unreachable")
    assert all(piece.tally.end is None for piece in told)


def check(room, tmp_path, **environment):
    """Run ``check`` as a host does, with no model on this machine; return what it found."""
    code = "import sys; from stations import commandline, console; from stations.commands import check; \
sys.exit(console.shown('de', lambda: check.run(commandline.parse(['check', '--json', '--lang', 'de']))))"
    named = {"KIWERKSTATT_CHAT__SERVER": room.address, "KIWERKSTATT_HOME": str(tmp_path), **environment}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **named},
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )
    assert done.stdout, done.stderr
    assert KEY not in done.stdout + done.stderr
    return json.loads(done.stdout)


def states(found) -> dict[str, str]:
    return {finding["key"]: finding["state"] for finding in found}


def test_check_says_whether_the_server_answers(locked, tmp_path):
    found = check(locked, tmp_path, KIWERKSTATT_CHAT__SERVER_KEY=KEY)
    assert states(found)["check.server_answers"] == "good"
    assert states(found)["check.guarded"] == "good"
    missing = " ".join(finding["text"] for finding in found if finding["key"] == "check.model_missing")
    assert "Whisper" in missing, "the other stations' models are on no server"
    writers = [model.title for model in Store().catalog.models.values() if model.role is Role.CHAT]
    assert not [title for title in writers if title in missing]
    assert states(check(locked, tmp_path))["server.key_refused"] == "bad"
