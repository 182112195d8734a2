"""Every recipe's example on a real model: seconds, promises kept at the first try and in the end.

    python bench/recipes.py [--model qwen-1.5b] [--language de] [--only ID …] [--texts FOLDER]   # all in one process
    python bench/recipes.py --command --table docs/recipes.md [--kept FILE]                      # through "do write"
    python bench/recipes.py --compare tries=0 dry=0.8 …                                          # before and after

Prints one line per recipe. ``--compare`` runs all examples again with a setting changed and prints the sums side by
side: a trick that does not help there goes. Several examples are written together; seeds are fixed.
"""

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from models.engines.base import ChatModel, ChatSize
from models.engines.llama import LlamaChat
from models.errors import ModelError
from models.store import Store
from models.turns import Kind, Turns
from stations.prose.finding import Finding
from stations.settings import Limits
from stations.text import work
from stations.text.prompting import task
from stations.text.recipes import Recipe, cookbook
from stations.texts import say

ROOT = Path(__file__).resolve().parent.parent
SEED = 7
TOGETHER = 4
CONTEXT = 4096


@dataclass(frozen=True)
class Row:
    """How one example went; ``error`` is the key of the sentence if nothing came of it."""

    recipe: Recipe
    seconds: float = 0.0
    rounds: int = 0
    cut: bool = False
    text: str = ""
    error: str = ""
    first: tuple[Finding, ...] = ()
    shown: tuple[Finding, ...] = ()

    @property
    def kept(self) -> bool:
        return bool(self.shown) and all(each.kept for each in self.shown)

    @property
    def hard_kept(self) -> bool:
        return bool(self.shown) and all(each.kept for each in self.shown if each.hard)


def main() -> None:
    wishes = _wishes()
    recipes = [each for each in cookbook().recipes.values() if not wishes.only or each.id in wishes.only]
    if wishes.command:
        _report(through_commands(recipes, wishes), wishes)
        return
    chat = LlamaChat(
        Store().file(Store().catalog.model(wishes.model)),
        Turns().turn(Kind.INTERACTIVE),
        ChatSize(CONTEXT, people=TOGETHER * 3),
    )
    try:
        _report(run_all(chat, recipes, wishes, {}), wishes)
        for change in wishes.compare:
            name, _, value = change.partition("=")
            rows = run_all(chat, recipes, wishes, {name: float(value)})
            print(f"with {change}: {_sums(rows)}", flush=True)
    finally:
        chat.close()


def run_all(
    chat: ChatModel, recipes: list[Recipe], wishes: argparse.Namespace, changes: dict[str, float]
) -> list[Row]:
    rows = []
    with ThreadPoolExecutor(TOGETHER) as pool:
        for row in pool.map(lambda each: in_process(chat, each, wishes.language, changes), recipes):
            rows.append(row)
            print(_line(row), flush=True)
            if wishes.texts and not changes:
                _keep(row, wishes.texts)
    return rows


def in_process(chat: ChatModel, recipe: Recipe, language: str, changes: dict[str, float]) -> Row:
    tries = int(changes.get("tries", 2))
    own = {name: value for name, value in changes.items() if name != "tries"}
    sampling = replace(work.sampling(recipe, Limits(), seed=SEED), **own)
    wish = work.Wish(sampling, tries=tries, shortener=cookbook().recipes["kuerzen"])
    try:
        one = task(recipe, recipe.example[language], language)
        *_, draft = work.write(chat, one, wish)
    except ModelError as error:
        return Row(recipe, error=error.key)
    return Row(recipe, draft.seconds, draft.round, draft.cut, draft.text, "", draft.first, draft.findings)


def through_commands(recipes: list[Recipe], wishes: argparse.Namespace) -> list[Row]:
    """Run each example by itself; ``--kept`` holds earlier results, so that one recipe can be tried anew."""
    kept = wishes.kept or Path("recipes-kept.json")
    told = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for recipe in recipes:
        if wishes.only or recipe.id not in told:
            told[recipe.id] = through_command(recipe, wishes.model, wishes.language)
            kept.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
            print(_line(_row(recipe, told[recipe.id])), flush=True)
    return [_row(each, told[each.id]) for each in cookbook().recipes.values() if each.id in told]


def through_command(recipe: Recipe, model: str, language: str) -> dict[str, object]:
    command = [sys.executable, str(ROOT / "launcher.py"), "do", "write", recipe.id, "--json"]
    command += ["--model", model, "--lang", language, "--seed", str(SEED)]
    for name, value in recipe.example[language].items():
        command += ["--field", f"{name}={value}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {"error": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout)


def _row(recipe: Recipe, told: dict) -> Row:
    if "error" in told:
        return Row(recipe, error=told["error"])
    shown = tuple(Finding(each["check"], each["kept"], each["hard"]) for each in told["checks"])
    return Row(recipe, told["seconds"], told["rounds"], told["cut"], told["text"], "", (), shown)


def _report(rows: list[Row], wishes: argparse.Namespace) -> None:
    for row in rows:
        failed = ", ".join(each.check for each in row.shown if not each.kept)
        print(
            f"{row.recipe.id}: {row.seconds:.0f} s, {row.rounds} rounds, {_count(row.shown)} {failed}{row.error}"
        )
    print(_sums(rows), flush=True)
    if wishes.texts:
        wishes.texts.mkdir(parents=True, exist_ok=True)
        for row in rows:
            lost = [f"{each.check} {dict(each.facts)}" for each in (*row.first, *row.shown) if not each.kept]
            (wishes.texts / f"{row.recipe.id}.md").write_text(
                "\n".join([row.text, "---", *lost]), encoding="utf-8"
            )
    if wishes.table:
        wishes.table.write_text(_table(rows, wishes), encoding="utf-8")


def _line(row: Row) -> str:
    failed = ", ".join(each.check for each in row.shown if not each.kept)
    first = ", ".join(each.check for each in row.first if not each.kept)
    cut = ", cut" if row.cut else ""
    kept = f"{_count(row.shown)} {failed}{row.error}".strip()
    about = f"{row.recipe.id}: {row.seconds:.0f} s, {row.rounds} rounds{cut}"
    return f"{about}, kept {kept} (first try broke: {first or '-'})"


def _keep(row: Row, folder: Path) -> None:
    """Write a text with what it broke into a folder, to be read."""
    folder.mkdir(parents=True, exist_ok=True)
    broken = [f"{each.check} {dict(each.facts)}" for each in (*row.first, *row.shown) if not each.kept]
    (folder / f"{row.recipe.id}.md").write_text("\n".join([row.text, "---", *broken]), encoding="utf-8")


def _count(findings: tuple[Finding, ...]) -> str:
    return f"{sum(each.kept for each in findings)}/{len(findings)}"


def _sums(rows: list[Row]) -> str:
    first = sum(bool(row.first) and all(each.kept for each in row.first) for row in rows)
    shown, hard = sum(row.kept for row in rows), sum(row.hard_kept for row in rows)
    seconds = sum(row.seconds for row in rows)
    return (
        f"{len(rows)} recipes: all promises kept by {first} at the model's first try, by {shown} as shown, "
        f"hard limits by {hard}; {seconds:.0f} s"
    )


def _table(rows: list[Row], wishes: argparse.Namespace) -> str:
    model = Store().catalog.model(wishes.model)
    lines = [
        "# Rezepte, ausprobiert",
        "",
        f"Das Beispiel jedes Rezepts, einmal mit {model.title} geschrieben, am {date.today():%d.%m.%Y} durch",
        "`python bench/recipes.py --command --table docs/recipes.md` (nicht von Hand ändern). Die Versprechen prüft",
        "das Programm; ob der Text gut ist, prüfen Menschen.",
        "",
        "| Rezept | Gruppe | Sekunden | Durchgänge | Versprechen gehalten | nicht gehalten |",
        "|---|---|---:|---:|---:|---|",
    ]
    for row in rows:
        group = say(f"text.group_{row.recipe.group}", "de")
        failed = ", ".join(each.check for each in row.shown if not each.kept) or row.error
        lines.append(
            f"| {row.recipe.title.de} (`{row.recipe.id}`) | {group} | {row.seconds:.0f} | {row.rounds} | "
            f"{_count(row.shown)} | {failed} |"
        )
    kept, hard = sum(row.kept for row in rows), sum(row.hard_kept for row in rows)
    lines += [
        "",
        f"Alle Versprechen gehalten: {kept} von {len(rows)}. "
        f"Harte Grenzen (Länge, Sprache, Teile, Platzhalter): {hard} von {len(rows)}.",
        "",
    ]
    return "\n".join(lines)


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen-1.5b")
    parser.add_argument("--language", default="de", choices=("de", "en"))
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--command", action="store_true")
    parser.add_argument("--table", type=Path)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--compare", nargs="+", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main()
