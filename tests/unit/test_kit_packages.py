"""Packages for a stick: where they may come from on the other laptop, what another system needs, whose they are."""

import zipfile
from pathlib import Path

import pytest

from models.errors import ModelError
from models.kit import foreign, licences, wheels
from models.kit.layout import Target
from models.progress import silent
from models.setup import engine, pip
from models.setup.place import PORTABLE, Job, Place
from stations.commandline import parse
from stations.commands import kit as command
from stations.commands.kit_papers import licence_page, licence_text
from tests.unit.test_store import catalog_of

LINUX = Target("linux", "x86_64", "3.11")
WINDOWS = Target("windows", "x86_64", "3.13")
MIT = "Permission is hereby granted, free of charge"


def wheel(folder: Path, name: str, metadata: str, **texts: str) -> Path:
    file = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(f"{name}/LICENSE.txt", "not a licence of the package")
        packed.writestr(
            f"{name}-1.0.dist-info/METADATA",
            f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{metadata}\n\nText",
        )
        for inner, text in texts.items():
            packed.writestr(f"{name}-1.0.dist-info/licenses/{inner}", text)
    return file


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A program that came on a stick."""
    place = Place(tmp_path / "Stick für alle" / "code")
    (place.root / "build").mkdir(parents=True)
    (place.root / "configs").mkdir()
    (place.root / PORTABLE).write_text('{"kind": "installed"}', encoding="utf-8")
    for name in ("any", "linux"):
        (place.root.parent / "wheels" / name).mkdir(parents=True)
    return place


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What programs of the set-up would have been started, with what was added to their environment."""
    found: list[tuple[list[str], dict[str, str]]] = []

    def follow(words, watch, *, cwd, more=None, keep=()):
        found.append(([str(word) for word in words], dict(more or {})))
        return pip.child.Ended(1, ("ERROR: No matching distribution found for pluggy>=1",))

    monkeypatch.setattr(pip.child, "follow", follow)
    return found


def test_on_a_stick_pip_looks_nowhere_but_on_the_stick(
    place: Place, ran: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://example.org/simple")
    with pytest.raises(ModelError) as caught:
        pip.run_tested(Job(place, silent, 0), pip.Wish(("install", "pluggy"), "setup.packages"))
    words, more = ran[0]
    shelf = place.root.parent / "wheels"
    assert words[words.index("--no-index") :][:5] == [
        *("--no-index", "--find-links", str(shelf / "any"), "--find-links", str(shelf / "linux"))
    ]
    assert more["PIP_EXTRA_INDEX_URL"] == more["PIP_FIND_LINKS"] == ""
    assert more["PIP_CONFIG_FILE"] == pip.os.devnull
    assert (caught.value.key, len(ran)) == ("kit.package_missing", 1), "other versions are not tried either"
    assert "pluggy" in str(caught.value.facts["problem"])


def test_without_its_packages_a_stick_still_looks_nowhere_else(place: Place) -> None:
    for folder in (place.root.parent / "wheels").iterdir():
        folder.rmdir()
    (place.root.parent / "wheels").rmdir()
    assert place.sources() == ("--no-index",)


def test_away_from_a_stick_the_users_own_sources_count(
    place: Place, ran: list[tuple[list[str], dict[str, str]]]
) -> None:
    (place.root / PORTABLE).unlink()
    with pytest.raises(ModelError) as caught:
        pip.run(Job(place, silent, 0), pip.Wish(("install", "pluggy"), "setup.packages"))
    assert "--no-index" not in ran[0][0]
    assert "PIP_CONFIG_FILE" not in ran[0][1]
    assert caught.value.key == "setup.no_version"


def test_on_a_stick_no_engine_is_built(place: Place, ran: list[tuple[list[str], dict[str, str]]]) -> None:
    with pytest.raises(ModelError) as caught:
        engine.install(Job(place, silent, 0), "llama-cpp-python==0.3.36")
    assert caught.value.key == "kit.engine_missing"
    assert all("--no-index" in words for words, _ in ran)
    assert not any("wheel" in words for words, _ in ran)


NEEDS = """Requires-Dist: click>=8
Requires-Dist: colorama; platform_system == "Windows"
Requires-Dist: uvloop; sys_platform != "win32"
Requires-Dist: tomli; python_version < "3.12"
Requires-Dist: psycopg-binary; extra == "binary"
Requires-Dist: xla; platform_machine == "AMD64\""""


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        (WINDOWS, {"click>=8", "colorama", "xla"}),
        (Target("linux", "x86_64", "3.11"), {"click>=8", "uvloop", "tomli"}),
        (Target("macos", "arm64", "3.13"), {"click>=8", "uvloop"}),
    ],
)
def test_what_a_package_needs_is_judged_for_the_other_system(
    tmp_path: Path, target: Target, wanted: set[str]
) -> None:
    file = wheel(tmp_path, "psycopg", NEEDS)
    assert set(foreign.needed_on(file, target)) == wanted
    assert set(foreign.needed_on(file, target, ["psycopg[binary]>=3", "other[x]"])) == {
        *wanted,
        "psycopg-binary",
    }


def test_packages_without_a_wheel_there_are_named_and_the_rest_is_loaded(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.root / PORTABLE).unlink()
    project = 'dependencies = ["gradio", "llama-cpp-python==0.3.36"]'
    place.project.write_text(f"[project]\n{project}\n", encoding="utf-8")
    needed = {
        "gradio": "Requires-Dist: rust-only\nRequires-Dist: click",
        "click": 'Requires-Dist: colorama; os_name == "nt"',
    }
    folder, asked = tmp_path / "windows", []

    def run(job: Job, wish: pip.Wish, bar: str = "raw") -> None:
        assert "win_amd64" in wish.words
        assert "--only-binary=:all:" in wish.words
        names = [foreign.needs.name_of(word) for word in wish.words[wish.words.index("win_amd64") + 1 :]]
        names = [name for name in names if name and not name.startswith("-") and "https" not in name]
        for lacking in ("llama-cpp-python", "rust-only"):
            if lacking in names:
                raise ModelError(
                    "setup.no_version", problem=f"ERROR: No matching distribution found for {lacking}", log=""
                )
        for name in names:
            asked.append(name)
            wheel(folder, name, needed.get(name, ""))

    monkeypatch.setattr(pip, "run", run)
    lacking = foreign.collect(place, (), WINDOWS, folder, silent)
    assert set(lacking) == {"llama-cpp-python", "rust-only"}
    assert set(asked) == {"gradio", "pip", "setuptools", "click", "colorama"}
    assert len(asked) == len(set(asked))


def test_a_kind_of_laptop_nobody_makes_wheels_for_is_refused(place: Place, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        foreign.collect(place, (), Target("linux", "riscv64", "3.13"), tmp_path / "x", silent)
    assert caught.value.key == "kit.no_platform"


def test_pure_wheels_are_shared_by_all_systems() -> None:
    assert wheels.shelved(Path("click-8.5.1-py3-none-any.whl"), WINDOWS) == "any"
    assert wheels.shelved(Path("numpy-2.4.6-cp313-cp313-win_amd64.whl"), WINDOWS) == "windows"
    assert wheels.shelved(Path("llama_cpp_python-0.3.36-py3-none-linux_x86_64.whl"), LINUX) == "linux"


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: other", "MIT OR Apache-2.0"),
        ("Classifier: License :: OSI Approved :: BSD License\nLicense: long text", "BSD License"),
        ("License: ISC\n  and so on", "ISC"),
        ("Classifier: License :: OSI Approved", "?"),
        ("", "?"),
    ],
)
def test_a_licence_is_read_where_the_package_says_it_best(
    tmp_path: Path, metadata: str, licence: str
) -> None:
    assert licences.of_wheels([wheel(tmp_path, "some", metadata)])[0].licence == licence


def test_licence_texts_are_those_of_the_package_and_shared_ones_stand_once(tmp_path: Path) -> None:
    files = [
        wheel(
            tmp_path, name, "License-Expression: MIT\nHome-page: https://example.org", LICENSE=MIT, code="x"
        )
        for name in ("zeta", "alpha")
    ]
    found = licences.of_wheels([*files, files[0]])
    assert [(one.name, one.texts) for one in found] == [("alpha", (MIT,)), ("zeta", (MIT,))]
    text = licence_text(found, [catalog_of().model("tiny")], "OWN LICENCE")
    assert text.count(MIT) == 1
    for part in ("alpha 1.0, zeta 1.0", "Tiny (tiny): MIT", "OWN LICENCE", "https://example.org"):
        assert part in text


def test_what_a_package_says_about_itself_cannot_change_the_page(tmp_path: Path) -> None:
    file = wheel(tmp_path, "some", "License: <script>alert(1)</script>")
    page = licence_page(licences.of_wheels([file]), [])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_kit_is_for_laptops_like_this_one_unless_told_otherwise() -> None:
    assert command.targets(parse(["kit", "x"]), LINUX) == [LINUX]
    asked = parse(["kit", "x", "--systems", "windows,linux", "--pythons", "3.12, 3.13"])
    assert command.targets(asked, Target("linux", "arm64", "3.11")) == [
        Target("windows", "x86_64", "3.12"),
        Target("windows", "x86_64", "3.13"),
        Target("linux", "arm64", "3.12"),
        Target("linux", "arm64", "3.13"),
    ]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["--systems", "amiga"], "kit.unknown_system"),
        (["--pythons", "2.7"], "kit.unknown_python"),
        (["--pythons", "3.10"], "kit.unknown_python"),
        (["--pythons", "three"], "kit.unknown_python"),
    ],
)
def test_a_mistyped_system_or_python_is_named(words: list[str], key: str) -> None:
    with pytest.raises(ModelError) as caught:
        command.targets(parse(["kit", "x", *words]), LINUX)
    assert caught.value.key == key
    assert caught.value.facts["given"] == words[1]


@pytest.mark.parametrize("folder", [str(command.ROOT), str(command.ROOT.parent), str(command.ROOT / "stick")])
def test_the_workshops_own_folder_is_no_stick(folder: str) -> None:
    with pytest.raises(ModelError) as caught:
        command.run(parse(["kit", folder]))
    assert caught.value.key == "kit.inside"


def test_away_from_an_installed_kit_there_is_no_way_back() -> None:
    with pytest.raises(ModelError) as caught:
        command.run(parse(["kit", "back"]))
    assert caught.value.key == "kit.nothing_before"
