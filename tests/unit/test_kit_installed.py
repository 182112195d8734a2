"""Versions beside one another: the new one starts, the old one waits, and the way back is open."""

import os
from pathlib import Path

import pytest

from models.errors import ModelError
from models.kit import arrival
from models.kit.installed import Current, Installed, home_of
from models.kit.layout import Kit
from models.progress import silent
from tests.unit.kit_on_disk import FILES, write_kit


def put(installed: Installed, name: str) -> None:
    kit = installed.kit(name)
    kit.code.mkdir(parents=True)
    kit.launcher.write_text("", encoding="utf-8")


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "home")


def test_nothing_is_whole_before_it_is_finished(installed: Installed) -> None:
    put(installed, "one")
    assert not installed.whole("one")
    assert installed.current == Current()
    installed.finish("one")
    assert installed.whole("one")
    assert installed.current == Current("one", "")


def test_the_way_back_leads_to_the_version_before_and_forward_again(installed: Installed) -> None:
    for name in ("one", "two"):
        put(installed, name)
        installed.finish(name)
    assert installed.current == Current("two", "one")
    assert installed.back() == "one"
    assert installed.current == Current("one", "two")
    assert installed.back() == "two"


def test_without_a_version_before_there_is_no_way_back(installed: Installed) -> None:
    put(installed, "one")
    installed.finish("one")
    with pytest.raises(ModelError) as caught:
        installed.back()
    assert caught.value.key == "kit.nothing_before"
    assert installed.current == Current("one", "")


def test_a_version_before_that_is_gone_is_no_way_back(installed: Installed) -> None:
    for name in ("one", "two"):
        put(installed, name)
        installed.finish(name)
    installed.kit("one").launcher.unlink()
    with pytest.raises(ModelError):
        installed.back()


def test_the_same_stick_again_keeps_the_way_back(installed: Installed) -> None:
    for name in ("one", "two", "two"):
        if not installed.kit(name).launcher.exists():
            put(installed, name)
        installed.finish(name)
    assert installed.current == Current("two", "one")


def test_tidying_keeps_the_current_version_and_the_one_before(installed: Installed) -> None:
    for name in ("one", "two", "three"):
        put(installed, name)
        installed.finish(name)
    put(installed, "four.part")
    assert installed.tidy() == 2
    assert sorted(each.name for each in installed.folder.iterdir() if each.is_dir()) == ["three", "two"]
    assert installed.back() == "two"


def test_a_damaged_note_means_that_nothing_is_installed(installed: Installed) -> None:
    put(installed, "one")
    installed.finish("one")
    (installed.folder / "current.json").write_text("{", encoding="utf-8")
    assert installed.current == Current()


def test_what_is_copied_knows_that_it_is_installed_and_where(installed: Installed, tmp_path: Path) -> None:
    stick, listed = write_kit(tmp_path / "stick", FILES)
    kit = arrival.copied(listed, stick, installed, silent)
    assert (stick.kind, kit.kind) == ("stick", "installed")
    assert home_of(kit.code) == installed.home
    assert not installed.whole(listed.id), "its environment and its models are still missing"
    assert not any(each.name.endswith(".part") for each in installed.folder.rglob("*"))


def test_a_folder_without_the_card_is_no_kit(tmp_path: Path) -> None:
    assert Kit(tmp_path).kind is None


def test_a_laptop_without_room_does_not_take_the_kit(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, listed = write_kit(tmp_path / "stick", FILES)
    assert arrival.can_copy(listed, stick, installed.home)
    needed = arrival.needed(listed, stick, installed.home)
    monkeypatch.setattr(arrival, "_free", lambda folder: needed - 1)
    assert not arrival.can_copy(listed, stick, installed.home)


@pytest.mark.skipif(os.name == "nt", reason="an environment consists of links only elsewhere")
def test_a_stick_without_links_says_how_much_room_the_laptop_needs(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, listed = write_kit(tmp_path / "stick", FILES)
    monkeypatch.setattr(arrival, "_free", lambda folder: 10**12)
    arrival.check_stick_runs(listed, stick, installed.home)  # a file system with links

    def refused(self: Path, target: str) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refused)  # as FAT32 and exFAT do under Linux
    with pytest.raises(ModelError) as caught:
        arrival.check_stick_runs(listed, stick, installed.home)
    assert caught.value.key == "kit.no_place"
    assert caught.value.facts["needed"] == arrival.needed(listed, stick, installed.home)


def test_models_that_are_there_already_need_no_room(installed: Installed, tmp_path: Path) -> None:
    stick, listed = write_kit(tmp_path / "stick", FILES)
    before = arrival.needed(listed, stick, installed.home)
    there = installed.home / "models/small/weights.gguf"
    there.parent.mkdir(parents=True)
    there.write_text("w" * 3000, encoding="utf-8")
    assert before - arrival.needed(listed, stick, installed.home) == 3000
