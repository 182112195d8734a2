"""Sentences in another language: every sentence there, checked, tried once more where a promise was broken."""

import json

import pytest

from models.engines.base import Piece, Sampling, Tally
from models.errors import ModelError
from stations.prose.sentences import sentences
from stations.texts import LANGUAGES
from stations.translation import checks, translating
from stations.translation.checks import CHECKS, broken, finding_text
from stations.translation.days import lost_days
from stations.translation.figures import lost_numbers, with_own_separators
from stations.translation.languages import ENGLISH_NAMES, choices, language_name
from stations.translation.leftovers import left_over
from stations.translation.prompts import answered, prompts, reminded, request, schema
from stations.translation.results import Wish
from stations.translation.returning import returned, translate_back
from stations.translation.translating import translate
from stations.translation.units import LONGEST_UNIT, Unit, groups_of, joined, units_of

ENGLISH = {
    "Das Museum zeigt zwölf alte Webstühle aus Sachsen.": "The museum shows twelve old looms from Saxony.",
    "Am 3. Mai um 19.30 Uhr spricht Frau Annegret Wünsche.": "Ms Annegret Wünsche will speak on 3 May at 7.30 pm.",
    "Der Eintritt kostet 1.250 Euro im Jahr.": "Admission costs 1,250 euros a year.",
    "Kinder bezahlen nichts.": "Children pay nothing.",
    "Öffnungszeiten": "Opening hours",
    "Der Verein sucht Ehrenamtliche für die Garderobe.": "The association is looking for volunteers for the cloakroom.",
}
TEXT = "\n".join(ENGLISH)
WISH = Wish("de", "en", person="anna")


def asked_of(messages):
    """The numbered sentences of the last message."""
    text = messages[-1].text
    return json.loads(text[text.index("{") : text.index("}") + 1])


def pieces_of(answer, end="done"):
    for start in range(0, len(answer), 9):
        yield Piece(answer[start : start + 9], (), Tally(new_tokens=start))
    yield Piece("", (), Tally(end=end))


class FakeChat:
    """Translates by a dictionary; ``spoils`` makes of the sentence and its translation what it says instead.

    ``spoils`` is told how often the sentence was asked for before.
    """

    is_open = True

    def __init__(self, spoils=lambda sentence, translation, tries: translation, end="done"):
        self.spoils, self.end, self.asked, self.tries, self.open = spoils, end, [], {}, 0
        self.people = set()

    def close(self):
        self.is_open = False

    def reply(self, messages, sampling, *, person=""):
        self.asked.append((list(messages), sampling))
        self.people.add(person)
        said = {}
        for number, sentence in asked_of(messages).items():
            tries = self.tries.setdefault(sentence, 0)
            self.tries[sentence] += 1
            translation = self.spoils(sentence, ENGLISH.get(sentence, sentence), tries)
            if translation is not None:
                said[number] = translation
        self.open += 1
        try:
            yield from pieces_of(json.dumps(said, ensure_ascii=False), self.end)
        finally:
            self.open -= 1


class FakeTranslator:
    """Translates by the same dictionary, as a translation model does."""

    is_open = True
    pairs = (("de", "en"),)

    def __init__(self):
        self.closed = False

    def close(self):
        self.is_open = False

    def translate(self, given, source, target):
        try:
            for sentence in given:
                yield ENGLISH[sentence]
        finally:
            self.closed = True


def only_for(wanted, spoilt, always=False):
    """A model that says ``spoilt`` for one sentence, at the first try or always."""

    def spoils(sentence, translation, tries):
        return spoilt if sentence.startswith(wanted) and (always or tries == 0) else translation

    return spoils


def run(chat, text=TEXT, wish=WISH):
    return list(translate(units_of(text, wish.source), wish, chat))


def checks_of(state):
    return [finding.check for finding in state.findings]


def pair_of(state, beginning):
    return next(pair for pair in state.pairs if pair.unit.text.startswith(beginning))


@pytest.fixture
def every_state(monkeypatch):
    monkeypatch.setattr(translating, "UPDATE_S", -1.0)


# --- Units ------------------------------------------------------------------------------------------------------------

MARKDOWN = """# Öffnungszeiten

Das Haus ist am 3. Mai zu. Danach ist es z. B. dienstags offen.
- 10 Uhr
* Kinder bis 12 Jahre
1. Der erste Punkt
> Ein Zitat. Noch eins!

---
| Zelle |
"""


@pytest.mark.parametrize(
    "text", [MARKDOWN, TEXT, "  Vorn Platz.  Hinten Platz.  \n\n", "Ohne Punkt", "\n\nA\n"]
)
def test_the_units_of_a_text_are_the_text_again(text):
    units = units_of(text, "de")
    assert joined(units, [unit.text for unit in units]) == text


def test_signs_of_lists_and_headings_are_not_translated():
    texts = [unit.text for unit in units_of(MARKDOWN, "de")]
    assert texts[0] == "Öffnungszeiten"
    assert {"Kinder bis 12 Jahre", "Der erste Punkt", "Ein Zitat."} <= set(texts)
    assert [unit.text for unit in units_of(MARKDOWN, "de") if not unit.speaks] == ["---"]


def test_every_line_is_a_paragraph():
    assert [unit.paragraph for unit in units_of("A ist da. B ist da.\nC.\n\nD.", "de")] == [0, 0, 1, 2]


def test_a_sentence_without_an_end_is_cut_where_it_can_be():
    text = "und dann kam der Verein, " * 200
    units = units_of(text, "de")
    assert joined(units, [unit.text for unit in units]) == text
    assert max(len(unit.text) for unit in units) <= LONGEST_UNIT
    assert all(unit.text.endswith(",") for unit in units)
    assert max(len(unit.text) for unit in units_of("x" * 5000, "de")) <= LONGEST_UNIT


def test_groups_hold_every_speaking_unit_once_and_stay_small():
    units = units_of(MARKDOWN + "Ein Satz folgt dem anderen. " * 30, "de")
    groups = groups_of(units, sentences=4, letters=200)
    places = [place for group in groups for place in group.places]
    assert places == [place for place, unit in enumerate(units) if unit.speaks]
    assert all(len(group.units) <= 4 and group.letters <= 200 for group in groups)


def test_a_paragraph_begins_a_new_group_once_the_group_is_half_full():
    units = [Unit("Eins.", paragraph=0), Unit("Zwei.", paragraph=0), Unit("Drei.", paragraph=1)]
    assert [group.places for group in groups_of(units, sentences=4)] == [(0, 1), (2,)]
    short = [Unit("Eins.", paragraph=number) for number in range(3)]
    assert [group.places for group in groups_of(short, sentences=4)] == [(0, 1), (2,)]


# --- Translating ------------------------------------------------------------------------------------------------------


def test_every_sentence_is_translated_and_the_lines_stay():
    last = run(FakeChat())[-1]
    assert last.stage == "done"
    assert last.share == 1.0
    assert last.findings == ()
    assert last.text == "\n".join(ENGLISH.values())


def test_the_model_is_told_as_whose_request_and_in_which_form():
    chat = FakeChat()
    run(chat)
    assert chat.people == {"anna"}
    messages, sampling = chat.asked[0]
    assert [message.speaker for message in messages] == ["system", "user", "assistant", "user"]
    assert "from German to English" in messages[0].text
    form = json.loads(sampling.json_schema)
    assert list(form["properties"]) == form["required"] == list(asked_of(messages))
    assert sampling.temperature <= 0.2


def test_a_language_without_an_example_is_translated_without_one():
    chat = FakeChat()
    run(chat, "Kinder bezahlen nichts.", Wish("de", "da"))
    assert [message.speaker for message in chat.asked[0][0]] == ["system", "user"]
    assert "Danish" in chat.asked[0][0][0].text


def test_words_come_while_they_are_written(every_state):
    states = run(FakeChat())
    growing = [state for state in states if state.stage == "translating" and state.text.strip()]
    assert len({state.text for state in growing}) > 3
    assert any(pair.text and not pair.done for state in growing for pair in state.pairs)
    assert [state.share for state in states] == sorted(state.share for state in states)


@pytest.mark.parametrize(
    ("beginning", "spoilt", "check"),
    [
        ("Kinder", None, "missing"),
        ("Kinder", "", "missing"),
        ("Das Museum", "The museum shows thirteen old looms from Saxony.", "new_numbers"),
        ("Das Museum", "The museum shows old looms from Saxony.", "numbers"),
        ("Das Museum", "Le musée montre douze vieux métiers à tisser de Saxe.", "language"),
        ("Das Museum", "Das Museum zeigt zwölf alte Webstühle aus Sachsen.", "language"),
        ("Öffnungszeiten", "Öffnungszeiten", "translated"),
        ("Am 3. Mai", "Someone will speak on 3 May at 7.30 pm.", "names"),
        ("Am 3. Mai", "Ms Annegret Wünsche and Jonas Petzold will speak on 3 May at 7.30 pm.", "new_names"),
        ("Das Museum", "The museum shows twelve old looms. " * 4, "loop"),
        ("Das Museum", "Twelve.", "whole"),
        ("Am 3. Mai", "Ms Annegret Wünsche will speak on 3 June at 7.30 pm.", "days"),
        ("Kinder", "Do children pay nothing?", "question"),
        ("Das Museum", "The museum shows twelve old Webstühle from Saxony.", "words"),
    ],
)
def test_a_broken_promise_is_tried_once_more_alone_with_a_reminder(beginning, spoilt, check):
    chat = FakeChat(only_for(beginning, spoilt))
    last = run(chat)[-1]
    assert last.findings == ()
    assert last.text == "\n".join(ENGLISH.values())
    again, sampling = chat.asked[-1]
    assert len(asked_of(again)) == 1
    assert sampling.temperature > chat.asked[0][1].temperature
    assert "The last attempt was wrong" in again[-1].text
    sentence = pair_of(last, beginning).unit.text
    assert check in {each.check for each in broken(sentence, spoilt or "", "de", "en", {})}


def test_numbers_get_the_signs_of_the_other_language_on_the_way():
    last = run(FakeChat(only_for("Der Eintritt", "Admission costs 1.250 euros a year.", always=True)))[-1]
    assert pair_of(last, "Der Eintritt").text == "Admission costs 1,250 euros a year."


def test_what_stays_broken_is_kept_and_marked():
    last = run(FakeChat(only_for("Das Museum", "The museum shows old looms.", always=True)))[-1]
    pair = pair_of(last, "Das Museum")
    assert pair.text == "The museum shows old looms."
    assert {each.check for each in pair.findings} == {"numbers", "names"}
    assert all("zwölf" not in repr(finding.facts) or finding.check == "numbers" for finding in pair.findings)
    assert len(last.findings) == 2


def test_a_sentence_is_never_tried_a_third_time():
    chat = FakeChat(only_for("Das Museum", "nichts", always=True))
    run(chat)
    assert max(chat.tries.values()) == 2


def test_the_better_of_both_tries_stays():
    first, second = "The museum shows twelve old looms.", "Le musée a des métiers à tisser très anciens."

    def spoils(sentence, translation, tries):
        return (first, second)[tries] if sentence.startswith("Das Museum") else translation

    assert pair_of(run(FakeChat(spoils))[-1], "Das Museum").text == first


def test_sentences_that_the_model_merges_are_asked_for_again():
    merged = f"{ENGLISH['Der Eintritt kostet 1.250 Euro im Jahr.']} Children pay nothing."

    def spoils(sentence, translation, tries):
        if tries:
            return translation
        return {"Der Eintritt": merged, "Kinder beza": None}.get(sentence[:11].strip(), translation)

    last = run(FakeChat(spoils))[-1]
    assert pair_of(last, "Kinder").text == "Children pay nothing."
    assert len(last.pairs) == len(ENGLISH)


def test_html_from_the_model_is_harmless():
    spoilt = "Children <script>alert(1)</script> pay <b>nothing</b>."
    last = run(FakeChat(only_for("Kinder", spoilt, always=True)))[-1]
    assert "<script" not in last.text
    assert "‹script" in last.text


def test_a_text_without_form_loses_nothing_but_its_translation():
    class Talker(FakeChat):
        def reply(self, messages, sampling, *, person=""):
            yield from pieces_of("Gern! Hier ist die Übersetzung: {]")

    last = run(Talker())[-1]
    assert checks_of(last) == ["missing"] * len(ENGLISH)
    assert [pair.unit.text for pair in last.pairs] == list(ENGLISH)


def test_an_answer_that_is_cut_off_says_so():
    last = run(FakeChat(end="length"), "Kinder bezahlen nichts.")[-1]
    assert checks_of(last) == ["finished"]


def test_stop_closes_every_request_and_the_last_state_keeps_what_is_there(every_state):
    chat = FakeChat()
    states = translate(units_of("\n".join([TEXT] * 9), "de"), WISH, chat)
    seen = [next(states) for _ in range(25)]
    states.close()
    assert chat.open == 0
    assert any(pair.done and pair.unit.speaks for pair in seen[-1].pairs)


def test_lines_without_a_word_are_left_alone():
    chat = FakeChat()
    last = run(chat, "---\n12.480,75\nKinder bezahlen nichts.\n")[-1]
    assert last.text == "---\n12.480,75\nChildren pay nothing.\n"
    assert len(chat.asked) == 1


@pytest.mark.parametrize(
    ("text", "target", "key"), [("Hallo.", "de", "same_language"), ("12\n--", "en", "nothing")]
)
def test_what_cannot_be_translated_is_refused(text, target, key):
    with pytest.raises(ModelError) as caught:
        run(FakeChat(), text, Wish("de", target))
    assert caught.value.key == f"translate.{key}"


def test_a_translation_model_gives_one_sentence_after_the_other():
    model = FakeTranslator()
    states = run(model)
    assert states[-1].text == "\n".join(ENGLISH.values())
    assert [sum(pair.done for pair in state.pairs) for state in states[:-1]] == list(range(len(ENGLISH) + 1))
    assert model.closed


def test_stop_ends_a_translation_model():
    model = FakeTranslator()
    states = translate(units_of(TEXT, "de"), WISH, model)
    next(states), next(states)
    states.close()
    assert model.closed


# --- Glossary in use --------------------------------------------------------------------------------------------------


def test_terms_of_the_glossary_are_told_only_where_they_stand_and_checked():
    chat = FakeChat()
    wish = Wish("de", "en", {"Ehrenamtlicher": "helper", "Bürgermeister": "mayor"})
    last = run(chat, wish=wish)[-1]
    told = [messages[-1].text for messages, _ in chat.asked]
    assert any("Ehrenamtlicher = helper" in text for text in told)
    assert not any("mayor" in text for text in told)
    assert [finding.facts["what"] for finding in last.findings] == ["helper"]
    assert run(FakeChat(), wish=Wish("de", "en", {"Ehrenamtliche": "volunteer"}))[-1].findings == ()


def test_a_term_that_was_not_used_is_put_into_the_sentence_for_the_second_try():
    chat = FakeChat()
    run(chat, "Kinder bezahlen nichts.", Wish("de", "en", {"Kinder": "youngsters"}))
    first, again = (list(asked_of(messages).values()) for messages, _ in chat.asked)
    assert first == ["Kinder bezahlen nichts."]
    assert again == ["youngsters bezahlen nichts."]


# --- Checks -----------------------------------------------------------------------------------------------------------

FAITHFUL = [
    ("zwölf Kinder", "twelve children", "de", "en"),
    ("um 19.30 Uhr", "at 7:30 pm", "de", "en"),
    ("10–17 Uhr", "10 am to 5 pm", "de", "en"),
    ("7.30 to 9.30 pm", "19.30 bis 21.30 Uhr", "en", "de"),
    ("11 to 2 pm", "11 bis 14 Uhr", "en", "de"),
    ("am 24. und 31. Dezember", "on December 24 and 31", "de", "en"),
    ("1,4 Mio. Euro", "1.4 million euros", "de", "en"),
    ("halb acht", "half past seven", "de", "en"),
    ("halb acht", "7:30 pm", "de", "en"),
    ("noon", "12 Uhr", "en", "de"),
    ("das 19. Jahrhundert", "the nineteenth century", "de", "en"),
    ("ein Drittel", "a third", "de", "en"),
    ("80 %", "eighty per cent", "de", "en"),
    ("Tel. 03585 450 36", "tel. 03585 45036", "de", "en"),
    ("05.09.2026", "5 September 2026", "de", "en"),
    ("am 5. September 2026 um 19.30 Uhr", "le 5 septembre 2026 à 19 h 30", "de", "fr"),
    ("1.200 Euro", "1 200 euros", "de", "fr"),
    ("zwei Kinder", "двое детей", "de", "ru"),
    ("am 5. September", "9月5日", "de", "zh"),
]


@pytest.mark.parametrize(("before", "after", "source", "target"), FAITHFUL)
def test_the_same_number_written_differently_is_no_difference(before, after, source, target):
    assert lost_numbers(before, after, source, target) == ()
    assert lost_numbers(after, before, target, source) == ()


@pytest.mark.parametrize(
    ("before", "after", "target", "lost"),
    [
        ("sieben Stimmen", "seventeen votes", "en", ("sieben",)),
        ("12 Kinder", "children", "en", ("12",)),
        ("um 21 Uhr", "at 9 am", "en", ("21 Uhr",)),
        ("1.200 Euro", "1 300 euros", "fr", ("1.200",)),
        ("12 Kinder", "13 dzieci", "pl", ("12",)),
    ],
)
def test_a_number_that_is_gone_is_found(before, after, target, lost):
    assert lost_numbers(before, after, "de", target) == lost


@pytest.mark.parametrize(
    ("before", "after", "source", "target", "lost"),
    [
        ("jeden Mittwoch und sonntags", "every Wednesday and on Sundays", "de", "en", ()),
        ("am Mittwoch", "on Tuesday", "de", "en", ("Mittwoch",)),
        ("Sonnabendvormittag ist zu, Samstag auch", "closed on Saturday", "de", "en", ()),
        ("bis Ende Juni", "by the end of July", "de", "en", ("Juni",)),
        ("You may march in May.", "Sie dürfen im Mai marschieren.", "en", "de", ()),
        ("im Juni", "en juin", "de", "fr", ()),
        ("on 17 January", "am 17.01.", "en", "de", ()),
        ("in January", "2026-01-05", "en", "de", ()),
        ("am Montag", "w poniedziałek", "de", "pl", ()),
    ],
)
def test_days_and_months_are_the_same_in_every_language(before, after, source, target, lost):
    assert lost_days(before, after, source, target) == lost


def test_numbers_get_the_signs_of_their_language():
    before = "12.480,75 Euro, 1.200 Gäste, 6,50 Euro, am 17.01. um 18.30 Uhr"
    after = "12.480,75 euros, 1.200 guests, 6,50 euros, on 17.01. at 18.30"
    assert with_own_separators(before, after, "de", "en") == (
        "12,480.75 euros, 1,200 guests, 6.50 euros, on 17.01. at 18.30"
    )
    assert with_own_separators("£4,316.20", "£4,316.20", "en", "de") == "£4.316,20"
    assert with_own_separators("1.200", "1.200", "de", "fr") == "1.200"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Eine Reise von Köln nach Wien.", "A journey from Cologne to Vienna."),
        ("Der Adventsmarkt in Löbau ist schön.", "The Christmas market in Löbau is lovely."),
        ("Hotel Berlin", "Hotel Berlin"),
        ("E-Mail: info@museum.de", "Email: info@museum.de"),
        ("Karl der Große war in Aachen.", "Charles the Great was in Aachen."),
    ],
)
def test_names_that_are_called_differently_or_stay_are_no_findings(before, after):
    assert broken(before, after, "de", "en", {}) == ()


@pytest.mark.parametrize(
    ("before", "after", "source", "target", "left"),
    [
        (
            "Rehearsals take place on Thursday.",
            "Rehearsals finden donnerstags statt.",
            "en",
            "de",
            ("Rehearsals",),
        ),
        ("Leave it at the cloakroom.", "Lassen Sie es am Cloakroom.", "en", "de", ("cloakroom",)),
        ("Zwei Bratschen fehlen.", "Two Bratschen are missing.", "de", "en", ("Bratschen",)),
        ("Frau Annegret Wünsche und Herr Bäcker", "Ms Annegret Wünsche and Mr Bäcker", "de", "en", ()),
        ("Tom Brown lives in Newcastle.", "Tom Brown lebt in Newcastle.", "en", "de", ()),
        ("Das Museum hat ein Café.", "The museum has a café.", "de", "en", ()),
        ("la maison rouge", "das maison rouge", "fr", "de", ("maison",)),
        ("Das Haus", "Haus", "de", "zh", ()),
    ],
)
def test_words_that_were_left_as_they_are_are_found(before, after, source, target, left):
    assert left_over(before, after, source, target) == left


def test_a_word_that_is_to_stay_is_no_left_over():
    assert (
        broken(
            "Das Stadtmuseum ist da.", "The Stadtmuseum is there.", "de", "en", {"Stadtmuseum": "Stadtmuseum"}
        )
        == ()
    )


def test_people_are_addressed_politely_where_the_language_knows_that():
    assert "„Sie“" in request(["You are welcome."], "en", "de", {})[0].text
    assert "Address" not in request(["Sie sind da."], "de", "en", {})[0].text


def test_languages_that_need_fewer_letters_are_not_short():
    assert (
        broken(
            "Das Museum ist heute leider den ganzen Tag geschlossen.", "博物馆今天全天关闭。", "de", "zh", {}
        )
        == ()
    )


def test_every_finding_has_a_sentence_and_a_reminder():
    for language in LANGUAGES:
        for code in ENGLISH_NAMES:
            assert language_name(code, language) != code
    for sentence, after in (("Das Haus hat 12 Zimmer.", "Das Haus hat Zimmer."), ("Haus", "")):
        found = broken(sentence, after, "de", "en", {"Haus": "house"})
        assert all(finding_text(each, language) for each in found for language in LANGUAGES)
        assert "{" not in reminded(found, "en")
    assert set(prompts().reminders) >= set(CHECKS) - {"missing"}


def test_german_and_english_are_offered_first():
    assert [code for _, code in choices(["fr", "en", "xx", "de", "ar"], "de")] == ["de", "en", "ar", "fr"]


# --- Prompts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(prompts().examples))
def test_the_example_keeps_what_is_asked_for(code):
    """A worked example that breaks the checks would teach a model to break them."""
    for source, target in ((code, "de"), ("de", code), (code, "en"), ("en", code)):
        if source != target:
            for pair in zip(prompts().examples[source], prompts().examples[target], strict=True):
                assert broken(*pair, source, target, {}) == (), pair


def test_quotes_and_braces_of_a_text_do_not_break_the_request():
    text = 'Sie sagte: "{count}" und \\ ging.'
    assert asked_of(request([text.replace("}", ")")], "de", "en", {})) == {"1": text.replace("}", ")")}
    assert json.dumps(text, ensure_ascii=False) in request([text], "de", "en", {})[-1].text


def test_words_of_the_field_are_told_in_both_directions_and_own_words_go_first():
    told = request(["Die Proben des Vereins sind mittwochs."], "de", "en", {"Verein": "club"})[-1].text
    assert "usually mean: Probe = rehearsal." in told
    assert "Use these translations: Verein = club." in told
    assert "lift = Aufzug" in request(["The lift is broken."], "en", "de", {})[-1].text
    assert "usually" not in request(["Die Probe."], "de", "fr", {})[-1].text
    assert "usually" not in request(["Guten Morgen."], "de", "en", {})[-1].text


def test_answers_are_read_from_unfinished_and_from_decorated_json():
    assert answered('{"1": "One", "2": "Tw', 3) == ("One", "Tw", "")
    assert answered('Sure!\n```json\n{"1": "One"}\n```\nDone.', 1) == ("One",)
    assert answered('{"1": ["a"], "2": 5}', 2) == ("", "")
    assert answered("no JSON", 1) == ("",)
    assert json.loads(schema(2))["required"] == ["1", "2"]


def test_a_broken_file_of_prompts_is_named(tmp_path):
    file = tmp_path / "translation.toml"
    file.write_text('role = "x"\n', encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        prompts(file)
    assert caught.value.key == "translate.broken_file"
    assert caught.value.facts["file"] == "translation.toml"


# --- The way back -----------------------------------------------------------------------------------------------------


def test_the_way_back_has_the_languages_and_terms_turned_round():
    class Back(FakeChat):
        def reply(self, messages, sampling, *, person=""):
            self.asked.append((list(messages), sampling))
            german = {english: sentence for sentence, english in ENGLISH.items()}
            said = {number: german[text] for number, text in asked_of(messages).items()}
            yield from pieces_of(json.dumps(said, ensure_ascii=False))

    there = run(FakeChat())[-1]
    chat = Back()
    back = list(translate_back(there, Wish("de", "en", {"Webstuhl": "loom"}), chat))[-1]
    assert back.text == TEXT
    assert "from English to German" in chat.asked[0][0][0].text
    assert any("loom = Webstuhl" in messages[-1].text for messages, _ in chat.asked)


def test_words_that_changed_on_the_way_are_marked():
    found = returned("Das Museum öffnet am 14. März.", "Am 14. März öffnet das Museum die Türen.", "de")
    for parts, text in ((found.original, "Das Museum öffnet am 14. März."), (found.back, "Am 14. März")):
        assert "".join(part.text for part in parts).startswith(text)
    changed = "".join(part.text for part in found.back if part.changed)
    assert "Türen" in changed
    assert "März" not in changed


def test_another_ending_is_no_change():
    found = returned("Die Türen des Museums", "Die Tür des Museum", "de")
    assert not any(part.changed for part in (*found.original, *found.back))


def test_a_sentence_never_falls_between_two_pieces():
    """The sentence splitter and the units agree on every text of the examples."""
    for code in ("de", "en"):
        text = " ".join(prompts().examples[code])
        assert [unit.text for unit in units_of(text, code)] == sentences(text, code)


@pytest.mark.parametrize("odd", ["9" * 600, "a." * 300, "1,1" * 200, "Ab-" * 200])
def test_words_without_end_are_not_searched(odd, monkeypatch):
    """Looking for numbers and names in one takes seconds."""
    seen = []
    monkeypatch.setattr(checks, "lost_numbers", lambda before, after, *_: seen.append(before + after) or ())
    monkeypatch.setattr(checks, "new_names", lambda known, text, *_: seen.append(known + text) or ())
    broken(odd, (odd * 5)[:2500], "de", "en", {})
    assert seen
    assert not any(odd[:100] in text for text in seen)


def test_what_is_much_too_long_is_not_searched_at_all(monkeypatch):
    monkeypatch.setattr(checks, "lost_numbers", lambda *_: pytest.fail("it was searched"))
    found = broken("Guten Morgen.", "good morning " * 100, "de", "en", {})
    assert [(each.check, each.hard) for each in found] == [("whole", True)]


def test_the_sampling_is_the_callers_but_for_its_length():
    chat = FakeChat()
    run(chat, "Kinder bezahlen nichts.", Wish("de", "en", sampling=Sampling(seed=7, max_seconds=9)))
    assert (chat.asked[0][1].seed, chat.asked[0][1].max_seconds) == (7, 9)
    assert chat.asked[0][1].max_tokens < 100
