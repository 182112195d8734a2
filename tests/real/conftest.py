"""Models of this machine for the tests that need them; where one is absent its tests are skipped."""

import pytest

from models.store import Store
from models.turns import Fixed


def file_of(model_id):
    """Return the file of a model from the store of this machine (KIWERKSTATT_HOME), or skip."""
    store = Store()
    model = store.catalog.model(model_id)
    if not store.present(model):
        pytest.skip(f"{model.title} is not on this machine: python3 launcher.py fetch {model_id}")
    return store.file(model)


@pytest.fixture(scope="module")
def ear():
    from models.engines.whisper import WhisperTranscriber

    engine = WhisperTranscriber(file_of("whisper-base"), Fixed(1))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def pico():
    pytest.importorskip("py_nanotts", reason="Pico is not installed")
    from models.engines.pico import PicoVoice

    voice = PicoVoice(file_of("pico"), Fixed(1))
    yield voice
    voice.close()


@pytest.fixture(scope="module")
def joe():
    pytest.importorskip("piper", reason="Piper is not installed")
    from models.engines.piper import PiperVoice

    voice = PiperVoice(file_of("piper-joe"), Fixed(1), steady=True)
    yield voice
    voice.close()
