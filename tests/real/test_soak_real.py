"""A short soak: sixty mixed questions by twelve people. The long one is ``bench/soak.py``."""

import importlib.util
from pathlib import Path

import pytest

from models.store import Store

pytest.importorskip("llama_cpp", reason="the chat engine is not installed")

_place = Path(__file__).resolve().parents[2] / "bench" / "soak.py"
_spec = importlib.util.spec_from_file_location("soak", _place)
soak = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(soak)


def test_sixty_mixed_questions_break_nothing_and_leave_nothing_behind():
    store = Store()
    model = store.catalog.model("smollm2")
    if not store.present(model):
        pytest.skip(f"{model.title} is not on this machine: python3 launcher.py fetch {model.id}")
    figures = soak.soak(store.file(model), requests=60, people=12, seed=2)
    assert figures.unexpected == []
    assert sum(figures.kinds.values()) == 60
    assert len(figures.kinds) > 8
    assert {"chat.too_long", "chat.bad_schema"} <= set(figures.expected)
    assert (figures.places_left, figures.cells_left) == (soak.SIZE.people, 0)
    assert figures.tokens > 0
    assert figures.growth < 1.5  # the first questions still fill caches; the long soak measures memory


def test_the_same_seed_asks_the_same_questions():
    def asked(seed):
        return [(each.kind, each.messages, each.sampling) for each in soak.questions(200, seed)]

    assert asked(1) == asked(1)
    assert asked(1) != asked(2)
    assert {kind for kind, _, _ in asked(1)} == {
        "short",
        "seeded",
        "long",
        "stopped",
        "unheard",
        "over-long",
        "hostile",
        "form",
        "nonsense form",
        "stop text",
        "candidates",
        "conversation",
    }
