"""How the text station looks: the recipe's card, what was checked, versions, differences, the file to take home."""

import re
from collections.abc import Sequence
from datetime import date

from models.reading.document import Document
from stations.page import html_block
from stations.prose.finding import Finding
from stations.prose.wording import finding_text
from stations.text.difference import difference
from stations.text.long import SHORT
from stations.text.made import making
from stations.text.manuscript import Manuscript, Version
from stations.text.recipes import BrokenRecipe, Recipe
from stations.text.work import Draft, Source
from stations.texts import Language, say
from stations.units import decimal, wait_text
from stations.untrusted import defused


def card(recipe: Recipe, language: Language) -> str:
    """Return what a recipe is for, as HTML; its honest hint below."""
    hint = getattr(recipe.hint, language) if recipe.hint else ""
    title, purpose = getattr(recipe.title, language), getattr(recipe.purpose, language)
    return html_block("recipe.html", title=title, purpose=purpose, hint=hint)


def hidden_recipes(broken: Sequence[BrokenRecipe], language: Language) -> str:
    """Return which files are no recipes, one line each, as Markdown; empty if all are."""
    lines = [
        say("text.broken_recipe", language, file=each.file, line=each.line or "?", problem=each.problem)
        for each in broken
    ]
    return "\n\n".join(lines)


def state_of(draft: Draft, language: Language) -> str:
    """Return what is being done right now, with the place in the line while somebody waits."""
    tally = draft.tally
    if tally.place:
        wait = wait_text(tally.expected_s or 0.0, language)
        return say(
            "text.waiting_next" if tally.place == 1 else "text.waiting",
            language,
            place=tally.place,
            wait=wait,
        )
    if tally.prompt_tokens and not tally.new_tokens:
        percent = round(100 * tally.prompt_read / tally.prompt_tokens)
        return say("text.reading", language, percent=percent)
    if draft.stage in ("parts", "joining"):
        done, total = draft.part
        left = (
            say("text.left", language, wait=wait_text(draft.left_s, language))
            if draft.left_s is not None
            else ""
        )
        stage = say(f"text.stage_{draft.stage}", language)
        return say("text.progress", language, stage=stage, done=done, total=total, left=left)
    return say(f"text.stage_{draft.stage}", language)


def about_document(document: Document, recipe: Recipe, language: Language) -> str:
    """Return what was read of a long document, and whether this recipe can use it."""
    key = "text.document_read" if recipe.long else "text.document_unfit"
    pages = say("text.pages", language, count=document.pages) if document.pages else ""
    facts = {
        "name": defused(document.name).strip(),
        "pages": pages,
        "count": len(document.text),
        "limit": SHORT,
    }
    return say(key, language, **facts)


def sources(version: Version | None, language: Language) -> str:
    """Return each sentence of a summary with the place it comes from, to be opened, as HTML."""
    shown = [
        {"sentence": each.sentence, "place": _place(each, language), "paragraphs": each.text.split("\n")}
        for each in (version.sources if version else ())
    ]
    return html_block("sources.html", title=say("text.sources", language), sources=shown) if shown else ""


def _place(source: Source, language: Language) -> str:
    one = source.first_part == source.last_part
    key = "text.part_one" if one else "text.part_many"
    place = say(key, language, first=source.first_part, last=source.last_part)
    if source.pages is None:
        return place
    first, last = source.pages
    pages = say("text.page_one" if first == last else "text.page_many", language, first=first, last=last)
    return f"{place}, {pages}"


def marked(version: Version | None) -> str:
    """Return a version's text for the page, harmless, with new numbers and names marked: those are to be checked."""
    if version is None:
        return ""
    text = defused(version.text)
    for new in _new(version):
        text = re.sub(rf"(?<![\w<]){re.escape(new)}(?!\w)", lambda found: f"<mark>{found[0]}</mark>", text)
    return text


def _new(version: Version) -> list[str]:
    found = (each for each in version.findings if each.check in ("no_new_numbers", "no_new_names"))
    return [new for each in found for new in str(each.facts.get("what", "")).split(", ") if len(new) > 1]


def findings(version: Version | None, language: Language) -> str:
    """Return what the program checked on a version, broken promises first, as HTML."""
    if version is None:
        return ""
    if version.made_by == "person":
        return html_block("findings.html", note=say("text.note_person", language), findings=[])
    ordered = sorted(version.findings, key=lambda each: each.kept)
    shown = [{"kept": each.kept, "text": finding_text(each, language)} for each in _worth_saying(ordered)]
    if version.cut:
        shown.insert(0, {"kept": False, "text": say("text.note_cut", language)})
    facts = {"model": version.model, "seconds": decimal(version.seconds, language)}
    return html_block("findings.html", note=say("text.note_model", language, **facts), findings=shown)


def version_line(manuscript: Manuscript, language: Language) -> str:
    """Return which of how many versions is shown, and how it came about."""
    version = manuscript.current
    if version is None:
        return ""
    facts = {"number": manuscript.at + 1, "count": len(manuscript.versions), "what": version.what}
    return say("text.version", language, **facts)


def version_choices(manuscript: Manuscript, language: Language) -> list[tuple[str, int]]:
    """Return the other versions for a choice: their name and place."""
    return [
        (say("text.version_choice", language, number=place + 1, what=version.what), place)
        for place, version in enumerate(manuscript.versions)
        if place != manuscript.at
    ]


def changes(before: str, after: str, language: Language) -> str:
    """Return which words went and which came from one text to another, as HTML."""
    shown = [{"kind": change.kind, "lines": change.text.split("\n")} for change in difference(before, after)]
    return html_block("difference.html", legend=say("text.difference_legend", language), changes=shown)


def document(manuscript: Manuscript, language: Language, today: date, *, told: bool) -> str:
    """Return the text as Markdown for a file; ``told`` adds the line on how it was made."""
    if not told:
        return manuscript.text
    return f"{manuscript.text}\n\n---\n\n*{made_line(manuscript, language, today)}*"


def made_line(manuscript: Manuscript, language: Language, today: date) -> str:
    """Return one sentence on how the text was made: models, date, and how much people changed."""
    made = making(manuscript, today)
    when = today.strftime("%d.%m.%Y" if language == "de" else "%d %B %Y")
    by = say("text.made_by", language, models=", ".join(made.models) or "–", date=when)
    return f"{by} {say(f'text.made_{made.changed}', language)}"


def _worth_saying(ordered: Sequence[Finding]) -> list[Finding]:
    """Leave out what goes without saying as long as it holds."""
    return [
        each
        for each in ordered
        if not each.kept or each.check not in ("finished", "loop", "parts", "length_used")
    ]
