"""What may be imported where: before anything is installed, without a screen, without Gradio.

Each test is a fresh interpreter, because in this one nearly everything has been imported already.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 60


def child(code, *flags):
    done = subprocess.run(
        [sys.executable, *flags, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_below(folder):
    for file in sorted((ROOT / folder).rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SETUP = list(modules_below("models/setup"))
BARE = ["models", "models.errors", "models.progress", *SETUP]
BARE += [
    "stations.arguments",
    "stations.tasks",
    "stations.commandline",
    "stations.console",
    "stations.texts",
    "stations.units",
    "launcher",
]


def test_before_anything_is_installed_the_command_line_and_the_set_up_can_be_imported():
    outside = child(
        f"""
import importlib, json
for name in {BARE!r}:
    importlib.import_module(name)
ours = ("models", "stations", "launcher", "__main__")
found = {{name.split(".")[0] for name in sys.modules}} - set(sys.stdlib_module_names) - set(ours)
print(json.dumps(sorted(found)))
""",
        "-I",
        "-S",
    )
    assert [name for name in json.loads(outside) if not name.startswith("_")] == []


def test_help_can_be_read_before_anything_is_installed():
    done = subprocess.run(
        [sys.executable, "-E", "-s", "-S", str(ROOT / "launcher.py"), "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "KI-Werkstatt" in done.stdout


def test_importing_every_module_of_models_imports_no_screen():
    names = [name for name in modules_below("models") if not name.endswith((".prove", ".child"))]
    heavy = child(f"""
import importlib, json
for name in {names!r}:
    importlib.import_module(name)
print(json.dumps([name for name in ("gradio", "fastapi", "starlette", "uvicorn", "stations") if name in sys.modules]))
""")
    assert json.loads(heavy) == []


def test_engines_import_their_runtime_only_when_they_are_made():
    found = child("""
import json
import models.engines.base, models.engines.prompt, models.engines.llama, models.library, models.opening
print(json.dumps([name for name in ("llama_cpp", "torch", "faster_whisper", "gradio") if name in sys.modules]))
""")
    assert json.loads(found) == []


@pytest.mark.parametrize(
    "module",
    ["stations.registry", "stations.base", "stations.settings", "stations.casting", "stations.serving"]
    + [name for name in modules_below("stations/commands") if not name.endswith("chromium")],
)
def test_commands_that_draw_nothing_do_not_import_gradio(module):
    found = child(
        f"import {module}\nprint([name for name in ('gradio', 'llama_cpp') if name in sys.modules])"
    )
    assert found.strip() == "[]"


def test_a_stations_panel_is_imported_only_when_it_is_drawn():
    code = """
from stations.registry import STATIONS
import json
before = [one.panel for one in STATIONS.values() if one.panel in sys.modules]
builds = [callable(one.build) for one in STATIONS.values()]
print(json.dumps([before, builds, "gradio" in sys.modules]))
"""
    before, builds, gradio = json.loads(child(code).splitlines()[-1])
    assert before == []
    assert builds
    assert all(builds)
    assert gradio


@pytest.mark.parametrize("package", ["models", "stations"])
def test_packages_begin_with_a_docstring_and_nothing_else(package):
    for file in (ROOT / package).rglob("__init__.py"):
        lines = file.read_text(encoding="utf-8").strip().splitlines()
        assert len(lines) == 1, file
        assert lines[0].startswith('"""'), file
