"""Word lists for saying German texts: abbreviations, units, nouns that are counted, names of rulers."""

ABBREVIATIONS = {
    "a. D.": "außer Dienst", "a. M.": "am Main", "a. d.": "an der", "Abb.": "Abbildung", "Abs.": "Absatz",
    "Abschn.": "Abschnitt", "Abt.": "Abteilung", "Anm.": "Anmerkung", "Aufl.": "Auflage",
    "Ausst.": "Ausstellung", "Bd.": "Band", "Bde.": "Bände", "Bsp.": "Beispiel", "Bhf.": "Bahnhof", "Hbf.": "Hauptbahnhof",
    "Bgm.": "Bürgermeister", "bes.": "besonders", "bspw.": "beispielsweise", "bzw.": "beziehungsweise", "ca.": "circa",
    "d. Ä.": "der Ältere", "d. J.": "der Jüngere", "dat.": "datiert", "ders.": "derselbe", "dt.": "deutsch",
    "Dipl.-Ing.": "Diplomingenieur", "ehem.": "ehemals", "einschl.": "einschließlich", "engl.": "englisch",
    "entspr.": "entsprechend", "erm.": "ermäßigt", "Erw.": "Erwachsene", "ev.": "evangelisch", "Fa.": "Firma",
    "frz.": "französisch", "geb.": "geboren", "gegr.": "gegründet", "gem.": "gemäß", "gest.": "gestorben",
    "gez.": "gezeichnet", "griech.": "griechisch", "Hrsg.": "Herausgeber", "hrsg.": "herausgegeben",
    "i. Allg.": "im Allgemeinen", "insb.": "insbesondere", "insges.": "insgesamt", "Inv.-Nr.": "Inventarnummer",
    "Inv.": "Inventar", "ital.": "italienisch", "Jg.": "Jahrgang", "jun.": "junior", "sen.": "senior",
    "Kat.-Nr.": "Katalognummer", "Kat.": "Katalog", "kath.": "katholisch", 
    "lat.": "lateinisch", "lfd.": "laufend", "Lfd.": "Laufende", "m. E.": "meines Erachtens", "Mag.": "Magister",
    "mind.": "mindestens", "min.": "mindestens", "monatl.": "monatlich", "MwSt.": "Mehrwertsteuer", "n. Chr.": "nach Christus",
    "nachm.": "nachmittags", "Nrn.": "Nummern", "o. Ä.": "oder Ähnliches", "o. J.": "ohne Jahr", "o. O.": "ohne Ort",
    "o. T.": "ohne Titel", "o. g.": "oben genannt", "Pfr.": "Pfarrer", "Pers.": "Personen", 
    "Präs.": "Präsident", "p. P.": "pro Person", "röm.": "römisch", "s. o.": "siehe oben",
    "s. u.": "siehe unten", "Sek.": "Sekunden", "sign.": "signiert", "Slg.": "Sammlung", "sog.": "sogenannt",
    "städt.": "städtisch", "staatl.": "staatlich", "stellv.": "stellvertretend", "stündl.": "stündlich", "Str.": "Straße",
    "str.": "straße", "tägl.": "täglich", "Taf.": "Tafel", "Tel.": "Telefon", "Tsd.": "Tausend", "u. v. a.": "und viele andere",
    "u. ä.": "und ähnliche", "u. Ä.": "und Ähnliches", "u.": "und", "übers.": "übersetzt", "unbek.": "unbekannt",
    "urspr.": "ursprünglich", "usf.": "und so fort", "v. Chr.": "vor Christus", "v. l. n. r.": "von links nach rechts",
    "v. l.": "von links", "v. r.": "von rechts", "Verf.": "Verfasser", "verm.": "vermutlich", "vorm.": "vormittags",
    "wg.": "wegen", "wiss.": "wissenschaftlich", "wöchentl.": "wöchentlich", "z. Hd.": "zu Händen", "z. Z.": "zurzeit",
    "z. Zt.": "zurzeit", "zzgl.": "zuzüglich", "zus.": "zusammen", "zw.": "zwischen", "Ztr.": "Zentner", "e. V.": "e V",
    "i. A.": "im Auftrag", "i. V.": "in Vertretung", "evtl.": "eventuell", "exkl.": "exklusive", "ggf.": "gegebenenfalls",
    "inkl.": "inklusive", "vgl.": "vergleiche", "max.": "maximal", "Pkt.": "Punkt", "u. W.": "unseres Wissens",
    "südl.": "südlich", "nördl.": "nördlich", "östl.": "östlich", "westl.": "westlich", "Stv.": "Stellvertretung",
    "Verz.": "Verzeichnis", "Veranst.": "Veranstaltung", "Std.": "Stunden", "Min.": "Minuten", "dgl.": "dergleichen",
    "jährl.": "jährlich", "Mitgl.": "Mitglieder", "Mio.": "Millionen", "Mrd.": "Milliarden",
}  # fmt: skip
"""Short forms and what is said for them, besides those that normt2s knows; spaces may be missing."""

UNITS = {
    "qm": ("Quadratmeter", "Quadratmeter", "m"), "ha": ("Hektar", "Hektar", "m"), "Uhr": ("Uhr", "Uhr", "m"),
    "Pers": ("Person", "Personen", "f"), "Mp": ("Megapixel", "Megapixel", "n"), "dB": ("Dezibel", "Dezibel", "n"),
    "lx": ("Lux", "Lux", "n"), "Lux": ("Lux", "Lux", "n"), "Min": ("Minute", "Minuten", "f"),
    "Std": ("Stunde", "Stunden", "f"),
}  # fmt: skip
CURRENCIES = {
    "CHF": (("Franken", "Franken", "m"), ("Rappen", "Rappen", "m")),
    "Euro": (("Euro", "Euro", "m"), ("Cent", "Cent", "m")),
    "DM": (("D-Mark", "D-Mark", "f"), ("Pfennig", "Pfennig", "m")),
}

SPELLED = frozenset("AG ARD CDU EDV EKD EU GEZ ID IG IHK IT KI OB USA UV ÖPNV ÖVP".split())
"""Short forms in capitals that have a vowel and are spelled all the same."""

FLOORS = {"EG": "Erdgeschoss", "OG": "Obergeschoss", "UG": "Untergeschoss", "DG": "Dachgeschoss"}

COUNTED = {
    "m": (
        "Akt Advent Band FC SC SV Bezirk Bürgermeister Feiertag Gang Geburtstag Januar Jahrgang Kongress Kreis Monat Platz Preis Rang Raum"
        " Saal Satz Schritt Stock Tag Teil Todestag Vorsitzende Vorstand Weltkrieg Zeitraum"
    ),
    "f": (
        "Abteilung Auflage Ausgabe Bundesliga Liga Ausstellung Etage Fassung Folge Generation Hälfte Klasse Lesung Person Reihe Runde Sitzung"
        " Spalte Strophe Stufe Symphonie Sinfonie Vorstellung Woche Zeile Führung"
    ),
    "n": (
        "Buch Bild Drittel Erdgeschoss Halbjahr Jahr Jahrhundert Jahrtausend Jahrzehnt Kapitel Konzert Mal Obergeschoss OG"
        " Quartal Semester Stockwerk Treffen Untergeschoss UG Viertel Werk Jubiläum"
    ),
}
"""Nouns before which a number with a full stop counts, by gender: ``2. Stock``."""

LABELS = (
    "Abbildung Abschnitt Absatz Abteilung Akt Anlage Artikel Aufzug Band Bauabschnitt Blatt Buch Halle Heft Kapitel Klasse"
    " Lehrjahr Mark Modul Nummer Phase Platz Raum Saal Satz Station Stufe Szene Tafel Teil Typ Version Zone"
)
"""Nouns behind which a Roman numeral is a plain number: ``Kapitel III``."""

RULERS = frozenset(
    (
        "Albert Albrecht Alexander Alfons Amenophis Anna Anton August Augustus Balduin Benedikt Bernhard Bonifatius Boris Carl"
        " Carol Christian Christina Clemens Cölestin Darius Eduard Elisabeth Erich Ernst Ferdinand Franz Friedrich Fürst Georg"
        " Gregor Gustav Hadrian Heinrich Hugo Innozenz Iwan Jakob Joachim Johann Johannes Joseph Josef Julius Justinian Karl"
        " Katharina Kleopatra Klemens Konrad Konstantin Leo Leopold Lothar Ludwig Margarethe Maria Max Maximilian Mehmed"
        " Mohammed Moritz Napoleon Nikolaus Oskar Otto Paul Peter Philipp Pippin Pius Ptolemäus Ramses Richard Robert Rudolf"
        " Sethos Sigismund Sixtus Stephan Süleyman Theoderich Thutmosis Urban Viktor Waldemar Wenzel Wilhelm Wladislaw Xerxes"
    ).split()
)
"""First names of rulers and popes, behind which even one letter is a number: ``Karl V.``"""
