"""What makes a text harder than Einfache or Leichte Sprache allows, found by rules.

The rules follow what BITV 2.0 (Anlage 2, Teil 2), the rules of the Netzwerk Leichte Sprache, DIN SPEC 33429 (Leichte
Sprache) and DIN 8581-1 (Einfache Sprache) have in common: short sentences, one statement each, no passive, genitive or
subjunctive, no abbreviations, foreign words or special signs, digits for number words, long words divided. The limits
in words and letters are this program's own, as practice has them; no standard is quoted. The Mediopunkt is the sign of
Bredel and Maaß (2016); others use a hyphen. A rule finds what may be hard and proves nothing: Leichte Sprache is only
what people with learning difficulties have checked.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal

from stations.prose.sentences import spans, words
from stations.text.readability import syllables

Kind = Literal["einfach", "leicht"]
MOST_WORDS: Mapping[Kind, int] = {"einfach": 15, "leicht": 10}
MOST_LETTERS: Mapping[Kind, int] = {"einfach": 16, "leicht": 12}
MOST_COMMAS = 1
MANY_SYLLABLES = 4
OLD_YEAR = 1950
MEDIOPUNKT = "·"


@dataclass(frozen=True)
class Finding:
    """One place that may be hard: which rule, in which sentence of ``sentences(text)``, the words, and numbers."""

    rule: str
    sentence_index: int
    excerpt: str
    facts: Mapping[str, object] = field(default_factory=dict)


def findings(text: str, language: str, kind: Kind) -> list[Finding]:
    """Return what the rules find, sentence by sentence.

    The rules are ``long_sentence``, ``commas``, ``subordinate_clause``, ``relative_clause``, ``passive``, ``genitive``,
    ``subjunctive``, ``long_word``, ``difficult_word``, ``number_word``, ``large_number``, ``old_year``,
    ``roman_number``, ``sign``,
    ``abbreviation``, ``negation`` (a hint) and ``several_statements``; English has fewer.
    """
    found, ended = [], 0
    for index, (start, end) in enumerate(spans(text, language)):
        sentence = _bare(text[start:end])
        found += [Finding(rule, index, *each) for rule, each in _in_sentence(sentence, language, kind)]
        if kind == "leicht" and index and words(sentence) and "\n" not in text[ended:start]:
            found.append(Finding("several_statements", index, text[start:end]))
        ended = end
    return found


def difficult_words(text: str, language: str) -> list[str]:
    """Return words that many people have to ask about: foreign by their ending, or very long; each once, in order."""
    found = (word for word in words(_bare(text)) if _is_foreign(word, language) or _is_long(word, "einfach"))
    return list(dict.fromkeys(found))


def with_mediopunkt(text: str) -> str:
    """Return a German text with its long compounds divided where that is sure: ``Heimat·museum``."""
    return _LONG_NOUN.sub(lambda match: divided(match[0]) or match[0], text)


@lru_cache(maxsize=5000)
def divided(word: str) -> str:
    """Return a compound with a Mediopunkt between its parts, or ``""`` where no division is sure.

    Both parts must be in the lexicon of simplemma, and no other division may be a letter or two away: ``Staubecken``
    stays whole.
    """
    seams = [at for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1) if _is_seam(word.lower(), at)]
    if not seams:
        return ""
    best = max(seams, key=lambda at: min(at, len(word) - at))
    if any(0 < abs(best - other) <= _TOO_NEAR for other in seams):
        return ""
    parts = (word[:best], word[best:])
    return MEDIOPUNKT.join((_is_long(part, "leicht") and divided(part)) or part for part in parts)


# --- Sentences --------------------------------------------------------------------------------------------------------

Found = tuple[str, dict[str, object]]
_CLAUSE = re.compile(r"[^,;:–]+")
_PASSIVE_VERB = re.compile(r"\b(?:werden|wird|wurden?|worden|werdet|wirst)\b")
_PARTICIPLE = re.compile(
    r"\b(?:(?:\w{2,6})?ge[a-zäöüß]{2,}t|(?:be|ent|er|ver|zer|über|unter|miss)[a-zäöüß]{3,}t|[a-zäöüß]{2,}iert"
    r"|(?:\w{2,6})?ge(?:back|bot|boten|bund|fahr|fund|geb|gess|halt|hang|hob|lad|les|lass|mess|nomm|ruf|schloss|schnitt"
    r"|schrieb|seh|stand|sproch|strich|sung|tan|trag|trieb|trunk|wies|worf|wonn|zog)(?:en)?"
    r"|(?:an|ver|ge)?boten|(?:be|ge|ent|ver)schlossen|entschieden|verschoben|erhoben|(?:be|unter)schrieben|besprochen"
    r"|verliehen|empfohlen|gewonnen|begonnen|(?:über|unter|ver)nommen|betrieben|bewiesen|verbunden|erfunden)\b"
)
_NO_PARTICIPLE = frozenset(
    [
        "bekannt", "bereit", "gesamt", "bewusst", "beliebt", "berühmt", "gesund", "gerecht", "gut",
        "verrückt", "geeignet",
    ]
)  # fmt: skip
_GENITIVE = re.compile(
    r"\b(?:des|eines|unseres|ihres|seines|dieses)\s(?:[a-zäöüß]+en\s)?[A-ZÄÖÜ][\wäöüß-]+s\b"
)
_SUBJUNCTIVE = re.compile(
    r"(?<=\s)(?:könnte[nt]?|würde[nt]?|hätte[nt]?|wäre[nt]?|müsste[nt]?|dürfte[nt]?|käme[nt]?|gäbe[nt]?|ginge[nt]?"
    r"|sei|seien)\b|^(?:Könnte|Würde|Hätte|Wäre|Müsste|Dürfte)[nt]?\b"
)
_CONJUNCTION = {
    "de": re.compile(
        r"(?:, (?:dass|weil|obwohl|damit|wenn|falls|sodass|ob|bevor|nachdem|während|indem|sobald|solange|wo|warum)"
        r"|^(?:Wenn|Weil|Obwohl|Falls|Nachdem|Bevor|Sobald|Solange))\b",
    ),
    "en": re.compile(
        r"\b(?:because|although|though|whereas|unless|until|whether|which|whose|whom|while|so that|in order to)\b",
        re.IGNORECASE,
    ),
}
_RELATIVE = re.compile(
    r", (?:(?:an|auf|aus|bei|durch|für|in|mit|nach|über|von|vor|zu) )?"
    r"(?:der|die|das|den|dem|deren|dessen|denen|welche[rsmn]?) [^,;:.]*"
    r"\b(?:[a-zäöüß]{2,}(?:t|en|te)|darf|kann|muss|sind|soll|war|will|wird)(?=\s*(?:[,.;:!?]|$))"
)
_ENGLISH_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been|being|be) (?:\w+ly )?"
    r"(?:\w{3,}ed|built|given|held|known|made|shown|sold|taken|written)\b"
)
_NEGATION = {
    "de": re.compile(r"\b(?:nicht|nichts|nie|niemals|niemand\w*|kein\w*)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:not|never|nobody|nothing|no|\w+n['’]t)\b", re.IGNORECASE),
}


def _in_sentence(sentence: str, language: str, kind: Kind) -> Iterator[tuple[str, Found]]:
    count = len(words(sentence))
    if count > MOST_WORDS[kind]:
        yield "long_sentence", (sentence, {"words": count, "most": MOST_WORDS[kind]})
    commas = len(re.findall(r",(?!\d)", sentence))
    if commas > MOST_COMMAS:
        yield "commas", (sentence, {"commas": commas, "most": MOST_COMMAS})
    yield from (("passive", (each, {})) for each in _passives(sentence, language))
    for rule, (pattern, kinds) in _patterns(language).items():
        if kind in kinds:
            yield from ((rule, (match[0].strip(" ,"), {})) for match in pattern.finditer(sentence))
    yield from _hard_words(sentence, language, kind)


def _passives(sentence: str, language: str) -> Iterator[str]:
    if language == "en":
        yield from _ENGLISH_PASSIVE.findall(sentence)
        return
    for clause in _CLAUSE.findall(sentence):
        verb = _PASSIVE_VERB.search(clause.lower())
        participle = next((each for each in _PARTICIPLE.findall(clause) if each not in _NO_PARTICIPLE), None)
        if verb and participle:
            yield f"{verb[0]} … {participle}"


# --- Words and signs --------------------------------------------------------------------------------------------------

_BOTH: tuple[Kind, ...] = ("einfach", "leicht")
_LEICHT: tuple[Kind, ...] = ("leicht",)
_WEB = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_MARKUP = re.compile(r"^\s*(?:[>#*+-]+|\d{1,2}[.)])\s+|\*\*|__|`")
_ABBREVIATION = {
    "de": re.compile(
        r"\b(?:z\.\s?B|d\.\s?h|u\.\s?a|o\.\s?ä|i\.\s?d\.\s?R|u\.\s?U|e\.\s?V|usw|etc|bzw|ca|ggf|evtl|inkl|exkl|Nr"
        r"|Tel|Str|Std|Min|Abs|Jh|Mio|Mrd|vgl|max|mind|zzgl|Mo|Di|Mi|Do|Fr|Sa|So)\.|\b(?!WC|EU|USA|CD|DVD|PC|TV|E-Mail)[A-ZÄÖÜ]{2,5}\b"
    ),
    "en": re.compile(
        r"\b(?:e\.g|i\.e|etc|approx|incl|No|St|Rd|Tel)\.|\b(?!UK|US|USA|TV|CD|DVD|PC|WC|I\b)[A-Z]{2,5}\b"
    ),
}
_ROMAN = re.compile(r"\b(?:[IVX]{2,}|[IVX]\.)(?=\W|$)")
_SIGN = re.compile(r"[&%/§€$=+<>~#|*]")
_LARGE = re.compile(
    r"\b(?:\d{1,3}(?:[.\u00a0\u202f]\d{3})+|\d{5,})\b|\b\d+(?:[.,]\d+)? (?:Millionen|Milliarden|million|billion)\b"
)
_OLD_YEAR = re.compile(r"(?<![\d.,])(?:1[0-8]\d\d|19[0-4]\d)(?![\d.,]\d|\d| (?:Euro|Gäste|Menschen))")
_NUMBER_WORD = {
    "de": re.compile(
        r"\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
        r"|[a-zäöüß]*(?:zehn|zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|hundert|tausend))\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty"
        r"|seventy|eighty|ninety|hundred|thousand)\b",
        re.IGNORECASE,
    ),
}
_FOREIGN = re.compile(
    r"(?:\w(?:tion|sion|ismus|ität|thek|logie|gra[fp]h?ie|eur|(?<!gr)enz|inanz|istanz|ierung|itiv|ativ|ktiv|siv|abel"
    r"|iell|uell|ös)(?:en|e|s|er|em|es)?|\w{3}(?<!ver)(?<!verl)(?<!sp)ier(?:en|t|te|ten|end))$",
    re.IGNORECASE,
)
_FAMILIAR = re.compile(
    r"(?:station|nation|portion|bibliothek|apothek|verlier|frier|spazier|probier|passier|telefonier|religiös|nervös"
    r"|klavier|papier|turnier|quartier|polizei|\bbös|\blös)\w*$",
    re.IGNORECASE,
)
_LONG_NOUN = re.compile(r"(?<![\w·-])[A-ZÄÖÜ][a-zäöüß]{12,}(?![\w·-])")


def _bare(text: str) -> str:
    """Return a text without addresses and without the signs of Markdown: they are no words to read."""
    return "\n".join(_MARKUP.sub("", line) for line in _WEB.sub("", text).splitlines()).strip()


@cache
def _patterns(language: str) -> dict[str, tuple[re.Pattern[str], tuple[Kind, ...]]]:
    own = "en" if language == "en" else "de"
    common = {
        "subordinate_clause": (_CONJUNCTION[own], _BOTH),
        "number_word": (_NUMBER_WORD[own], _LEICHT),
        "large_number": (_LARGE, _LEICHT),
        "old_year": (_OLD_YEAR, _LEICHT),
        "roman_number": (_ROMAN, _BOTH),
        "sign": (_SIGN, _BOTH),
        "abbreviation": (_ABBREVIATION[own], _BOTH),
        "negation": (_NEGATION[own], _LEICHT),
    }
    german = {
        "genitive": (_GENITIVE, _LEICHT),
        "subjunctive": (_SUBJUNCTIVE, _BOTH),
        "relative_clause": (_RELATIVE, _BOTH),
    }
    return common if own == "en" else common | german


def _hard_words(sentence: str, language: str, kind: Kind) -> Iterator[tuple[str, Found]]:
    for word in dict.fromkeys(words(sentence)):
        if _is_foreign(word, language):
            yield "difficult_word", (word, {})
        if _is_long(word, kind):
            proposal = divided(word) if language == "de" and word[0].isupper() else ""
            yield (
                "long_word",
                (word, {"letters": len(word), "most": MOST_LETTERS[kind], "proposal": proposal}),
            )


def _is_long(word: str, kind: Kind) -> bool:
    return max(map(len, re.split(r"[-·]", word))) > MOST_LETTERS[kind]


def _is_foreign(word: str, language: str) -> bool:
    if language == "en":
        return syllables(word, "en") >= MANY_SYLLABLES
    return _FOREIGN.search(word) is not None and _FAMILIAR.search(word) is None


# --- Compounds --------------------------------------------------------------------------------------------------------

_LEAST_PART, _TOO_NEAR = 3, 2
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_NO_MODIFIER = frozenset(
    [
        "auseinander", "aus", "auf", "bei", "bevor", "daher", "dar", "davon", "durch", "ein", "empor",
        "ent", "entgegen", "fern", "fort", "gegen", "gegenüber", "her", "heraus", "hervor", "hin", "hinaus",
        "hinter", "inter", "miss", "mit", "nach", "nieder", "ober", "selbst", "statt", "trans", "über",
        "überein", "um", "unter", "ver", "voran", "besch", "gesch", "versch", "voraus", "vor", "weiter",
        "wider", "wieder", "zer", "zurück", "zusammen", "zwischen", "be", "ge", "er",
    ]
)  # fmt: skip
"""What a verb begins with, and odd entries of the lexicon, are no part to cut off: Zusammenfassung, Unterstützung."""
_NO_HEAD = re.compile(
    r"^(?:ende[mnrs]?$|ion|isch|nehm|schaft|heit|keit|ung|lich|los|bar|nis|tum|ismus|ation|ition|ität|innen|lein|chen|haft)"
)


def _is_seam(word: str, at: int) -> bool:
    modifier, head = word[:at], word[at:]
    if modifier in _NO_MODIFIER or _NO_HEAD.match(head) or not _is_noun(head):
        return False
    bare = [modifier.removesuffix(link) for link in _LINKS if modifier.endswith(link)]
    return any(
        len(each) >= _LEAST_PART and each not in _NO_MODIFIER and _is_noun(each)
        for each in [*bare, f"{modifier}e"]
    )


def _is_noun(word: str) -> bool:
    return word.capitalize() in _lexicon() and not (len(word) <= _LEAST_PART and word not in _SHORT_NOUNS)


_SHORT_NOUNS = frozenset(
    [
        "amt", "art", "bad", "bau", "bus", "eis", "hof", "ort", "rad", "rat", "see", "tag", "tee", "ton",
        "tor", "uhr", "weg", "zug",
    ]
)  # fmt: skip


@cache
def _lexicon() -> Container[str]:
    from simplemma.strategies import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary("de")
