"""Every sentence a person reads: the same in both languages, all used, none missing.

A key counts as used where it stands in quotes in the code, a template or the launcher, or where one of the few
f-strings below makes it. Each of those must stand in the code, and the code may make keys in no other way.
"""

import inspect
import re
import string
from pathlib import Path
from typing import get_args

import pytest

from models.catalog import Role
from models.errors import ModelError
from models.language import CANDIDATES
from models.setup import machine
from stations import arguments, commandline, documents, tasks
from stations.audio.bot_part import STEPS
from stations.audio.panel import PARTS
from stations.base import Level
from stations.chatbot.controls import FORMATS
from stations.commands.models import COLUMNS
from stations.messages import sentence
from stations.registry import STATIONS
from stations.retrieval.find_view import ORDER
from stations.retrieval.front import PARTS as RETRIEVAL_PARTS
from stations.retrieval.work_view import KINDS
from stations.room.host_routes import SPOKEN
from stations.room.reset import KINDS as KINDS_OF_FILES
from stations.speech import exports
from stations.speech.jobs import Stage
from stations.speech.minutes_screen import SORTS
from stations.text import ease, made, plain_language, readability, rework, votes, work
from stations.text.recipes import Check, Group
from stations.texts import LANGUAGES, known_language, say, sentences
from stations.translation import checks
from stations.translation.languages import ENGLISH_NAMES

ROOT = Path(__file__).resolve().parents[2]
SYSTEMS = ("windows", "macos", "debian", "fedora", "linux")
TYPED = [*commandline.COMMANDS, *(f"do_{action}" for action in tasks.TASKS)]
CHECKS = (
    *(check.value for check in Check),
    *("characters", "words", "sentences", "language", "parts", "placeholders", "finished", "loop", "address"),
)
RULES = re.findall(r"``(\w+)``", plain_language.findings.__doc__.partition("The rules are")[2])
MEASURES = re.findall(r'row\("(\w+)", "', inspect.getsource(ease))
assert len(RULES) > 9 and len(MEASURES) > 1  # noqa: PT018 - otherwise the code has changed
STAGES = [stage.value for stage in Stage]
MINUTES = (
    "heading",
    "of",
    "nothing",
    "made",
    "date",
    "place",
    "participants",
    "topics",
    "decisions",
    "tasks",
    "questions",
)
MINUTES += ("questions", "who", "what", "until")
FAMILIES = {
    'f"chatbot.note_{why}"': ("broken", "stopped", "length", "time"),
    'f"chatbot.take_{kind}"': FORMATS,
    'f"retrieval.part_{each}"': RETRIEVAL_PARTS,
    'f"retrieval.names_{kind}"': KINDS,
    'f"retrieval.way_{way}"': ORDER,
    'f"retrieval.way_{way}_about"': ORDER,
    'f"command.{key}"': TYPED,
    'f"command.{key}_usage"': TYPED,
    'f"command.{key}_option"': None,  # every flag of the command line, read from its code
    'f"command.chromium_missing_{machine.system()}"': SYSTEMS,
    'f"setup.no_venv_{system()}"': SYSTEMS,
    'f"setup.no_compiler_{system()}"': SYSTEMS,
    'f"store.column_{name}"': COLUMNS,
    'f"store.role_{model.role}"': [role.value for role in Role],
    'f"store.state_{state}"': ("here", "wanted", "known"),
    'f"page.level_{one.level}"': [level.value for level in Level],
    'f"host.{name}"': SPOKEN,
    'f"host.role_{role.value}"': [role.value for role in Role],
    'f"host.kind_{kind}"': (*KINDS_OF_FILES, "document"),
    "f'tasks.level_{card.level}'": [level.value for level in Level],
    'f"text.kept_{finding.check}"': CHECKS,
    'f"text.broken_{finding.check}"': CHECKS,
    'f"text.remind_{finding.check}"': CHECKS,
    'f"text.ask_{address}"': ("sie", "du", "neutral"),
    'f"text.address_{wanted}"': ("sie", "du", "neutral"),
    'f"text.language_{wanted}"': CANDIDATES,
    'f"text.language_{code}"': CANDIDATES,
    'f"text.group_{group}"': [group.value for group in Group],
    'f"text.stage_{draft.stage}"': get_args(work.Stage),
    'f"text.rework_{action}"': rework.REWORKS,
    'f"text.take_{kind}"': documents.FORMATS,
    "f'text.made_{made.changed}'": get_args(made.Changed),
    'f"text.vote_{choice}"': get_args(votes.Choice),
    'f"text.ease_{name}"': MEASURES,
    'f"text.level_{level(before)}"': get_args(readability.Level),
    'f"text.level_{level(now)}"': get_args(readability.Level),
    'f"text.rule_{rule}"': RULES,
    'f"audio.{name}"': ("speed", "pitch", "volume"),
    'f"audio.part_{each}"': PARTS,
    'f"audio.step_{name}"': STEPS,
    'f"audio.guide_{state.stage}"': ("translating", "speaking", "packing"),
    'f"speech.people_{count}"': (0, 1),
    'f"speech.sort_{sort}"': SORTS,
    'f"speech.stage_{job.stage.value}"': set(STAGES) - {"failed"},
    "f'speech.mark_{key}'": {"share", *STAGES} - {"listening"},
    'f"speech.take_{kind}"': exports.KINDS,
    'f"speech.{name}"': ("stop", "go_on", "delete", "delete_sure"),
    'f"translate.broken_{finding.check}"': checks.CHECKS,
    'f"translate.language_{code}"': ENGLISH_NAMES,
    'f"minutes.{name}"': ("decisions", "tasks", "questions", "topics"),
    'f"minutes.{key}"': MINUTES,
    'f"minutes.gap_{key}"': ("who", "what", "where", "when", "how", "headline"),
    'f"{name}.title"': STATIONS,
    'f"{one.id}.purpose"': STATIONS,
}
NOT_KEYS = {  # names of files
    *(
        "setup.lock",
        "setup.log",
        "setup.temporary",
        "sound.raw",
        "host.device",
        "host.html",
        "results.html",
        "proof.html",
        "host.md",
    ),
    *("editor.html", "minutes.html", "minutes.toml", "retrieval.toml", "audio.mp3", "index.html"),
}
BEGINNINGS = {"setup.no_compiler", "page.language_"}  # completed below or by a template
GRADIO = "gradio."
"""Keys that Gradio's own page asks for."""
FIXED = "fixed."
"""Keys of words that replace English built into Gradio: all are used, by their beginning."""
KEY = re.compile(r"""["']([a-z]+(?:\.[a-z0-9_]+)+)["']""")
MADE_KEY = re.compile(r"""f["'](?:[a-z]+|\{[a-z.]+\})\.[a-z_]*\{?[^"'\s]*["']""")


def code_files():
    for folder in ("models", "stations"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".html", ".js"}:
                yield file
    yield ROOT / "launcher.py"


CODE = "\n".join(file.read_text(encoding="utf-8") for file in code_files())
TEXTS = {language: sentences(language) for language in LANGUAGES}
AREAS = {key.split(".")[0] for key in TEXTS["de"]}


def flags():
    found = re.findall(
        r'\badd\(\s*parser,\s*lang,\s*"--([a-z-]+)"',
        "".join(map(inspect.getsource, (arguments, commandline, tasks))),
    )
    assert len(set(found)) >= 6
    return {flag.replace("-", "_") for flag in found}


def made_keys():
    """Every key that the f-strings can make."""
    for pattern, values in FAMILIES.items():
        for value in flags() if values is None else values:
            yield re.sub(r"\{[^}]*\}", str(value), pattern[2:-1])


def literal_keys():
    return {key for key in KEY.findall(CODE) if key.split(".")[0] in AREAS} - NOT_KEYS - BEGINNINGS


def halves():
    """A step of the set-up has a second sentence for unpacking or compiling, and the header one per language."""
    for way in ('f"{self._key}_install"', 'f"{self._key}_build"', '"page.language_" ~ each'):
        assert way in CODE
    steps = {key for key in literal_keys() if key.startswith("setup.")}
    ends = {f"{key}_{end}" for key in steps for end in ("install", "build")}
    return ends | {f"page.language_{language}" for language in LANGUAGES}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_sentences():
    assert TEXTS["de"].keys() == TEXTS["en"].keys()


def test_both_languages_fill_in_the_same_facts():
    german, english = TEXTS["de"], TEXTS["en"]
    different = [key for key in german if placeholders(german[key]) != placeholders(english[key])]
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_plain_names(language):
    for key, text in TEXTS[language].items():
        assert all(name.isidentifier() for name in placeholders(text)), key


def test_each_language_has_a_file_for_every_area():
    for language in LANGUAGES:
        files = [file.stem for file in (ROOT / "configs" / "texts" / language).glob("*.toml")]
        assert set(files) == AREAS


def test_every_key_in_the_code_exists():
    assert (literal_keys() | set(made_keys())) - TEXTS["de"].keys() == set()


def test_every_sentence_is_used():
    used = literal_keys() | set(made_keys()) | halves()
    unused = {key for key in TEXTS["de"] if not key.startswith((GRADIO, FIXED))} - used
    assert unused == set()


def test_every_way_of_making_keys_is_listed_and_each_listed_one_is_there():
    found = {
        made
        for made in MADE_KEY.findall(CODE)
        if (made[2:].split(".")[0] in AREAS and "{" in made) or made.endswith(('.title"', '.purpose"'))
    }
    assert found == set(FAMILIES)


def gradios_page(files):
    import gradio

    assets = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
    return "\n".join(file.read_text(encoding="utf-8") for file in assets.glob(files))


def test_gradios_keys_are_keys_that_gradio_knows():
    page = gradios_page("core-*.js")
    last_parts = {key.rsplit(".", 1)[1] for key in TEXTS["de"] if key.startswith(GRADIO)}
    assert last_parts
    assert [part for part in sorted(last_parts) if not re.search(rf"\b{part}:", page)] == []


def test_the_english_that_is_replaced_is_built_into_this_gradio():
    page = gradios_page("*.js")
    whose = re.compile("^(bot|user)(?='s message)")  # put in by a variable
    built_in = [whose.sub("", text) for key, text in TEXTS["en"].items() if key.startswith(FIXED)]
    assert built_in
    assert [text for text in built_in if text not in page] == []


def test_the_systems_that_have_sentences_are_those_the_code_tells_apart():
    assert set(
        re.findall(r'"(windows|macos|debian|fedora|linux)"', inspect.getsource(machine.system))
    ) == set(SYSTEMS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_and_none_has_space_around_it(language):
    spaced = ("store.one_source", "text.pages", FIXED)  # a line of a list; beginnings that something follows
    for key, text in TEXTS[language].items():
        assert text.strip(), key
        assert text.strip("\n") == text.strip() or key.startswith(spaced), key


def test_german_sentences_say_sie():
    familiar = re.compile(r"\b(du|dir|dich|dein\w*|euch|euer|eure\w*)\b", re.IGNORECASE)
    about_du = {"text.ask_du", "text.address_du"}
    assert {key for key, text in TEXTS["de"].items() if familiar.search(text)} == about_du


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_has_a_name(language):
    for level in Level:
        assert TEXTS[language].get(f"page.level_{level}"), level


def test_a_sentence_is_filled_in():
    assert "Platz 3" in say("chatbot.waiting", "de", place=3, wait="40 Sekunden")
    assert "3" in say("chatbot.waiting", "en", place=3, wait="40 seconds")


def test_a_key_that_does_not_exist_is_a_bug_not_a_sentence():
    with pytest.raises(KeyError):
        say("chatbot.no_such_sentence")


@pytest.mark.parametrize(
    ("wish", "language"), [("en", "en"), ("de", "de"), ("fr", "de"), (None, "de"), ("", "de"), ("EN", "de")]
)
def test_an_unknown_language_becomes_the_default(wish, language):
    assert known_language(wish) == language


def test_numbers_in_errors_are_written_the_way_people_write_them():
    error = ModelError("library.no_memory", model="Modell", needed=2_000_000_000, free=512_000_000)
    assert "2,0 GB" in sentence(error, "de")
    assert "512,0 MB" in sentence(error, "de")
    assert "2.0 GB" in sentence(error, "en")


def test_every_error_names_the_facts_its_sentence_needs():
    """Those raised with plain keyword facts; those built otherwise are tested where they arise."""
    raised = re.findall(
        r'ModelError\(\s*"([a-z_.]+)"((?:,\s*\w+=(?:[^()]|\([^()]*(?:\([^()]*\)[^()]*)*\))*?)*)\s*\)', CODE
    )
    assert len(raised) > 20
    for key, facts in raised:
        if "**" in facts:
            continue
        given = set(re.findall(r"(?:^|,)\s*(\w+)=", facts))
        assert placeholders(TEXTS["de"][key]) <= given, key
