"""Given names, family names and places: Faker's lists (MIT) without the words that are more often something else."""

from functools import cache
from importlib import import_module


def word_set(words_in_a_row: str) -> frozenset[str]:
    """Return the words of a text that are parted by spaces."""
    return frozenset(words_in_a_row.split())


_ALSO_WORDS = word_set(
    "ada aue august alla bad baptist bogen brand burg cord dan ernst flora florin forst german gloria grimmen "
    "hall harm hamburger wiener frankfurter berliner heide iris jasmin kap land lore man mark merlin norden "
    "nikolaus ozean regen reiner republik roman rosa rose sam schwäbisch silvester tauber undine urban viola "
    "wald waren siegen wolf königreich gebiete und die im of der sankt el am an ob vorm neustadt arabische "
    "britische demokratische nördliche südlichen vereinigte äußeres föderation territorium staaten insel inseln "
    "may june will guy miles dale"
)
"""Words of the name lists below that are more often something else."""
_PLACES = word_set(
    "basel bonn breslau danzig dortmund duisburg düsseldorf flensburg frankfurt freiburg genf göttingen graz "
    "heidelberg innsbruck karlsruhe kiel köln konstanz krakau leipzig linz lübeck mainz mannheim nürnberg löbau "
    "oldenburg osnabrück prag salzburg stettin trier tübingen ulm warschau wien wolfsburg würzburg zürich "
    "zittau zwickau bayern hessen sachsen thüringen schlesien böhmen preußen lausitz oberlausitz europa "
    "deutschland österreich schweiz elbe rhein donau neiße spree paris london rom athen madrid budapest berlin "
    "moskau kiew mailand venedig florenz amsterdam brüssel york manchester birmingham liverpool edinburgh "
    "glasgow cardiff dublin oxford cambridge bristol leeds brighton england scotland wales ireland britain "
    "germany france italy spain poland vienna munich cologne rome instagram facebook whatsapp youtube tiktok"
)
SHORTEST_NAME = 3


def is_listed(word: str, names: frozenset[str]) -> bool:
    """Tell whether a word or what it is the genitive of is in a list."""
    return word in names or (word.endswith("s") and word[:-1] in names)


def is_place(word: str) -> bool:
    """Tell whether a word is a place, or its people."""
    return word not in _ALSO_WORDS and (
        is_listed(word, places()) or is_listed(word.removesuffix("er"), places())
    )


@cache
def given_names() -> frozenset[str]:
    """Return German, Austrian and British given names, small."""
    return _listed("person", ("de_DE", "de_AT", "en_GB"), ("first_names_male", "first_names_female"))


@cache
def family_names() -> frozenset[str]:
    """Return German, Austrian and British family names, small; many are words too."""
    return _listed("person", ("de_DE", "de_AT", "en_GB"), ("last_names",))


@cache
def places() -> frozenset[str]:
    """Return towns, lands and rivers, small."""
    return _PLACES | _listed("address", ("de_DE",), ("cities", "countries", "states"))


def _listed(kind: str, countries: tuple[str, ...], lists: tuple[str, ...]) -> frozenset[str]:
    names: set[str] = set()
    for country in countries:
        provider = import_module(f"faker.providers.{kind}.{country}").Provider
        names.update(
            part.lower() for each in lists for name in getattr(provider, each) for part in name.split()
        )
    return frozenset(name for name in names if len(name) >= SHORTEST_NAME) - _ALSO_WORDS
