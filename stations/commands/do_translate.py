"""``do translate``: texts, documents and subtitles into another language, one result for each."""

import shutil
from pathlib import Path
from typing import cast

from models.catalog import Role
from models.engines.base import ChatModel, Translator
from models.errors import ModelError
from models.progress import Progress
from models.store import Store
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.commands.engines import engines, player
from stations.commands.saving import checked_folder, move_to, written_out
from stations.console import Terminal, result, terminal
from stations.speech.given import By, Given, GivenText, given_file, source_of
from stations.speech.translate_view import finding_text
from stations.texts import say
from stations.translation.results import Translation, Wish
from stations.units import spoken


def run(options: Options) -> int:
    """Translate each file, or the words as one text; return 0, or 1 when one of them failed.

    Reads ``lang``, ``names`` (files, or a text), ``to``, ``spoken`` (the language it is in), ``out`` and ``profile``.
    """
    screen, workshop, store = terminal(options.lang), workshop_of(options), Store()
    if options.out:
        checked_folder(options.out)
    model = player(workshop, store, Role.TRANSLATE)
    failed = 0
    with engines(workshop, store, screen, model) as library, library.borrow(Role.TRANSLATE) as engine:
        by = cast(Translator | ChatModel, engine)
        for name in _files_or_text(options.names):
            try:
                _one(name, by, options, screen)
            except ModelError as error:
                failed += 1
                problem = say(error.key, options.lang, **spoken(error.facts, options.lang))
                screen.say("speech.file_bad", name=Path(name).name[:60], problem=problem)
    return 1 if failed else 0


def _files_or_text(names: tuple[str, ...]) -> list[str]:
    """Return the files one by one; words of which none is a file are one text."""
    return list(names) if any(Path(name).is_file() for name in names) else [" ".join(names)]


def _one(name: str, by: By, options: Options, screen: Terminal) -> None:
    file = Path(name)
    given: Given = given_file(file) if _is_file(file) else GivenText(name)
    wish = Wish(source_of(given, options.spoken or ""), options.to or "en")
    made = Translation()
    for made in given.translated(wish, by):
        screen.report(Progress("speech.step_translating", round(100 * made.share), 100))
    screen.finish()
    for finding in made.findings:
        screen.show(f"! {finding_text(finding, options.lang)}")
    _hand_over(given.same(made, wish, options.lang), made, file, options)


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a text is longer than any name of a file
        return False


def _hand_over(same: Path | None, made: Translation, file: Path, options: Options) -> None:
    if same is None:
        if options.out:
            (options.out / f"{options.to or 'en'}.txt").write_text(made.text + "\n", encoding="utf-8")
        else:
            result(made.text)
        return
    try:
        if options.out:
            move_to(same, options.out / f"{file.stem}_{options.to or 'en'}{file.suffix}")
        else:
            written_out(same)
    finally:
        shutil.rmtree(same.parent, ignore_errors=True)
