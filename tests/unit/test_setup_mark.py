"""When an environment is believed to be whole, and when not."""

import os
from pathlib import Path

import pytest

from models.errors import ModelError
from models.setup import environment, mark, needs
from models.setup.place import Place

pytestmark = pytest.mark.skipif(os.name == "nt", reason="makes a stand-in environment the POSIX way")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A project with a stand-in for an environment, without a mark."""
    place = Place(tmp_path / "Werkstatt für alle")
    (place.root / "configs").mkdir(parents=True)
    place.project.write_text('[project]\nname = "x"\n', encoding="utf-8")
    place.versions.write_text("pip==26.3\n", encoding="utf-8")
    _base(tmp_path).write_text("", encoding="utf-8")
    place.python.parent.mkdir(parents=True)
    place.python.symlink_to(_base(tmp_path))
    return place


def _base(folder: Path) -> Path:
    return folder / "python3.11"


def test_without_a_mark_nothing_is_believed(place: Place) -> None:
    assert not environment.is_ready(place.root, [])


def test_a_marked_environment_is_ready_for_its_extras_and_fewer(place: Place) -> None:
    mark.write(place, ["chatbot", "test"])
    assert environment.is_ready(place.root, ["chatbot", "test"])
    assert environment.is_ready(place.root, ["chatbot"])
    assert not environment.is_ready(place.root, ["chatbot", "speech"])


@pytest.mark.parametrize("name", ["project", "versions"])
def test_a_changed_file_is_noticed(place: Place, name: str) -> None:
    mark.write(place, [])
    file: Path = getattr(place, name)
    file.write_text(file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert not environment.is_ready(place.root, [])


def test_a_moved_folder_is_noticed_and_cannot_run(place: Place) -> None:
    mark.write(place, [])
    moved = Place(place.root.rename(place.root.with_name("anderswo")))
    found = mark.read(moved)
    assert found is not None
    assert not mark.can_run(moved, found)
    assert not environment.is_ready(moved.root, [])


def test_a_python_that_was_removed_is_noticed(place: Place, tmp_path: Path) -> None:
    mark.write(place, [])
    _base(tmp_path).unlink()
    assert not environment.is_ready(place.root, [])


def test_a_python_that_was_replaced_by_another_version_is_noticed(place: Place, tmp_path: Path) -> None:
    mark.write(place, [])
    newer = tmp_path / "python3.13"
    _base(tmp_path).rename(newer)
    _base(tmp_path).symlink_to(newer)
    assert not environment.is_ready(place.root, [])


@pytest.mark.parametrize("content", ["", "{", "[]", '{"folder": 1}', "\x00\x00"])
def test_a_damaged_mark_is_no_mark(place: Place, content: str) -> None:
    place.mark.write_text(content, encoding="utf-8")
    assert not environment.is_ready(place.root, [])


def test_a_failure_before_anything_changed_puts_the_mark_back(place: Place) -> None:
    mark.write(place, [])
    ready_inside = []

    def fail() -> None:
        with mark.lifted(place, lambda: False):
            ready_inside.append(environment.is_ready(place.root, []))
            raise ModelError("setup.no_network")

    with pytest.raises(ModelError):
        fail()
    assert ready_inside == [False]
    assert environment.is_ready(place.root, [])


def test_a_failure_in_the_middle_of_a_change_leaves_no_mark(place: Place) -> None:
    mark.write(place, [])
    with pytest.raises(ModelError), mark.lifted(place, lambda: True):
        raise ModelError("setup.disk_full")
    assert mark.read(place) is None


def test_a_success_is_not_undone_by_the_mark_that_was_lifted(place: Place) -> None:
    mark.write(place, [])
    with mark.lifted(place, lambda: False):
        mark.write(place, ["chatbot"])
    assert environment.is_ready(place.root, ["chatbot"])


def test_stations_decide_which_extras_are_needed(place: Place) -> None:
    place.project.write_text(
        '[project]\nname="x"\ndependencies=["NumPy>=2"]\n'
        '[project.optional-dependencies]\nchatbot=["llama-cpp-python==0.3.36"]\nspeech=[]\ntest=["pytest"]\n',
        encoding="utf-8",
    )
    (place.root / "configs/workshop.toml").write_text('stations = ["chatbot", "text"]', encoding="utf-8")
    assert needs.extras(place) == ("chatbot",)
    assert needs.extras(place, "speech") == ("speech",)
    assert needs.extras(place, testing=True) == ("chatbot", "test")
    assert needs.requirements(place, ["chatbot"]) == {
        "numpy": "NumPy>=2",
        "llama-cpp-python": "llama-cpp-python==0.3.36",
    }


@pytest.mark.parametrize("content", ["stations = [", 'stations = "chatbot"', "stations = [1]"])
def test_a_workshop_file_with_a_mistake_is_named(place: Place, content: str) -> None:
    (place.root / "configs/workshop.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        needs.extras(place)
    assert (caught.value.key, caught.value.facts["file"]) == ("setup.bad_toml", "workshop.toml")


def test_tested_versions_are_read_without_comments(place: Place) -> None:
    place.versions.write_text("# a == b\nPyYAML==6.0.3\npip==26.3\n", encoding="utf-8")
    assert needs.pinned(place) == {"pyyaml": "6.0.3", "pip": "26.3"}


def test_an_installed_package_is_found_whatever_its_spelling(place: Place) -> None:
    packages = place.venv / "lib/python3.11/site-packages"
    (packages / "llama_cpp_python-0.3.36.dist-info").mkdir(parents=True)
    assert place.installed("llama-cpp-python") == "0.3.36"
    assert place.installed("llama-cpp") is None
