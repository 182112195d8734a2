"""Minutes: rules find the places, the model words them, and nothing stands there that nobody said."""

import json
import re
from pathlib import Path

import pytest

from models.engines.base import Piece, Sampling, Tally
from models.errors import ModelError
from stations.documents import plain_text
from stations.speech.meeting import asking as asking_module
from stations.speech.meeting import cues as cues_module
from stations.speech.meeting import prompts as prompts_module
from stations.speech.meeting.cues import cues
from stations.speech.meeting.deadlines import deadlines
from stations.speech.meeting.evidence import alike, content, resting_on, supports
from stations.speech.meeting.merging import merged
from stations.speech.meeting.paper import minutes_json, minutes_markdown
from stations.speech.meeting.points import Minutes, Occasion, Point, Said, Task
from stations.speech.meeting.prompts import prompts, request
from stations.speech.meeting.sites import sites
from stations.speech.meeting.spoken_dates import in_digits
from stations.speech.meeting.stretches import STRETCH_BYTES, keywords, stretches
from stations.speech.meeting.wording import transcribed
from stations.speech.minutes import minutes, places, spoken_language
from stations.speech.transcript import Line, SpokenWord, Transcript
from stations.texts import LANGUAGES

SAMPLING = Sampling(temperature=0.0, seed=7, max_tokens=500)
MEETINGS = Path(__file__).resolve().parents[1] / "real" / "meetings"

TALK = """
Anna: Punkt eins, das Sommerfest.
Ben: Ich schlage vor, wir feiern das Sommerfest am zwölften Juli im Pfarrgarten.
Anna: Sind alle einverstanden?
Ben: Ja.
Cem: Ja, passt.
Anna: Gut, dann ist das beschlossen.
Anna: Und wer redet mit Pfarrer Lohmann über den Garten?
Cem: Das mach ich, ich seh ihn sowieso beim Chor.
Anna: Bis wann schaffst du das?
Cem: Bis Ende nächster Woche.
Ben: Wir könnten noch eine Hüpfburg für vierhundert Euro mieten.
Anna: Nein, das machen wir doch nicht.
Ben: Sind wir da eigentlich versichert, wenn ein Kind in den Bach fällt?
Anna: Keine Ahnung, das müssen wir noch klären.
"""
DECISION = "Das Sommerfest findet am 12. Juli im Pfarrgarten statt."
TASK = "Mit Pfarrer Lohmann über den Garten reden."
QUESTION = "Sind wir versichert, wenn ein Kind in den Bach fällt?"


def transcript(talk=TALK, language="de", **given):
    """Lines of ten seconds each; everybody who speaks has a name."""
    rows = [row.partition(": ") for row in talk.strip().splitlines()]
    ids = {name: f"s{number}" for number, name in enumerate(dict.fromkeys(row[0] for row in rows), start=1)}
    lines = [
        Line(
            id=f"l{at}",
            speaker=ids[name],
            words=tuple(
                SpokenWord(text=f" {word}", start_s=10 * at + n * 0.3, end_s=10 * at + n * 0.3 + 0.2)
                for n, word in enumerate(text.split())
            ),
        )
        for at, (name, _, text) in enumerate(rows)
    ]
    speakers = {id_: name for name, id_ in ids.items()}
    return Transcript(**{"language": language, "speakers": speakers, "lines": tuple(lines)} | given)


def without_speakers(given):
    lines = tuple(line.model_copy(update={"speaker": ""}) for line in given.lines)
    return given.model_copy(update={"speakers": {}, "lines": lines})


def pieces_of(text, end="done"):
    yield Piece("", (), Tally(prompt_tokens=10, prompt_read=5))
    for count, word in enumerate(re.findall(r"\S+\s*", text), start=1):
        yield Piece(word, (), Tally(prompt_tokens=10, prompt_read=10, new_tokens=count))
    yield Piece("", (), Tally(prompt_tokens=10, prompt_read=10, new_tokens=5, end=end))


class FakeChat:
    """Says what a table says about the question that is asked; knows what it was asked."""

    def __init__(self, decision=DECISION, task=TASK, question=QUESTION, topic="Sommerfest", end="done"):
        self.says = {"decision": decision, "task": task, "question": question, "topic": topic}
        self.end, self.asked, self.open, self.closed = end, [], 0, 0

    def reply(self, messages, sampling, *, person=""):
        last = messages[-1].text
        kind = next(
            kind
            for kind in self.says
            for language in LANGUAGES
            if prompts(language).of(kind).question.split("{")[0] in last
        )
        self.asked.append((kind, messages, sampling, person))
        self.open += 1
        try:
            answer = self.says[kind]
            yield from pieces_of(answer(last) if callable(answer) else answer, self.end)
        finally:
            self.open -= 1
            self.closed += 1

    def requests(self, kind):
        return [messages[-1].text for asked, messages, *_ in self.asked if asked == kind]


def taken(chat=None, given=None, **wishes):
    return list(minutes(chat or FakeChat(), given or transcript(), "de", sampling=SAMPLING, **wishes))


def last(chat=None, given=None, **wishes):
    return taken(chat, given, **wishes)[-1]


def found(talk, kind, language="de"):
    """The sites of a kind: the numbers of the lines that say what it is about, and who is to do it."""
    given = transcript(talk, language)
    return [
        (site.core, given.speakers.get(site.doer, site.doer))
        for site in sites(given.lines, given.speakers, language)
        if site.kind == kind and not site.taken_back
    ]


@pytest.fixture
def every_state(monkeypatch):
    monkeypatch.setattr(asking_module, "UPDATE_S", -1.0)


# --- The whole --------------------------------------------------------------------------------------------------------


def test_what_was_said_becomes_minutes():
    result = last()
    assert [each.text for each in result.decisions] == [DECISION]
    assert [(each.text, each.who, each.until) for each in result.tasks] == [
        (TASK.removesuffix("."), "Cem", "Bis Ende nächster Woche")
    ]
    assert [each.text for each in result.questions] == [QUESTION]
    assert [each.text for each in result.topics] == ["Sommerfest"]
    assert result.participants == ("Anna", "Ben", "Cem")
    assert result.stage == "done"


def test_every_point_rests_on_lines_that_exist_and_their_seconds():
    given = transcript()
    starts = {line.id: line.start_s for line in given.lines}
    result = last(given=given)
    points = [*result.topics, *result.decisions, *result.tasks, *result.questions]
    assert len(points) == 4
    for point in points:
        assert point.said
        assert all(starts[each.line] == each.start_s for each in point.said)
        assert list(point.said) == sorted(point.said, key=lambda each: each.start_s)


def test_a_decision_rests_on_the_proposal_and_on_what_decided_it():
    (decision,) = last().decisions
    assert {"l1", "l5"} <= {each.line for each in decision.said}


def test_progress_rises_to_the_end(every_state):
    states = taken()
    shares = [state.share for state in states]
    assert shares == sorted(shares)
    assert (states[0].stage, states[0].done, states[-1].share, states[-1].seconds_left) == (
        "reading",
        0,
        1.0,
        0.0,
    )
    assert states[-1].done == states[-1].total == 4


def test_points_are_there_before_the_end(every_state):
    assert any(state.decisions and not state.topics for state in taken())


def test_closing_stops_every_request_and_what_is_there_is_kept(every_state):
    chat = FakeChat()
    states = minutes(chat, transcript(), "de", sampling=SAMPLING, person="anna")
    for state in states:
        if state.decisions:
            break
    states.close()
    assert state.decisions[0].text == DECISION
    assert chat.open == 0
    assert len(chat.asked) == chat.closed


def test_requests_are_in_the_name_of_the_person_and_end_at_a_line():
    chat = FakeChat()
    last(chat, person="anna")
    assert {person for *_, person in chat.asked} == {"anna"}
    assert all(sampling.stop == ("\n",) and sampling.max_tokens < 100 for _, _, sampling, _ in chat.asked)


def test_an_empty_transcript_is_a_sentence():
    with pytest.raises(ModelError, match=r"minutes\.nothing_said"):
        last(given=Transcript())


def test_a_conversation_in_a_third_language_is_a_sentence():
    with pytest.raises(ModelError, match=r"minutes\.language .*'tr'"):
        last(given=transcript(language="tr"))


def test_the_language_is_told_from_the_words_where_the_transcript_does_not_say_it():
    assert spoken_language(transcript(language="")) == "de"
    assert spoken_language(transcript(language="en-GB")) == "en"


def test_talk_without_any_point_gives_topics_only():
    result = last(
        given=transcript("Anna: Gestern hat es den ganzen Tag geregnet.\nBen: Meine Schuhe sind nass.")
    )
    assert (result.decisions, result.tasks, result.questions) == ((), (), ())


def test_occasion_and_participants_come_from_the_person_and_the_speakers_only():
    chat = FakeChat(topic="Sitzung mit Bürgermeister Schulze am 3. Mai in Kassel")
    result = last(chat)
    assert result.occasion == Occasion()
    assert result.participants == ("Anna", "Ben", "Cem")
    given = Occasion("Vorstand", "3. Mai", "Vereinsheim", ("Dora", "Anna"))
    result = taken_with(given)
    assert result.occasion == given
    assert result.participants == ("Anna", "Ben", "Cem", "Dora")


def taken_with(occasion):
    *_, result = minutes(FakeChat(), transcript(), "de", given=occasion, sampling=SAMPLING)
    return result


# --- A model that invents ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        "Das Sommerfest findet am 13. Juli im Pfarrgarten statt.",  # another day
        "Das Sommerfest kostet 500 Euro im Pfarrgarten.",  # an amount
        "Das Sommerfest findet am 12. Juli bei Frau Wegener im Pfarrgarten statt.",  # a name
        "Die Feuerwehr kauft einen neuen Rasenmäher.",  # something else
        "Der Pfarrgarten ist schön.",  # leaves out what matters
        "The summer party takes place in the parish garden in July.",
        "The Sommerfest is on the 12. Juli in the Pfarrgarten.",  # another language
        '{"Beschluss": "Das',  # a broken form
        "",
        "!!!",
        "Ja ja ja ja ja ja ja ja ja ja ja ja ja ja ja ja.",
    ],
)
def test_a_decision_that_nobody_took_becomes_a_quotation(answer):
    result = last(FakeChat(decision=answer))
    (decision,) = result.decisions
    assert decision.quoted
    assert decision.text == decision.quote
    assert "Sommerfest am zwölften Juli im Pfarrgarten" in decision.text
    assert result.left.unsupported == 1


@pytest.mark.parametrize(
    "answer",
    ["Ben bei der Feuerwehr vorbeischicken", "Ruft Jonas an", "Mit Pfarrer Lohmann bis 5. Mai reden"],
)
def test_a_task_that_nobody_took_on_becomes_a_quotation(answer):
    (task,) = last(FakeChat(task=answer)).tasks
    assert task.quoted
    assert task.text == "Wer redet mit Pfarrer Lohmann über den Garten? – Das mach ich."
    assert (task.who, task.until) == ("Cem", "Bis Ende nächster Woche")


def test_a_task_from_the_lines_before_is_not_the_task():
    given = transcript("Anna: Der alte Rasenmäher ist kaputt.\nBen: Ich ruf morgen den Pfarrer an.")
    (task,) = last(FakeChat(task="Der kaputte Rasenmäher"), given).tasks
    assert (task.quoted, task.text) == (True, "Ich ruf morgen den Pfarrer an.")


def test_a_task_with_more_from_the_lines_before_than_from_its_own_is_quoted():
    talk = "Anna: Die Karten müssen in die Druckerei.\nBen: Die Adressliste schick ich dir morgen."
    task = "Die Karten in der Druckerei und die Adressliste"
    (one,) = last(FakeChat(task=task), transcript(talk)).tasks
    assert one.quoted


def test_a_question_that_leaves_out_what_matters_is_quoted():
    (question,) = last(FakeChat(question="Wo ist das Kind?")).questions
    assert question.quoted


def test_a_statement_is_no_question():
    (question,) = last(FakeChat(question="Wir sind versichert, wenn ein Kind in den Bach fällt.")).questions
    assert question.quoted
    assert question.text.endswith("?")


def test_an_answer_that_is_cut_off_is_not_used():
    result = last(FakeChat(end="length"))
    assert all(each.quoted for each in (*result.decisions, *result.tasks, *result.questions))


@pytest.mark.parametrize(
    "title",
    [
        "Haushaltsplan der Landeshauptstadt",
        "Das Sommerfest im Garten und dann der Pfarrer und die Hüpfburg am Bach",
    ],
)
def test_a_title_that_is_too_long_or_that_nobody_said_becomes_key_words(title):
    (topic,) = last(FakeChat(topic=title)).topics
    assert topic.quoted
    assert "Sommerfest" in topic.text or "Pfarrgarten" in topic.text


def test_what_a_worked_example_says_never_stands_in_the_minutes():
    for language in LANGUAGES:
        for kind in ("decision", "task", "question", "topic"):
            for one in prompts(language).of(kind).examples:
                result = last(FakeChat(**{kind: one.what}))
                points = [*result.topics, *result.decisions, *result.tasks, *result.questions]
                assert one.what.removesuffix(".") not in [each.text.removesuffix(".") for each in points]


def test_html_of_a_model_does_not_survive():
    task = 'Mit Pfarrer Lohmann über den Garten <img src="http://x.example/a.png"> reden'
    result = last(FakeChat(task=task, topic="<script>Sommerfest</script>"))
    assert "<img" not in minutes_markdown(result, "de")
    assert "<script" not in minutes_markdown(result, "de")


# --- Rules: decisions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "talk",
    [
        "Anna: Ich schlage vor, wir kaufen die Leiter für neunzig Euro.\nAnna: Einstimmig angenommen.",
        "Anna: Wir stimmen ab, ob wir die Leiter kaufen.\nAnna: Gegenstimmen?\nBen: Keine.",
        "Anna: Dann kaufen wir die Leiter, oder spricht was dagegen?\nBen: Nö.",
        "Anna: Also, dann kaufen wir die Leiter.\nBen: Einverstanden.\nCem: Ja.",
    ],
)
def test_decisions_are_found(talk):
    ((core, _),) = found(talk, "decision")
    given = transcript(talk)
    assert any("Leiter" in given.lines[at].text for at in core)


@pytest.mark.parametrize(
    "talk",
    [
        "Anna: Wir könnten eine Leiter kaufen.\nBen: Hm.",
        "Anna: So, dann fangen wir mal an, es ist schon sieben.\nBen: Ja.\nCem: Gut.",
        "Anna: Dann kaufen wir die Leiter.\nBen: Einverstanden.\nAnna: Ach nee, das machen wir doch nicht.",
        "Anna: Von mir aus können wir gehen.\nBen: Ja.",
        "Anna: Draußen regnet es schon wieder.\nBen: Einverstanden.",
    ],
)
def test_what_nobody_decided_is_no_decision(talk):
    assert found(talk, "decision") == []


def test_what_was_taken_back_is_counted_and_not_asked_about():
    talk = "Anna: Dann kaufen wir die Leiter.\nBen: Einverstanden.\nAnna: Ach nee, das machen wir doch nicht."
    chat = FakeChat()
    assert last(chat, transcript(talk)).left.taken_back == 1
    assert chat.requests("decision") == []


# --- Rules: tasks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk", "who"),
    [
        ("Anna: Ich ruf morgen bei der Druckerei an.", "Anna"),
        ("Anna: Um die Plakate kümmere ich mich.", "Anna"),
        ("Anna: Ben, kannst du die Plakate aufhängen?\nBen: Ja, klar.", "Ben"),
        ("Anna: Wer holt die Plakate ab?\nCem: Das mach ich.", "Cem"),
        ("Anna: Gut, dann mach ich eine Liste.", "Anna"),
        ("Anna: Ich rede am Freitag mit dem Pfarrer.", "Anna"),
        ("Anna: Ich rede mit dem Pfarrer.\nBen: Super, danke.", "Anna"),
        ("Anna: Frau Rot, nehmen Sie das bitte in den Bericht auf.\nBen: Wird gemacht.", "Ben"),
        ("Anna: Ich könnte die Plakate drucken.\nBen: Ja, super.", "Anna"),
        ("Anna: Ben kümmert sich um die Plakate.\nBen: Genau.", "Ben"),
        ("Anna: Herr Yilmaz übernimmt die Kasse.", "Yilmaz"),
    ],
)
def test_promises_are_found_with_who_made_them(talk, who):
    assert [doer for _, doer in found(talk, "task")] == [who]


@pytest.mark.parametrize(
    "talk",
    [
        "Anna: Ich habe gestern die Druckerei angerufen.",
        "Anna: Ich könnte die Plakate drucken.\nBen: Wie war eigentlich dein Urlaub?",
        "Anna: Ich könnte die Seite neu machen.\nAnna: Ach, vergesst es.\nBen: Gut.",
        "Anna: Ich ruf da morgen an.\nBen: Das hat noch Zeit, lass mal.",
        "Anna: Kannst du die Plakate aufhängen?\nBen: Nein, keine Zeit.",
        "Anna: Magst du mal kurz erzählen, wie es war?\nBen: Ja, gerne.",
        "Anna: Ich kann das nicht auch noch machen.",
        "Anna: Ich kann das Plakat nicht aufhängen.\nBen: Ja, okay.",
        "Anna: Ich könnte die Plakate drucken.\nAnna: Ja, gut.",
        "Anna: Das ist, sag ich mal, die Hälfte.",
        "Anna: Damit rufe ich Punkt zwei auf.",
        "Anna: Ich stelle fest, dass wir beschlussfähig sind.",
        "Anna: Ich sag nur, wir sind sehr weit gekommen.",
        "Anna: Ich schau gerade, wie es bei mir aussieht.",
        "Anna: Ich schreibe seit Jahren für die Zeitung.",
        "Anna: Ich mache gerne Musik.",
    ],
)
def test_what_nobody_promised_is_no_task(talk):
    assert found(talk, "task") == []


def test_two_promises_of_two_people_are_two_tasks():
    talk = "Anna: Um das Schild kümmere ich mich.\nBen: Und die Internetseite aktualisiere ich."
    assert [doer for _, doer in found(talk, "task")] == ["Anna", "Ben"]


def test_the_same_promise_of_two_people_is_two_tasks():
    talk = "Anna: Ich ruf bei der Druckerei an.\nBen: Ich ruf auch bei der Druckerei an."
    assert [doer for _, doer in found(talk, "task")] == ["Anna", "Ben"]


def test_two_promises_of_one_person_are_two_tasks():
    talk = "Anna: Ich ruf die Druckerei wegen der Plakate an.\nAnna: Und ich bestell die Getränke."
    assert len(found(talk, "task")) == 2


def test_who_is_a_name_that_was_said_where_voices_are_not_known():
    given = without_speakers(
        transcript("Anna: Kannst du das Plakat aufhängen, Katharina?\nBen: Ja, das mach ich.")
    )
    (task,) = last(FakeChat(task="Das Plakat aufhängen"), given).tasks
    assert task.who == "Katharina"


def test_who_stays_empty_where_nobody_is_named():
    given = without_speakers(transcript("Anna: Das Plakat häng ich auf."))
    (task,) = last(FakeChat(task="Das Plakat aufhängen"), given).tasks
    assert task.who == ""


def test_speakers_without_a_name_are_numbered():
    given = transcript("Anna: Das Plakat häng ich morgen auf.")
    unnamed = given.model_copy(update={"speakers": {"s1": ""}})
    result = last(FakeChat(task="Das Plakat aufhängen"), unnamed)
    assert result.tasks[0].who == "Person 1"
    assert result.participants == ()


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Bis Ende nächster Woche weiß ich das.", "Bis Ende nächster Woche"),
        ("Schaffst du das bis zum zwanzigsten März?", "bis zum zwanzigsten März"),
        ("Am besten noch diese Woche.", "noch diese Woche"),
        ("Das muss spätestens in zwei Wochen da sein.", "spätestens in zwei Wochen"),
        ("Bis zum zwölften habe ich das.", "Bis zum zwölften"),
        ("Guten Morgen zusammen.", ""),
        ("Bis wann denn?", ""),
        ("Ich sage es noch mal.", ""),
    ],
)
def test_words_for_a_time_are_kept_as_they_were_said(text, until):
    assert deadlines(text, "de") == ((until,) if until else ())


def test_until_when_is_not_what_the_next_one_says():
    given = transcript("Anna: Ich ruf die Druckerei an.\nBen: Ich bestell die Getränke bis Freitag.")
    tasks = last(FakeChat(task=""), given).tasks
    assert [(each.who, each.until) for each in tasks] == [("Anna", ""), ("Ben", "bis Freitag")]


def test_until_when_is_not_any_date_that_was_said():
    talk = (
        "Anna: Die Versammlung ist am achten April.\n"
        "Anna: Dann mach ich dafür eine Vorlage.\n"
        "Ben: Bis zum zwanzigsten März?"
    )
    (task,) = last(FakeChat(task="Eine Vorlage machen"), transcript(talk)).tasks
    assert task.until == "Bis zum zwanzigsten März"


# --- Rules: questions and topics --------------------------------------------------------------------------------------


def test_a_question_that_was_answered_is_not_open():
    assert found("Anna: Was kostet denn die Leiter im Baumarkt?\nBen: Neunzig Euro.", "question") == []


@pytest.mark.parametrize(
    "answer", ["Keine Ahnung.", "Das müssen wir noch klären.", "Das lassen wir erst mal offen."]
)
def test_a_question_that_nobody_can_answer_is_open(answer):
    assert len(found(f"Anna: Wer leiht uns denn die Leiter?\nBen: {answer}", "question")) == 1


def test_a_question_without_a_question_mark_counts():
    assert len(found("Anna: Die Frage ist, wer die Leiter bezahlt.\nBen: Keine Ahnung.", "question")) == 1


def test_a_question_that_only_suggests_an_answer_is_not_the_open_one():
    talk = "Anna: Die Frage ist, wer die Leiter bezahlt.\nBen: Vielleicht jemand aus dem Dorf?\nAnna: Keine Ahnung."
    assert [core for core, _ in found(talk, "question")] == [(0,)]


def test_stretches_have_no_gaps_and_begin_where_somebody_goes_on():
    talk = "\n".join(
        f"Anna: Wir reden hier lange über die alten Stühle im Keller, Teil {n}." for n in range(200)
    )
    talk += "\nAnna: Punkt zwei, die Kasse.\n" + "\n".join("Ben: In der Kasse ist Geld." for _ in range(30))
    lines = transcript(talk).lines
    found_stretches = stretches(lines, "de")
    assert [line for each in found_stretches for line in each.lines] == list(lines)
    assert all(sum(len(line.text) for line in each.lines) <= STRETCH_BYTES for each in found_stretches)
    assert any(each.lines[0].text == "Punkt zwei, die Kasse." for each in found_stretches)


def test_a_line_longer_than_a_stretch_is_one():
    assert len(stretches(transcript(f"Anna: {'Stuhl ' * 2000}").lines, "de")) == 1


def test_key_words_are_those_of_this_stretch():
    talk = "\n".join(
        ["Anna: Die Stühle im Keller wackeln."] * 100 + ["Anna: Der Verein hat die Kasse geprüft."] * 100
    )
    first, *_, final = found_stretches = stretches(transcript(talk).lines, "de")
    assert "Keller" in keywords(first, found_stretches, "de")
    assert "Kasse" in keywords(final, found_stretches, "de")


# --- Evidence ---------------------------------------------------------------------------------------------------------

SAID = "Ich schlage vor, wir feiern das Sommerfest am zwölften Juli im Pfarrgarten."


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("Das Sommerfest findet am 12. Juli im Pfarrgarten statt.", True),
        ("Das Fest im Pfarrgarten ist am zwölften Juli.", True),
        ("Das Sommerfest findet am 21. Juli im Pfarrgarten statt.", False),
        ("Das Sommerfest findet in Heidelberg statt.", False),
        ("Herr Wagner feiert das Sommerfest im Pfarrgarten.", False),
        ("Wir feiern das Sommerfest mit Jonas im Pfarrgarten im Juli.", False),  # a name
        ("Wir feiern das Sommerfest am zwölften mit Torte.", False),  # a thing
        ("Das Sommerfest wird gestrichen, verschoben und bezweifelt.", False),  # what is done with it
        ("", False),
        ("Es ist so.", False),
    ],
)
def test_a_sentence_says_no_more_than_its_source(text, true):
    assert supports(SAID, text, "de") == true


def test_dates_in_words_are_dates():
    assert in_digits("am zwölften Juli", "de") == "am 12. Juli"
    assert in_digits("am ersten Mai", "de") == "am 1. Mai"
    assert "3rd of May" in in_digits("the third of May", "en")


def test_the_fewest_lines_that_hold_a_sentence_are_found():
    lines = transcript().lines
    found_lines = resting_on(lines, "Das Sommerfest und die Hüpfburg", "de")
    assert [line.id for line in found_lines] == ["l1", "l10"] or [line.id for line in found_lines] == [
        "l0",
        "l10",
    ]
    assert resting_on(lines, "Raumschiff", "de") == []


def test_content_leaves_out_what_is_said_everywhere():
    assert content("Dann haben wir das also einfach mal gemacht.", "de") == ()
    assert "pfarrgarten" in content("Wir feiern im Pfarrgarten.", "de")


# --- The same point twice ---------------------------------------------------------------------------------------------


def point(text, at, kind=Point, **given):
    return kind(text, (Said(f"l{at}", float(at)),), **given)


def test_a_point_that_is_repeated_at_the_end_is_one_with_both_links():
    first, again = point(DECISION, 10), point("Das Sommerfest ist am 12. Juli im Pfarrgarten.", 900)
    (one,) = merged([again, first], "de")
    assert one.text == DECISION
    assert [each.start_s for each in one.said] == [10.0, 900.0]


def test_points_with_other_numbers_or_other_people_stay_apart():
    fees = [f"Der Beitrag für Familien im Verein kostet {euro} Euro." for euro in (24, 30)]
    assert len(merged([point(fees[0], 1), point(fees[1], 2)], "de")) == 2
    tasks = [point("Plakate aufhängen", 1, Task, who="Anna"), point("Plakate aufhängen", 2, Task, who="Ben")]
    assert len(merged(tasks, "de")) == 2


def test_a_task_that_is_repeated_keeps_the_time_that_was_said_last():
    tasks = [
        point("Plakate aufhängen", 1, Task, who="Anna", until="bis Montag"),
        point("Plakate aufhängen", 2, Task, who="Anna"),
        point("Die Plakate aufhängen", 3, Task, who="Anna", until="bis Dienstag"),
    ]
    (one,) = merged(tasks, "de")
    assert one.until == "bis Dienstag"


def test_nothing_is_alike_nothing():
    assert alike("", "Sommerfest", "de") == 0.0


# --- On paper ---------------------------------------------------------------------------------------------------------


def test_the_document_has_each_point_with_its_moment():
    text = minutes_markdown(last(given=transcript()), "de")
    assert text.startswith("# Protokoll\n")
    assert f"1. {DECISION} (0:10)" in text
    assert "| Cem | Mit Pfarrer Lohmann über den Garten reden (1:00)" in text
    assert "| Bis Ende nächster Woche |" in text


def test_a_sentence_of_the_model_is_followed_by_what_was_said():
    assert "*„Ich schlage vor, wir feiern das Sommerfest" in minutes_markdown(last(), "de")


def test_moments_can_be_links():
    text = minutes_markdown(last(), "de", lambda said: f"#line-{said.line}")
    assert "([0:10](<#line-l1>))" in text


def test_what_the_person_says_stands_at_the_top():
    text = minutes_markdown(taken_with(Occasion("Vorstand", "3. Mai", "Vereinsheim", ("Dora",))), "de")
    assert text.startswith("# Protokoll: Vorstand\n")
    assert "- **Datum:** 3. Mai" in text
    assert "- **Beteiligte:** Anna, Ben, Cem, Dora" in text


def test_minutes_without_points_say_so():
    assert "kein Beschluss" in minutes_markdown(Minutes(stage="done"), "de")
    assert "No decision" in minutes_markdown(Minutes(stage="done"), "en")


@pytest.mark.parametrize(
    "text", ["a | b", "1. Mai", "- so", "**fett**", "[x](http://y)", "<b>", "# Titel", "&lt;"]
)
def test_what_people_say_is_shown_letter_by_letter(text):
    quoted, bare = point(text, 1, quote=text, quoted=True), point(text, 3)
    minutes_of_one = Minutes(decisions=(quoted,), tasks=(point(text, 2, Task),), questions=(bare,))
    shown = " ".join(plain_text(minutes_markdown(minutes_of_one, "de")).split())
    assert f"„{text}“ (0:01)" in shown
    assert f"{text} (0:02)" in shown
    assert f"1. {text} (0:03)" in shown


@pytest.mark.parametrize("text", ["1. Mai", "2) so", "- so", "+ so"])
def test_a_point_that_begins_like_a_list_begins_none(text):
    from markdown_it import MarkdownIt

    tokens = MarkdownIt().parse(minutes_markdown(Minutes(questions=(point(text, 3),)), "de"))
    assert [token.type for token in tokens if token.type.endswith("_list_open")] == ["ordered_list_open"]


def test_contractions_say_nothing():
    assert content("I'll say that's what we'd do", "en") == ()


def test_the_values_can_be_written_as_json():
    data = json.loads(json.dumps(minutes_json(last())))
    assert data["tasks"][0]["who"] == "Cem"
    assert data["decisions"][0]["said"][0] == {"line": "l1", "start_s": 10.0}


# --- What a model reads -----------------------------------------------------------------------------------------------


def test_a_request_has_role_examples_and_the_excerpt_with_its_names():
    chat = FakeChat()
    last(chat)
    (asked,) = chat.requests("decision")
    assert "Ben: Ich schlage vor, wir feiern das Sommerfest" in asked
    assert "Hüpfburg" not in asked
    (_, messages, *_) = next(each for each in chat.asked if each[0] == "decision")
    assert [each.speaker for each in messages[:3]] == ["system", "user", "assistant"]


def test_the_aside_in_a_reply_is_not_read():
    chat = FakeChat()
    last(chat)
    (asked,) = chat.requests("task")
    assert "Das mach ich." in asked
    assert "Chor" not in asked
    assert "Cem" in asked.splitlines()[-1]


def test_neighbouring_lines_of_one_person_are_one_turn():
    lines = transcript("Anna: Erstens.\nAnna: Zweitens.\nBen: Drittens.").lines
    shown = transcribed([(line, line.text) for line in lines], {"s1": "Anna"})
    assert shown == "Anna: Erstens. Zweitens.\nDrittens."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["decision", "task", "question", "topic"])
def test_every_worked_example_stands_the_checks_that_a_model_must(language, kind):
    for one in prompts(language).of(kind).examples:
        assert supports(one.text, one.what, language), one.what
        assert kind != "question" or one.what.endswith("?")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("{text}", "{txt}"), "ask"),
        (('who = "Bernd"', 'who = "Berta"'), "task"),
        (("[de.topic]", "[de.topics]"), "topic"),
        (("[en", "[fr"), "en is missing"),
        (("role =", "role ="), ""),
        (('question = "Was wurde beschlossen?"', 'question = "Was {wer}?"'), "decision"),
    ],
)
def test_a_broken_file_of_prompts_is_named_with_what_is_wrong(tmp_path, change, problem):
    file = tmp_path / "minutes.toml"
    file.write_text(prompts_module.FILE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    if not problem:
        assert prompts("de", file)
        return
    with pytest.raises(ModelError, match=r"minutes\.broken_file") as caught:
        prompts("de", file)
    assert caught.value.facts["file"] == "minutes.toml"
    assert problem in caught.value.facts["problem"]


@pytest.mark.parametrize(
    "change", [("decided = [", "decidd = ["), ("'\\babgestimmt\\b'", "'\\babgestimmt('")]
)
def test_a_broken_file_of_cues_is_named_with_what_is_wrong(tmp_path, change):
    file = tmp_path / "cues.toml"
    text = cues_module.FILE.read_text(encoding="utf-8")
    assert change[0] in text
    file.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(ModelError, match=r"minutes\.broken_file"):
        cues("de", file)


def test_an_unknown_cue_is_a_bug():
    with pytest.raises(AttributeError):
        _ = cues("de").shrugs


def test_a_request_about_nobody_says_somebody():
    assert "jemand" in request("task", "Das mach ich.", "de")[-1].text


# --- The meetings that are measured -----------------------------------------------------------------------------------


MISSED = {"de_theatre": ["D2", "T4"], "de_chamber_choir": ["D1", "D2", "T3"], "en_garden": ["Q2"]}
"""What the rules overlook: agreement without a word for it ("Ende Juni ist doch super"), a decision against something,
a promise that nobody answers ("Ich leihe uns solange die Kopien"), a question that everybody shrugs at."""


@pytest.mark.parametrize("name", [file.stem for file in sorted(MEETINGS.glob("*.json"))])
def test_the_rules_find_what_was_decided_promised_and_left_open(name):
    meeting = json.loads((MEETINGS / f"{name}.json").read_text(encoding="utf-8"))
    given, key = Transcript.model_validate(meeting["transcript"]), meeting["key"]
    kept, _ = places(given, given.speakers, given.language)
    missed = []
    for kind in ("decision", "task", "question"):
        lines = [{given.lines[at].id for at in each.site.lines} for each in kept if each.site.kind == kind]
        entries = key[f"{kind}s"]
        missed += [one["id"] for one in entries if not any(each & set(one["lines"]) for each in lines)]
        wrong = [each for each in lines if not any(each & set(one["lines"]) for one in entries)]
        assert len(wrong) <= 1
    assert missed == MISSED.get(name, [])
