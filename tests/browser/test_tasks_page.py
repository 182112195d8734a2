"""Task cards beside the stations and on paper: opened, ticked, kept, private, readable."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SIZES = {"laptop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
LEAST_TARGET = 43.5
"""Pixels of a thumb; a border may take half a pixel of 44."""


def opened(page, station="text", card=0):
    """Open the tasks of a station and one card, and return both."""
    tasks = page.locator(f"#{station}-tasks .ki-tasks")
    expect(tasks).to_be_visible(timeout=60_000)
    if tasks.get_attribute("open") is None:
        with page.expect_response(re.compile(f"/tasks/{station}/open")):
            tasks.locator("> summary").click()
    one = tasks.locator(".ki-task").nth(card)
    if one.get_attribute("open") is None:
        with page.expect_response(re.compile(f"/tasks/{station}/open")):
            one.locator("> summary").click()
    expect(one.locator("ol")).to_be_visible()
    return tasks, one


def tick(page, card, step):
    with page.expect_response(re.compile("/tick$")):
        card.locator("input[type=checkbox]").nth(step).click()


def test_ticks_and_the_open_card_outlast_a_reload_and_nobody_else_sees_them(visit, echo):
    visitor = visit(echo)
    _, card = opened(visitor.page, card=1)
    tick(visitor.page, card, 0)
    tick(visitor.page, card, 2)
    expect(card.locator(".ki-task-progress")).to_have_text("2 von 5")
    visitor.page.reload()
    again = visitor.page.locator("#text-tasks .ki-task").nth(1)
    expect(again.locator("ol")).to_be_visible(timeout=60_000)
    expect(again.locator(".ki-task-progress")).to_have_text("2 von 5")
    assert [box.is_checked() for box in again.locator("input").all()] == [True, False, True, False, False]

    other = visit(echo).page
    _, theirs = opened(other, card=1)
    expect(theirs.locator(".ki-task-progress")).to_have_text("0 von 5")
    assert not theirs.locator("input:checked").count()
    assert visitor.complaints == []
    assert visitor.strays == []


def test_one_card_is_open_at_a_time_and_closed_ones_stay_closed(visit, echo):
    page = visit(echo).page
    tasks, first = opened(page)
    opened(page, card=2)
    expect(first).not_to_have_attribute("open", re.compile(".*"))
    assert tasks.locator(".ki-task[open]").count() == 1
    with page.expect_response(re.compile("/tasks/text/open")):
        tasks.locator("> summary").click()
    page.reload()
    tasks = page.locator("#text-tasks .ki-tasks")
    expect(tasks).to_be_visible(timeout=60_000)
    expect(tasks.locator(".ki-task").first).to_be_hidden()


def test_a_finished_card_counts(visit, echo):
    page = visit(echo).page
    tasks, card = opened(page)
    for step in range(5):
        tick(page, card, step)
    expect(card.locator(".ki-task-progress")).to_have_text("5 von 5")
    expect(tasks.locator(".ki-tasks-finished")).to_have_text("1 von 5 erledigt")


def test_everything_works_with_the_keyboard(visit, echo):
    page = visit(echo).page
    tasks = page.locator("#text-tasks .ki-tasks")
    expect(tasks).to_be_visible(timeout=60_000)
    tasks.locator("> summary").focus()
    page.keyboard.press("Enter")
    card = tasks.locator(".ki-task").first
    expect(card).to_be_visible()
    page.keyboard.press("Tab")  # the link to the page that can be printed
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(card.locator("ol")).to_be_visible()
    page.keyboard.press("Tab")
    with page.expect_response(re.compile("/tick$")):
        page.keyboard.press("Space")
    expect(card.locator(".ki-task-progress")).to_have_text("1 von 5")


def test_a_tick_that_cannot_be_kept_is_taken_back_and_said(visit, echo):
    page = visit(echo).page
    tasks, card = opened(page)
    page.route("**/tick", lambda route: route.abort())
    card.locator("input").first.click()
    expect(tasks.get_by_role("status")).to_have_text(re.compile("konnte nicht gespeichert werden"))
    expect(card.locator("input").first).not_to_be_checked()


def test_material_is_copied_and_downloaded(visit, echo):
    visitor = visit(echo, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    _, card = opened(page)
    card.get_by_role("button", name="Kopieren").click()
    expect(card.get_by_role("button", name="Kopiert.")).to_be_visible()
    assert "Erzählcafé" in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as coming:
        card.get_by_role("link", name="Herunterladen").click()
    assert coming.value.suggested_filename == "ankuendigung.txt"


def test_material_is_copied_where_the_browser_gives_no_clipboard(visit, echo):
    """As on a phone over http; what was copied is pasted into the station's own field."""
    page = visit(echo).page
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    _, card = opened(page)
    card.get_by_role("button", name="Kopieren").click()
    expect(card.get_by_role("button", name="Kopiert.")).to_be_visible()
    field = page.locator("#text-search textarea, #text-search input").first
    field.focus()
    page.keyboard.press("Control+V")
    expect(field).to_have_value(re.compile("Erzählcafé"))


def test_cards_speak_the_language_of_the_page(visit, echo):
    tasks, card = opened(visit(echo, "en").page)
    expect(tasks.locator("> summary")).to_have_text(re.compile(r"Tasks\s*0 of 5 done"))
    expect(card.locator("h2")).to_have_text("The announcement has to fit the gazette")


def test_a_station_without_its_model_has_no_tasks_to_tempt_anybody(visit, bare):
    page = visit(bare).page
    expect(page.locator("#text-missing")).to_be_visible(timeout=60_000)
    assert not page.locator("[data-tasks]").count()


@pytest.mark.parametrize(("language", "scheme"), [("de", "light"), ("en", "dark")])
@pytest.mark.parametrize("size", SIZES)
def test_no_violation_nothing_cut_off_and_room_for_a_thumb(visit, echo, language, scheme, size):
    still = {"viewport": SIZES[size], "color_scheme": scheme, "reduced_motion": "reduce"}
    visitor = visit(echo, language, **still)
    tasks, card = opened(visitor.page)
    tick(visitor.page, card, 0)
    assert violations(visitor.page) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    for target in tasks.locator("summary, label, button, .ki-material-ways a").all():
        if target.is_visible():
            assert target.bounding_box()["height"] >= LEAST_TARGET, target.inner_text()


def test_the_chatbots_cards_are_there_too(visit, echo):
    visitor = visit(echo).open_chat()
    _, card = opened(visitor.page, "chatbot", 1)
    expect(card.locator("pre")).to_have_text(re.compile("Adele Wittstock"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_to_print_is_light_and_complete(visit, echo, size, language):
    page = visit(echo, language, viewport=SIZES[size], color_scheme="dark").page
    with page.context.expect_page() as coming:
        tasks, _ = opened(page)
        tasks.locator(".ki-tasks-about a").click()
    paper = coming.value
    expect(paper.locator("article")).to_have_count(5)
    assert violations(paper) == []
    assert paper.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert (
        paper.evaluate("getComputedStyle(document.querySelector('article')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    other = {"de": "English", "en": "Deutsch"}[language]
    title = paper.locator("h1").inner_text()
    paper.get_by_role("link", name=other).click()
    expect(paper.locator("h1")).not_to_have_text(title)


@pytest.mark.parametrize("station", ["text", "speech", "audio", "retrieval", "chatbot"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_card_fits_one_sheet_of_paper(visit, echo, station, language):
    import pypdfium2

    page = visit(echo).page
    page.goto(f"{echo}tasks/{station}?language={language}")
    cards = page.locator("article").count()
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as sheets:
        assert len(sheets) == cards
        assert [round(side) for side in sheets[0].get_size()] == [595, 842]


def test_the_print_button_prints(visit, echo):
    page = visit(echo).page
    page.goto(f"{echo}tasks/text")
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="Drucken").click()
    page.wait_for_function("window.printed")


def violations(page):
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]
