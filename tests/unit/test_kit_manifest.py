"""What is on a stick, and when a stick is believed."""

import json
from pathlib import Path

import pytest

from models.errors import ModelError
from models.kit import arrival, copying, manifest
from models.kit.layout import Kit, Target, home
from models.kit.manifest import Entry
from models.progress import silent
from tests.unit.kit_on_disk import FILES, HERE, write_kit


@pytest.fixture
def stick(tmp_path: Path) -> Kit:
    return write_kit(tmp_path / "Stick für alle", FILES)[0]


def problem(stick: Kit) -> ModelError:
    with pytest.raises(ModelError) as caught:
        arrival.checked(stick)
    return caught.value


def test_a_whole_stick_is_believed_and_read_as_it_was_written(stick: Kit) -> None:
    found = arrival.checked(stick)
    assert {entry.path for entry in found.files} == set(FILES)
    assert found == manifest.read(stick)
    assert found.stations == ("chatbot",)


def test_a_stick_without_its_mark_is_refused(stick: Kit) -> None:
    manifest.lift_mark(stick)
    assert problem(stick).key == "kit.incomplete"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"manifest": 3}'])
def test_a_damaged_mark_is_no_mark(stick: Kit, content: str) -> None:
    stick.mark.write_text(content, encoding="utf-8")
    assert problem(stick).key in ("kit.incomplete", "kit.damaged")


def test_a_manifest_that_was_changed_after_the_mark_is_refused(stick: Kit) -> None:
    text = stick.manifest.read_text(encoding="utf-8")
    stick.manifest.write_text(text.replace("chatbot", "chatbox"), encoding="utf-8")
    assert (problem(stick).key, problem(stick).facts["file"]) == ("kit.damaged", "manifest.json")


@pytest.mark.parametrize(
    "path", ["models/small/weights.gguf", "code/launcher.py", "wheels/any/a-1-py3-none-any.whl"]
)
def test_a_missing_file_is_named(stick: Kit, path: str) -> None:
    (stick.root / path).unlink()
    assert (problem(stick).key, problem(stick).facts) == ("kit.missing", {"file": path})


def test_a_shortened_file_is_named(stick: Kit) -> None:
    (stick.models / "small/weights.gguf").write_text("w", encoding="utf-8")
    assert (problem(stick).key, problem(stick).facts) == (
        "kit.damaged",
        {"file": "models/small/weights.gguf"},
    )


def test_wheels_of_another_system_are_not_asked_for_and_not_copied(stick: Kit, tmp_path: Path) -> None:
    (stick.root / "wheels/elsewhere/c-1-cp311-cp311-y.whl").unlink()
    found = arrival.checked(stick)
    paths = {entry.path for entry in arrival.program_files(found, stick)}
    assert paths == set(FILES) - {
        "wheels/elsewhere/c-1-cp311-cp311-y.whl",
        "models/small/weights.gguf",  # the store takes models, and compares every byte
        "code/portable.json",
    }


def test_a_stick_for_other_laptops_says_for_which(tmp_path: Path) -> None:
    other = Target("windows", "x86_64", "3.99")
    stick, _ = write_kit(tmp_path, FILES, (other,))
    assert problem(stick).key == "kit.other_laptop"
    assert problem(stick).facts == {"here": HERE.name, "targets": "windows x86_64, Python 3.99"}


@pytest.mark.parametrize(
    "path", ["../outside", "/etc/passwd", "code/../../outside", "a\\..\\b", "C:/x", "a//b"]
)
def test_a_path_that_leads_out_of_the_stick_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ModelError) as caught:
        manifest.inside(tmp_path, Entry(path, 1, "0" * 64))
    assert caught.value.key == "kit.damaged"


def test_one_wrong_byte_is_found_while_copying_and_no_file_with_that_name_is_left(
    stick: Kit, tmp_path: Path
) -> None:
    file = stick.root / "wheels/any/a-1-py3-none-any.whl"
    file.write_text("x", encoding="utf-8")
    found, target = arrival.checked(stick), tmp_path / "laptop"
    with pytest.raises(ModelError) as caught:
        copying.copy_checked(arrival.program_files(found, stick), stick.root, target, silent)
    assert (caught.value.key, caught.value.facts["file"]) == (
        "kit.damaged",
        "wheels/any/a-1-py3-none-any.whl",
    )
    assert not (target / "wheels/any/a-1-py3-none-any.whl").exists()


def test_copying_again_mends_what_is_wrong_and_leaves_the_rest_alone(stick: Kit, tmp_path: Path) -> None:
    found, target = arrival.checked(stick), tmp_path / "laptop"
    entries = arrival.program_files(found, stick)
    copying.copy_checked(entries, stick.root, target, silent)
    right, wrong = target / "code/launcher.py", target / f"wheels/{HERE.system}/b-1-cp311-cp311-x.whl"
    before = right.stat().st_mtime_ns
    wrong.write_text("?", encoding="utf-8")
    copying.copy_checked(entries, stick.root, target, silent)
    assert wrong.read_text(encoding="utf-8") == "b"
    assert right.stat().st_mtime_ns == before


def test_the_id_changes_with_every_file_and_with_nothing_else(tmp_path: Path) -> None:
    _, one = write_kit(tmp_path / "1", FILES)
    _, same = write_kit(tmp_path / "2", dict(reversed(FILES.items())))
    _, other = write_kit(tmp_path / "3", FILES | {"code/launcher.py": "print(2)\n"})
    assert one.id == same.id != other.id


def test_the_data_folder_is_the_one_the_installed_kit_uses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from models.settings import data_folder

    monkeypatch.delenv("KIWERKSTATT_HOME", raising=False)
    assert home() == data_folder()
    monkeypatch.setenv("KIWERKSTATT_HOME", str(tmp_path))
    assert home() == data_folder() == tmp_path


def test_a_manifest_with_its_mark_that_is_no_manifest_is_refused(stick: Kit) -> None:
    import hashlib

    stick.manifest.write_text("[]", encoding="utf-8")
    stick.mark.write_text(json.dumps({"manifest": hashlib.sha256(b"[]").hexdigest()}), encoding="utf-8")
    assert problem(stick).key == "kit.damaged"
