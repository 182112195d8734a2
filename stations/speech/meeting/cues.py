"""Words by which people decide, promise, take back and leave open in a conversation; German and English.

Rules, no model: a small model overlooks half of the promises in a page of talk and finds some that nobody made
(docs/decisions.md), but can say in one sentence what a few lines are about. So these words find the places.
"""

import re
from dataclasses import dataclass
from functools import cache

from stations.texts import Language

_DOING_DE = (
    "aktualisier|änder|bastel|back|bau|bereit|besorg|bestell|bestätig|bitt|bring|buch|druck|entwerf|erkundig|erledig"
    "|erstell|fahr|formulier|frag|geb|guck|hol|informier|kauf|klär|klingel|koch|kontaktier|kopier|kümmer|lad|leg|leit"
    "|lös|mach|mail|meld|miet|nehm|organisier|plan|prüf|rechn|red|reich|reparier|reservier|richt|ruf|räum|sag|sammel"
    "|schau|schick|schreib|setz|sorg|spend|sprech|stell|such|telefonier|trag|treff|überarbeit|überleg|übernehm"
    "|überprüf|übersetz|überweis|verein?bar|versend|verschick|verteil|vorbereit|zahl|zeichn"
)
_DOING_EN = (
    "arrange|ask|bake|book|bring|buy|call|chase|check|circulate|clean|collect|contact|copy|do|draft|drop|email|fetch"
    "|find|fix|get|give|handle|have a (?:look|word)|let|look|mail|make|organi[sz]e|order|pay|phone|pick|post|prepare"
    "|print|put|read|ring|see to|send|set|sort|speak|take|talk|tell|text|try|update|write"
)


@dataclass(frozen=True)
class Cues:
    """Patterns over one line of talk.

    ``decided`` says that something was decided, ``agreed`` may say so. ``promises`` is somebody promising something, ``refuses`` not to,
    ``asks`` somebody asking another to do it, ``accepts`` a plain yes. ``takes_back`` withdraws what was just said.
    ``assigns`` says that the ``name`` will do it. ``offers`` is a promise that counts once somebody says yes. ``at_once`` is done within the meeting: no task.
    ``proposes`` says what is to be decided. ``wonders`` asks without a question mark, ``unknown`` leaves a question open. ``opens_topic`` goes on to the next
    point.
    """

    decided: re.Pattern[str]
    agreed: re.Pattern[str]
    proposes: re.Pattern[str]
    promises: re.Pattern[str]
    assigns: re.Pattern[str]
    offers: re.Pattern[str]
    at_once: re.Pattern[str]
    refuses: re.Pattern[str]
    asks: re.Pattern[str]
    accepts: re.Pattern[str]
    takes_back: re.Pattern[str]
    wonders: re.Pattern[str]
    unknown: re.Pattern[str]
    opens_topic: re.Pattern[str]


@cache
def cues(language: Language) -> Cues:
    """Return the cues of a language."""
    return {"de": _german, "en": _english}[language]()


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns), re.IGNORECASE)


def _german() -> Cues:
    doing = rf"(?:{_DOING_DE})(?:e|s|es)?"
    return Cues(
        decided=_any(
            r"\bbeschlossen\b",
            r"\bbeschließen wir\b",
            r"\bwir beschließen\b",
            r"\beinstimmig\b",
            r"\bangenommen\b",
            r"\b(?:halten|stellen) wir (?:also |jetzt |dann )?fest\b",
            r"\bentschieden\b",
            r"\babgemacht\b",
            r"\babgelehnt\b",
            r"\b(?:wir )?stimmen (?:wir )?(?:jetzt |also |dann )?ab\b",
            r"\babgestimmt\b",
            r"\bwer ist dafür\b",
            r"\bgegenstimmen?\b",
            r"\benthaltung(?:en)?\b",
            r"\bmehrheit(?:lich)?\b.*\bdafür\b",
            r"\b(?:haben|hätten) wir uns (?:also |jetzt |darauf |auf .*)?geeinigt\b",
            r"\bgenehmigt\b",
            r"\bdann (?:bleibt es|bleibt's|belassen wir es) (?:also )?(?:dabei|bei)\b",
        ),
        agreed=_any(
            r"\b(?:alle )?(?:damit )?einverstanden\b",
            r"\b(?:das )?machen wir(?: das| es)?(?: dann| also| jetzt)? so\b",
            r"\bso machen wir(?:'s| das| es)?\b",
            r"\bdas machen wir\b(?! (?:doch |lieber )?nicht)",
            r"\b(?:gut|okay|ok|ja|also|so|prima|schön),? (?:dann|also) \w+(?:en|ern|eln) wir\b",
            r"\bdann gilt\b",
            r"\b(?:ich bin|bin ich|wär(?:e)? ich|alle|auch) dafür\b",
            r"\bdann (?:nehmen|gehen|bleiben) wir\b",
            r"\bwir einigen uns\b",
            r"\bda sind wir uns (?:also |ja )?einig\b",
        ),
        proposes=_any(
            r"\bvorschlag\b|\bschlag(?:e)? (?:ich )?(?:\w+ )?vor\b|\bvorschlagen\b",
            r"\b(?:halten|stellen) wir (?:\w+ )?fest\b",
            r"\b(?:stimmen|abstimmen)\b.*\bob\b",
            r"\b(?:dann|also) \w+(?:en|ern|eln) wir\b",
            r"\bdann gilt\b",
            r"\bich (?:wäre|wär|bin) für\b",
            r"\bwir (?:geben|nehmen|machen|gehen|schließen|erhöhen|senken|verschieben|kaufen|mieten|beauftragen|wählen|setzen|legen|behalten)\b",
            r"\bantrag\b",
            r"\bdas machen wir\b",
        ),
        promises=_any(
            rf"\bich (?:\w+ ){{0,2}}?{doing}\b(?! (?:mal )?(?:vor|mir vor))",
            rf"\b(?!sag ich mal){doing} ich\b",
            r"\bübernehm(?:e)? ich\b",
            r"\bich (?:werd|werde)\b.*\b\w{3,}(?:en|ern|eln)\b",
            r"\b(?:werd|werde) ich\b.*\b\w{3,}(?:en|ern|eln)\b",
            r"\b(?:krieg|kriege|bekomm|bekomme|schaff|schaffe) ich\b",
            r"\bich (?:schaff|krieg|bekomm)e? (?:das|es)\b",
            r"\bich bin dran\b",
        ),
        assigns=re.compile(
            r"\b(?P<name>[A-ZÄÖÜ]\w+)(?:,? du)? (?:übernimmst?|kümmers?t (?:sich|dich)|erledigst?|organisiers?t|besorgs?t|schreibs?t|macht das"
            r"|fragt|rufst?|bringt|schickt|soll)\b"
        ),
        offers=_any(
            r"\bich (?:will|würd|würde|kann|könnte|könnt|möchte)\b.*\b\w{3,}(?:en|ern|eln)\b",
            r"\b(?:würd|würde|kann|könnte|könnt) ich\b.*\b\w{3,}(?:en|ern|eln)\b",
        ),
        at_once=_any(
            r"\b(?:ins|zu) protokoll\b",
            r"\bkurz (?:erzählen|sagen|vorstellen|berichten|erklären|vorlesen|zusammenfassen)\b",
            r"\b(?:erzähl|bericht|vorles|lese? ich vor|sag(?:e)? ich mal|sag(?:e)? (?:ich )?ehrlich|frage ich mich|frag ich mich|mach(?:e)? ich mir)\w*\b",
            r"\bich (?:frage?|sage?|rede?|mache?) (?:mich|mir|nur|ja nur|es|das mal|mal so)\b",
        ),
        refuses=_any(
            r"\bich (?:kann|könnte|will|möchte|mach|mache|schaff|schaffe|werde)\b.*\b(?:nicht|kein\w*)\b"
        ),
        asks=_any(
            r"\b(?:kannst|könntest|würdest|magst|schaffst|übernimmst|machst|schickst|rufst|fragst|schreibst|kümmerst"
            r"|besorgst|bringst|bestellst|redest|sprichst|klärst|holst|organisierst) du\b",
            r"\b(?:können|könnten|würden|übernehmen|machen|schicken|rufen|schreiben|kümmern|klären) Sie\b",
            r"\bwer (?:macht|übernimmt|kümmert|schreibt|fragt|ruft|besorgt|organisiert|kann|könnte|redet|klärt|holt|bringt)\b",
            r"\b(?:jemand|einer)\b.*\b(?:muss|müsste|sollte|müssen)\b|\b(?:muss|müsste|sollte)\b.*\b(?:jemand|einer)\b",
            r"\bbis wann\b",
        ),
        accepts=_any(
            r"^(?:ja|jo|jep|klar|gerne?|okay|ok|gut|mach ich|alles klar|kein problem|na klar|in ordnung|einverstanden)\b"
        ),
        takes_back=_any(
            r"\b(?:das |wir )?(?:machen|kaufen|nehmen|mieten) wir (?:also |dann )?(?:doch |lieber |jetzt )?(?:nicht|kein)",
            r"\bdoch (?:lieber )?nicht\b",
            r"\blass(?:en wir| mal| gut sein|t mal)\b(?! uns)",
            r"\bverg(?:iss|esst)\b.*\b(?:es|das)\b",
            r"\bverg(?:iss|esst) es\b",
            r"\bnehme? ich zurück\b|\bzurückgezogen\b|\bziehe? (?:ich )?.*zurück\b",
            r"\bwar nur (?:so )?(?:eine?|ein) (?:idee|spaß|scherz|gedanke)\b",
            r"\bnicht jetzt\b",
            r"\bwird mir (?:sonst )?zu viel\b",
            r"\b(?:schieben|verschieben|vertagen) wir (?:das )?(?:auf(?: den| die| das)? (?:herbst|winter|frühjahr|frühling|sommer"
            r"|nächst\w+|später)|erst ?mal)",
            r"\bvertag",
            r"\bgibt (?:die|unsere) kasse\b.*\bnicht her\b",
            r"\b(?:das )?(?:schaffen|brauchen) wir (?:\w+ )?nicht\b",
            r"\bnicht mehr,? das schaffen\b",
            r"\bwar (?:nur )?(?:ein )?(?:spaß|scherz)\b",
            r"\bdas hat (?:noch )?zeit\b",
            r"\b(?:kommt|käme) (?:gar )?nicht in ?frage\b",
        ),
        wonders=_any(
            r"\b(?:die|bleibt|ist) (?:\w+ )?frage\b.*\b(?:wer|wie|ob|was|wann|wo|wohin|warum|welche\w*)\b"
        ),
        unknown=_any(
            r"\bkeine ahnung\b",
            r"\bweiß (?:ich|es|das)\b.*\bnicht\b",
            r"\bich weiß (?:es|das|\w+)?.*\bnicht\b",
            r"\b(?:müssen|müssten|sollten) wir (?:\w+ ){0,3}(?:klären|überlegen|nachdenken|schauen|nachfragen|rausfinden|herausfinden)\b",
            r"\b(?:lassen|lass) wir (?:das )?(?:\w+ ){0,3}offen\b|\b(?:ist|bleibt|sind)\b.*\boffen\b",
            r"\bnoch nicht geklärt\b|\bunklar\b|\bungeklärt\b",
            r"\b(?:klären|besprechen|überlegen) wir (?:das )?(?:\w+ ){0,3}(?:beim )?nächste[sn]? mal\b",
            r"\bmüsste man (?:\w+ )?(?:nachschauen|nachfragen|klären|prüfen)\b",
            r"\bfällt mir (?:\w+ ){0,3}(?:keiner|nichts|niemand) ein\b",
            r"\bmir fällt (?:\w+ ){0,3}(?:keiner|nichts|niemand) ein\b",
        ),
        opens_topic=_any(
            r"\b(?:tagesordnungs)?punkt (?:eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|\d+)\b",
            r"\btop \d+\b",
            r"\b(?:nächster|letzter|erster|zweiter|dritter) punkt\b",
            r"\bnächstes thema\b",
            r"\b(?:noch )?das thema\b",
            r"\bkommen wir (?:jetzt |dann |also |nun )?zu[rm]?\b",
            r"\b(?:dann|bleibt noch|noch) verschiedenes\b|\bunter verschiedenes\b",
            r"\bdann (?:hätte|hätten) (?:ich|wir) noch\b",
            r"\bweiter (?:geht's|geht es|im text|mit)\b",
        ),
    )


def _english() -> Cues:
    doing = rf"(?:{_DOING_EN})"
    return Cues(
        decided=_any(
            r"\b(?:that's|that is|it's|it is|we're|we are|we) (?:all )?(?:agreed|decided|settled|carried)\b",
            r"\bcarried\b",
            r"\bunanimous(?:ly)?\b",
            r"\ball (?:those )?in favou?r\b",
            r"\babstentions?\b",
            r"\bthe motion\b",
            r"\bapproved\b",
            r"\bresolved\b",
            r"\brejected\b",
            r"\bthat's settled\b",
            r"\bagreed(?:,| then|\.|$)",
            r"\banyone against\b",
        ),
        agreed=_any(
            r"\b(?:let's|we'll|shall we) (?:go (?:with|for)|do that|do it|say|stick)\b",
            r"\b(?:i'm|all) in favou?r\b",
            r"\bis (?:fine|good|okay) (?:with|by|for) (?:me|us|everyone|everybody)\b",
            r"\beverybody happy\b|\beveryone happy\b",
            r"\b(?:so|right|good|okay),? (?:then )?(?:we|it's)\b.*\bthen\b",
        ),
        proposes=_any(
            r"\bpropos|\bsuggest|\bi'd (?:go for|say)\b|\bi would (?:go for|say)\b",
            r"\b(?:let's|we'll|we should|shall we)\b",
            r"\bthe motion\b",
            r"\b(?:then|so) (?:the|we)\b",
            r"\boffered\b",
            r"\bcarried\b",
        ),
        promises=_any(
            rf"\b(?:i'll|i will|i'm going to|leave it to me to)\b (?:\w+ ){{0,2}}?{doing}\b",
            r"\bleave (?:that|it) (?:to|with) me\b",
            r"\bi'm on it\b",
        ),
        assigns=re.compile(rf"\b(?P<name>[A-Z]\w+)(?:'ll| will| is going to) (?:{doing})\b"),
        offers=_any(
            rf"\b(?:i can|i could|i'd|i would|i'm happy to|let me|i might)\b (?:\w+ ){{0,2}}?{doing}\b"
        ),
        at_once=_any(
            r"\b(?:tell|talk|walk) (?:us|you)\b",
            r"\bi'll (?:be honest|say|read|put that in the minutes)\b",
            r"\bin the minutes\b",
        ),
        refuses=_any(r"\bi (?:can't|cannot|couldn't|won't|don't)\b"),
        asks=_any(
            r"\b(?:can|could|would|will) you\b",
            r"\bwho(?:'s| is| will|'ll| can| could)\b",
            r"\b(?:somebody|someone) (?:has to|needs to|should|must)\b",
            r"\bby when\b|\bwhen can you\b",
            r"\bwe need (?:it|them|that) (?:\w+ ){0,4}by\b",
        ),
        accepts=_any(
            r"^(?:yes|yeah|yep|sure|of course|okay|ok|will do|no problem|happy to|that should work|right)\b"
        ),
        takes_back=_any(
            r"\b(?:no, )?forget (?:it|that|about)\b",
            r"\bnever mind\b",
            r"\b(?:let's|we'll|we) (?:not|won't|don't)\b",
            r"\bjust (?:a joke|joking|kidding)\b",
            r"\b(?:i )?take (?:that|it) back\b|\bwithdraw",
            r"\bleave it for now\b|\bnot (?:now|this time|this year)\b",
            r"\bscrap that\b",
            r"\b(?:is|are) too (?:much|expensive)\b",
            r"\bpostpone|\bput (?:it|that) off\b",
        ),
        wonders=_any(r"\bthe question (?:is|remains)\b"),
        unknown=_any(
            r"\b(?:i|we) (?:\w+ )?(?:don't|do not) (?:\w+ )?know\b",
            r"\bno idea\b",
            r"\b(?:still|left) open\b",
            r"\bme neither\b",
            r"\b(?:we|i|somebody|someone)(?:'ll| will)? (?:need|have|needs|has)? ?to (?:find out|check|think about|look into)\b",
            r"\bnot sure\b",
            r"\bremains to be seen\b|\bunclear\b",
            r"\bcome back to (?:that|it|this)\b",
        ),
        opens_topic=_any(
            r"\b(?:first|next|last|second|third|final) (?:thing|item|point|topic)\b",
            r"^(?:right,? |so,? |okay,? )?(?:next|moving on|now)\b,",
            r"\b(?:item|point) (?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b",
            r"\bany other business\b",
            r"\bmove on to\b|\bmoving on\b|\bturn to\b",
        ),
    )
