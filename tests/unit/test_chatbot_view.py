"""How a conversation looks: what people read, and that nobody's text becomes part of the page."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from models.engines.base import Alternative, Tally, Token
from stations.chatbot import view
from stations.chatbot.work import Conversation, Exchange
from stations.texts import say

DONE = Tally(
    prompt_tokens=40, prompt_read=40, new_tokens=41, first_token_s=1.25, seconds=6.25, end="done"
)  # 40 steps in 5 s: 8 tokens a second
HOSTILE = '<script>alert(1)</script> ![b](http://evil.example/p.png) <img src=x onerror="alert(1)">'


def exchange(answer="Um neun Uhr.", **more):
    return Exchange(**({"question": "Wann?", "model": "Modell 1.5B", "tally": DONE} | more), answer=answer)


def talk(*exchanges):
    return Conversation(exchanges)


def token(text, probability=0.4, *rivals):
    return Token(text, probability, tuple(Alternative(*rival) for rival in rivals))


class Page(HTMLParser):
    """Collects what a browser would find in a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


# --- Messages ---------------------------------------------------------------------------------------------------------


def test_questions_and_answers_alternate():
    shown = view.messages(talk(exchange(), exchange("Ja.")), "de")
    assert [one["role"] for one in shown] == ["user", "assistant"] * 2
    assert shown[0]["content"].strip() == "Wann?"
    assert shown[3]["content"].startswith("Ja.")


@pytest.mark.parametrize("where", ["question", "answer"])
def test_hostile_text_is_harmless_in_messages(where):
    shown = view.messages(talk(exchange(**{where: HOSTILE})), "de")
    content = shown[0 if where == "question" else 1]["content"]
    assert "script" in content  # it is still there to read
    html = MarkdownIt("commonmark", {"html": True}).render(content)
    assert set(Page(html).tags) <= {"p", "small"}


def test_an_answer_not_begun_shows_what_is_being_done():
    shown = view.messages(talk(exchange("", tally=Tally())), "de", busy="Das Modell liest … 5 %")
    assert shown[1] == {"role": "assistant", "content": "*Das Modell liest … 5 %*"}
    assert len(view.messages(talk(exchange("", tally=Tally())), "de")) == 1


def test_what_is_being_done_gives_way_to_the_first_word():
    shown = view.messages(talk(exchange("Um", tally=Tally(new_tokens=1))), "de", busy="liest")
    assert shown[1]["content"].strip() == "Um"


@pytest.mark.parametrize(
    ("tally", "german"),
    [
        (Tally(place=1, expected_s=2.0), "Sie sind als Nächstes dran, in etwa 5 Sekunden."),
        (
            Tally(place=3, expected_s=41.0),
            "Sie stehen an Platz 3 der Warteschlange und sind in etwa 45 Sekunden dran. "
            "Bitte lassen Sie diese Seite offen.",
        ),
        (Tally(prompt_tokens=200, prompt_read=51), "Das Modell liest … 26 %"),
        (Tally(), "Das Modell beginnt gleich …"),
    ],
)
def test_the_state_before_the_first_word_is_told(tally, german):
    assert view.state_of(exchange("", tally=tally), "de") == german


# --- The honest lines -------------------------------------------------------------------------------------------------


def test_the_honest_line_has_model_seconds_and_speed_in_german_and_english_numbers():
    (german,), (english,) = view.notes(exchange(), "de"), view.notes(exchange(), "en")
    for line in (german, english):
        assert "Modell 1.5B" in line
    assert "6,2 Sekunden" in german
    assert "8,0 Wortteile" in german
    assert "6.2" in english
    assert "8.0" in english
    assert "falsch" in german


def test_there_are_no_honest_lines_while_an_answer_is_written():
    assert view.notes(exchange(tally=Tally(new_tokens=3)), "de") == []


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"stopped": True, "tally": Tally(new_tokens=2, seconds=1)}, ["note_stopped"]),
        ({"broken": True, "tally": Tally(new_tokens=2, seconds=1)}, ["note_broken"]),
        ({"tally": Tally(end="length")}, ["note_length"]),
        ({"tally": Tally(end="time")}, ["note_time"]),
        ({"asked_again": True}, ["note_asked_again"]),
    ],
    ids=["stopped", "broken", "length", "time", "asked again"],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_each_limit_that_was_met_is_named(changes, keys, language):
    lines = view.notes(exchange(**changes), language)
    assert lines[1:] == [say(f"chatbot.{key}", language) for key in keys]


def test_turns_that_were_left_out_are_counted():
    lines = view.notes(exchange(tally=Tally(end="done", dropped_turns=4)), "de")
    assert "4" in lines[1]


def test_two_answers_in_the_wrong_language_are_admitted():
    english = "The museum opens on Tuesday at nine in the morning and closes in the evening."
    lines = view.notes(exchange(english, wanted="de", asked_again=True), "de")
    assert lines[1:] == [say("chatbot.note_asked_again"), say("chatbot.note_wrong_language")]


def test_the_honest_lines_stand_small_below_the_answer():
    content = view.messages(talk(exchange()), "de")[1]["content"]
    answer, note = content.split("<small>")
    assert answer.strip() == "Um neun Uhr."
    assert note.endswith("</small>")


# --- The inside -------------------------------------------------------------------------------------------------------


def test_an_empty_inside_says_what_to_do():
    for nothing in (None, exchange("", tokens=())):
        assert say("chatbot.inside_empty") in view.inside(nothing, "de")


@pytest.mark.parametrize("probability", [0.4, 0.99], ids=["unsure", "sure"])
def test_the_text_of_tokens_never_becomes_part_of_the_page(probability):
    nasty = [
        '<script>alert("x")</script>',
        "<img src=x onerror=alert(1)>",
        "\"'><b onclick=x>",
        "&lt;i>",
        "</div>",
    ]
    one = exchange(tokens=tuple(token(text, probability, (text, 0.4), ("<u>", 0.1)) for text in nasty))
    page = Page(view.inside(one, "de"))
    assert not {"script", "img", "b", "i", "u"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    for text in nasty:
        assert text in page.text


LINE_ENDS = ["\n", "\n\n", "\r", "\r\r", "\r\n\r\n", "a\n\n\nb", "\n\n![b](x)", "\r\r<b>"]


@pytest.mark.parametrize("probability", [0.4, 0.99], ids=["unsure", "sure"])
@pytest.mark.parametrize("text", LINE_ENDS, ids=repr)
def test_line_ends_in_tokens_do_not_end_the_block_of_html(text, probability):
    """The page reads it as Markdown: after a blank line the rest would be Markdown again, pictures and all."""
    after = "![b](http://evil.example/p.png)"
    one = exchange(tokens=(token(text, probability, (text, 0.4)), token(after, probability, (after, 0.3))))
    html = view.inside(one, "de")
    (block,) = MarkdownIt("commonmark", {"html": True}).parse(html)
    assert block.type == "html_block"
    assert "img" not in Page(MarkdownIt("commonmark", {"html": True}).render(html)).tags


@pytest.mark.parametrize("probability", [0.4, 0.99], ids=["unsure", "sure"])
def test_a_new_line_in_a_token_is_a_new_line_on_the_page(probability):
    html = view.inside(exchange(tokens=(token("eins\n\nzwei", probability),)), "de")
    assert Page(html).tags.count("br") == 2


def test_sure_tokens_are_plain_and_unsure_ones_can_be_opened():
    one = exchange(tokens=(token("Das", 0.97), token(" Museum", 0.41, (" Museum", 0.41), (" Haus", 0.072))))
    html = view.inside(one, "de")
    page = Page(html)
    assert page.tags.count("button") == 1
    assert ("popovertarget", "ki-token-2") in page.attributes
    assert ("id", "ki-token-2") in page.attributes
    assert "<q> Museum</q>" in html
    assert "<q> Haus</q>" in html
    assert "41 %" in page.text
    assert "7,2 %" in page.text
    assert "7.2 %" in Page(view.inside(one, "en")).text
    assert html.count('class="ki-taken"') == 1


def test_the_count_says_how_many_tokens_were_less_likely_than_half():
    one = exchange(tokens=(token("a", 0.95), token("b", 0.5), token("c", 0.49), token("d", 0.01)))
    assert say("chatbot.inside_count", tokens=4, unsure=2) in view.inside(one, "de")


# --- The document -----------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 3)


def test_a_document_has_label_models_and_date():
    conversation = talk(exchange(), exchange(model="Anderes 7B"), exchange())
    german, english = (view.document(conversation, language, DAY) for language in ("de", "en"))
    assert "03.11.2026" in german
    assert "03 November 2026" in english
    for language, text in (("de", german), ("en", english)):
        assert "Modell 1.5B, Anderes 7B" in text
        assert say("chatbot.document_label", language) in text


def test_a_document_has_every_question_and_answer_in_order():
    conversation = talk(exchange("A1", question="F1"), exchange("A2", question="F2"))
    text = view.document(conversation, "de", DAY)
    places = [
        text.index(part) for part in ("Frage 1", "F1", "Antwort 1", "A1", "Frage 2", "F2", "Antwort 2", "A2")
    ]
    assert places == sorted(places)
    assert text.count("kann falsch sein") == 2


def test_hostile_text_is_harmless_in_a_document():
    text = view.document(talk(exchange(HOSTILE, question=HOSTILE)), "de", DAY)
    assert "http://" not in text
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    kinds = {inner.type for one in tokens for inner in [one, *(one.children or ())]}
    assert not kinds & {"html_block", "html_inline", "image", "link_open"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_documents_name_is_plain(language):
    assert re.fullmatch(r"[a-z-]+", view.document_name(language))
    assert view.document_title(language)
