"""Task cards: every card can be used, names what is on the page, and ticks belong to one visitor."""

import io
import json
import re
import warnings
import zipfile
from pathlib import Path

import pytest

from models.errors import ModelError
from stations.base import Level
from stations.chatbot.personas import personas
from stations.messages import sentence
from stations.registry import STATIONS
from stations.room import task_cards
from stations.room.task_cards import SAMPLES, cards
from stations.room.task_ticks import Ticks, read_ticks, write_ticks
from stations.room.task_view import NAMES, pieces
from stations.text.recipes import cookbook
from stations.texts import LANGUAGES, sentences

HERE = "http://127.0.0.1:7860"
EVERY = [(station, card) for station in STATIONS for card in cards(station)]
NAMED = [f"{station}/{card.id}" for station, card in EVERY]
AREAS = {
    "text": {"text"},
    "speech": {"speech", "editor", "text", "translate"},
    "audio": {"audio", "text"},
    "retrieval": {"retrieval", "text"},
    "chatbot": {"chatbot"},
}
"""Where the words come from that a station shows; ``text`` has the formats and languages of several."""


def on_the_page(station, language):
    """Return everything that a station can show as a name."""
    table = sentences(language)
    named = {text for key, text in table.items() if key.split(".")[0] in AREAS[station]}
    if station == "text":
        for each in cookbook().recipes.values():
            named |= {
                getattr(each.title, language),
                *(getattr(field.label, language) for field in each.fields),
            }
    if station == "chatbot":
        named |= {each.title[language] for each in personas().values()}
    return named


def names_in(sentence, language):
    return [each[1:-1] for each in NAMES[language].findall(sentence)]


def told(card, language):
    return [*card.steps.of(language), *([card.watch.of(language)] if card.watch else [])]


@pytest.mark.parametrize("station", STATIONS)
def test_every_station_has_three_to_five_cards_on_all_levels(station):
    assert 3 <= len(cards(station)) <= 5
    assert {card.level for card in cards(station)} == set(Level)


@pytest.mark.parametrize("station", STATIONS)
def test_the_easiest_cards_come_first(station):
    order = [list(Level).index(card.level) for card in cards(station)]
    assert order == sorted(order)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("station", "card"), EVERY, ids=NAMED)
def test_what_a_step_names_stands_on_the_page(station, card, language):
    named = on_the_page(station, language)
    missing = [
        name for step in told(card, language) for name in names_in(step, language) if name not in named
    ]
    assert missing == []


@pytest.mark.parametrize(("station", "card"), EVERY, ids=NAMED)
def test_both_languages_name_equally_much_and_leave_no_quotation_mark_open(station, card):
    for german, english in zip(told(card, "de"), told(card, "en"), strict=True):
        assert len(names_in(german, "de")) == len(names_in(english, "en")), german
        assert not re.search('[„“”"]', NAMES["de"].sub("", german)), german
        assert not re.search('[„“”"]', NAMES["en"].sub("", english)), english


@pytest.mark.parametrize(("station", "card"), EVERY, ids=NAMED)
def test_a_card_asks_a_question_of_its_own_and_says_sie(station, card):
    assert card.question.de.endswith("?")
    assert card.question.en.endswith("?")
    german = " ".join([card.title.de, card.goal.de, card.question.de, *told(card, "de")])
    assert not re.search(r"\b(du|dir|dich|dein\w*|euch|euer|eure\w*)\b", german, re.IGNORECASE)


def test_every_card_somewhere_asks_another_question():
    for language in LANGUAGES:
        questions = [card.question.of(language) for _, card in EVERY]
        assert len(set(questions)) == len(questions)


def test_all_material_is_used_and_has_a_licence():
    used = {
        name for _, card in EVERY for one in card.samples for way in LANGUAGES for name in one.file_names(way)
    }
    sources = {file.with_suffix(".txt").name for file in SAMPLES.glob("*.pdf")}
    assert {file.name for file in SAMPLES.iterdir()} == used | sources | {"LICENCE.md"}
    assert "CC0" in (SAMPLES / "LICENCE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["satzung-2012", "statutes-2012"])
def test_a_pdf_says_what_its_text_says(name):
    import pypdfium2

    with pypdfium2.PdfDocument(SAMPLES / f"{name}.pdf") as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    printed = " ".join(pages).split()
    numbers = {str(number + 1) for number in range(len(pages))}
    written = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").split()
    assert [word for word in printed if word not in numbers] == [
        each for each in written if each not in numbers
    ]


@pytest.mark.parametrize("name", ["audioguide-stationen.csv", "audio-guide-stops.csv"])
def test_the_table_for_the_audio_guide_can_be_read(name):
    from stations.audio.guide_table import read_stops

    stops = read_stops(SAMPLES / name)
    assert [stop.number for stop in stops] == ["1", "2", "3", "4"]
    assert all(stop.title and stop.text for stop in stops)


def test_the_scene_for_the_play_has_its_roles():
    from stations.audio.script import read_script

    [play] = [card for card in cards("audio") if card.id == "hoerspiel"]
    for language in LANGUAGES:
        script = read_script(play.samples[0].to_read(language))
        assert script.roles == ("Auguste", "Marie")


def test_the_letters_do_not_contain_the_word_that_is_searched_for_by_meaning():
    for name in ("brief-1921", "brief-1923", "letter-1921", "letter-1923"):
        assert "hung" not in (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").lower()


def test_a_name_in_a_step_is_told_from_its_sentence():
    found = [(one.text, one.is_name) for one in pieces("Drücken Sie „Los“ und „Halt“.", "de")]
    assert found == [
        ("Drücken Sie ", False),
        ("„Los“", True),
        (" und ", False),
        ("„Halt“", True),
        (".", False),
    ]


# Files that a host writes

GOOD = """
[[cards]]
id = "eins"
level = "basis"
minutes = 10
title = { de = "Eins", en = "One" }
goal = { de = "Ziel", en = "Goal" }
steps = { de = ["a", "b", "c"], en = ["a", "b", "c"] }
question = { de = "Was?", en = "What?" }
"""
SAMPLE = '\n[[cards.samples]]\ntitle = { de = "M", en = "M" }\n'


def of_host(tmp_path, text):
    (tmp_path / "text.toml").write_text(text, encoding="utf-8")
    cards.cache_clear()
    return cards("text", tmp_path)


def test_a_station_without_a_file_has_no_cards(tmp_path):
    assert cards("pictures", tmp_path) == ()


def test_a_card_of_a_host_is_read(tmp_path):
    [card] = of_host(tmp_path, GOOD + SAMPLE + 'text = { de = "Guten Tag", en = "Hello" }')
    assert (card.title.of("en"), card.minutes, card.samples[0].to_read("en")) == ("One", 10, "Hello")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace("basis", "leicht"), "cards → 1 → level"),
        (GOOD.replace("minutes = 10", "minutes = 90"), "cards → 1 → minutes"),
        (GOOD.replace("goal", "gaol"), "cards → 1 → goal"),
        (GOOD + 'hint = "Tipp"', "cards → 1 → hint"),
        (GOOD.replace(', en = "One"', ""), "cards → 1 → title → en"),
        (GOOD.replace('en = ["a", "b", "c"]', 'en = ["a", "b", "c", "d"]'), "same number of steps"),
        (GOOD.replace('["a", "b", "c"]', '["a"]'), "steps → de"),
        (GOOD + GOOD, "same id"),
        (GOOD.replace('"eins"', '"../eins"'), "cards → 1 → id"),
        (GOOD + SAMPLE, "either a text or files"),
        (GOOD + SAMPLE + 'files = { de = ["fehlt.txt"], en = ["fehlt.txt"] }', "no file fehlt.txt"),
        (GOOD + SAMPLE + 'files = { de = ["../tasks/text.toml"], en = ["a.txt"] }', "files → de → 1"),
        ("cards = = 1", "line 1"),
        ("", "cards"),
    ],
)
def test_a_broken_file_is_named_with_the_place_and_the_problem(tmp_path, wrong, told):
    with pytest.raises(ModelError) as caught:
        of_host(tmp_path, wrong)
    text = sentence(caught.value, "de")
    assert "configs/tasks/text.toml" in text
    assert told in text


# Ticks


def test_ticks_are_kept_and_taken_back(tmp_path):
    ticks = Ticks().with_step("text", "eins", 2, done=True).with_step("text", "eins", 0, done=True)
    write_ticks(tmp_path, ticks.with_open("text", "eins").with_open("audio", ""))
    kept = read_ticks(tmp_path)
    assert kept.steps("text", "eins") == {0, 2}
    assert kept.open == {"text": "eins", "audio": ""}
    assert kept.with_step("text", "eins", 2, done=False).steps("text", "eins") == {0}
    assert kept.with_open("text", None).open == {"audio": ""}
    assert kept.steps("text", "zwei") == set()


@pytest.mark.parametrize("content", [b"", b"{", b'{"done": 3}', b"\xff"])
def test_a_damaged_file_of_ticks_is_like_none(tmp_path, content):
    (tmp_path / "ticks.json").write_bytes(content)
    assert read_ticks(tmp_path) == Ticks()


# The addresses


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The page's own addresses with two visitors' folders, without Gradio."""
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from stations.room.task_routes import add_routes
    from stations.room.visitors import COOKIE, Visitors
    from stations.settings import Workshop

    class Bench:
        workshop = Workshop(stations=["text", "retrieval"])
        visitors = Visitors(tmp_path_factory.mktemp("visitors"))

    app = FastAPI(openapi_url=None)
    add_routes(app, Bench())

    def client(visitor=True, **cookies):
        if visitor:
            cookies[COOKIE] = Bench.visitors.new_cookie()
        return TestClient(app, base_url=HERE, cookies=cookies)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield client, Bench.visitors


def tick(client, card="amtsblatt", step=0, done=True, station="text", **headers):
    return client.post(
        f"/tasks/{station}/tick",
        content=json.dumps({"card": card, "step": step, "done": done}),
        headers={"Content-Type": "application/json", "Origin": HERE, **headers},
    )


pytestmark = pytest.mark.enable_socket


def test_a_tick_is_answered_with_how_far_one_is_and_comes_back_with_the_cards(world):
    client = world[0]()
    facts = tick(client, step=1).json()
    assert facts["cards"]["amtsblatt"] == "1 von 5"
    assert facts["finished"] == "0 von 5 erledigt"
    page = client.get("/tasks/text/cards").text
    assert re.findall(r'data-step="(\d)" checked', page) == ["1"]
    assert tick(client, step=1, done=False).json()["cards"]["amtsblatt"] == "0 von 5"


def test_a_card_is_done_when_all_its_steps_are(world):
    client = world[0]()
    for step in range(5):
        facts = tick(client, step=step).json()
    assert facts["finished"] == "1 von 5 erledigt"


def test_another_visitor_sees_none_of_it(world):
    one, other = world[0](), world[0]()
    tick(one)
    assert "checked" in one.get("/tasks/text/cards").text
    assert "checked" not in other.get("/tasks/text/cards").text


def test_what_is_open_comes_back(world):
    client = world[0]()
    said = {"Content-Type": "application/json", "Origin": HERE}
    assert 'data-opened="null"' in client.get("/tasks/text/cards").text
    assert client.post("/tasks/text/open", content='{"card": "aushang"}', headers=said).status_code == 200
    page = client.get("/tasks/text/cards").text
    assert re.findall(r'data-card="([a-z-]+)" open', page) == ["aushang"]
    assert 'data-opened="aushang"' in page
    client.post("/tasks/text/open", content='{"card": null}', headers=said)
    assert " open>" not in client.get("/tasks/text/cards").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "https://127.0.0.1:7860"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_no_other_page_can_tick(world, headers):
    client, visitors = world[0](), world[1]
    before = len(list(visitors.home.iterdir()))
    answer = tick(client, **headers)
    assert answer.status_code == 403
    assert "nicht von unserer Seite" in answer.json()["text"]
    assert len(list(visitors.home.iterdir())) == before


def test_a_page_that_hides_where_it_comes_from_but_is_ours_may_tick(world):
    assert tick(world[0](), **{"Origin": "null", "Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize(
    "wish",
    [
        {"card": "gibt-es-nicht"},
        {"card": "../../etc/passwd"},
        {"card": ""},
        {"step": 5},
        {"step": -1},
        {"step": "0"},
        {"step": True},
        {"done": "ja"},
        {"card": "x" * 2000},
        {"station": "audio"},
        {"station": "pictures"},
        {"station": "..%2ftext"},
        {"card": "frag-die-satzung"},
    ],
)
def test_what_is_no_step_of_a_card_here_is_refused_and_leaves_nothing(world, wish):
    client, visitors = world[0](), world[1]
    answer = tick(client, **wish)
    assert answer.status_code == 404
    assert not [file for file in visitors.home.glob("*/*") if "x" * 20 in file.read_text()]
    assert "checked" not in client.get("/tasks/text/cards").text


@pytest.mark.parametrize(
    "body",
    ['{"card": ""}' + " " * 2000, '{"card": "nix"}', '{"card": 1}', "{}", "", '{"card": "", "more": 1}'],
)
def test_what_cannot_be_opened_is_refused(world, body):
    said = {"Content-Type": "application/json", "Origin": HERE}
    assert world[0]().post("/tasks/text/open", content=body, headers=said).status_code == 404


def test_nothing_is_kept_for_a_station_that_is_not_here(world):
    said = {"Content-Type": "application/json", "Origin": HERE}
    assert world[0]().post("/tasks/pictures/open", content='{"card": ""}', headers=said).status_code == 404


@pytest.mark.parametrize("cookie", [None, "erfunden.abc", "../x"])
def test_somebody_without_a_cookie_of_ours_reads_the_cards_and_keeps_nothing(world, cookie):
    client = world[0](False, **({"ki_visitor": cookie} if cookie else {}))
    before = len(list(world[1].home.iterdir()))
    assert "Amtsblatt" in client.get("/tasks/text/cards").text
    answer = tick(client)
    assert answer.status_code == 400
    assert "Cookies" in answer.json()["text"]
    assert len(list(world[1].home.iterdir())) == before


@pytest.mark.parametrize("place", ["", "/cards"])
def test_a_station_that_is_not_here_has_no_cards(world, place):
    for station in ("audio", "pictures", "..%2f..%2fconfigs%2ftasks%2ftext"):
        assert world[0]().get(f"/tasks/{station}{place}").status_code == 404


def test_the_cards_come_in_the_language_somebody_chose(world):
    english = world[0](ki_language="en").get("/tasks/text/cards").text
    assert "The announcement has to fit the gazette" in english
    assert "Ankündigung" not in english
    assert "no-store" in world[0]().get("/tasks/text/cards").headers["cache-control"]


def test_the_page_to_print_has_every_card_in_either_language(world):
    german = world[0]().get("/tasks/text").text
    assert german.count("<article>") == len(cards("text"))
    assert 'lang="de"' in german
    assert 'href="/tasks/text?language=en"' in german
    english = world[0]().get("/tasks/text?language=en").text
    assert cards("text")[0].title.en in english
    assert "checked" not in german


def test_material_comes_as_a_file(world):
    answer = world[0]().get("/tasks/text/material/amtsblatt/0/de")
    assert answer.headers["content-disposition"] == 'attachment; filename="ankuendigung.txt"'
    assert answer.content == (SAMPLES / "ankuendigung.txt").read_bytes()
    assert "Ballpoint" in world[0]().get("/tasks/text/material/aushang/0/en").text


def test_several_files_come_as_one_zip(world):
    answer = world[0]().get("/tasks/retrieval/material/frag-die-satzung/0/de")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    [sample] = cards("retrieval")[0].samples
    assert packed == {name: (SAMPLES / name).read_bytes() for name in sample.file_names("de")}


@pytest.mark.parametrize(
    "address",
    [
        "text/material/amtsblatt/1/de",
        "text/material/amtsblatt/-1/de",
        "text/material/amtsblatt/00/de",
        "text/material/amtsblatt/٠/de",
        "text/material/amtsblatt/0/fr",
        "text/material/amtsblatt/0/..%2f..%2fworkshop.toml",
        "text/material/..%2f..%2fworkshop.toml/0/de",
        "audio/material/audioguide/0/de",
        "..%2fsamples/material/amtsblatt/0/de",
    ],
)
def test_no_address_leads_to_any_other_file(world, address):
    assert world[0]().get(f"/tasks/{address}").status_code == 404


def test_a_broken_file_stops_the_start(tmp_path, monkeypatch):
    from fastapi import FastAPI

    from stations.room import task_routes
    from stations.settings import Workshop

    (tmp_path / "text.toml").write_text("[[cards]]", encoding="utf-8")
    broken = task_cards.cards.__wrapped__
    monkeypatch.setattr(task_routes, "cards", lambda station: broken(station, Path(tmp_path)))

    class Bench:
        workshop = Workshop(stations=["text"])

    with pytest.raises(ModelError) as caught:
        task_routes.add_routes(FastAPI(), Bench())
    assert caught.value.key == "tasks.broken_file"


def test_the_cards_named_in_the_run_of_show_exist():
    guide = (SAMPLES.parents[1] / "docs" / "host.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|.*\| ([^|]+) \|$", guide[guide.index("## Ablauf: eine Stunde") :], re.MULTILINE)
    titles = {card.title.de for _, card in EVERY}
    named = {name for row in rows for name in row.split(" · ") if name in titles}
    assert len(named) == 3
    assert "„Ein einziges Wort ändern“" in guide
    assert "Ein einziges Wort ändern" in titles
