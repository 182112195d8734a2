"""Eight pages, six places, the real model: all stream, nobody stops another, those who wait know their place."""

import re

from playwright.sync_api import expect

LONG_MS = 120_000
QUESTION = (
    "Erzählen Sie sehr ausführlich, wie ein Heimatmuseum eine Ausstellung über alte Handwerke vorbereitet."
)


def writes(visitor) -> None:
    """Wait until words of the answer are there."""
    answer = visitor.page.locator("#chatbot-conversation .bot.message")
    expect(answer).to_contain_text(re.compile(r"\w+ \w+ \w+"), timeout=LONG_MS)
    expect(answer.locator("em")).to_have_count(0, timeout=LONG_MS)


def goes_on(visitor) -> None:
    """Wait until the answer is longer than now."""
    before = visitor.answers()[-1].strip()[-30:]
    answer = visitor.page.locator("#chatbot-conversation .bot.message")
    expect(answer).not_to_have_text(re.compile(re.escape(before) + r"\s*$"), timeout=LONG_MS)


def is_over(visitor) -> bool:
    return visitor.page.locator("#chatbot-conversation .bot.message small").count() > 0


def test_six_stream_two_wait_and_places_are_handed_on(visit, crowd):
    visitors = [visit(crowd).open_chat() for _ in range(8)]
    writing, (seventh, eighth) = visitors[:6], visitors[6:]
    for visitor in writing:
        visitor.ask(QUESTION)
    for visitor in writing:
        writes(visitor)
    seventh.ask(QUESTION)
    seventh.wait_for_text("Sie sind als Nächstes dran, in etwa ", LONG_MS / 1000)
    eighth.ask(QUESTION)
    eighth.wait_for_text("Sie stehen an Platz 2 der Warteschlange und sind in etwa ", LONG_MS / 1000)

    stopper, leaver, *others = writing
    stopper.page.click("#chatbot-stop", timeout=LONG_MS)  # eight pages share two cores with the model
    stopper.wait_for_text("Von Ihnen gestoppt", LONG_MS / 1000)
    writes(seventh)
    eighth.wait_for_text("Sie sind als Nächstes dran, in etwa ", LONG_MS / 1000)
    for visitor in (leaver, *others):
        goes_on(visitor)

    leaver.page.context.close()
    writes(eighth)
    assert not any(is_over(visitor) for visitor in (*others, seventh)), "a place became free by itself"
    for visitor in (*others, seventh, eighth):
        goes_on(visitor)
        visitor.page.click("#chatbot-stop", timeout=LONG_MS)
    assert all(visitor.strays == [] for visitor in visitors[2:])
