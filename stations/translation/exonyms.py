"""Places that German and English call by different names: Köln, Cologne."""

import re

_NAMES = """
Deutschland Germany; Österreich Austria; Schweiz Switzerland; Frankreich France; Italien Italy; Spanien Spain;
Portugal Portugal; Polen Poland; Tschechien Czechia; Tschechische_Republik Czech_Republic; Slowakei Slovakia;
Ungarn Hungary; Slowenien Slovenia; Kroatien Croatia; Serbien Serbia; Rumänien Romania; Bulgarien Bulgaria;
Griechenland Greece; Türkei Turkey; Russland Russia; Ukraine Ukraine; Belarus Belarus; Litauen Lithuania;
Lettland Latvia; Estland Estonia; Finnland Finland; Schweden Sweden; Norwegen Norway; Dänemark Denmark;
Niederlande Netherlands; Holland Holland; Belgien Belgium; Luxemburg Luxembourg; Irland Ireland;
Schottland Scotland; England England; Großbritannien Britain; Großbritannien Great_Britain;
Vereinigtes_Königreich United_Kingdom; Europa Europe; Afrika Africa; Asien Asia; Amerika America;
Australien Australia; Vereinigte_Staaten United_States; USA United_States; Kanada Canada; Brasilien Brazil;
Argentinien Argentina; Mexiko Mexico; Kuba Cuba; Indien India; China China; Japan Japan; Syrien Syria;
Libanon Lebanon; Irak Iraq; Ägypten Egypt; Marokko Morocco; Tunesien Tunisia; Äthiopien Ethiopia;
Kamerun Cameroon; Südafrika South_Africa; Namibia Namibia; Köln Cologne; München Munich; Nürnberg Nuremberg;
Hannover Hanover; Braunschweig Brunswick; Hameln Hamelin; Koblenz Coblenz; Wien Vienna; Zürich Zurich;
Genf Geneva; Basel Basle; Luzern Lucerne; Prag Prague; Pilsen Plzeň; Brünn Brno; Warschau Warsaw;
Krakau Krakow; Krakau Cracow; Danzig Gdańsk; Breslau Wrocław; Posen Poznań; Stettin Szczecin;
Königsberg Kaliningrad; Moskau Moscow; Kiew Kyiv; Kiew Kiev; Lemberg Lviv; Rom Rome; Mailand Milan;
Venedig Venice; Florenz Florence; Neapel Naples; Turin Turin; Genua Genoa; Padua Padua; Bozen Bolzano;
Athen Athens; Brüssel Brussels; Antwerpen Antwerp; Gent Ghent; Brügge Bruges; Lüttich Liège;
Straßburg Strasbourg; Straßburg Strasburg; Den_Haag The_Hague; Kopenhagen Copenhagen; Lissabon Lisbon;
Sevilla Seville; Bukarest Bucharest; Belgrad Belgrade; Havanna Havana; Kairo Cairo; Jerusalem Jerusalem;
Peking Beijing; Tokio Tokyo; Bayern Bavaria; Sachsen Saxony; Niedersachsen Lower_Saxony;
Sachsen-Anhalt Saxony-Anhalt; Thüringen Thuringia; Hessen Hesse; Preußen Prussia; Pommern Pomerania;
Schlesien Silesia; Böhmen Bohemia; Mähren Moravia; Lausitz Lusatia; Oberlausitz Upper_Lusatia;
Franken Franconia; Schwaben Swabia; Westfalen Westphalia; Rheinland Rhineland;
Rheinland-Pfalz Rhineland-Palatinate; Pfalz Palatinate; Nordrhein-Westfalen North_Rhine-Westphalia;
Kärnten Carinthia; Steiermark Styria; Tirol Tyrol; Flandern Flanders; Elsass Alsace; Lothringen Lorraine;
Toskana Tuscany; Rhein Rhine; Donau Danube; Elbe Elbe; Oder Oder; Neiße Neisse; Weichsel Vistula;
Mosel Moselle; Themse Thames; Bodensee Constance; Ostsee Baltic; Nordsee North_Sea; Mittelmeer Mediterranean;
Alpen Alps; Erzgebirge Ore_Mountains; Schwarzwald Black_Forest; Riesengebirge Giant_Mountains;
Weihnachten Christmas; Ostern Easter; Pfingsten Pentecost; Pfingsten Whitsun; Johannes John; Paulus Paul;
Petrus Peter; Maria Mary; Josef Joseph; Jesus Jesus; Karl Charles; Friedrich Frederick; Wilhelm William;
Heinrich Henry; Georg George; Ludwig Louis; Katharina Catherine; Elisabeth Elizabeth; Franz Francis
"""
_PAIRS = [
    (ours.replace("_", " "), theirs.replace("_", " "))
    for ours, theirs in (pair.split() for pair in _NAMES.replace("\n", " ").split(";"))
]
_PEOPLE = re.compile(
    r"\b(?:" + "|".join(re.escape(name) for pair in _PAIRS for name in pair) + r")(?:e?s|n)?\b"
)


_NO_NAMES = (
    "Christmas Christmastime Easter Advent Madonna Renaissance Baroque Gothic Romanesque Internet Mio Mrd Tsd"
)
"""Words with a capital letter that are no names: English ones that are ordinary in German, and short forms."""


def with_other_names(text: str) -> str:
    """Return the text followed by what the other language calls its places, feasts, saints and rulers.

    Words that only look like names in English follow too.
    """
    said = {match[0].removesuffix("s") for match in _PEOPLE.finditer(text)} | {
        match[0] for match in _PEOPLE.finditer(text)
    }
    others = [name for ours, theirs in _PAIRS for name in (ours, theirs) if {ours, theirs} & said]
    return "\n".join([text, *others, _NO_NAMES])
