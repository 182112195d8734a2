"""What a result says that its source does not: each rule with known answers, names measured on written pairs."""

import random

import pytest

from stations.prose.marks import placeholders
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.repetition import copied, looped, without_loop
from stations.text.address import form_of_address

# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("Es kamen 1.000 Gäste.", "Es kamen 1000 Gäste."),
        ("Es kamen 1000 Gäste.", "Es kamen tausend Gäste, also 1 000."),
        ("Es kamen tausend Gäste.", "Es kamen 1.000 Gäste."),
        ("Der Eintritt kostet 3,50 Euro.", "Der Eintritt kostet 3.50 Euro."),
        ("Der Eintritt kostet 12 Euro.", "Der Eintritt kostet zwölf Euro (12,00 €)."),
        ("Wir haben zwei Räume.", "Wir haben 2 Räume."),
        ("Wir haben 21 Mitglieder.", "Einundzwanzig Mitglieder."),
        ("Beginn 14:30", "Beginn 14.30 Uhr"),
        ("Beginn 14.30 Uhr", "Wir beginnen um 14:30 Uhr."),
        ("Beginn 15 Uhr", "Beginn: 15:00 Uhr"),
        ("Beginn 15:00", "Um 15 Uhr geht es los."),
        ("Beginn um 15", "Beginn: 15:00 Uhr"),
        ("Am 3.5.2026 ist Fest.", "Am 3. Mai 2026 ist Fest."),
        ("Am 3. Mai 2026 ist Fest.", "Am 03.05.2026 ist Fest, also am 3. Mai."),
        ("Am 3. Mai 2026 ist Fest.", "Am 03.05.26 ist Fest."),
        ("2026-05-03", "3. Mai 2026"),
        ("Vom 3. bis 5. Mai.", "Am 3. Mai geht es los, am 5. Mai ist Schluss."),
        ("Am 3.–5.5.", "Am 3. Mai geht es los."),
        ("Ludwig XIV. kam.", "Ludwig der 14. kam."),
        ("im XIX. Jahrhundert", "im 19. Jahrhundert"),
        ("Ein Drittel, 30 %", "30 Prozent"),
        ("Wir brauchen 2 Mio. Euro.", "Wir brauchen 2 Millionen Euro, genau 2.000.000 Euro."),
        ("Das Programm ist dreitägig.", "Das Programm dauert drei Tage."),
        ("Das Programm dauert drei Tage.", "Ein dreitägiges Programm."),
        ("Ein Fest für alle.", "Ein Fest, ein Tag, eine Idee, eins ist sicher."),
        ("Ein Fest für alle.", "1. Einladen\n2. Feiern\n3) Aufräumen\n**4.** Danken"),
        ("Ein Fest für alle.", "Schritt 1: Einladen\nSchritt 2: Feiern"),
        ("Ein Fest für alle.", "Das Fest ist am [Datum, 2 Tage] im [Raum 5]."),
        ("Ein Fest für alle.", "Tausend Dank! Ihr wart einzigartig. Achten Sie auf die Zweige."),
        ("Die 1990er Jahre", "In den 90er Jahren"),
        ("Telefon 03581 123456", "Rufen Sie an: 03581 / 12 34 56"),
        ("Der dritte Abend", "Der 3. Abend"),
    ],
)
def test_the_same_number_in_another_spelling_is_not_new(source, result):
    assert new_numbers(source, result, "de") == ()


@pytest.mark.parametrize(
    ("source", "result", "new"),
    [
        ("Es kamen Gäste.", "Es kamen 40 Gäste.", ("40",)),
        ("Es kamen 1000 Gäste.", "Es kamen 10.000 Gäste.", ("10.000",)),
        ("Am 3. Mai", "Am 4. Mai", ("4. Mai",)),
        ("Am 3. Mai", "Am 3. Juni", ("3. Juni",)),
        ("Am 3. Mai", "Am 3. Mai 2026", ("2026",)),
        ("Am 3. Mai", "3. Mai und 5. Mai: fünf Führungen", ("5. Mai", "fünf")),
        ("Um 14:30 Uhr", "Um 15:30 Uhr", ("15:30 Uhr",)),
        ("Ludwig XIV.", "Ludwig XVI. kam.", ("XVI",)),
        ("Wir haben zwei Räume.", "Wir haben zwei Räume mit je zwanzig Plätzen.", ("zwanzig",)),
        ("Ein Fest", "Zum dritten Mal, mit dreißig Ständen", ("dritten", "dreißig")),
        ("Ein Fest", "Kosten: 3,50 Euro, 5 %", ("3,50", "5")),
        ("5 Euro", "5 Mio. Euro", ("5 Mio",)),
        ("1. Einladen", "Das 1. Fest seit 12 Jahren.\n2. Feiern", ("12",)),
    ],
)
def test_numbers_dates_and_times_that_were_not_given_are_told(source, result, new):
    assert new_numbers(source, result, "de") == new


def test_numbers_are_found_in_english_too():
    source = "At 2 pm on May 3rd, twenty-one guests and two thousand leaflets."
    assert (
        new_numbers(source, "On 3 May at 14:00: 21 guests, 2,000 leaflets, one of us may come.", "en") == ()
    )
    assert new_numbers(source, "On May 4 at 2:30 pm: thirty guests.", "en") == ("May 4", "2:30 pm", "thirty")


def test_a_text_has_no_numbers_that_it_does_not_have_itself():
    rng = random.Random(5)
    pieces = [
        "3. Mai",
        "12:30",
        "1.000",
        "zwei",
        "XIV.",
        " ",
        " ",
        ". ",
        "\n",
        "5 %",
        "2026",
        "Uhr",
        "-",
        "1.",
        "bis",
        "3,5",
    ]
    for _ in range(400):
        text = "".join(rng.choice(pieces) for _ in range(rng.randrange(25)))
        assert new_numbers(text, text, "de") == (), text


# --- Names ------------------------------------------------------------------------------------------------------------

PAIRS = [
    # source, result, the names in the result that the source does not have
    ("Das Museum öffnet am Sonntag.", "Das Museum in Görlitz öffnet am Sonntag.", {"Görlitz"}),
    ("Das Museum Görlitz öffnet.", "Die Görlitzer Bürgerinnen und Bürger freuen sich auf ihr Museum.", set()),
    ("Lindau lädt ein.", "Lindaus Heimatverein lädt alle Lindauerinnen und Lindauer herzlich ein.", set()),
    ("Der Verein sucht Helfer.", "Gesucht: Ehrenamtliche für Aufbau, Getränkeausschank und Kuchenbuffet.", set()),
    ("Frau Meier leitet den Chor.", "Sabine Meier leitet den Chor.", {"Sabine"}),
    ("Wir danken der Leitung.", "Wir danken Frau Koslowski und Herrn Bäcker.", {"Koslowski", "Bäcker"}),
    ("Eine Lesung im Herbst.", "Die Autorin Juli Zeh liest aus ihrem Roman.", {"Zeh"}),
    ("Eine Führung für Kinder.", "Die Taschenlampenführung begeistert Kinder, Eltern und Großeltern.", set()),
    ("Ausstellung über Handwerk.", "Gezeigt werden Werkzeuge, Trachten, Fotografien und Scherenschnitte.", set()),
    ("Einladung zur Eröffnung.", "Sehr geehrte Damen und Herren, wir laden Sie zur Vernissage ein.", set()),
    ("Einladung an die Stadt.", "Sehr geehrte Frau Bürgermeisterin, sehr geehrter Herr Landrat,", set()),
    ("Ein Konzert in der Kirche.", "Das Konzert findet in der Frauenkirche in Dresden statt.", {"Dresden"}),
    ("Ein Konzert in Dresden.", "Die Dresdner hören das Konzert gern.", set()),
    ("Das Büro ist umgezogen.", "Das Büro finden Sie jetzt in der Goethestraße 12.", {"Goethestraße"}),
    ("Das Büro in der Goethestraße 12.", "Besuchen Sie uns in der Goethestr. oder Goethestraße.", set()),
    ("Bitte melden Sie sich an.", "Anmeldung bei info@verein.de, 03581 123456.", {"info@verein.de", "03581 123456"}),
    ("Anmeldung: info@verein.de", "Schreiben Sie an info@verein.de, siehe www.verein.de.", {"www.verein.de"}),
    ("Telefon 03581/123456", "Rufen Sie an: +49 3581 123456", set()),
    ("Wir zeigen Bilder.", "Wir zeigen Bilder von Caspar David Friedrich.", {"Caspar David Friedrich"}),
    ("Bilder von Caspar David Friedrich.", "Friedrichs Landschaften berühren bis heute.", set()),
    ("Ein Abend mit Musik.", "Das Trio Wolkenbruch spielt Klezmer und Tango.", set()),
    ("Ein Abend mit Musik.", "Olena Kowaltschuk singt Lieder aus der Ukraine.", {"Olena Kowaltschuk", "Ukraine"}),
    ("Das Projekt braucht Geld.", "Die Kulturstiftung des Freistaates Sachsen fördert das Projekt.", {"Sachsen"}),
    ("Das Projekt braucht Geld.", "Das Projekt wird aus Fördermitteln, Eigenmitteln und Spenden finanziert.", set()),
    ("Protokoll der Sitzung.", "Tagesordnung: Begrüßung, Kassenbericht, Entlastung des Vorstands, Neuwahlen.", set()),
    ("Protokoll der Sitzung.", "Protokollführerin: Tanja Wuttke", {"Tanja Wuttke"}),
    ("Herr Schmidt war da.", "Herr Schmidt und die Schmidts waren da.", set()),
    ("Wir werben im Netz.", "Wir werben mit Social Media, Newsletter, Flyer und Podcast.", set()),
    ("Wir werben im Netz.", "Folgen Sie uns auf Instagram und Facebook.", {"Instagram", "Facebook"}),
    ("Das Theater spielt Faust.", "Das Theater spielt „Faust“. Der Vorhang hebt sich.", set()),
    ("Ein Fest im Park.", "Im Stadtpark gibt es Zuckerwatte, Kinderschminken und ein Lagerfeuer.", set()),
    ("Ein Fest im Park.", "Im Bautzener Stadtpark wird gefeiert.", {"Bautzener"}),
    ("Die Mühle wird saniert.", "Denkmalpflege, Fachwerk, Mühlrad und Dachstuhl werden instand gesetzt.", set()),
    ("Die Mühle wird saniert.", "Architekt Krzysztof Nowak saniert die Mühle.", {"Krzysztof Nowak"}),
    ("Inklusion im Museum.", "Barrierefreiheit, Leichte Sprache, Gebärdensprache und Audiodeskription helfen.", set()),
    ("Ein Ausflug.", "Der Ausflug führt mit dem Bus nach Prag und an die Elbe.", {"Prag", "Elbe"}),
    ("Ein Ausflug nach Prag.", "Prags Altstadt ist das Ziel. Die Reisegruppe trifft sich am Busbahnhof.", set()),
    ("Die Bibliothek liest vor.", "Bilderbuchkino und Vorlesestunde mit Mitmachaktion in der Stadtbücherei.", set()),
    ("Der Chor probt.", "Choristinnen, Chorleiterin und Korrepetitor proben dienstags.", set()),
    ("Der Chor probt.", "Chorleiterin Annegret Hübschmann probt dienstags.", {"Annegret Hübschmann"}),
    ("Lieber Herr Müller,", "Lieber Herr Mueller, Ihre Nachricht hat uns gefreut.", set()),
    ("Nachruf auf unser Mitglied.", "Wir trauern um Horst Lehmann. Er hinterlässt eine Lücke.", {"Horst Lehmann"}),
    ("Der Kulturausschuss tagt.", "Beschlussvorlage, Haushaltsansatz und Deckungsvorschlag liegen vor.", set()),
    ("Der Kulturausschuss tagt.", "Der Ausschuss tagt in Zittau, nicht in Löbau.", {"Zittau", "Löbau"}),
    ("Workshop im Mai.", "Im Workshop entstehen Linolschnitte, Monotypien und Collagen.", set()),
    ("Ferienprogramm", "Bastelnachmittag, Geländespiel, Stockbrot und Nachtwanderung für Ferienkinder.", set()),
    ("Ein neuer Audioguide.", "Der Audioguide erzählt vom Leben der Weberinnen und Weber in der Manufaktur.", set()),
    ("Datenschutz im Verein.", "Einwilligung, Löschfristen und Verarbeitungsverzeichnis nach DSGVO.", set()),
    ("Offene Werkstatt.", "Reparaturcafé, Siebdruck, Keramikbrennofen und Nähmaschinen stehen bereit.", set()),
    ("Ein Gedicht.", "Frühlingswind weht leis und lind, Blütenduft umhüllt das Kind.", set()),
    ("Die Künstlerin stellt aus.", "Die Künstlerin stellt in der Galerie Weißblau in Plauen aus.", {"Plauen"}),
    ("Die Leitung grüßt.", "Mit freundlichen Grüßen\n[Name der Leitung]", set()),
    ("Jubiläum.", "100 Jahre Vereinsgeschichte: Gründung, Wiederaufbau, Neubeginn und Generationswechsel.", set()),
    ("Jubiläum.", "Festredner ist Ministerpräsident Kretschmer.", {"Kretschmer"}),
    ("Presse", "Pressekontakt: Jörg Petzold, Kulturamt", {"Jörg Petzold"}),
    ("Kinderkino", "Popcorn, Sitzkissen und Zeichentrickfilme versüßen den Nachmittag.", set()),
    ("Stadtlauf", "Startnummernausgabe, Streckenposten, Siegerehrung und Umkleiden sind organisiert.", set()),
    ("Förderverein", "Mitgliedsbeitrag, Zuwendungsbestätigung und Gemeinnützigkeit sind geregelt.", set()),
    ("Schlossfest", "Gaukler, Falknerei, Minnesang und Ritterturnier im Burghof.", set()),
    ("Archiv", "Der Nachlass der Familie Neumann umfasst Tagebücher, Urkunden und Feldpostbriefe.", {"Neumann"}),
]  # fmt: skip
ENGLISH_PAIRS = [
    ("The museum opens on Sunday.", "The museum in Leeds opens on Sunday.", {"Leeds"}),
    ("The choir sings.", "Volunteers serve tea in January. Everyone is welcome!", set()),
    ("The choir sings.", "Emily Johnson leads the choir.", {"Emily Johnson"}),
    ("Emily Johnson leads the choir.", "Johnson's choir sings on Thursday.", set()),
    ("A guided tour.", "Mr Baker and Dr Okonkwo lead the tour.", {"Baker", "Okonkwo"}),
    ("A guided tour.", "Write to tours@example.org for details.", {"tours@example.org"}),
    ("A workshop.", "Annual General Meeting: Chair, Treasurer and Secretary report.", set()),
]


def tally(pairs, language):
    """True, false and missed words of names; a name of two words counts as two."""
    hits = wrong = missed = 0
    for source, result, wanted in pairs:
        told = {word for name in new_names(source, result, language) for word in name.split()}
        there = {word for name in wanted for word in name.split()}
        hits, wrong, missed = hits + len(told & there), wrong + len(told - there), missed + len(there - told)
        if told != there:
            print("told wrongly:", told - there, "missed:", there - told, "in:", result)
    return hits, wrong, missed


def test_nearly_every_name_that_is_told_is_one_and_most_are_found():
    hits, wrong, missed = (
        sum(each) for each in zip(tally(PAIRS, "de"), tally(ENGLISH_PAIRS, "en"), strict=True)
    )
    print(f"precision {hits / (hits + wrong):.2f}, recall {hits / (hits + missed):.2f} of {hits + missed}")
    assert hits / (hits + wrong) >= 0.95
    assert hits / (hits + missed) >= 0.9


def test_given_and_family_name_are_told_as_one():
    assert new_names("Ein Abend.", "Es liest Sonja Koslowski aus Görlitz.", "de") == (
        "Sonja Koslowski",
        "Görlitz",
    )


@pytest.mark.parametrize(
    ("source", "result", "new"),
    [
        ("Ein Dank", "Ein Dank an Herrn Bäcker und Familie Sommer.", ("Bäcker", "Sommer")),
        ("Ein Dank", "Ein Dank an Frau Bürgermeisterin und Herrn Vorsitzenden.", ()),
        (
            "Der Weg",
            "Von der Friedrichstraße zum Parkplatz in der Hauptstraße, Gartenweg 7.",
            ("Friedrichstraße", "Gartenweg"),
        ),
        ("Die Stadt Ulm", "Die Ulmer freuen sich auf Ulms Museum.", ()),
        ("Der Verein", "Der VEREIN lädt mit IHK und GEMA in die SPORTHALLE.", ()),
    ],
)
def test_what_makes_a_word_a_name(source, result, new):
    assert new_names(source, result, "de") == new


def test_a_text_has_no_names_that_it_does_not_have_itself():
    for source, result, _ in PAIRS:
        assert new_names(result, result, "de") == ()
        assert new_names(f"{source} {result}", source, "de") == ()


# --- Placeholders -----------------------------------------------------------------------------------------------------


def test_gaps_in_square_brackets_are_found_once_and_in_order():
    text = "Am [Datum] um [Uhrzeit] mit [Name der Leitung], also am [Datum]."
    assert placeholders(text) == ["[Datum]", "[Uhrzeit]", "[Name der Leitung]"]


def test_brackets_of_markdown_are_no_gaps():
    assert (
        placeholders(
            "[Link](https://a.de) ![Bild](b.png) [x] [X] [ ] [^1] [1] [Wort][1] […] []\n[1]: https://a.de"
        )
        == []
    )


def test_a_gap_is_short_and_on_one_line():
    assert placeholders(f"[{'a' * 40}] [{'b' * 41}] [c\nd]") == [f"[{'a' * 40}]"]


# --- Loops ------------------------------------------------------------------------------------------------------------


def test_a_sentence_that_stands_three_times_is_a_loop_and_is_cut_before_the_second():
    text = "Wir laden ein. " + "Das Fest wird ein großer Erfolg. " * 3
    assert looped(text)
    assert without_loop(text) == "Wir laden ein. Das Fest wird ein großer Erfolg."


def test_a_run_of_eight_words_without_an_end_is_a_loop():
    text = "Und dann " + "gehen wir alle zusammen noch einmal in das Museum und " * 4
    assert looped(text)
    assert not looped(without_loop(text))
    assert without_loop(text).startswith("Und dann gehen wir alle zusammen noch einmal in das Museum")


def test_a_list_item_that_comes_back_is_a_loop():
    text = "Ideen:\n- Fest im Park\n- Lesung am See\n- Fest im Park\n- Fest im Park"
    assert without_loop(text) == "Ideen:\n- Fest im Park\n- Lesung am See"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ja. Ja. Ja. Ja.",
        "Das Fest wird gut. " * 2,
        "| ja | nein |\n| ja | nein |\n| ja | nein |\n| --- | --- |",
    ],
)
def test_what_people_repeat_on_purpose_is_no_loop(text):
    assert not looped(text)
    assert without_loop(text) == text


def test_cutting_a_loop_leaves_no_loop():
    rng = random.Random(7)
    pieces = ["Das Fest wird gut", "Wir laden herzlich ein", "Ja", ". ", ". ", "\n- ", " und ", " "]
    for _ in range(500):
        text = "".join(rng.choice(pieces) for _ in range(rng.randrange(80)))
        cut = without_loop(text)
        assert not looped(cut)
        assert text.startswith(cut)


# --- Copies -----------------------------------------------------------------------------------------------------------


def test_an_unchanged_text_is_a_copy_and_a_new_one_is_not():
    text = "Das Museum öffnet am Sonntag um zehn Uhr seine Türen für alle Kinder der Stadt."
    assert copied(text, text) == 1.0
    assert copied(text, "Am Sonntag geht es los: Das Haus ist ab zehn Uhr für Kinder offen.") == 0.0
    assert copied(text, "") == 0.0


def test_a_copy_with_a_new_beginning_is_still_mostly_a_copy():
    text = "Das Museum öffnet am Sonntag um zehn Uhr seine Türen für alle Kinder der Stadt."
    assert 0.6 < copied(text, f"Gern! Hier: {text}") < 1.0


def test_short_texts_are_compared_word_by_word():
    assert copied("Offen am Sonntag ab zehn", "Offen ab zehn") == 1.0
    assert copied("Offen am Sonntag", "Am Montag zu") == pytest.approx(1 / 3)


# --- Form of address --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Kommen Sie vorbei!", {"sie"}),
        ("Wir laden Sie ein.", {"sie"}),
        ("Danke für Ihre Hilfe.", {"sie"}),
        ("Wir danken Ihnen.", {"sie"}),
        ("Sie können sich anmelden.", {"sie"}),
        ("Sie ist Malerin. Sie malt gern.", set()),
        ("Die Kinder malen. Sie lernen viel.", set()),
        ("Sie waren arm.", set()),
        ("Die Malerin liebt ihr Haus. Ihre Bilder hängen dort.", set()),
        ("Anna sagt: Sie kommt gern.", set()),
        ("Wir sehen sie und ihre Kinder.", set()),
        ("Hast du Zeit?", {"du"}),
        ("Bring deine Freunde mit.", {"du"}),
        ("Habt ihr Zeit? Wir freuen uns auf euch!", {"ihr"}),
        ("Könnt ihr kommen?", {"ihr"}),
        ("Er hilft ihr nicht.", set()),
        ("Kommen Sie, und bring du Kuchen mit.", {"sie", "du"}),
        ("Das Museum ist offen.", set()),
        ("", set()),
    ],
)
def test_the_form_of_address_is_told_by_pronouns_and_verbs(text, wanted):
    assert form_of_address(text, "de") == wanted


def test_english_has_one_form_of_address():
    assert form_of_address("You are welcome. Du bist da.", "en") == frozenset()
