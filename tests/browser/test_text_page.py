"""The text station in a browser, with a model that repeats the request: finding, writing, reworking, files."""

import re

import docx
import pypdfium2
import pytest
from playwright.sync_api import expect

from stations.page import LARGEST_UPLOAD

SENTENCES = "Das Museum öffnet um zehn Uhr. Am Nachmittag gibt es Kaffee und Kuchen für alle."
HOSTILE = "<script>window.hit = 1</script> <img src=x onerror='window.hit = 1'> ![](http://192.0.2.1/x.png)"


@pytest.fixture
def visitor(visit, echo):
    return visit(echo).open_text()


def written(visitor, text=SENTENCES, recipe="Freundlicher formulieren"):
    visitor.choose_recipe(recipe)
    visitor.page.fill("#text-field-0 textarea", text)
    return visitor.write_text()


@pytest.mark.parametrize(
    ("language", "group", "title"),
    [("de", "Verwaltung", "Freundliche Absage"), ("en", "Administration", "Polite refusal")],
)
def test_a_recipe_is_two_clicks_away(visit, echo, language, group, title):
    visitor = visit(echo, language).open_text()
    visitor.page.get_by_label(group, exact=True).click()
    visitor.choose_recipe(title)
    expect(visitor.page.locator("#text-field-0")).to_be_visible()


@pytest.mark.parametrize("words", ["kürzen", "KUERZEN zeichen", "shorten"])
def test_a_recipe_is_found_by_words_of_either_language(visitor, words):
    visitor.page.fill("#text-search input, #text-search textarea", words)
    expect(visitor.page.get_by_label("Auf eine Zeichenzahl kürzen", exact=True)).to_be_visible()


def test_a_search_without_a_hit_says_what_to_do(visitor):
    visitor.page.fill("#text-search input, #text-search textarea", "Quantenphysik")
    expect(visitor.page.locator("#text-nothing-found")).to_contain_text("anderes Wort")


def test_an_empty_field_is_named(visitor):
    visitor.choose_recipe("Freundlicher formulieren")
    visitor.page.click("#text-write")
    visitor.wait_for_text("Bitte füllen Sie")


def test_the_example_fills_the_form(visitor):
    visitor.choose_recipe("Pressemitteilung")
    visitor.page.click("#text-example")
    expect(visitor.page.locator("#text-field-0 textarea")).to_have_value(re.compile("Fäden der Zeit"))


def test_versions_go_back_and_forward_and_the_difference_is_shown(visitor):
    first = written(visitor)
    visitor.page.click("#text-edit button")
    visitor.page.fill("#text-hand textarea", first.replace("Kaffee", "Tee"))
    visitor.page.click("#text-take-over")
    expect(visitor.page.locator("#text-version")).to_contain_text("2 von 2")
    expect(visitor.page.locator("#text-result")).to_contain_text("Tee und Kuchen")
    visitor.page.click("#text-difference button")
    expect(visitor.page.locator("#text-changes del")).to_contain_text("Kaffee")
    expect(visitor.page.locator("#text-changes ins")).to_contain_text("Tee")
    visitor.page.click("#text-undo")
    expect(visitor.page.locator("#text-result")).to_contain_text("Kaffee und Kuchen")
    visitor.page.click("#text-redo")
    expect(visitor.page.locator("#text-result")).to_contain_text("Tee und Kuchen")


def test_a_text_is_reworked_as_a_version_of_its_own(visitor):
    written(visitor)
    visitor.page.get_by_label("Förmlicher", exact=True).click()
    visitor.page.click("#text-rework-go")
    expect(visitor.page.locator("#text-version")).to_contain_text("2 von 2: Förmlicher", timeout=30_000)


def test_what_was_checked_stands_below_with_broken_promises_first(visitor):
    written(visitor, recipe="Auf eine Zeichenzahl kürzen")  # the model repeats its request: that is longer
    first = visitor.page.locator("#text-findings li").first
    expect(first).to_have_class("ki-broken")


@pytest.mark.parametrize("kind", ["docx", "pdf", "odt", "txt", "md"])
def test_the_text_is_taken_home(visitor, tmp_path, kind):
    written(visitor)
    visitor.page.click("#text-take button")
    visitor.page.click(f"#text-take-{kind}")
    with visitor.page.expect_download() as download:
        visitor.page.click("#text-file a")
    file = tmp_path / f"text.{kind}"
    download.value.save_as(file)
    if kind == "docx":
        assert "öffnet um zehn" in "\n".join(part.text for part in docx.Document(str(file)).paragraphs)
    elif kind == "pdf":
        assert "öffnet um zehn" in pypdfium2.PdfDocument(str(file))[0].get_textpage().get_text_range()
    else:
        assert file.stat().st_size > 100


def test_nothing_that_a_model_writes_runs_or_is_fetched(visitor):
    text = written(visitor, HOSTILE)
    assert "script" in text
    assert visitor.page.evaluate("window.hit") is None
    assert visitor.strays == []
    assert visitor.complaints == []


def test_a_file_is_read_into_the_form(visitor, tmp_path):
    document = docx.Document()
    document.add_paragraph("Grüße aus dem Heimatmuseum")
    document.save(tmp_path / "brief.docx")
    visitor.choose_recipe("Freundlicher formulieren")
    visitor.page.set_input_files("#text-upload input[type=file]", tmp_path / "brief.docx")
    expect(visitor.page.locator("#text-field-0 textarea")).to_have_value(re.compile("Grüße aus dem"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("leer.txt", b"", "kein Text"),
        ("bild.pdf", b"\x89PNG\r\n\x1a\n" + b"\0\xff" * 300, "kann hier nicht gelesen werden"),
        ("kaputt.pdf", b"%PDF-1.7\n1 0 obj\n<<", "beschädigt"),
        ("kaputt.docx", b"PK\x03\x04" + b"0" * 200, "beschädigt"),
    ],
)
def test_a_bad_file_is_a_sentence_and_the_station_goes_on(visitor, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    visitor.choose_recipe("Freundlicher formulieren")
    visitor.page.set_input_files("#text-upload input[type=file]", tmp_path / name)
    visitor.wait_for_text(said)
    visitor.page.fill("#text-field-0 textarea", SENTENCES)
    assert "Kaffee" in visitor.write_text()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(visitor, tmp_path):
    with (tmp_path / "film.txt").open("wb") as file:
        file.truncate(LARGEST_UPLOAD + 1)
    visitor.choose_recipe("Freundlicher formulieren")
    visitor.page.set_input_files("#text-upload input[type=file]", tmp_path / "film.txt")
    dialog = visitor.page.locator("dialog.ki-dialog")
    expect(dialog).to_contain_text("„film.txt“ ist zu groß")
    dialog.locator("button").click()
    visitor.page.fill("#text-field-0 textarea", SENTENCES)
    assert "Kaffee" in visitor.write_text()


def test_two_people_see_only_their_own(visit, echo):
    one, other = visit(echo).open_text(), visit(echo).open_text()
    written(one, "Nur für mich: " + SENTENCES)
    text = written(other)
    assert "Nur für mich" not in text


def test_both_texts_of_a_comparison_are_named_after_the_vote(visitor):
    visitor.choose_recipe("Freundlicher formulieren")
    visitor.page.fill("#text-field-0 textarea", SENTENCES)
    visitor.page.click("#text-compare button")
    visitor.page.get_by_role("spinbutton").last.fill("1")
    visitor.page.click("#text-compare-go")
    vote = visitor.page.locator("#text-vote-left")
    expect(vote).to_be_visible(timeout=60_000)
    assert "Qwen" not in visitor.page.locator("#text-compare .ki-side").first.inner_text()
    vote.click()
    expect(visitor.page.locator("#text-standing")).to_contain_text("1 besser")
    expect(visitor.page.locator("#text-compare .ki-side").first).to_contain_text("Qwen")
