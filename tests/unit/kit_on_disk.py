"""A very small kit, written to a folder for tests."""

from pathlib import Path

from models.kit import manifest
from models.kit.layout import Kit, Target, this_machine
from models.kit.manifest import Manifest

HERE = this_machine()
FILES = {
    "code/launcher.py": "print(1)\n",
    "code/portable.json": '{"kind": "stick"}\n',
    "wheels/any/a-1-py3-none-any.whl": "a",
    f"wheels/{HERE.system}/b-1-cp311-cp311-x.whl": "b",
    "wheels/elsewhere/c-1-cp311-cp311-y.whl": "c",
    "models/small/weights.gguf": "w" * 3000,
}


def write_kit(
    root: Path, files: dict[str, str], targets: tuple[Target, ...] = (HERE,)
) -> tuple[Kit, Manifest]:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    entries = tuple(manifest.entry_of(root, root / path) for path in sorted(files))
    kit, listed = Kit(root), Manifest(("chatbot",), targets, entries)
    manifest.write(kit, listed)
    return kit, listed
