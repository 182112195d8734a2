"""Collections by their names: found again, kept apart, and no name leads out of its folder."""

import pytest

from models.errors import ModelError
from stations.retrieval.collection import collection, collections, remove, shown_name


def test_a_collection_is_found_again_by_its_name(tmp_path):
    for name in ("Archiv der Stadt", "Übungsraum (2024)", "archiv b"):
        collection(tmp_path, name).file.write_bytes(b"x")
    assert [each.name for each in collections(tmp_path)] == [
        "archiv b",
        "Archiv der Stadt",
        "Übungsraum (2024)",
    ]
    assert collection(tmp_path, "Archiv der Stadt") in collections(tmp_path)
    assert all(each.shared for each in collections(tmp_path, shared=True))
    assert collections(tmp_path / "andere") == []


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\x",
        "a/b",
        "CON",
        "x" * 900,
        "ä" * 900,
        "a\0b",
        "\u202ea",
        "-x",
        "..a",
    ],
)
def test_no_name_leads_elsewhere(tmp_path, name):
    found = collection(tmp_path, name)
    assert found.file.parent == tmp_path / "collections"
    assert len(found.file.name.encode()) <= 250
    found.file.write_bytes(b"x")
    assert collections(tmp_path) == [found]
    assert shown_name(found.name) == found.name


@pytest.mark.parametrize("name", ["", " ", "..", "///", "\0"])
def test_a_name_of_nothing_is_refused(tmp_path, name):
    with pytest.raises(ModelError, match="no_name"):
        collection(tmp_path, name)


def test_removing_takes_what_lies_beside_it_too(tmp_path):
    gone, other = collection(tmp_path, "a"), collection(tmp_path, "ab")
    for file in (gone.file, gone.file.with_name(gone.file.name + "-wal"), other.file):
        file.write_bytes(b"x")
    assert remove(gone)
    assert not remove(gone)
    assert list(other.file.parent.iterdir()) == [other.file]
