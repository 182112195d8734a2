"""How a German text addresses its reader."""

import re

from stations.prose.marks import OPENING, without_addresses
from stations.prose.sentences import sentences

_DU = re.compile(r"\b(?:du|dich|dir|dein(?:e[rsmn]?)?)\b", re.IGNORECASE)
_IHR_VERBS = (
    "seid|habt|könnt|wollt|müsst|dürft|sollt|werdet|wart|hattet|wisst|möchtet|findet|bekommt|kommt|macht|seht|lernt"
    "|erfahrt|erlebt|braucht|geht|mögt|trefft|erhaltet|bringt|meldet|könntet|solltet|würdet"
)
_IHR = re.compile(
    rf"\b(?:euch|eu(?:er|re[rsmn]?)|ihr (?:{_IHR_VERBS})|(?:{_IHR_VERBS}) ihr)\b", re.IGNORECASE
)
_SIE_INSIDE = re.compile(r"\b(?:Sie|Ihnen|Ihr(?:e[rsmn]?)?)\b")
_SINGULAR = re.compile(
    r"Sie (?:ist|war|hat|hatte|wird|wurde|kann|konnte|muss|will|soll|darf|mag|[a-zäöüß]+t|[a-zäöüß]+te)\b"
)
_PLURAL = re.compile(r"Sie (?:sind|[a-zäöüß]+e?n)\b")
_PAST = re.compile(r"Sie (?:waren|wurden|hatten|[a-zäöüß]+ten)\b")


def form_of_address(text: str, language: str) -> frozenset[str]:
    """Return which of ``sie``, ``du`` and ``ihr`` a German text addresses its reader with; other languages: none.

    "Sie" at the beginning of a sentence may be "she" or "they": it counts before a verb in the plural that opens a
    paragraph, where nobody was named yet.
    """
    if language != "de":
        return frozenset()
    text = without_addresses(text)
    found = {"du"} if _DU.search(text) else set()
    found |= {"ihr"} if _IHR.search(text) else set()
    found |= {"sie"} if any(map(_says_sie, text.splitlines())) else set()
    return frozenset(found)


def _says_sie(paragraph: str) -> bool:
    for number, sentence in enumerate(sentences(paragraph, "de")):
        if any(not OPENING.search(sentence[: match.start()]) for match in _SIE_INSIDE.finditer(sentence)):
            return True
        opening = re.sub(r"^[\W\d_]+", "", sentence)
        if number == 0 and _PLURAL.match(opening) and not (_PAST.match(opening) or _SINGULAR.match(opening)):
            return True
    return False
