"""Where a sentence may be broken for the eye: after a clause, before a conjunction, never between article and noun.

Rules and word lists for German and English; other languages break at punctuation and pauses alone. The order of
preference is that of the BBC Subtitle Guidelines and of Karamitroglou, "A Proposed Set of Subtitling Standards in
Europe" (1998).
"""

import re
from collections.abc import Sequence

SENTENCE, CLAUSE, CONJUNCTION, PHRASE, NEUTRAL, NAME, BOUND = 0.0, 1.0, 2.0, 3.0, 4.5, 8.5, 10.0
"""What a break costs at each kind of place; only their order and rough distances matter."""


def _set(words_in_a_row: str) -> frozenset[str]:
    return frozenset(words_in_a_row.split())


_CONJUNCTIONS = {
    "de": _set(
        "aber als bevor bis da damit dass denn doch ehe entweder falls indem nachdem ob obwohl oder seit seitdem "
        "sobald sodass solange sondern sowie sowohl statt trotzdem und während warum weil wenn weshalb wie wo wobei "
        "wodurch wofür womit wonach"
    ),
    "en": _set(
        "although and as because before but except if like nor once or since so than that though unless until when "
        "where whereas whether which while who whose why yet"
    ),
}
_PREPOSITIONS = {
    "de": _set(
        "ab am an ans auf aufs aus außer bei beim durch fürs für gegen gegenüber hinter im in infolge ins laut mit "
        "mithilfe nach neben ohne per pro seit trotz um unter vom von vor wegen zu zum zur zwischen über"
    ),
    "en": _set(
        "about above across after against along among around at behind below beside between beyond by despite "
        "down during for from in inside into near of off on onto out over through to toward towards under up "
        "upon with within without"
    ),
}
_DETERMINERS = {
    "de": _set(
        "alle allen aller beide beiden das dem den der deren des dessen die diese diesem diesen dieser dieses ein "
        "eine einem einen einer eines einige einigen etwas euer eure ihr ihre ihrem ihren ihrer ihres jede jedem "
        "jeden jeder jedes jene jener jenes kein keine keinem keinen keiner keines mancher manche mein meine meinem "
        "meinen meiner mehrere sein seine seinem seinen seiner seines solche unser unsere unserem unseren unserer "
        "unseres viele vielen welche welchem welchen welcher welches wenige"
    ),
    "en": _set(
        "a all an any both each every few her his its many most my no our several some such that the their these "
        "this those what your"
    ),
}
_CLINGING = {
    "de": _set(
        "dr frau herr herrn nr prof sehr st zu so ganz nicht ziemlich noch nur artikel kapitel seite absatz"
    ),
    "en": _set(
        "dr mr mrs ms no prof st very not quite so too chapter page section article i he she it we they you"
    ),
}
"""Words that belong to the one after them: titles, degrees, what a number counts."""
_VERBS = {
    "de": _set(
        "bin bist darf dürfen hat hatte hatten habe haben ist kann konnte können muss musste müssen mussten soll "
        "sollen sollte sind war waren werden wird wurde wurden will wollen wollte"
    ),
    "en": _set("are can could did do does had has have is may might must shall should was were will would"),
}
_SENTENCE_END = re.compile(r"""[.!?…]["'”“’»«)\]]*$""")
_CLAUSE_END = re.compile(r"""(?:[,;:]["'”“’»«)\]]*|[–—)]|\w-)$""")
_NUMBER = re.compile(r"^[(„“\"]?[\d.,:/]*\d[.,]?$")
_BARE = re.compile(r"^\W+|\W+$")
_ADJECTIVE = re.compile(r"^[a-zäöüß]{2,}(?:e|en|er|es|em)$")


def joints(words: Sequence[str], sentence_ends: frozenset[int], language: str) -> list[float]:
    """Return what a break after each word costs, ``SENTENCE`` (best) to ``BOUND`` (worst); the last is ``SENTENCE``.

    ``sentence_ends`` are the places of words that end a sentence: a full stop alone may be an abbreviation.
    """
    costs = [_joint(*three, language) for three in zip(["", *words], words, words[1:], strict=False)]
    return [SENTENCE if at in sentence_ends else cost for at, cost in enumerate(costs)] + [SENTENCE] * bool(
        words
    )


def _joint(earlier: str, before: str, after: str, language: str) -> float:
    if _CLAUSE_END.search(before):
        return CLAUSE
    if _is_bound(before, after, language):
        return BOUND
    if _is_name(before, after, language):
        return NAME
    word = _BARE.sub("", after).lower()
    if word in _CONJUNCTIONS.get(language, ()) or after[:1] in "–—(":
        return CONJUNCTION
    groups = (_PREPOSITIONS, _DETERMINERS, _VERBS)
    if any(word in group.get(language, ()) for group in groups):
        return PHRASE
    return NAME if earlier.lower() in _DETERMINERS.get(language, ()) else NEUTRAL


def _is_bound(before: str, after: str, language: str) -> bool:
    """Tell whether a word needs the next one: article and noun, number and unit, preposition and what follows."""
    if _NUMBER.match(before) or _SENTENCE_END.search(
        before
    ):  # a full stop that ends nothing: "Dr.", "5.", "z. B."
        return True
    word = _BARE.sub("", before).lower()
    groups = (_DETERMINERS, _PREPOSITIONS, _CONJUNCTIONS, _CLINGING)
    return any(word in group.get(language, ()) for group in groups) or _NUMBER.match(after) is not None


def _is_name(before: str, after: str, language: str) -> bool:
    """Tell whether two words are likely one thing: a name, an adjective with its noun, a noun with its genitive."""
    if not (before[:1].isalpha() and after[:1].isalpha()):
        return False
    if before[0].isupper() and after[0].isupper():
        return True
    if language != "de":
        return False
    return (after[0].isupper() and _ADJECTIVE.match(before) is not None) or (
        before[0].isupper() and after.lower() == "des"
    )
