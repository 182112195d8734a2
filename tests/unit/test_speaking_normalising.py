"""What is said for what is written: tables of known answers, and what holds for every text."""

import random
import re
import time

import pytest

from stations.speaking.markup import plain
from stations.speaking.normalising import said
from stations.speaking.rules import roman_value
from stations.speaking.words import words

GERMAN = [
    ("Di–So 10–17 Uhr, Mo geschlossen", "Dienstag bis Sonntag zehn bis siebzehn Uhr, Montag geschlossen"),
    ("Mo, Mi u. Fr 9–12 Uhr", "Montag, Mittwoch und Freitag neun bis zwölf Uhr"),
    ("Mo-Fr 9:00-12:30 Uhr", "Montag bis Freitag neun Uhr bis zwölf Uhr dreißig"),
    ("So ist es, und Fr. Müller kommt So um 11 Uhr", "So ist es, und Frau Müller kommt So um elf Uhr"),
    ("So. 11:00–18:00 Uhr", "Sonntag elf bis achtzehn Uhr"),
    ("Sa, 14.3., 19 Uhr", "Samstag, vierzehnter März, neunzehn Uhr"),
    ("um 14:30 Uhr", "um vierzehn Uhr dreißig"),
    ("um 14.30 Uhr", "um vierzehn Uhr dreißig"),
    ("um 1 Uhr oder 1:05 Uhr", "um ein Uhr oder ein Uhr fünf"),
    ("Dauer: 1:30 Std.", "Dauer: eine Stunde dreißig Minuten"),
    ("am 14.3.2026", "am vierzehnten März zweitausendsechsundzwanzig"),
    ("14.03.26", "vierzehnter März sechsundzwanzig"),
    ("2026-03-14", "vierzehnter März zweitausendsechsundzwanzig"),
    ("vom 14. bis 16. März", "vom vierzehnten bis sechzehnten März"),
    ("14.–16. März", "vierzehnter bis sechzehnter März"),
    ("30.4.–2.5.", "dreißigster April bis zweiter Mai"),
    ("ab 1. Sept.", "ab erstem September"),
    ("der 3. Mai", "der dritte Mai"),
    ("am Samstag, den 14. März", "am Samstag, den vierzehnten März"),
    ("Kapitel 1.2. Danach", "Kapitel eins Punkt zwei. Danach"),
    ("3,50 €", "drei Euro fünfzig Cent"),
    ("3,– € oder 5,-", "drei Euro oder fünf Euro"),
    ("10–15 €", "zehn bis fünfzehn Euro"),
    ("12,50 CHF", "zwölf Franken fünfzig Rappen"),
    ("20 Mio. Euro", "zwanzig Millionen Euro"),
    ("12,5 %", "zwölf Komma fünf Prozent"),
    ("100%ig", "einhundertprozentig"),
    ("5 km, 3 m², 8 qm, -5 °C", "fünf Kilometer, drei Quadratmeter, acht Quadratmeter, minus fünf Grad Celsius"),
    ("45 x 60 cm", "fünfundvierzig mal sechzig Zentimeter"),
    ("Ludwig XIV. baute", "Ludwig der Vierzehnte baute"),
    ("unter Ludwig XIV. lebte", "unter Ludwig dem Vierzehnten lebte"),
    ("die Zeit Ludwigs XIV. war", "die Zeit Ludwigs des Vierzehnten war"),
    ("für Karl V. und Elisabeth I.", "für Karl den Fünften und Elisabeth die Erste."),
    ("Karl der V. kam", "Karl der Fünfte kam"),
    ("Kapitel III und Band IV", "Kapitel drei und Band vier"),
    ("Der II. Weltkrieg", "Der zweite Weltkrieg"),
    ("im 19. Jh.", "im neunzehnten Jahrhundert."),
    ("Anfang 19. Jh. in Dresden", "Anfang des neunzehnten Jahrhunderts in Dresden"),
    ("18./19. Jh. und XX. Jh. hier", "achtzehntes und neunzehntes Jahrhundert und zwanzigstes Jahrhundert hier"),
    ("des 19. Jahrhunderts", "des neunzehnten Jahrhunderts"),
    ("44 v. Chr. gestorben", "vierundvierzig vor Christus gestorben"),
    ("z. B. bzw. d. h. ca. inkl. alles", "zum Beispiel beziehungsweise das heißt circa inklusive alles"),
    ("z.B. Dr. Meyer", "zum Beispiel Doktor Meyer"),
    ("St. Georg in der Hauptstr. 5", "Sankt Georg in der Hauptstraße fünf"),
    ("der hl. Georg, zum hl. Martin", "der heilige Georg, zum heiligen Martin"),
    ("Tel. 0351 4914-20", "Telefon null drei fünf eins, vier neun eins vier, zwei null"),
    ("Telefonnummer ist 0351, 491420", "Telefonnummer ist null drei fünf eins, vier neun eins vier zwei null"),
    ("Tel.-Nr.: 4711", "Telefonnummer vier sieben eins eins"),
    ("Tel. 4711, 5 Räume", "Telefon vier sieben eins eins, fünf Räume"),
    ("+49 (0)351 4914", "plus vier neun, null, drei fünf eins, vier neun eins vier"),
    ("info@museum-beispiel.de", "info ät museum Bindestrich beispiel Punkt D E"),
    ("www.museum.com/neu", "W W W Punkt museum Punkt com Schrägstrich neu"),
    ("#OffeneTür2026", "Hashtag Offene Tür zweitausendsechsundzwanzig"),
    ("§ 5 Abs. 2", "Paragraf fünf Absatz zwei"),
    ("§§ 3–5, S. 12 ff.", "Paragrafen drei bis fünf, Seite zwölf fortfolgende"),
    ("Inv.-Nr. 1234/56", "Inventarnummer eintausendzweihundertvierunddreißig Schrägstrich sechsundfünfzig"),
    ("Inv.-Nr. A 12.3-b", "Inventarnummer A zwölf Punkt drei Strich b"),
    ("Heft 1/2026", "Heft eins Schrägstrich zweitausendsechsundzwanzig"),
    ("3/4 Stunde und 1½ Jahre", "drei viertel Stunde und eineinhalb Jahre"),
    ("im 1. Obergeschoss, 2. OG", "im ersten Obergeschoss, zweites Obergeschoss"),
    ("1. Preis, die 3. Auflage, der 3. Klasse", "erster Preis, die dritte Auflage, der dritten Klasse"),
    ("zum 3. Mal", "zum dritten Mal"),
    ("1 Haus, 1 Ausstellung, 1 Gemälde", "ein Haus, eine Ausstellung, ein Gemälde"),
    ("in den 1920er Jahren", "in den neunzehnhundertzwanziger Jahren"),
    ("wurde 1912 gebaut", "wurde neunzehnhundertzwölf gebaut"),
    ("1789 Objekte", "eintausendsiebenhundertneunundachtzig Objekte"),
    ("(*1685, † 1750)", "(geboren sechzehnhundertfünfundachtzig, gestorben siebzehnhundertfünfzig)"),
    ("1989/90", "neunzehnhundertneunundachtzig neunzig"),
    ("1850–1900", "achtzehnhundertfünfzig bis neunzehnhundert"),
    ("3:1", "drei zu eins"),
    ("Besucher*innen und Freund:innen", "Besucher innen und Freund innen"),
    ("KI, DDR, NATO, DIN A4", "K I, D D R, NATO, DIN A vier"),
    ("Mann/Frau und/oder Kind", "Mann, Frau und oder Kind"),
    ("5-jährige", "fünfjährige"),
    ("1.000.000 Menschen, 0,75 l", "eine Million Menschen, null Komma sieben fünf Liter"),
    ("„Hallo“ – sagte er …", "Hallo, sagte er."),
]  # fmt: skip

ENGLISH = [
    ("Tue–Sun 10am–5pm, closed Mon", "Tuesday to Sunday ten A M to five P M, closed Monday"),
    ("Sat & Sun 11:00-18:00", "Saturday and Sunday eleven o'clock to eighteen hundred"),
    ("The sun is out. Sun is nice", "The sun is out. Sun is nice"),
    ("at 2:30 pm", "at two thirty P M"),
    ("at 1:05 p.m. or 14:30", "at one oh five P M or fourteen thirty"),
    ("on 14 March 2026", "on the fourteenth of March twenty twenty-six"),
    ("March 3rd, 2024", "March the third, twenty twenty-four"),
    ("14–16 March", "the fourteenth to the sixteenth of March"),
    ("14/03/2026", "the fourteenth of March twenty twenty-six"),
    ("3/15/2024", "the fifteenth of March twenty twenty-four"),
    ("£3.50, $2, €10–15", "three pounds and fifty pence, two dollars, ten to fifteen euros"),
    ("12.5 % of 1,234", "twelve point five percent of one thousand two hundred thirty-four"),
    ("Henry VIII's wives", "Henry the Eighth's wives"),
    ("Louis XIV, Apollo XI, Part I", "Louis the Fourteenth, Apollo eleven, Part one"),
    ("World War II, Chapter III, I know", "World War two, Chapter three, I know"),
    ("the 19th c. and the 1920s", "the nineteenth century and the nineteen twenties"),
    ("c. 1850, b. 1912", "circa eighteen fifty, born nineteen twelve"),
    ("built in 1912, 1789 objects", "built in nineteen twelve, one thousand seven hundred eighty-nine objects"),
    ("e.g. Dr. Smith of St. George", "for example Doctor Smith of Saint George"),
    ("5 High St. is open", "five High Street is open"),
    ("Inv. no. 1234/56", "Inventory number one thousand two hundred thirty-four slash fifty-six"),
    ("p. 12, pp. 12–15, No. 5", "page twelve, pages twelve to fifteen, number five"),
    ("Phone number is 5544", "Phone number is five five four four"),
    ("020 7946 0958", "zero two zero, seven nine four six, zero nine five eight"),
    ("jane@museum.org", "jane at museum dot org"),
    ("45 x 60 cm", "forty-five by sixty centimeters"),
    ("incl. VAT", "including V A T"),
    ("“quoted” – really…", "quoted, really."),
]  # fmt: skip


@pytest.mark.parametrize(("written", "heard"), GERMAN)
def test_german_is_said_as_people_say_it(written, heard):
    assert said(written, "de") == heard


@pytest.mark.parametrize(("written", "heard"), ENGLISH)
def test_english_is_said_as_people_say_it(written, heard):
    assert said(written, "en") == heard


@pytest.mark.parametrize(
    ("written", "language"), [(each, "de") for each, _ in GERMAN] + [(each, "en") for each, _ in ENGLISH]
)
def test_what_is_said_stays_when_said_again(written, language):
    once = said(written, language)
    assert said(once, language) == once


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("# Titel\n\n**Fett** und *kursiv*", "Titel\n\nFett und kursiv"),
        ("[Karte](https://x.de/a_b) ![Bild](a.png)", "Karte Bild"),
        ("- eins\n* zwei\n3. Mai", "eins\nzwei\n3. Mai"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a, b\n\n1, 2"),
        ("Hallo 😀 Welt 👩‍🦱 1️⃣", "Hallo Welt 1"),
        ('<speed level="50">schnell</speed> &amp; <b>fett</b>', "schnell & fett"),
        ("a < b und c > d", "a < b und c > d"),
        ("Aus\u00adstel\u00adlung\u200b\x00 im\u202eHaus", "Ausstellung im Haus"),
        ("snake_case und 3*4*5", "snake_case und 3*4*5"),
        ("١٢٣", "123"),
    ],
)
def test_only_what_can_be_read_aloud_stays(written, heard):
    assert plain(written) == heard


def test_other_languages_keep_their_numbers_for_their_voices():
    assert said("**Le musée** ouvre à 10 h 😀", "fr") == "Le musée ouvre à 10 h"


def scraps(seed, count):
    """Random texts of words, numbers, signs and the beginnings of everything that a rule looks for."""
    dice = random.Random(seed)
    letters = list("aäAÄzZßIVXéñ0123456789") + list(" \t\n.,;:!?-–—/\\|()[]{}<>\"'„“”’*_`~#@+%&§€$£°²½=×…•·^")
    begun = [
        "Uhr",
        "14.3.",
        "2026",
        " Di",
        "–So ",
        "Dr. ",
        "z. B. ",
        "19. Jh.",
        "Ludwig XIV.",
        "am ",
        "3,50 €",
        "http://",
        "www.",
    ]
    begun += [
        "@x.de",
        " pm",
        "1st",
        " c. 1850",
        "No. ",
        "§ 5",
        "km",
        "<b>",
        "😀",
        "&amp;",
        "١",
        "Ж",
        "Tel. ",
        "1/2",
        "hl. ",
    ]
    for _ in range(count):
        yield "".join(dice.choice(letters + begun) for _ in range(dice.randint(1, 14)))


@pytest.mark.parametrize("language", ["de", "en"])
def test_gibberish_too_is_said_the_same_again(language):
    for text in scraps(1, 300):
        once = said(text, language)
        assert said(once, language) == once, text


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_no_word_gets_lost(language):
    dice = random.Random(3)
    names = [
        "Wanderweg",
        "Käthe",
        "Straußenfeder",
        "Élodie",
        "Bauhaus",
        "Knutschkugel",
        "Zwölftonmusik",
        "Ruhe",
        "o'clock",
    ]
    marks = [
        " ",
        ", ",
        ". ",
        " – ",
        "; ",
        ": ",
        " (",
        ") ",
        " “",
        "” ",
        " 12 ",
        " 3,5 ",
        " / ",
        "\n",
        "\n\n- ",
        " **",
        "** ",
        " 😀 ",
    ]
    for _ in range(100):
        chosen = [dice.choice(names) for _ in range(dice.randint(1, 12))]
        text = "".join(name + dice.choice(marks) for name in chosen)
        found = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", said(text, language))
        assert [word for word in found if word in names] == chosen, text


@pytest.mark.parametrize(
    "scrap",
    [
        "*",
        "_a ",
        "[",
        "](",
        "<a ",
        "|-",
        "\\",
        "1.",
        "1-",
        "1/",
        "I",
        "Mo, ",
        "14. ",
        "am ",
        "@",
        "a.",
        "http://",
        " ",
        "#",
    ],
)
def test_hostile_text_takes_bounded_time(scrap):
    began = time.process_time()
    said(scrap * (1_000 // len(scrap)), "de")
    said(scrap * (1_000 // len(scrap)), "en")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("XIV", 14), ("MCMXC", 1990), ("III", 3), ("IX", 9), ("IIII", None), ("VX", None), ("", None)],
)
def test_roman_numerals_are_read_only_if_they_are_some(numeral, value):
    assert roman_value(numeral) == value


@pytest.mark.parametrize("language", ["de", "en"])
def test_short_forms_are_said_without_short_forms(language):
    for short, whole in words(language).abbreviations.items():
        assert not whole.endswith("."), short
        assert said(f"Wort {short} Wort", language).count(whole) >= 1, short
