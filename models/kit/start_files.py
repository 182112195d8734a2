"""The files people double-click: filled in from templates for each system. Standard library only."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).with_name("starters")
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "linux": (".sh", ".desktop"),
    "macos": (".command",),
    "windows": (".bat",),
}
NAMES = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
_NEEDS_CARET = "^&|<>()"
_NEEDS_BACKSLASH = '"`$\\'
_BESIDE = r"""sh -c "sh \\"\\$(dirname \\"\\$1\\")/{}\\"" sh %k"""
"""A desktop entry cannot say where it lies, only hand its own place (``%k``) to a program."""


class _Filled(Template):
    delimiter = "@"


@dataclass(frozen=True)
class Words:
    """What the start files say, each text in all languages of the kit.

    ``no_python`` is said where no Python fits, ``installers`` where the host has put some into the folder ``python``,
    ``close`` before a window closes after a problem.
    """

    no_python: str
    installers: str
    close: str


@dataclass(frozen=True)
class Start:
    """One thing to start: the beginning of the file's name, its name in a menu, what is asked for, the launcher.

    Without ``launcher`` it lies beside the file, in the folder ``code``.
    """

    name: str
    title: str
    command: str = ""
    launcher: Path | None = None


def write(
    folder: Path, system: str, starts: Iterable[Start], pythons: Iterable[str], words: Words
) -> list[Path]:
    """Write the start files of a system into ``folder`` and return them; ``pythons`` are the versions that fit."""
    written = []
    versions = sorted(
        set(pythons), key=lambda version: [int(part) for part in version.split(".")], reverse=True
    )
    for start in starts:
        for ending in ENDINGS[system]:
            file = folder / f"{start.name}-{NAMES[system]}{ending}"
            _put(file, _text(file, start, versions, words))
            written.append(file)
    return written


def _text(file: Path, start: Start, versions: list[str], words: Words) -> str:
    if file.suffix == ".desktop":
        facts = _desktop(file, start)
    else:
        facts = (_windows if file.suffix == ".bat" else _posix)(start, versions, words)
    template = (TEMPLATES / f"starter{file.suffix}").read_text(encoding="utf-8")
    return _Filled(template).substitute(facts)


def _posix(start: Start, versions: list[str], words: Words) -> dict[str, str]:
    launcher = shlex.quote(str(start.launcher)) if start.launcher else '-B "$here/code/launcher.py"'
    names = " ".join(f"python{version}" for version in versions)
    return _facts(start, versions, launcher, names) | asdict(words)


def _windows(start: Start, versions: list[str], words: Words) -> dict[str, str]:
    installed = str(start.launcher).replace("%", "%%")
    launcher = f'"{installed}"' if start.launcher else '-B "%HERE%code\\launcher.py"'
    told = {name: _echoed(text) for name, text in asdict(words).items()}
    return _facts(start, versions, launcher, " ".join(versions)) | told


def _facts(start: Start, versions: list[str], launcher: str, names: str) -> dict[str, str]:
    title = start.title.replace("\n", " / ")
    own = {"launcher": launcher, "command": start.command, "names": names}
    return {"title": title, "versions": _tuples(versions), **own}


def _desktop(file: Path, start: Start) -> dict[str, str]:
    script = file.with_suffix(".sh")
    line = f"sh {_in_entry(script)}" if start.launcher else _BESIDE.format(script.name)
    return {"title": start.title.replace("\n", " / "), "line": line}


def _in_entry(file: Path) -> str:
    """Return a path as one argument of a desktop entry; its rules come twice, for texts and for arguments."""
    quoted = "".join(f"\\{letter}" if letter in _NEEDS_BACKSLASH else letter for letter in str(file))
    return '"' + quoted.replace("\\", "\\\\").replace("%", "%%") + '"'


def _tuples(versions: list[str]) -> str:
    """Return versions the way Python compares them: ``((3, 12), (3, 11))``, always a tuple of tuples."""
    pairs = ("({}, {})".format(*version.split(".")) for version in versions)
    return f"({', '.join(pairs)},)"


def _echoed(text: str) -> str:
    """Return lines of a batch file that say ``text``; signs that mean something there lose their meaning."""
    return "\n".join(f"echo({_plain(line)}" for line in text.splitlines())


def _plain(line: str) -> str:
    escaped = "".join(f"^{letter}" if letter in _NEEDS_CARET else letter for letter in line)
    return escaped.replace("%", "%%")


def _put(file: Path, text: str) -> None:
    windows = file.suffix == ".bat"
    file.write_text(text, encoding="utf-8", newline="\r\n" if windows else "\n")
    if not windows:
        file.chmod(0o755)
