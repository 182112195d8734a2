"""Minutes of a short meeting with a real model: what must hold whatever it writes.

The model comes from the store of this machine (KIWERKSTATT_HOME); where it is absent the tests are skipped.
"""

import json
from pathlib import Path

import pytest

from models.engines.base import ChatSize, Sampling
from models.store import Store
from models.turns import Fixed
from stations.speech.meeting.paper import minutes_markdown
from stations.speech.minutes import minutes
from stations.speech.short_texts import Wish, short_summary
from stations.speech.transcript import Transcript

pytest.importorskip("llama_cpp", reason="the chat engine is not installed")

from models.engines.llama import LlamaChat

MODEL = "qwen-1.5b"
MEETING = Path(__file__).parent / "meetings" / "en_choir.json"
SAMPLING = Sampling(temperature=0.0, repetition=1.0, seed=7)


@pytest.fixture(scope="module")
def chat():
    store = Store()
    model = store.catalog.model(MODEL)
    if not store.present(model):
        pytest.skip(f"{model.title} is not on this machine: python3 launcher.py fetch {MODEL}")
    engine = LlamaChat(store.file(model), Fixed(1), ChatSize(context_tokens=2048, people=4))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def meeting():
    given = json.loads(MEETING.read_text(encoding="utf-8"))
    return Transcript.model_validate(given["transcript"]), given["key"]


def test_minutes_of_a_short_meeting(chat, meeting):
    transcript, key = meeting
    *_, result = minutes(chat, transcript, "en", sampling=SAMPLING)
    for kind in ("decisions", "tasks", "questions"):
        points = [{each.line for each in point.said} for point in getattr(result, kind)]
        assert len(points) == len(key[kind])
        assert all(any(lines & set(one["lines"]) for lines in points) for one in key[kind])
    assert [task.who for task in result.tasks] == ["Priya", "Owen", "Margaret"]
    assert [task.until for task in result.tasks] == ["tonight", "by the end of March", ""]
    assert result.topics
    known = {line.id: line.start_s for line in transcript.lines}
    for point in (*result.topics, *result.decisions, *result.tasks, *result.questions):
        assert all(known[each.line] == each.start_s for each in point.said)
    assert "## Decisions" in minutes_markdown(result, "en")


def test_a_summary_of_a_short_meeting_rests_on_its_lines(chat, meeting):
    transcript, _ = meeting
    *_, result = short_summary(chat, transcript, "en", Wish(SAMPLING), count=2)
    assert 1 <= len(result.sentences) <= 2
    assert all(sentence.said for sentence in result.sentences)


def test_stop_leaves_the_engine_ready(chat, meeting):
    transcript, _ = meeting
    states = minutes(chat, transcript, "en", sampling=SAMPLING)
    next(states)
    next(states)
    states.close()
    assert chat.is_open
