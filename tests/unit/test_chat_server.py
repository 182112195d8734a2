"""Chat through a server in the room: what it is asked, what people see, and how it goes wrong, against a fake server.

The fake one speaks just enough HTTP; ``tests/real/test_chat_server_real.py`` asks a real one.
"""

import json
import logging
import socket
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from models.engines import chat_server
from models.engines.base import Alternative, Message, Sampling
from models.engines.chat_server import ServerChat
from models.engines.server_words import shortened
from models.errors import ModelError
from models.room import RoomServer

pytest.importorskip("openai", reason="the client for servers in the room is not installed")
pytestmark = pytest.mark.enable_socket

ASK = [Message("system", "Kurz."), Message("user", "Wer ist da?")]
LONG_S = 30.0
EXTRAS = {"min_p", "repeat_penalty", "repetition_penalty", "stream_options", "return_progress", "logprobs"}


class Fake(ThreadingHTTPServer):
    """Answers chat requests with ``script(handler, request)`` and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, script):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.asked, self.keys, self.paths = script, [], [], []
        self.hung_up, self.go_on = threading.Event(), threading.Event()
        self.models = ["first", "second"]

    @property
    def room(self):
        return RoomServer(address=f"http://127.0.0.1:{self.server_address[1]}/v1", model="small")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.paths.append(self.path)
        self.say_json(200, {"data": [{"id": each} for each in self.server.models]})

    def do_POST(self):
        self.server.paths.append(self.path)
        self.server.keys.append(self.headers.get("Authorization"))
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        self.server.script(self, asked)

    def say_json(self, code, body, **headers):
        raw = json.dumps(body).encode()
        self.send_response(code)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": len(raw),
            **headers,
        }.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(raw)

    def begin(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def event(self, **changes):
        self.raw("data: " + json.dumps({"id": "x", "object": "chat.completion.chunk", **changes}) + "\n\n")

    def word(self, text, **more):
        self.event(choices=[{"index": 0, "delta": {"content": text}, "finish_reason": None, **more}])

    def end(self, reason="stop"):
        self.event(choices=[{"index": 0, "delta": {}, "finish_reason": reason}])
        self.raw("data: [DONE]\n\n")

    def raw(self, text):
        for byte in (text if isinstance(text, bytes) else text.encode()).splitlines(keepends=True):
            self.wfile.write(byte)
            self.wfile.flush()

    def wait_for_hang_up(self):
        self.connection.settimeout(LONG_S)
        if self.connection.recv(1) == b"":
            self.server.hung_up.set()

    def log_message(self, *_):
        pass


def says(*words):
    def script(handler, _):
        handler.begin()
        for word in words:
            handler.word(word)
        handler.end()

    return script


def refuses(status, **body):
    return lambda handler, _: handler.say_json(status, {"error": {"message": "no", **body}})


@contextmanager
def served(script):
    server = Fake(script)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chat_with(script, model="small", key="", **patience):
    with served(script) as server:
        place = server.room.model_copy(update={"model": model})
        with closing(ServerChat(RoomServer(address=place.address, model=model, key=key), **patience)) as chat:
            yield chat, server


def pieces_of(chat, messages=ASK, **sampling):
    pieces = list(chat.reply(messages, Sampling(**sampling)))
    assert [piece.tally.end for piece in pieces[:-1]] == [None] * (len(pieces) - 1)
    return pieces


def text_of(pieces):
    return "".join(piece.text for piece in pieces)


def failure(chat, messages=ASK, **sampling):
    """Return the error that ends an answer, and what was written before."""
    written = []
    with pytest.raises(ModelError) as caught:
        written.extend(piece for piece in chat.reply(messages, Sampling(**sampling)))
    return caught.value, text_of(written)


# --- What comes back --------------------------------------------------------------------------------------------------


def test_the_words_arrive_and_the_last_piece_says_that_it_is_over():
    with chat_with(says("Ich", " bin", " da.")) as (chat, _):
        pieces = pieces_of(chat)
    assert text_of(pieces) == "Ich bin da."
    assert (pieces[-1].tally.end, pieces[-1].tally.new_tokens) == ("done", 3)
    assert 0 < pieces[-1].tally.first_token_s <= pieces[-1].tally.seconds


def test_characters_cut_apart_on_the_way_arrive_whole():
    """Signs of several bytes come byte by byte; some count as line ends elsewhere, never inside an answer."""
    known = "Grüße 🦄 aus 漢字\u2028neu\u0085und \U0001f3db\ufe0f"

    def script(handler, _):
        handler.begin()
        chunk = {"choices": [{"index": 0, "delta": {"content": known}, "finish_reason": None}]}
        for byte in ("data: " + json.dumps(chunk, ensure_ascii=False) + "\n\n").encode():
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
        handler.end()

    with chat_with(script) as (chat, _):
        assert text_of(pieces_of(chat)) == known


@pytest.mark.parametrize(("reason", "end"), [("stop", "done"), ("length", "length"), ("odd", "done")])
def test_the_reason_for_the_end_is_told(reason, end):
    def script(handler, _):
        handler.begin()
        handler.word("Hallo")
        handler.end(reason)

    with chat_with(script) as (chat, _):
        assert pieces_of(chat)[-1].tally.end == end


def test_an_answer_that_is_over_ends_although_the_server_keeps_the_line_open():
    def script(handler, _):
        handler.begin()
        handler.word("Hallo")
        handler.event(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])
        handler.wait_for_hang_up()

    with chat_with(script) as (chat, server):
        assert pieces_of(chat)[-1].tally.end == "done"
        assert server.hung_up.wait(LONG_S)


def test_what_the_server_counts_is_believed():
    def script(handler, _):
        handler.begin()
        handler.event(choices=[], prompt_progress={"total": 40, "cache": 0, "processed": 16, "time_ms": 3})
        handler.word("zwei Wörter")
        handler.event(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])
        handler.event(choices=[], usage={"prompt_tokens": 41, "completion_tokens": 5, "total_tokens": 46})
        handler.raw("data: [DONE]\n\n")

    with chat_with(script) as (chat, _):
        pieces = pieces_of(chat)
    assert (pieces[0].tally.prompt_read, pieces[0].tally.prompt_tokens) == (16, 40)
    last = pieces[-1].tally
    assert (last.prompt_read, last.prompt_tokens, last.new_tokens) == (41, 41, 5)


def test_candidates_come_with_their_probabilities():
    def script(handler, _):
        handler.begin()
        rivals = [{"token": "Ja", "logprob": 0.0}, {"token": "Nein", "logprob": -0.6931471805599453}]
        handler.word("Ja", logprobs={"content": [{"token": "Ja", "logprob": 0.0, "top_logprobs": rivals}]})
        handler.word("!", logprobs=None)
        handler.end()

    with chat_with(script) as (chat, server):
        seen = [token for piece in pieces_of(chat, candidates=2) for token in piece.tokens]
    assert (server.asked[0]["logprobs"], server.asked[0]["top_logprobs"]) == (True, 2)
    assert [(token.text, token.probability) for token in seen] == [("Ja", 1.0)]
    assert seen[0].candidates == (Alternative("Ja", 1.0), Alternative("Nein", pytest.approx(0.5)))


def test_chunks_that_lack_almost_everything_are_no_reason_to_fall_over():
    def script(handler, _):
        handler.begin()
        handler.raw(": nothing yet\n\n")
        handler.event()
        handler.event(choices=[{"index": 0}])
        handler.event(choices=[{"index": 0, "delta": {"content": None, "reasoning_content": "Hm."}}])
        handler.word("Hallo")
        handler.end()

    with chat_with(script) as (chat, _):
        assert text_of(pieces_of(chat)) == "Hallo"


def one_word_and_silence(handler, _):
    handler.begin()
    handler.word("Hallo")
    handler.wait_for_hang_up()


def test_the_time_for_writing_ends_an_answer():
    with chat_with(one_word_and_silence) as (chat, server):
        pieces = pieces_of(chat, max_seconds=0.1)
        assert (text_of(pieces), pieces[-1].tally.end) == ("Hallo", "time")
        assert server.hung_up.wait(LONG_S)


# --- What is asked ----------------------------------------------------------------------------------------------------


def test_conversation_and_settings_are_passed_on():
    with chat_with(says("Hallo"), key="geheim") as (chat, server):
        wanted = {"temperature": 0.7, "top_p": 0.8, "min_p": 0.1, "repetition": 1.2, "seed": 7}
        pieces_of(chat, ASK, max_tokens=33, stop=("Ende", "\n\n"), **wanted)
        asked = server.asked[0]
    assert asked["messages"] == [
        {"role": "system", "content": "Kurz."},
        {"role": "user", "content": "Wer ist da?"},
    ]
    assert (asked["model"], asked["stream"], asked["max_tokens"]) == ("small", True, 33)
    assert (asked["temperature"], asked["top_p"], asked["seed"]) == (0.7, 0.8, 7)
    assert (asked["min_p"], asked["repeat_penalty"], asked["repetition_penalty"]) == (0.1, 1.2, 1.2)
    assert asked["stop"] == ["Ende", "\n\n"]
    assert server.keys == ["Bearer geheim"]
    assert server.paths == ["/v1/chat/completions"]


def test_what_is_not_wished_for_is_not_asked_for():
    with chat_with(says("Hallo")) as (chat, server):
        pieces_of(chat)
    assert not {"seed", "stop", "logprobs", "grammar", "response_format"} & set(server.asked[0])


def test_no_key_of_this_machines_environment_goes_to_the_server(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-somebody")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1/v1")
    with chat_with(says("Hallo")) as (chat, server):
        pieces_of(chat)
    assert server.keys == ["Bearer -"]


def test_no_proxy_of_this_machines_environment_is_asked(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with chat_with(says("Hallo")) as (chat, _):
        assert text_of(pieces_of(chat)) == "Hallo"


def test_without_a_model_the_first_one_listed_is_asked_and_remembered():
    with chat_with(says("Hallo"), model="") as (chat, server):
        pieces_of(chat)
        pieces_of(chat)
    assert [asked["model"] for asked in server.asked] == ["first", "first"]
    assert server.paths.count("/v1/models") == 1


def test_a_model_that_is_gone_is_looked_for_again():
    def script(handler, asked):
        if asked["model"] == "first":
            refuses(404)(handler, asked)
        else:
            says("Hallo")(handler, asked)

    with chat_with(script, model="") as (chat, server):
        assert failure(chat)[0].key == "server.not_found"
        server.models = ["third"]
        assert text_of(pieces_of(chat)) == "Hallo"


SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}}


def test_a_schema_is_asked_for_in_both_ways_that_servers_know():
    def script(handler, asked):
        newer = asked["response_format"]["type"] == "json_schema"
        (refuses(422) if newer else says("{}"))(handler, asked)

    with chat_with(script) as (chat, server):
        assert text_of(pieces_of(chat, json_schema=json.dumps(SCHEMA))) == "{}"
        pieces_of(chat, json_schema=json.dumps(SCHEMA))
    assert server.asked[0]["response_format"]["json_schema"]["schema"] == SCHEMA
    assert server.asked[-1]["response_format"] == {"type": "json_object", "schema": SCHEMA}
    assert [one["response_format"]["type"] for one in server.asked].count("json_object") == 2


def test_a_grammar_is_passed_on_and_a_broken_schema_is_named():
    with chat_with(says("ja")) as (chat, server):
        pieces_of(chat, grammar='root ::= "ja"')
        assert server.asked[0]["grammar"] == 'root ::= "ja"'
        assert failure(chat, json_schema="{")[0].key == "server.no_form"


def picky(handler, asked):
    """Know only what OpenAI's own interface knows, and of that no probabilities."""
    (refuses(400) if EXTRAS & set(asked) else says("Hallo"))(handler, asked)


def test_a_server_that_refuses_unknown_fields_is_asked_without_them_from_then_on():
    with chat_with(picky) as (chat, server):
        first = text_of(pieces_of(chat, candidates=3))
        tries = len(server.asked)
        second = text_of(pieces_of(chat, candidates=3))
    assert (first, second) == ("Hallo", "Hallo")
    assert tries > 1
    assert len(server.asked) == tries + 1
    assert not EXTRAS & set(server.asked[-1])


def test_a_server_without_probabilities_still_gets_the_other_settings():
    def script(handler, asked):
        (refuses(501) if "logprobs" in asked else says("Hallo"))(handler, asked)

    with chat_with(script) as (chat, server):
        assert text_of(pieces_of(chat, candidates=3)) == "Hallo"
    assert "min_p" in server.asked[-1]


def test_a_form_does_not_cost_other_answers_their_settings():
    def script(handler, asked):
        (refuses(422) if "json_schema" in str(asked.get("response_format")) else says("{}"))(handler, asked)

    with chat_with(script) as (chat, server):
        pieces_of(chat, json_schema=json.dumps(SCHEMA))
        pieces_of(chat)
    assert "min_p" in server.asked[-1]


# --- Too long ---------------------------------------------------------------------------------------------------------

TALK = [
    Message("system", "Kurz."),
    *[Message(who, f"{number} {who}") for number in range(4) for who in ("user", "assistant")],
    Message("user", "Und?"),
]
LLAMA_SERVER = {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 90, "n_ctx": 50}
OPENAI = {"message": "This model's maximum context length is 50 tokens. However, you requested 90 tokens (…)"}


def fits(most, **too_long):
    def script(handler, asked):
        (says("Hallo") if len(asked["messages"]) <= most else refuses(400, **too_long))(handler, asked)

    return script


@pytest.mark.parametrize("words", [LLAMA_SERVER, OPENAI])
def test_the_oldest_turns_are_left_out_until_it_fits_and_counted(words):
    with chat_with(fits(4, **words)) as (chat, server):
        pieces = pieces_of(chat, TALK)
    kept = server.asked[-1]["messages"]
    assert text_of(pieces) == "Hallo"
    assert kept[0] == {"role": "system", "content": "Kurz."}
    assert kept[1]["role"] == "user"
    assert kept[-1]["content"] == "Und?"
    assert pieces[-1].tally.dropped_turns == len(TALK) - len(kept) > 0


@pytest.mark.parametrize("words", [LLAMA_SERVER, OPENAI])
def test_a_question_that_alone_is_too_long_is_refused_with_its_length(words):
    with chat_with(fits(0, **words)) as (chat, _):
        error, _ = failure(chat, TALK)
    assert (error.key, error.facts) == ("chat.too_long", {"tokens": 90, "limit": 50})


def test_a_proven_server_that_hangs_up_on_a_long_talk_is_asked_with_less_of_it():
    """llama-cpp-python's server says nothing about the length: the stream just ends."""

    def script(handler, asked):
        if len(asked["messages"]) <= 4:
            says("Hallo")(handler, asked)
        else:
            handler.begin()

    with chat_with(script) as (chat, server):
        pieces_of(chat)
        assert pieces_of(chat, TALK)[-1].tally.dropped_turns > 0
    assert "min_p" in server.asked[-1]


def test_shortening_ends_with_the_last_question_and_keeps_the_system_message():
    lengths = [len(TALK)]
    talk = TALK
    while (shorter := shortened(talk)) != talk:
        assert (shorter[0], shorter[1].speaker, shorter[-1]) == (TALK[0], "user", TALK[-1])
        talk = shorter
        lengths.append(len(talk))
    assert lengths == sorted(lengths, reverse=True)
    assert talk == [TALK[0], TALK[-1]]


# --- Stop and patience ------------------------------------------------------------------------------------------------


def until_a_word(pieces):
    return next(piece for piece in pieces if piece.text)


def test_a_stop_hangs_up_while_the_server_writes():
    with chat_with(one_word_and_silence) as (chat, server):
        answer = chat.reply(ASK, Sampling())
        until_a_word(answer)
        assert not server.hung_up.is_set()
        answer.close()
        assert server.hung_up.wait(LONG_S)


def test_a_stop_hangs_up_before_the_server_has_said_anything():
    with chat_with(lambda handler, _: handler.wait_for_hang_up()) as (chat, server):
        answer = chat.reply(ASK, Sampling())
        assert next(answer).text == ""
        answer.close()
        assert server.hung_up.wait(LONG_S)


def test_two_people_are_answered_at_once_and_one_stop_stops_one():
    def script(handler, asked):
        handler.begin()
        handler.word("Hallo")
        if asked["messages"][-1]["content"] == "Wer ist da?":
            handler.wait_for_hang_up()
        else:
            handler.server.go_on.wait(LONG_S)
            handler.end()

    with chat_with(script) as (chat, server):
        stopped, other = chat.reply(ASK, Sampling()), chat.reply([Message("user", "Und ich?")], Sampling())
        until_a_word(stopped)
        until_a_word(other)
        stopped.close()
        assert server.hung_up.wait(LONG_S)
        server.go_on.set()
        assert list(other)[-1].tally.end == "done"


def test_a_silent_server_leaves_a_beat_and_then_a_sentence(monkeypatch):
    monkeypatch.setattr(chat_server, "BEAT_S", 0.02)

    with chat_with(lambda handler, _: handler.wait_for_hang_up(), first_word_s=0.3) as (chat, server):
        beats = []
        with pytest.raises(ModelError) as caught:
            beats.extend(piece for piece in chat.reply(ASK, Sampling()))
        assert len(beats) > 2
        assert {(beat.text, beat.tally.end) for beat in beats} == {("", None)}
        assert caught.value.key == "server.too_slow"
        assert server.hung_up.wait(LONG_S)


def test_a_server_that_falls_silent_in_mid_answer_is_given_less_time():
    def script(handler, _):
        handler.begin()
        handler.word("Hallo")
        handler.wait_for_hang_up()

    with chat_with(script, first_word_s=LONG_S * 10, next_word_s=0.1) as (chat, _):
        error, written = failure(chat)
    assert (error.key, written) == ("server.too_slow", "Hallo")


def test_closing_the_engine_leaves_no_thread():
    before = threading.active_count()
    with served(says("Hallo")) as server:
        during = threading.active_count()
        chat = ServerChat(server.room)
        assert threading.active_count() == during + 1
        chat.close()
        assert threading.active_count() == during
    assert before == threading.active_count()


# --- What goes wrong --------------------------------------------------------------------------------------------------


def breaks_off(handler, _):
    handler.begin()
    handler.word("Hal")
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()


def stops_short(handler, _):
    handler.begin()
    handler.word("Hal")


def gives_up(handler, _):
    handler.begin()
    handler.word("Hal")
    handler.event(error={"message": "Wer ist da?", "code": 500})


def babbles(handler, _):
    handler.begin()
    handler.word("Hal")
    handler.raw("data: {half\n\n")


@pytest.mark.parametrize("script", [breaks_off, stops_short, gives_up, babbles])
def test_a_server_that_dies_in_mid_answer_is_named_and_what_was_written_stays(script):
    with chat_with(script) as (chat, server):
        error, written = failure(chat)
    assert (error.key, written) == ("server.broke_off", "Hal")
    assert error.facts == {"address": server.room.name}
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("code", "body", "key"),
    [
        (401, {}, "server.key_refused"),
        (403, {}, "server.key_refused"),
        (404, {}, "server.not_found"),
        (400, {"code": "model_not_found"}, "server.not_found"),
        (429, {}, "server.busy"),
        (503, {}, "server.busy"),
        (400, {}, "server.refused"),
        (500, {}, "server.refused"),
    ],
)
def test_each_refusal_has_a_sentence_of_its_own(code, body, key):
    with chat_with(refuses(code, **body)) as (chat, _):
        assert failure(chat)[0].key == key


def test_a_refusal_never_repeats_what_a_visitor_wrote():
    with chat_with(refuses(400, message="you asked: Wer ist da?")) as (chat, _):
        error, _ = failure(chat)
    told = str(error) + str(error.facts) + str(error.__cause__)
    assert "Wer ist da?" not in told
    assert error.__suppress_context__


def test_no_log_repeats_what_a_visitor_wrote(caplog):
    with caplog.at_level(logging.DEBUG), chat_with(says("Hallo")) as (chat, _):
        pieces_of(chat)
    assert caplog.text
    assert "Wer ist da?" not in caplog.text


def test_a_redirect_is_not_followed():
    with served(says("Hallo")) as other:

        def script(handler, _):
            handler.say_json(307, {}, Location=f"{other.room.address}/chat/completions")

        with chat_with(script) as (chat, _):
            assert failure(chat)[0].key == "server.redirects"
        assert other.paths == []


def test_nobody_at_the_address_is_said_so():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        room = RoomServer(address=f"http://127.0.0.1:{taken.getsockname()[1]}/v1", model="small")
        with closing(ServerChat(room)) as chat:
            error, _ = failure(chat)
    assert (error.key, error.facts) == ("server.unreachable", {"address": room.name})


def test_an_address_that_never_takes_the_call_is_said_so(monkeypatch):
    """A full queue of callers: the connection is neither taken nor refused."""
    monkeypatch.setattr(chat_server, "CONNECT_S", 0.5)
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as deaf:
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        room = RoomServer(address=f"http://127.0.0.1:{deaf.getsockname()[1]}/v1", model="small")
        with closing(ServerChat(room, first_word_s=LONG_S * 10)) as chat:
            assert failure(chat)[0].key == "server.unreachable"
        for caller in callers:
            caller.close()


def test_a_page_that_is_no_such_server_is_said_so():
    class Router(Handler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<html>Willkommen</html>")

    with chat_with(says("Hallo"), model="") as (chat, server):
        server.RequestHandlerClass = Router
        assert failure(chat)[0].key == "server.not_found"


def test_a_server_without_a_word_is_said_so():
    with chat_with(lambda handler, _: handler.begin()) as (chat, _):
        assert failure(chat)[0].key == "server.no_answer"


def test_after_a_failure_the_next_question_is_answered():
    answers = iter([refuses(500), breaks_off, says("Hallo")])

    def script(handler, asked):
        next(answers)(handler, asked)

    with chat_with(script) as (chat, _):
        assert failure(chat)[0].key == "server.broke_off"
        assert text_of(pieces_of(chat)) == "Hallo"
