"""The workshop's settings: what is checked, what is named, and who outranks whom."""

import pytest
from pydantic import BaseModel

from models.errors import ModelError
from stations import settings
from stations.registry import STATIONS
from stations.settings import Workshop, load_workshop


@pytest.fixture
def file(workshop_file):
    return workshop_file


def refusal(**spoken):
    with pytest.raises(ModelError) as caught:
        load_workshop(**spoken)
    return caught.value


def test_an_empty_file_gives_the_defaults(file):
    workshop = load_workshop()
    assert (workshop.language, workshop.profile, workshop.stations) == ("de", "auto", ("chatbot",))
    assert workshop.room.port == 7860


def test_the_file_is_read(file):
    file.write_text('language = "en"\n[room]\nport = 8001\n', encoding="utf-8")
    workshop = load_workshop()
    assert (workshop.language, workshop.room.port) == ("en", 8001)


def test_the_environment_outranks_the_file_in_one_value_and_leaves_its_neighbours(file, monkeypatch):
    file.write_text("[limits]\nanswer_tokens = 100\nanswer_seconds = 50\n", encoding="utf-8")
    monkeypatch.setenv("KIWERKSTATT_LIMITS__ANSWER_TOKENS", "200")
    limits = load_workshop().limits
    assert (limits.answer_tokens, limits.answer_seconds) == (200, 50)


def test_the_command_line_outranks_environment_and_file(file, monkeypatch):
    file.write_text('profile = "mini"\n', encoding="utf-8")
    assert load_workshop().profile == "mini"
    monkeypatch.setenv("KIWERKSTATT_PROFILE", "standard")
    assert load_workshop().profile == "standard"
    assert load_workshop(profile="large").profile == "large"


def test_stations_can_be_set_in_the_environment(file, monkeypatch):
    monkeypatch.setenv("KIWERKSTATT_STATIONS", '["text", "audio"]')
    assert load_workshop().stations == ("text", "audio")


@pytest.mark.parametrize(
    ("line", "setting"),
    [
        ('langauge = "en"', "langauge"),
        ("[room]\nprot = 8000", "room.prot"),
        ("[limit]\nanswer_tokens = 100", "limit"),
        ('language = "fr"', "language"),
        ('profile = "huge"', "profile"),
        ('[room]\nport = "eighty"', "room.port"),
        ("stations = []", "stations"),
        ("[room]\nport = 8000\nopne = true", "room.opne"),
    ],
)
def test_a_mistake_in_the_file_is_named(file, line, setting):
    file.write_text(line + "\n", encoding="utf-8")
    error = refusal()
    assert error.key == "settings.wrong"
    assert error.facts["setting"] == setting
    assert error.facts["problem"]


def test_a_wrong_value_in_the_environment_is_named_too(file, monkeypatch):
    monkeypatch.setenv("KIWERKSTATT_ROOM__PORT", "99999")
    assert refusal().facts["setting"] == "room.port"


@pytest.mark.parametrize("text", ['language = "de\nprofile = 1', "port 8000", "\n\n[room\n"])
def test_broken_toml_names_the_line(file, text):
    file.write_text("# Werkstatt\n" + text, encoding="utf-8")
    error = refusal()
    assert error.key == "settings.not_toml"
    assert "line" in str(error.facts["problem"])


BOUNDS = {
    ("room", "port"): (1, 65535),
    ("room", "https_port"): (0, 65535),
    ("room", "http_port"): (0, 65535),
    ("limits", "message_characters"): (100, 100_000),
    ("limits", "answer_tokens"): (16, 8192),
    ("limits", "answer_seconds"): (5, 3600),
    ("limits", "people_waiting"): (1, 500),
    ("chat", "people"): (1, 32),
    ("limits", "idle_minutes"): (1, 1440),
    ("limits", "keep_days"): (1, 3650),
    ("chat", "context_tokens"): (512, 131_072),
    ("chat", "threads"): (0, 256),
}


@pytest.mark.parametrize(("setting", "bounds"), BOUNDS.items(), ids=str)
def test_both_ends_are_allowed_and_one_step_further_is_not(file, setting, bounds):
    part, name = setting
    low, high = bounds
    for value in bounds:
        assert getattr(getattr(load_workshop(**{part: {name: value}}), part), name) == value
    for value in (low - 1, high + 1):
        assert refusal(**{part: {name: value}}).facts["setting"] == f"{part}.{name}"


def parts(model=Workshop, path=()):
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from parts(field.annotation, (*path, name))
        else:
            yield (*path, name), field


def test_every_number_has_bounds():
    numbers = {path for path, field in parts() if field.annotation is int}
    assert numbers == set(BOUNDS)


def test_every_setting_is_described():
    fields = dict(parts())
    assert len(fields) >= len(BOUNDS) + 3
    assert [path for path, field in fields.items() if not (field.description or "").strip()] == []
    for path, field in Workshop.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            assert field.annotation.__doc__, path


def test_settings_cannot_be_changed_afterwards(file):
    workshop = load_workshop()
    with pytest.raises(ValueError, match="frozen"):
        workshop.language = "en"
    with pytest.raises(ValueError, match="frozen"):
        workshop.room.port = 1


def test_the_kits_own_file_is_right_says_every_setting_and_names_stations_that_exist(monkeypatch):
    import os
    import tomllib

    for name in [name for name in os.environ if name.startswith("KIWERKSTATT_")]:
        monkeypatch.delenv(name)
    workshop = load_workshop()
    assert set(workshop.stations) <= set(STATIONS)
    said = tomllib.loads(settings.FILE.read_text(encoding="utf-8"))
    for path, _ in parts():
        place = said
        for part in path:
            assert part in place, f"{'.'.join(path)} is missing in {settings.FILE.name}"
            place = place[part]
