"""axe finds nothing to complain about, wherever people meet the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SIZES = {"laptop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.mark.parametrize(("language", "scheme"), [("de", "light"), ("en", "dark")])
@pytest.mark.parametrize("size", SIZES)
def test_no_violation_before_and_after_an_answer(visit, echo, language, scheme, size):
    still = {"viewport": SIZES[size], "color_scheme": scheme, "reduced_motion": "reduce"}
    visitor = visit(echo, language, **still).open_chat()
    assert _violations(visitor.page) == []
    visitor.ask("Eine Liste:\n\n- eins\n- zwei\n\nund **fett**")
    visitor.wait_for_rest()
    for part in ("inside", "more", "take"):
        visitor.page.click(f"#chatbot-{part} button")
    visitor.page.wait_for_timeout(400)
    assert _violations(visitor.page) == []


@pytest.mark.parametrize(("language", "scheme"), [("de", "light"), ("en", "dark")])
@pytest.mark.parametrize("size", SIZES)
def test_no_violation_while_choosing_filling_and_reworking_a_text(visit, echo, language, scheme, size):
    still = {"viewport": SIZES[size], "color_scheme": scheme, "reduced_motion": "reduce"}
    visitor = visit(echo, language, **still).open_text()
    assert _violations(visitor.page) == []
    visitor.choose_recipe({"de": "Freundlicher formulieren", "en": "Make it friendlier"}[language])
    visitor.page.fill(
        "#text-field-0 textarea", "Das Museum öffnet um zehn Uhr, weil der Verein es beschlossen hat."
    )
    visitor.write_text()
    for part in ("more", "edit", "difference", "ease-box", "take", "compare"):
        visitor.page.click(f"#text-{part} button")
    visitor.page.wait_for_timeout(400)
    assert _violations(visitor.page) == []
    wide = visitor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


@pytest.mark.parametrize(("size", "language", "scheme"), [("laptop", "de", "light"), ("phone", "en", "dark")])
def test_no_violation_from_a_recording_to_its_text_and_beyond(visit, workshop, size, language, scheme):
    still = {"viewport": SIZES[size], "color_scheme": scheme, "reduced_motion": "reduce"}
    page = visit(workshop, language, **still).page
    page.goto(f"{workshop}?station=speech")
    page.click("#speech-example", timeout=60_000)
    expect(page.locator("#speech-editor .ki-ed-line").first).to_be_visible(timeout=180_000)
    expect(page.locator("#speech-take")).to_be_visible(timeout=60_000)
    assert _violations(page) == []
    if size == "laptop":  # on a phone the tabs are behind a menu; what they show is the same
        for tab in ("#speech-tab-minutes-button", "#speech-tab-translate-button"):
            page.click(tab)
            page.wait_for_timeout(400)
            assert _violations(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_screen(visit, echo, size):
    visitor = visit(echo, viewport=SIZES[size]).open_chat()
    visitor.ask("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3)
    visitor.wait_for_rest()
    wide = visitor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def _violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[(node['html'][:120], node['failureSummary'][:200]) for node in one['nodes'][:3]]}"
        for one in found
    ]
