"""The rules of plain language, each with a sentence that breaks it and one that does not."""

import random

import pytest

from stations.prose.sentences import sentences
from stations.text.plain_language import Finding, difficult_words, divided, findings, with_mediopunkt


def rules_of(text, kind="leicht", language="de"):
    return [each.rule for each in findings(text, language, kind)]


def told(rule, text, kind="leicht", language="de"):
    return [each.excerpt for each in findings(text, language, kind) if each.rule == rule]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Das Museum ist am Sonntag offen.",
        "Wir laden Sie ein.\nDas Fest ist am 3. Mai.\nEs beginnt um 15 Uhr.",
        "Es gibt Kaffee, Kuchen und Musik.",
        "# Das Fest\n\n- Kaffee\n- **Kuchen**\n1. Essen",
        "Der Eintritt kostet 5 Euro.\nDas Museum ist seit 2019 offen.",
        "Schreiben Sie an info@verein.de oder an https://verein.de/a&b%20c.",
        "Es wird schön.\nDer Sänger wird bekannt.\nMorgen werden wir kommen.",
        "Das Heimat·museum ist offen.",
    ],
)
def test_a_plain_text_has_no_findings(text):
    assert findings(text, "de", "leicht") == []


def test_a_sentence_may_have_as_many_words_as_its_kind_allows():
    ten = "Wir gehen am Sonntag alle zu Fuß in das Museum."
    assert rules_of(ten) == []
    assert findings(f"{ten[:-1]} dort.", "de", "leicht") == [
        Finding("long_sentence", 0, f"{ten[:-1]} dort.", {"words": 11, "most": 10})
    ]
    assert rules_of(f"{ten[:-1]} dort.", "einfach") == []
    assert rules_of(f"{ten[:-1]} dort mit Hut und Schal und Hund.", "einfach") == ["long_sentence"]


@pytest.mark.parametrize(
    ("rule", "text", "excerpts"),
    [
        ("commas", "Es gibt Kaffee, Tee, Kuchen und Musik.", ["Es gibt Kaffee, Tee, Kuchen und Musik."]),
        ("commas", "Er kostet 3,50 Euro, nicht 4,50 Euro.", []),
        ("subordinate_clause", "Er kommt, weil er Zeit hat.", ["weil"]),
        ("subordinate_clause", "Wenn es regnet, bleiben wir.", ["Wenn"]),
        ("subordinate_clause", "Er fragt, ob sie kommt.", ["ob"]),
        ("subordinate_clause", "Damit malen wir.", []),
        ("relative_clause", "Das ist der Mann, der das Haus baut.", ["der das Haus baut"]),
        ("relative_clause", "Das Haus, in dem wir wohnen, ist alt.", ["in dem wir wohnen"]),
        ("relative_clause", "Wir sehen die Kirche, das Schloss und den Park.", []),
        ("passive", "Das Museum wird am Sonntag eröffnet.", ["wird … eröffnet"]),
        ("passive", "Der Preis ist verliehen worden.", ["worden … verliehen"]),
        ("passive", "Die Bilder wurden von Kindern gemalt.", ["wurden … gemalt"]),
        ("passive", "Wir werden das Haus kaufen.", []),
        ("passive", "Er hat das Haus gekauft.", []),
        ("passive", "Es wird kalt, er hat geheizt.", []),
        ("genitive", "Die Türen des Museums sind offen.", ["des Museums"]),
        ("genitive", "Das Haus eines alten Malers ist offen.", ["eines alten Malers"]),
        ("genitive", "Das ist das Haus.", []),
        ("subjunctive", "Wir könnten kommen.", ["könnten"]),
        ("subjunctive", "Er sagt, das sei gut.", ["sei"]),
        ("subjunctive", "Sei dabei!", []),
        ("subjunctive", "Wir konnten kommen.", []),
        ("number_word", "Wir haben zwölf Stühle.", ["zwölf"]),
        ("number_word", "Wir haben 12 Stühle für einen Abend.", []),
        ("number_word", "Das ist einzig, wenig und fleißig.", []),
        ("large_number", "Es kamen 12.000 Gäste.", ["12.000"]),
        ("large_number", "Es kamen 1200 Gäste.", []),
        ("old_year", "Das Haus ist von 1867.", ["1867"]),
        ("old_year", "Das Haus ist von 2019.", []),
        ("old_year", "Es kamen 1500 Gäste.", []),
        ("roman_number", "König Ludwig XIV. kam.", ["XIV"]),
        ("sign", "Kaffee & Kuchen: 50 % mehr", ["&", "%"]),
        ("abbreviation", "Wir bieten z. B. Musik an.", ["z. B."]),
        ("abbreviation", "Die VHS und der Verein e. V. laden ein.", ["VHS", "e. V."]),
        ("abbreviation", "Das WC ist rechts.", []),
        ("negation", "Es gibt kein Brot und nichts zu trinken.", ["kein", "nichts"]),
        ("difficult_word", "Die Organisation ist kreativ.", ["Organisation", "kreativ"]),
        ("difficult_word", "Die Station und die Bibliothek verlieren Papiere.", []),
    ],
)
def test_each_rule_finds_what_it_is_for_and_nothing_else(rule, text, excerpts):
    assert told(rule, text) == excerpts


def test_a_line_of_leichte_sprache_has_one_sentence():
    text = "Das Fest ist am Sonntag. Es beginnt um 15 Uhr.\nEs gibt Kuchen."
    assert told("several_statements", text) == ["Es beginnt um 15 Uhr."]
    assert told("several_statements", text, "einfach") == []


def test_a_finding_tells_the_place_of_its_sentence():
    text = "Alles ist gut.\nWir könnten kommen.\nEs gibt kein Brot."
    found = [(each.rule, each.sentence_index) for each in findings(text, "de", "leicht")]
    assert found == [("subjunctive", 1), ("negation", 2)]


def test_long_words_come_with_a_proposal_where_the_division_is_sure():
    assert findings("Die Ausstellungseröffnung", "de", "einfach") == [
        Finding(
            "long_word",
            0,
            "Ausstellungseröffnung",
            {"letters": 21, "most": 16, "proposal": "Ausstellungs·eröffnung"},
        )
    ]
    assert told("long_word", "Der Vereinsbeitrag") == ["Vereinsbeitrag"]
    assert told("long_word", "Der Vereinsbeitrag", "einfach") == []


def test_english_has_the_rules_that_make_sense_there():
    text = "The exhibition was opened by the mayor, because it isn't an obligation."
    assert set(rules_of(text, language="en")) == {
        "long_sentence", "passive", "subordinate_clause", "negation", "difficult_word",
    }  # fmt: skip
    assert rules_of("The museum is open on Sunday.", language="en") == []


def test_difficult_words_are_told_once_and_in_order():
    text = "Die Partizipation und die Kreativität: Wir diskutieren Partizipation im Tanz."
    assert difficult_words(text, "de") == ["Partizipation", "Kreativität", "diskutieren"]
    assert difficult_words("Participation needs imagination and a garden.", "en") == [
        "Participation",
        "imagination",
    ]
    assert difficult_words("", "de") == []


@pytest.mark.parametrize(
    "division",
    [
        "Heimat·museum", "Ausstellungs·eröffnung", "Mitglieder·versammlung", "Öffentlichkeits·arbeit",
        "Weihnachts·markt",
        "Bürger·meisterin", "Heimat·museums·verein", "Gemeinschafts·ausstellung", "Veranstaltungs·kalender",
        "Schul·klassen",
        "Eintritts·karten", "Kinder·geburtstag", "Freiwilligen·arbeit", "Rollstuhl·fahrer", "Gebärden·sprache",
        "Museums·pädagogik", "Spenden·bescheinigung", "Denkmal·schutz·behörde",
        "Vereins·mitglieder", "Puppen·spielerin",
    ],
)  # fmt: skip
def test_long_compounds_are_divided_at_their_seam(division):
    assert divided(division.replace("·", "")) == division


@pytest.mark.parametrize(
    "word",
    [
        "Zusammenarbeit", "Unterstützung", "Herausforderung", "Transformation", "Demonstration", "Konzentration",
        "Interpretation", "Administration", "Verantwortung", "Auseinandersetzung", "Wissenschaft", "Teilnehmende",
        "Staubecken", "Restaurierung", "Verantwortliche", "Selbstverständlichkeit", "Quxzwyvbnmklop", "",
    ],
)  # fmt: skip
def test_what_is_no_sure_compound_stays_whole(word):
    assert divided(word) == ""


def test_the_mediopunkt_is_set_in_long_nouns_and_nowhere_else():
    text = "Die **Mitgliederversammlung** im Heimatmuseum: Open-Air-Veranstaltung, Zusammenarbeit, Haus."
    assert with_mediopunkt(text) == text.replace("Mitgliederversammlung", "Mitglieder·versammlung")


def test_setting_the_mediopunkt_changes_no_letter_and_twice_is_once():
    rng = random.Random(6)
    parts = [
        "Museum",
        "museum",
        "s",
        "verein",
        "Ausstellung",
        "kinder",
        "Fest",
        " ",
        " ",
        "\n",
        "-",
        "·",
        "karten",
        "haus",
    ]
    for _ in range(300):
        text = "".join(rng.choice(parts) for _ in range(rng.randrange(20)))
        once = with_mediopunkt(text)
        assert once.replace("·", "") == text.replace("·", "")
        assert with_mediopunkt(once) == once


def test_findings_point_into_the_text():
    rng = random.Random(7)
    pieces = [
        "Das Museum ",
        "wird eröffnet",
        ", weil ",
        "es könnte",
        ". ",
        "\n",
        "z. B. ",
        "12.000 ",
        "& ",
        "- ",
        "nicht ",
    ]
    for _ in range(300):
        text = "".join(rng.choice(pieces) for _ in range(rng.randrange(15)))
        count = len(sentences(text, "de"))
        for found in findings(text, "de", rng.choice(["einfach", "leicht"])):
            assert 0 <= found.sentence_index < count
            assert found.excerpt
