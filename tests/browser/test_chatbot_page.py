"""What an attendee meets at the chatbot station, with a model that repeats the question."""

import re
import zipfile
from http.server import BaseHTTPRequestHandler

import pytest
from playwright.sync_api import expect

ENGLISH_LEFTOVERS = re.compile(
    r"\b(Submit|Clear|Copy|Retry|Undo|Edit|Loading|Error|Settings|Download|Upload|Remove|Chatbot message|"
    r"Type a message|Send|Stop|Queue|Share|Built with|copy|message:|input for|"
    r"slider for|Reset|More tabs|conversation)\b"
)


def test_an_answer_is_streamed_and_ends_with_the_honest_line(visit, echo):
    visitor = visit(echo).open_chat()
    visitor.watch_growth()
    visitor.ask("Ein Satz mit genau so vielen Wörtern, dass man ihn wachsen sehen kann, Stück für Stück.")
    visitor.wait_for_rest()
    assert visitor.growth() > 3
    assert "kann falsch sein" in visitor.answers()[-1]
    assert "Qwen2.5 Coder 1.5B" in visitor.answers()[-1]
    assert visitor.strays == []
    assert visitor.complaints == []


def test_a_picture_link_or_script_in_an_answer_reaches_nobody(visit, echo, canary):
    visitor = visit(echo).open_chat()
    visitor.ask(
        f"Bild <img src={canary.address}a.png> und ![x]({canary.address}b.png) und "
        f"[Verweis]({canary.address}c) <script>fetch('{canary.address}d')</script> {canary.address}e "
        f"<iframe src={canary.address}f></iframe> $$x^2$$"
    )
    visitor.wait_for_rest()
    visitor.page.wait_for_timeout(500)
    assert canary.hits == []
    assert visitor.strays == []
    chat = visitor.page.locator("#chatbot-conversation")
    assert chat.locator("a, .message img, iframe, .katex").count() == 0
    assert "<img src=" in visitor.answers()[-1]


def test_the_page_policy_alone_stops_a_picture_from_elsewhere(visit, echo, canary):
    visitor = visit(echo).open_chat()
    visitor.page.evaluate(
        "address => { const i = new Image(); i.src = address; document.body.append(i) }", canary.address
    )
    visitor.page.wait_for_timeout(500)
    assert canary.hits == []
    assert visitor.strays == []


def test_stop_keeps_what_is_written_and_the_next_question_works(visit, echo):
    visitor = visit(echo).open_chat()
    visitor.ask("Anfang " + "und weiter " * 300)
    visitor.wait_for_text("Anfang und weiter und weiter")
    visitor.page.wait_for_timeout(600)
    visitor.page.click("#chatbot-stop")
    visitor.wait_for_rest(timeout_s=10)
    visitor.wait_for_text("Von Ihnen gestoppt")
    stopped = visitor.answers()[-1]
    visitor.page.wait_for_timeout(800)
    assert visitor.answers()[-1] == stopped
    visitor.ask("Und jetzt etwas Kurzes.")
    visitor.wait_for_rest()
    assert visitor.answers()[-1].startswith("Und jetzt etwas Kurzes.")


def test_one_visitors_stop_and_words_stay_with_that_visitor(visit, echo):
    first, second = visit(echo).open_chat(), visit(echo).open_chat()
    first.ask("Geheimnis " + "eins " * 120)
    second.ask("Anderes " + "zwei " * 60)
    second.wait_for_text("Anderes zwei")
    second.page.click("#chatbot-stop")
    first.wait_for_rest()
    assert first.answers()[-1].count("eins") == 120
    assert "Geheimnis" not in second.page.inner_text("body")
    assert "Geheimnis" not in second.page.content()


def test_an_example_question_is_one_click(visit, echo):
    visitor = visit(echo).open_chat()
    question = visitor.page.inner_text("#chatbot-starter-1")
    visitor.page.click("#chatbot-starter-1")
    visitor.wait_for_rest()
    assert visitor.answers()[-1].startswith(question)
    assert not visitor.page.is_visible("#chatbot-starter-1")


def test_a_new_conversation_forgets_the_old_one(visit, echo):
    visitor = visit(echo).open_chat()
    visitor.ask("Alte Frage")
    visitor.wait_for_rest()
    visitor.page.click("#chatbot-new")
    visitor.page.wait_for_selector("#chatbot-starter-0")
    assert "Alte Frage" not in visitor.page.inner_text("body")


def test_answering_again_and_changing_a_question_replace_the_answer(visit, echo):
    visitor = visit(echo).open_chat()
    visitor.ask("Erste Fassung der Frage")
    visitor.wait_for_rest()
    visitor.page.get_by_label("Neu antworten").first.click()
    visitor.page.wait_for_timeout(300)
    visitor.wait_for_rest()
    assert len(visitor.answers()) == 1
    visitor.page.get_by_label("Frage ändern").first.click()
    visitor.page.locator("#chatbot-conversation textarea").fill("Zweite Fassung der Frage")
    visitor.page.locator("#chatbot-conversation").get_by_label("Senden").click()
    visitor.page.wait_for_timeout(300)
    visitor.wait_for_rest()
    assert len(visitor.answers()) == 1
    assert visitor.answers()[0].startswith("Zweite Fassung")


def test_an_empty_message_is_met_with_a_sentence_and_loses_nothing(visit, echo):
    visitor = visit(echo).open_chat()
    visitor.ask("   ")
    visitor.page.wait_for_selector("text=Bitte schreiben Sie zuerst eine Nachricht.")
    assert "Traceback" not in visitor.page.content()


def test_a_message_that_is_too_long_stays_in_its_box(visit, echo):
    visitor = visit(echo).open_chat()
    visitor.ask("a" * 6001)
    visitor.page.wait_for_selector("text=Ihre Nachricht hat 6001 Zeichen")
    assert len(visitor.page.input_value("#chatbot-question textarea")) == 6001


@pytest.mark.parametrize("kind", ["txt", "docx", "odt"])
def test_the_conversation_can_be_taken_home(visit, echo, tmp_path, kind):
    visitor = visit(echo).open_chat()
    visitor.ask("Bitte grüßen Sie alle Mitglieder.")
    visitor.wait_for_rest()
    visitor.page.click("#chatbot-take button")
    visitor.page.click(f"#chatbot-take-{kind}")
    link = visitor.page.locator("#chatbot-file a[download]").first
    with visitor.page.expect_download() as loading:
        link.click()
    file = tmp_path / f"x.{kind}"
    loading.value.save_as(file)
    assert loading.value.suggested_filename == f"gespraech.{kind}"
    if kind == "txt":
        text = file.read_text("utf-8")
    else:
        inner = "word/document.xml" if kind == "docx" else "content.xml"
        text = zipfile.ZipFile(file).read(inner).decode()
    assert "Bitte grüßen Sie alle Mitglieder." in text
    assert "von einem KI-Modell geschrieben" in text


def test_the_inside_of_an_answer_shows_what_else_was_possible(visit, echo):
    visitor = visit(echo).open_chat()
    visitor.ask("Drei kleine Wörter")
    visitor.wait_for_rest()
    visitor.page.click("#chatbot-inside button")
    first = visitor.page.locator(".ki-tokens button").first
    first.focus()
    visitor.page.keyboard.press("Enter")
    rivals = visitor.page.locator(".ki-rivals:popover-open")
    rivals.wait_for()
    assert "<b>anders</b>" in rivals.inner_text()
    assert "40 %" in rivals.inner_text()


def test_the_language_sticks_and_leaves_nothing_behind(visit, echo):
    visitor = visit(echo).open_chat()
    assert visitor.page.locator("html").get_attribute("lang") == "de"
    visitor.ask("Guten Tag")
    visitor.wait_for_rest()
    seen = visitor.page.inner_text("body") + _labels(visitor.page)
    assert ENGLISH_LEFTOVERS.findall(seen) == []
    visitor.page.click("a[lang=en]")
    visitor.open_chat()
    assert visitor.page.inner_text("#chatbot-send") == "Send"
    visitor.page.reload()
    visitor.open_chat()
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    assert "Senden" not in visitor.page.inner_text("body")
    assert "Everything runs on this machine." in visitor.page.inner_text("header")


def test_the_header_proves_that_nothing_leaves(visit, echo):
    visitor = visit(echo).open_chat()
    expect(visitor.page.locator("#ki-state")).to_contain_text("1")
    visitor.page.click("#ki-proof summary")
    assert "192.0.2.1" in visitor.page.inner_text("#ki-refused")
    assert visitor.page.inner_text("#ki-outside") == "0"


def test_a_missing_model_is_a_card_with_the_remedy(visit, bare):
    visitor = visit(bare)
    visitor.page.wait_for_selector(".ki-missing")
    text = visitor.page.inner_text(".ki-missing")
    assert "Diese Station braucht noch ein Modell" in text
    assert "1,1 GB" in text
    assert "python3 launcher.py fetch qwen-1.5b" in text


def _labels(page) -> str:
    return page.evaluate(
        "[...document.querySelectorAll('[aria-label],[title],[placeholder],[alt]')].map(e => "
        "['aria-label','title','placeholder','alt'].map(n => e.getAttribute(n) || '').join(' ')).join(' | ')"
    )


@pytest.fixture
def canary(serving):
    """A server on another port of this machine that remembers who asked it for anything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_) -> None:
            pass

    with serving(Handler) as server:
        server.hits, server.address = [], f"{server.address}/"
        yield server
