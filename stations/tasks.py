"""What ``do`` can do, and what each task asks for. Standard library only."""

import argparse
from pathlib import Path

from stations.arguments import Adder, add, number, one_of, profile, seed
from stations.texts import Language, say

TRANSCRIPT_KINDS = ("txt", "docx", "odt", "srt", "vtt", "json", "maxqda", "atlasti")
PAPER_KINDS = ("txt", "md", "docx", "odt", "pdf")
MOST_SPEAKERS = 8
SEARCH_MODES = ("hybrid", "keyword", "dense")
MOST_HITS = 1000


def _write(parser: argparse.ArgumentParser, lang: Language) -> None:
    recipe = {"metavar": say("command.recipe", lang), "help": say("command.recipe_help", lang)}
    parser.add_argument("names", nargs="*", default=(), **recipe)  # type: ignore[arg-type]
    value = say("command.field", lang)
    add(parser, lang, "--field", dest="fields", action="append", metavar=value)
    add(parser, lang, "--input", type=Path, metavar=say("command.file", lang))
    add(parser, lang, "--out", type=Path, metavar=say("command.file", lang))
    add(parser, lang, "--model", metavar="ID")
    add(parser, lang, "--seed", type=seed, metavar=say("command.number", lang))
    add(parser, lang, "--list", action="store_true")
    add(parser, lang, "--json", action="store_true")
    profile(parser, lang)


def _transcribe(parser: argparse.ArgumentParser, lang: Language) -> None:
    _files(parser, lang)
    add(
        parser,
        lang,
        "--format",
        type=one_of("--format", TRANSCRIPT_KINDS),
        metavar="|".join(TRANSCRIPT_KINDS),
    )
    _listening(parser, lang)
    add(parser, lang, "--out", type=Path, metavar=say("command.folder", lang))
    profile(parser, lang)


def _files(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.file", lang), "help": say("command.files_help", lang)}
    parser.add_argument("names", nargs="+", **words)  # type: ignore[arg-type]


def _listening(parser: argparse.ArgumentParser, lang: Language) -> None:
    add(parser, lang, "--language", dest="spoken", metavar=say("command.code", lang))
    add(
        parser,
        lang,
        "--speakers",
        type=number("--speakers", 1, MOST_SPEAKERS),
        metavar=say("command.number", lang),
    )


def _translate(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.file_or_text", lang), "help": say("command.file_or_text_help", lang)}
    parser.add_argument("names", nargs="+", **words)  # type: ignore[arg-type]
    add(parser, lang, "--to", metavar=say("command.code", lang))
    add(parser, lang, "--language", dest="spoken", metavar=say("command.code", lang))
    add(parser, lang, "--out", type=Path, metavar=say("command.folder", lang))
    profile(parser, lang)


def _minutes(parser: argparse.ArgumentParser, lang: Language) -> None:
    _files(parser, lang)
    add(parser, lang, "--format", type=one_of("--format", PAPER_KINDS), metavar="|".join(PAPER_KINDS))
    _listening(parser, lang)
    add(parser, lang, "--json", action="store_true")
    add(parser, lang, "--out", type=Path, metavar=say("command.folder", lang))
    profile(parser, lang)


def _speak(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.file_or_text", lang), "help": say("command.speak_help", lang)}
    parser.add_argument("names", nargs="+", **words)  # type: ignore[arg-type]
    add(parser, lang, "--voice", metavar="ID")
    add(parser, lang, "--out", type=Path, metavar=say("command.file", lang))
    profile(parser, lang)


def _guide(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.table", lang), "help": say("command.table_help", lang)}
    parser.add_argument("names", nargs=1, **words)  # type: ignore[arg-type]
    add(parser, lang, "--languages", metavar="de,en")
    add(parser, lang, "--address", metavar="URL")
    add(parser, lang, "--out", type=Path, metavar=say("command.folder", lang))
    profile(parser, lang)


def _index(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.folder_or_file", lang), "help": say("command.gathered_help", lang)}
    parser.add_argument("names", nargs="+", **words)  # type: ignore[arg-type]
    _collection(parser, lang)


def _watch(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.folder", lang), "help": say("command.watched_help", lang)}
    parser.add_argument("names", nargs="+", **words)  # type: ignore[arg-type]
    _collection(parser, lang)


def _search(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.question", lang), "help": say("command.question_help", lang)}
    parser.add_argument("names", nargs="*", default=(), **words)  # type: ignore[arg-type]
    _collection(parser, lang)
    hits = number("--count", 1, MOST_HITS)
    add(parser, lang, "--count", type=hits, metavar=say("command.number", lang))
    add(parser, lang, "--mode", type=one_of("--mode", SEARCH_MODES), metavar="|".join(SEARCH_MODES))
    add(parser, lang, "--queries", type=Path, metavar=say("command.file", lang))
    add(parser, lang, "--json", action="store_true")


def _ask(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.question", lang), "help": say("command.question_help", lang)}
    parser.add_argument("names", nargs="+", **words)  # type: ignore[arg-type]
    _collection(parser, lang)
    add(parser, lang, "--json", action="store_true")


def _collection(parser: argparse.ArgumentParser, lang: Language) -> None:
    add(parser, lang, "--collection", metavar="NAME")
    profile(parser, lang)


TASKS: dict[str, Adder] = {
    "write": _write,
    "transcribe": _transcribe,
    "translate": _translate,
    "minutes": _minutes,
    "speak": _speak,
    "guide": _guide,
    "index": _index,
    "search": _search,
    "ask": _ask,
    "watch": _watch,
}
STATION_OF = {
    "write": "text",
    "transcribe": "speech",
    "translate": "speech",
    "minutes": "speech",
    "speak": "audio",
    "guide": "audio",
    "index": "retrieval",
    "search": "retrieval",
    "ask": "retrieval",
    "watch": "retrieval",
}
"""The station whose packages a task needs, by the task's name."""
