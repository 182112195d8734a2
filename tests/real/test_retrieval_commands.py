"""The retrieval tasks without a page, with real models: indexed, searched, asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.settings import models_folder
from tests.real.conftest import file_of

ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("do_child.py")
TEXT = """# Satzung

## § 4 Beiträge

Die Mitglieder zahlen einen Jahresbeitrag von 36 Euro. Der Beitrag ist bis zum 31. März fällig.

## § 5 Vorstand

Der Vorstand besteht aus der Vorsitzenden und der Schatzmeisterin.
"""
CHRONICLE = "# Chronik\n\n" + "\n\n".join(
    f"## {year}\n\nIm Jahr {year} zeigte das Museum eine Ausstellung über {about}."
    for year, about in (
        (1998, "Webstühle"),
        (2004, "Fahrräder"),
        (2011, "Apothekengläser"),
        (2019, "Schulhefte"),
    )
)


@pytest.fixture(scope="module")
def do(tmp_path_factory):
    """Return a function that does a task and returns what it prints."""
    file_of("e5-small-rebuilt")
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(models_folder(), target_is_directory=True)

    child = subprocess.Popen(
        [sys.executable, CHILD],
        cwd=ROOT,
        env={**_environment(), "KIWERKSTATT_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )

    def run(*words, code=0):
        print(json.dumps(["do", *words, "--profile", "mini"]), file=child.stdin, flush=True)
        done = json.loads(child.stdout.readline())
        assert done["code"] == code, done["err"]
        assert "Traceback" not in done["err"]
        return done["out"] if code == 0 else done["err"]

    yield run
    child.stdin.close()
    child.wait(30)


def _environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("KIWERKSTATT_")}


@pytest.fixture(scope="module")
def folder(do, tmp_path_factory):
    place = tmp_path_factory.mktemp("verein")
    (place / "satzung.md").write_text(TEXT, encoding="utf-8")
    (place / "chronik.md").write_text(CHRONICLE, encoding="utf-8")
    (place / "kaputt.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert "kaputt.pdf" in do("index", str(place), "--collection", "Verein", code=1)
    (place / "kaputt.pdf").unlink()
    do("index", str(place), "--collection", "Verein")
    return place


@pytest.mark.parametrize("mode", ["hybrid", "keyword", "dense"])
def test_a_search_gives_a_list_the_best_first(do, folder, mode):
    words = ("--collection", "Verein", "--count", "1", "--mode", mode, "--json")
    (hit,) = json.loads(do("search", "Wie hoch ist der Jahresbeitrag?", *words))
    assert hit["document"] == "satzung.md"
    assert hit["page"] is None
    assert "36 Euro" in hit["text"]
    assert hit["score"] > 0


def test_a_file_of_questions_gives_a_list_a_line(do, folder, tmp_path):
    (tmp_path / "fragen.txt").write_text("Jahresbeitrag\nWer ist im Vorstand?\n", encoding="utf-8")
    lines = do("search", "--queries", str(tmp_path / "fragen.txt"), "--count", "1").splitlines()
    first, second = ([hit["text"] for hit in json.loads(line)] for line in lines)
    assert "36 Euro" in first[0]
    assert "Schatzmeisterin" in second[0]


def test_what_is_missing_is_named(do, folder):
    assert "Verein" in do("search", "x", "--collection", "Gemeinde", code=1)
    assert "gibt es nicht" in do("index", "/nirgends", code=1)
    assert "--queries" in do("search", code=1)
    assert "nirgends.txt" in do("search", "--queries", "nirgends.txt", code=1)


def test_an_answer_names_its_sources_and_says_what_is_not_there(do, folder):
    file_of("qwen-1.5b")
    found = json.loads(do("ask", "Wie hoch ist der Jahresbeitrag?", "--collection", "Verein", "--json"))
    assert found["answered"] is True
    assert "36" in found["answer"]
    cited = {number for each in found["statements"] for number in each["sources"]}
    assert any("36 Euro" in each["text"] for each in found["sources"] if each["number"] in cited)
    missing = json.loads(do("ask", "Wie lang ist die Donau?", "--collection", "Verein", "--json"))
    assert missing["answered"] is False
    assert missing["answer"] == ""


def test_a_task_typed_as_people_type_it_ends_with_its_code_and_a_sentence(tmp_path):
    command = [sys.executable, ROOT / "launcher.py", "do", "search", "x", "--collection", "Nirgends"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**_environment(), "KIWERKSTATT_HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "noch keine Sammlung" in done.stderr
    assert "Traceback" not in done.stderr
