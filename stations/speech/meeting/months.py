"""Names of months, as alternatives of a regular expression."""

from stations.texts import Language

MONTHS: dict[Language, str] = {
    "de": "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}
