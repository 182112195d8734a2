"""What pip prints, understood."""

from pathlib import Path

import pytest

from models.progress import Progress
from models.setup.pip_output import Reading, lacking, reason
from models.setup.place import Job, Place
from stations.texts import LANGUAGES, sentences


@pytest.fixture
def seen() -> list[Progress]:
    return []


@pytest.fixture
def job(tmp_path: Path, seen: list[Progress]) -> Job:
    return Job(Place(tmp_path), seen.append, lock=0, step=3, steps=4)


def test_packages_are_counted_once_each_against_what_is_expected(job: Job, seen: list[Progress]) -> None:
    reading = Reading(job, "setup.packages", 80)
    reading.line("Collecting gradio<6.32,>=6.31 (from ki-werkstatt==0.1.0)")
    reading.line("Processing /a/folder/numpy-2.4.6-cp311-linux.whl (from ki-werkstatt)")
    reading.line("Collecting gradio<6.32,>=6.31 (from something)")
    assert (seen[-1].key, seen[-1].done, seen[-1].total) == ("setup.packages", 2, 80)
    assert seen[-1].facts["step"] == 3


def test_a_large_file_tells_its_size_and_its_share(job: Job, seen: list[Progress]) -> None:
    reading = Reading(job, "setup.packages", 80)
    reading.line("  Downloading gradio-6.31.0-py3-none-any.whl (31.4 MB)")
    reading.line("Progress 15700000 of 31400000")
    assert (seen[-1].facts["item"], seen[-1].facts["size"], seen[-1].facts["share"]) == (
        "gradio",
        31.4e6,
        0.5,
    )


def test_unpacking_is_counted_by_what_has_appeared(job: Job, seen: list[Progress]) -> None:
    packages = job.place.venv / "lib" / "python3.11" / "site-packages"
    (packages / "pip-26.3.dist-info").mkdir(parents=True)
    reading = Reading(job, "setup.packages", 80)
    assert not job.touched
    reading.line("Installing collected packages: a, b, c")
    (packages / "a-1.dist-info").mkdir()
    reading.line("")
    assert (seen[-1].key, seen[-1].done, seen[-1].total) == ("setup.packages_install", 1, 3)
    assert job.touched, "from here on a failure may have left half a package"


def test_compiling_is_counted_in_ninjas_own_steps(job: Job, seen: list[Progress]) -> None:
    reading = Reading(job, "setup.engine", 0)
    reading.line("  [12/193] Building CXX object ggml/src/ggml.cpp.o")
    assert (seen[-1].key, seen[-1].done, seen[-1].total) == ("setup.engine_build", 12, 193)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "setup.disk_full",
        ),
        (
            "WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'NewConnectionError(…)'",
            "setup.no_network",
        ),
        ("ERROR: Could not find a version that satisfies x==9 (from versions: 1, 2)", "setup.no_version"),
        ("ERROR: ResolutionImpossible: for help visit https://…", "setup.no_version"),
        ("CMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage", "setup.no_compiler"),
        ("ERROR: something nobody has seen before", "setup.pip_failed"),
    ],
)
def test_a_failure_has_its_reason(line: str, key: str) -> None:
    assert reason(["Collecting x", line, "and more"]) == (key, line)


def test_a_missing_network_is_not_mistaken_for_a_missing_version() -> None:
    lines = [
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
        "ERROR: Could not find a version that satisfies the requirement x (from versions: none)",
    ]
    assert reason(lines) == ("setup.no_network", lines[0])


def test_the_line_that_says_most_is_kept() -> None:
    assert reason(["Collecting x", "ERROR: it broke", "see above"])[1] == "ERROR: it broke"
    assert reason([])[1] == "-"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_to_end_has_a_sentence_in(language: str) -> None:
    systems = ("debian", "fedora", "linux", "macos", "windows")
    keys = {f"setup.{what}_{system}" for what in ("no_venv", "no_compiler") for system in systems}
    keys |= {
        f"setup.{step}{end}" for step in ("pip", "engine", "torch", "packages") for end in ("", "_install")
    }
    keys |= {f"command.chromium_missing_{system}" for system in systems} | {"setup.engine_build"}
    assert keys <= set(sentences(language))  # type: ignore[arg-type]


def test_the_tools_of_a_build_do_not_count_as_a_change(job: Job) -> None:
    Reading(job, "setup.engine", 0).line("  Installing collected packages: ninja, cmake")
    assert not job.touched


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["ERROR: No matching distribution found for pluggy>=1"], "pluggy"),
        (
            ["have no matching distributions available for your environment:", "    pluggy", "ERROR: x"],
            "pluggy",
        ),
        (["ERROR: something else"], None),
        ([], None),
    ],
)
def test_the_package_that_is_nowhere_is_named(lines: list[str], name: str | None) -> None:
    assert lacking(lines) == name
