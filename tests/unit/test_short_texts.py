"""Summary, questions and answers, press note of a recording: every sentence linked, nothing invented, plain on wish."""

import json

import pytest

from models.engines.base import Piece, Sampling, Tally
from models.errors import ModelError
from models.reading.document import Document, Section
from stations.speech.meeting import asking as asking_module
from stations.speech.meeting.pairs import pairs
from stations.speech.meeting.plain_words import simpler
from stations.speech.meeting.points import Occasion, Said
from stations.speech.meeting.prompts import pair_filled, pair_schema, prompts
from stations.speech.meeting.short import Sentence
from stations.speech.meeting.short_paper import faq_markdown, press_markdown, summary_markdown
from stations.speech.meeting.turns import as_document, links, turns
from stations.speech.short_texts import Wish, faq, press_note, short_summary
from stations.speech.transcript import Line, SpokenWord, Transcript
from stations.summary import summarising as summary_module
from stations.summary.parts import parts
from stations.texts import LANGUAGES

SAMPLING = Sampling(temperature=0.0, seed=7, max_tokens=500)
WISH = Wish(SAMPLING, "anna")
TALK = """
Anna: Heute sprechen wir mit Herrn Brückner über die alte Weberei.
Anna: Wie viele Webstühle standen denn früher in der Halle?
Ben: In der Halle standen früher vierzig Webstühle, alle von einer Dampfmaschine angetrieben.
Anna: Vierzig, das ist ja enorm.
Anna: Und wann wurde die Weberei geschlossen?
Ben: Die Weberei wurde 1962 geschlossen, weil die Aufträge ausblieben.
Anna: Wer hat eigentlich die Pläne vom Dachboden mitgenommen?
Ben: Keine Ahnung.
Anna: Schön hier.
"""
QUESTION, ANSWER = "Wann wurde die Weberei geschlossen?", "Die Weberei wurde 1962 geschlossen."
SENTENCE = "In der Halle der Weberei standen vierzig Webstühle."
PLAIN = "In der Weberei gab es eine Halle. Dort standen vierzig Webstühle."


def transcript(talk=TALK, language="de"):
    rows = [row.partition(": ") for row in talk.strip().splitlines()]
    names = list(dict.fromkeys(row[0] for row in rows))
    lines = tuple(
        Line(
            id=f"l{at}",
            speaker=f"s{names.index(name)}",
            words=tuple(
                SpokenWord(text=f" {word}", start_s=10 * at + n * 0.3, end_s=10 * at + n * 0.3 + 0.2)
                for n, word in enumerate(text.split())
            ),
        )
        for at, (name, _, text) in enumerate(rows)
    )
    return Transcript(
        language=language, speakers={f"s{n}": name for n, name in enumerate(names)}, lines=lines
    )


def pair_of(text):
    """What an honest model makes of the excerpt."""
    if "1962" in text:
        return json.dumps({"Frage": QUESTION, "Antwort": ANSWER}, ensure_ascii=False)
    return json.dumps(
        {
            "Frage": "Wie viele Webstühle standen früher in der Halle?",
            "Antwort": "In der Halle standen vierzig Webstühle.",
        }
    )


class FakeChat:
    """Answers by what it is asked: a sentence of the summary, plain words, a headline, a question and its answer."""

    def __init__(
        self, sentence=SENTENCE, plain=PLAIN, headline="Vierzig Webstühle in der Weberei", pair=pair_of
    ):
        self.sentence, self.plain, self.headline, self.pair = sentence, plain, headline, pair
        self.asked, self.open, self.people = [], 0, set()

    def says(self, text):
        known = prompts("de")
        if known.pair.ask in text:
            return self.pair(text) if callable(self.pair) else self.pair
        if known.plain.question in text:
            return self.plain(text) if callable(self.plain) else self.plain
        return self.headline if known.headline.question in text else self.sentence

    def reply(self, messages, sampling, *, person=""):
        self.asked.append((messages[-1].text, sampling))
        self.people.add(person)
        self.open += 1
        try:
            for word in self.says(messages[-1].text).split(" "):
                yield Piece(f"{word} ", (), Tally(prompt_tokens=9, prompt_read=9))
            yield Piece("", (), Tally(prompt_tokens=9, prompt_read=9, end="done"))
        finally:
            self.open -= 1


@pytest.fixture
def every_state(monkeypatch):
    monkeypatch.setattr(asking_module, "UPDATE_S", -1.0)
    monkeypatch.setattr(summary_module, "UPDATE_S", -1.0)


def plain_wish():
    return Wish(SAMPLING, "anna", plain=True)


# --- Parts know where they come from ----------------------------------------------------------------------------------


def test_a_part_knows_its_sections():
    sections = tuple(
        Section(f"{number}. " + "Der Verein trifft sich im Haus am Markt. " * 20) for number in range(20)
    )
    found = parts(Document("x", sections))
    assert len(found) > 2
    for part in found:
        first, last = part.sections
        assert part.text.startswith(f"{first}. ")
        assert all(f"{number}. Der" in part.text for number in range(first, last + 1))
    covered = [number for part in found for number in range(part.sections[0], part.sections[1] + 1)]
    assert covered == list(range(20))


def test_sections_without_text_keep_the_numbers_of_the_others_right():
    found = parts(Document("x", (Section(""), Section("Der Anfang."), Section(""), Section("Das Ende."))))
    assert [each.sections for each in found] == [(1, 3)]


def test_lines_of_one_speaker_are_a_turn_and_a_long_speech_is_several():
    given = transcript()
    found = turns(given.lines)
    assert [line.id for turn in found for line in turn] == [line.id for line in given.lines]
    assert [len(turn) for turn in found][:3] == [2, 1, 2]
    speech = transcript(
        "\n".join("Anna: Und dann haben wir lange über die Stühle geredet." for _ in range(60))
    )
    assert len(turns(speech.lines)) > 3
    document = as_document(given, found, {"s0": "Anna", "s1": "Ben"})
    assert document.sections[0].text.startswith("Anna: Heute")


def test_a_sentence_without_a_shared_word_links_to_where_its_part_begins():
    given = transcript()
    assert links(given.lines, "Raumschiff", "de") == (Said("l0", 0.0),)
    assert [each.line for each in links(given.lines, ANSWER, "de")] == ["l5"]


# --- Summary ----------------------------------------------------------------------------------------------------------


def test_a_summary_has_sentences_that_rest_on_lines(every_state):
    states = list(short_summary(FakeChat(), transcript(), "de", WISH, count=1))
    (sentence,) = states[-1].sentences
    assert sentence.text == SENTENCE
    assert "l2" in {each.line for each in sentence.said}
    assert states[-1].stage == "done"
    shares = [each.share for each in states]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_number_that_nobody_said_is_marked():
    *_, last = short_summary(
        FakeChat(sentence="In der Halle standen 99 Webstühle."), transcript(), "de", WISH, count=1
    )
    assert last.sentences[0].is_doubtful


def test_a_summary_in_plain_language(every_state):
    states = list(short_summary(FakeChat(), transcript(), "de", plain_wish(), count=1))
    assert (states[-1].sentences[0].text, states[-1].sentences[0].plain) == (PLAIN, True)
    assert [each.stage for each in states].count("done") == 1
    shares = [each.share for each in states]
    assert shares == sorted(shares)


def test_an_empty_recording_has_no_summary():
    with pytest.raises(ModelError, match=r"text\.nothing_to_summarise"):
        list(short_summary(FakeChat(), Transcript(), "de", WISH))


def test_closing_stops_the_model(every_state):
    chat = FakeChat()
    states = short_summary(chat, transcript(), "de", WISH)
    for _ in range(4):
        next(states)
    states.close()
    assert chat.open == 0
    assert chat.people == {"anna"}


# --- Plain words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "In der Halle standen fünfzig Webstühle.",  # another number
        "In der Halle standen viele Webstühle.",  # a number is lost
        "In der Halle von Frau Wagner standen vierzig Webstühle.",  # a name
        SENTENCE,  # unchanged
        "Das ist schön.",
        "There were forty looms in the hall of the weaving mill.",
        "In the Halle of the Weberei there stood vierzig Webstühle at that time.",
        "",
    ],
)
def test_a_sentence_that_says_something_else_in_plain_words_stays_as_it_was(text):
    chat = FakeChat(plain=text)
    *_, last = short_summary(chat, transcript(), "de", plain_wish(), count=1)
    assert (last.sentences[0].text, last.sentences[0].plain) == (SENTENCE, False)


def test_an_answer_that_is_not_over_changes_nothing():
    from stations.asking.answers import Answer

    sentence = Sentence(SENTENCE, (Said("l2", 20.0),))
    assert simpler(sentence, Answer(PLAIN), "de") is sentence


# --- Questions and answers --------------------------------------------------------------------------------------------


def test_questions_with_answers_are_found_in_order_and_open_ones_are_not():
    found = pairs(transcript().lines, "de", 6)
    assert [pair.question[0].id for pair in found] == ["l1", "l4"]
    assert [pair.answer[0].id for pair in found] == ["l2", "l5"]


def test_a_question_that_nobody_can_answer_is_no_pair():
    talk = "Anna: Wer hat die Pläne vom Dachboden mitgenommen?\nBen: Keine Ahnung, die Pläne sind seit Jahren weg."
    assert pairs(transcript(talk).lines, "de", 6) == []


def test_the_questions_that_say_most_are_taken():
    assert len(pairs(transcript().lines, "de", 1)) == 1


def test_where_voices_are_not_known_the_next_line_is_the_answer():
    given = transcript()
    lines = [line.model_copy(update={"speaker": ""}) for line in given.lines]
    assert "l5" in {pair.answer[0].id for pair in pairs(lines, "de", 6)}


def test_an_answer_in_two_lines_is_one():
    talk = "Anna: Was kostet denn der Eintritt im Museum?\nBen: Für Erwachsene fünf Euro.\nBen: Für Kinder nichts."
    (pair,) = pairs(transcript(talk).lines, "de", 6)
    assert [line.id for line in pair.answer] == ["l1", "l2"]


def test_questions_and_answers_are_worded_and_linked(every_state):
    states = list(faq(FakeChat(), transcript(), "de", WISH))
    pair = states[-1].pairs[1]
    assert (pair.question.text, pair.answer.text) == (QUESTION, ANSWER)
    assert (pair.question.said[0].line, pair.answer.said[0].line) == ("l4", "l5")
    assert states[-1].stage == "done"
    shares = [each.share for each in states]
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "[]",
        '{"Frage": 3}',
        '{"Frage": "Wann wurde die Weberei geschlossen?", "Antwort": ',
        '{"Frage": "Die Weberei wurde geschlossen.", "Antwort": "Die Weberei wurde 1962 geschlossen."}',
        '{"Frage": "Wer war Bürgermeister von Heidelberg?", "Antwort": "Herr Wagner."}',
    ],
)
def test_a_broken_or_invented_pair_is_quoted(answer):
    *_, last = faq(FakeChat(pair=answer), transcript(), "de", WISH)
    assert [pair.question.text for pair in last.pairs][1] == "Und wann wurde die Weberei geschlossen?"
    assert all(pair.question.quoted and pair.answer.quoted for pair in last.pairs)


def test_an_answer_with_another_number_is_quoted_and_its_question_kept():
    *_, last = faq(
        FakeChat(pair=lambda text: pair_of(text).replace("1962", "1926")), transcript(), "de", WISH
    )
    pair = last.pairs[1]
    assert (pair.question.text, pair.question.quoted) == (QUESTION, False)
    assert pair.answer.quoted
    assert "1962" in pair.answer.text


def test_answers_in_plain_language():
    plain = "Die Weberei ist seit 1962 geschlossen. Es gab keine Aufträge."
    chat = FakeChat(plain=lambda text: plain if "1962" in text else text)
    *_, last = faq(chat, transcript(), "de", plain_wish())
    assert [pair.answer.plain for pair in last.pairs] == [False, True]
    assert last.pairs[1].answer.text == plain


def test_a_recording_without_questions_has_no_pairs():
    *_, last = faq(FakeChat(), transcript("Anna: Gestern hat es geregnet."), "de", WISH)
    assert (last.pairs, last.stage, last.share) == ((), "done", 1.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_worked_examples_keep_the_form(language):
    keys = prompts(language).pair
    form = json.loads(pair_schema(language))
    assert list(form["properties"]) == [keys.question_key, keys.answer_key]
    for one in keys.examples:
        text = json.dumps({keys.question_key: one.question, keys.answer_key: one.answer})
        assert pair_filled(f"```json\n{text}", language) == (one.question, one.answer)


# --- For the press ----------------------------------------------------------------------------------------------------


def test_a_press_note_has_gaps_for_what_nobody_said(every_state):
    states = list(press_note(FakeChat(), transcript(), "de", WISH))
    note = states[-1]
    assert note.headline == "Vierzig Webstühle in der Weberei"
    assert note.stage == "done"
    text = press_markdown(note, "de")
    for gap in ("[Wann?]", "[Wo?]", "[Wer?]"):
        assert gap.replace("[", "\\[").replace("]", "\\]") in text or gap in text
    shares = [each.share for each in states]
    assert shares == sorted(shares)


def test_what_the_person_says_fills_the_gaps():
    given = Occasion("Weberei", "3. Mai", "Görlitz", ("Anna Nowak",))
    *_, note = press_note(FakeChat(), transcript(), "de", WISH, given=given)
    text = press_markdown(note, "de")
    assert "Görlitz" in text
    assert "3. Mai" in text
    assert "Anna Nowak" in text
    assert "[Wann?]" not in text


def test_a_press_note_leaves_out_sentences_with_numbers_that_nobody_said():
    *_, note = press_note(FakeChat(sentence="In der Halle standen 99 Webstühle."), transcript(), "de", WISH)
    assert note.sentences == ()


def test_a_headline_that_nobody_could_write_is_a_gap():
    *_, note = press_note(
        FakeChat(headline="Bürgermeister Wagner eröffnet Flughafen"), transcript(), "de", WISH
    )
    assert note.headline == ""
    assert "[Überschrift?]" in press_markdown(note, "de")


# --- On paper ---------------------------------------------------------------------------------------------------------


def test_summary_and_pairs_on_paper_have_their_moments():
    *_, short = short_summary(FakeChat(), transcript(), "de", WISH, count=1)
    assert f"{SENTENCE} (0:00)" in summary_markdown(short, "de")
    *_, asked = faq(FakeChat(), transcript(), "de", WISH)
    text = faq_markdown(asked, "de", lambda said: f"#{said.line}")
    assert f"**{QUESTION}**" in text
    assert f"{ANSWER} ([0:50](<#l5>))" in text
