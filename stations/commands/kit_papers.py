"""What lies at the top of a stick for people to read and to double-click: guide, licences, start files."""

import html
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from models.catalog import Model
from models.kit import licences, start_files
from models.kit.layout import Target
from models.kit.licences import Licensed
from stations.commands.kit_arrive import starts, words_for_start_files
from stations.documents import write_document
from stations.texts import LANGUAGES, Language, say

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "stations" / "templates"
GUIDE, LICENCES = "Anleitung", "Lizenzen"
PARTS = ("kit", "host")
"""What the guide consists of: first how to use the stick, then everything for the host."""
FOR_ENGINEERS = "\n# For engineers"


def write_papers(
    folder: Path, targets: Sequence[Target], wheels: Iterable[Path], models: Sequence[Model]
) -> bool:
    """Fill ``folder``; return whether the guide could be made as a PDF too (that needs a package of its own).

    Raises:
        ModelError: ``page.no_document`` with the writer's own words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_starts(folder, targets)
    _write_licences(folder, licences.of_wheels(wheels), models)
    return _write_guide(folder)


def _write_starts(folder: Path, targets: Sequence[Target]) -> None:
    for system in {target.system for target in targets}:
        pythons = [target.python for target in targets if target.system == system]
        start_files.write(folder, system, starts(), pythons, words_for_start_files(pythons))


def _write_guide(folder: Path) -> bool:
    text = guide_text()
    (folder / f"{GUIDE}.html").write_text(_html(text), encoding="utf-8")
    if find_spec("typst") is None:
        return False
    made = write_document(text, "pdf", GUIDE, say("kit.guide_title"))
    (folder / f"{GUIDE}.pdf").write_bytes(made.read_bytes())
    made.unlink()
    made.parent.rmdir()
    return True


def guide_text() -> str:
    """Return the guide in Markdown: the German part about the stick, then the host's guide."""
    parts = [(ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in PARTS]
    return "\n\n".join(part.partition(FOR_ENGINEERS)[0] for part in parts)


def _html(markdown: str) -> str:
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return page(say("kit.guide_title"), body, "de")


def page(title: str, body: str, language: Language) -> str:
    """Return a page; ``body`` is HTML that was made here."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return pages.get_template("kit_paper.html").render(title=title, body=Markup(body), language=language)  # noqa: S704


def _write_licences(folder: Path, packages: list[Licensed], models: Sequence[Model]) -> None:
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    (folder / f"{LICENCES}.txt").write_text(licence_text(packages, models, own), encoding="utf-8")
    (folder / f"{LICENCES}.html").write_text(licence_page(packages, models), encoding="utf-8")


def licence_page(packages: Iterable[Licensed], models: Sequence[Model]) -> str:
    """Return the list of all licences as a page in both languages; the words themselves are in the text file."""
    from markupsafe import Markup

    packages = list(packages)
    tables = [_tables(packages, models, language) for language in LANGUAGES]
    return page(say("kit.licences_title"), Markup("").join(map(Markup, tables)), "de")


def _tables(packages: Sequence[Licensed], models: Sequence[Model], language: Language) -> str:
    head = "".join(f"<th>{html.escape(say(key, language))}</th>" for key in COLUMNS)
    listed = (
        (say("kit.models", language), licences.of_models(models, language)),
        (say("kit.packages", language), packages),
    )
    tables = (
        f"<h2>{html.escape(title)}</h2><table><tr>{head}</tr>{_rows(found)}</table>"
        for title, found in listed
    )
    title, about = (html.escape(say(key, language)) for key in ("kit.licences_title", "kit.licences_about"))
    return f'<section lang="{language}"><h1>{title}</h1><p>{about}</p>{"".join(tables)}</section>'


COLUMNS = ("kit.column_name", "kit.column_version", "kit.column_licence", "kit.column_source")


def _rows(found: Iterable[Licensed]) -> str:
    rows = ((one.name, one.version, one.licence, one.source) for one in found)
    return "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )


def licence_text(packages: Sequence[Licensed], models: Sequence[Model], own: str) -> str:
    """Return the list and the words of all licences; a text that several packages share stands there once."""
    blocks = [
        say("kit.licences_title", language) + "\n" + say("kit.licences_about", language)
        for language in LANGUAGES
    ]
    blocks += [_block(say("kit.program"), own)]
    blocks += [_line(one) for one in licences.of_models(models, "de")]
    blocks += [_line(one) for one in packages]
    sharing: dict[str, list[str]] = {}
    for one in packages:
        for text in one.texts:
            sharing.setdefault(text, []).append(f"{one.name} {one.version}")
    blocks += [_block(", ".join(names), text) for text, names in sharing.items()]
    return "\n\n".join(blocks) + "\n"


def _line(one: Licensed) -> str:
    return f"{one.name} ({one.version}): {one.licence}\n  {one.source}"


def _block(title: str, text: str) -> str:
    return f"{'=' * 80}\n{title}\n{'=' * 80}\n{text.strip()}"
