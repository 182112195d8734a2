"""What a translation must keep, told by rules: whole, in the right language, with its numbers, names and terms."""

import re
from collections.abc import Iterator, Mapping

from models.language import CANDIDATES, language_of
from stations.prose.finding import Finding
from stations.prose.names import new_names
from stations.prose.repetition import copied, looped
from stations.prose.sentences import ELLIPSIS, words
from stations.texts import Language, say
from stations.translation.days import lost_days
from stations.translation.exonyms import with_other_names
from stations.translation.figures import lost_numbers
from stations.translation.glossary import place_of
from stations.translation.languages import DENSE, LATIN, language_name
from stations.translation.leftovers import left_over

CHECKS = (
    "missing", "finished", "whole", "language", "translated", "numbers", "new_numbers", "days", "names", "new_names",
    "question", "words", "terms", "loop", "styles",
)  # fmt: skip
"""What is looked at; a finding that is broken has one of these names."""
SHORTEST, LONGEST = 0.5, 2.0
"""Length of a translation compared with its sentence, from ``WHOLE_LETTERS`` letters on."""
WHOLE_LETTERS = 40
ASTRAY, SPARE_LETTERS = 4, 200
"""What is longer by that much is no translation; nothing more is looked for in it."""
_ENDLESS = re.compile(r"\S{80,}")
"""No word, but something that would take minutes to look for names and numbers in."""
COPIED = 0.8
LEAST_COPIED = 4
"""In shorter sentences too many words stay as they are: names, numbers, ``Hotel``."""


def broken(  # noqa: PLR0913 - both sides, their languages, and what was promised
    before: str, after: str, source: str, target: str, terms: Mapping[str, str], *, cut: bool = False
) -> tuple[Finding, ...]:
    """Return what is wrong with ``after`` as the translation of the sentence ``before``; nothing if all is well.

    ``terms`` are the entries of the glossary that the sentence has; ``cut`` says that the model did not end by itself.
    """
    if not after.strip():
        return (Finding("missing", kept=False, hard=True),)
    if len(after) > ASTRAY * len(before) + SPARE_LETTERS:
        return (Finding("whole", kept=False, hard=True),)
    before, after = _ENDLESS.sub(ELLIPSIS, before), _ENDLESS.sub(ELLIPSIS, after)
    return (*_form(before, after, source, target, cut), *_content(before, after, source, target, terms))


def finding_text(finding: Finding, language: Language) -> str:
    """Return what people are told about a finding, such as ``Diese Zahl fehlt: 12``."""
    facts = dict(finding.facts)
    if finding.check == "language":
        facts["wanted"] = language_name(str(finding.facts["wanted"]), language)
    return say(f"translate.broken_{finding.check}", language, **facts)


def _form(before: str, after: str, source: str, target: str, cut: bool) -> Iterator[Finding]:
    if cut:
        yield Finding("finished", kept=False, hard=True)
    if looped(after) and not looped(before):
        yield Finding("loop", kept=False, hard=True)
    if not _is_whole(before, after, source, target):
        yield Finding("whole", kept=False)
    if target in CANDIDATES and language_of(after) not in (None, target):
        yield Finding("language", kept=False, hard=True, facts={"wanted": target})
    elif is_copy(before, after, source, target):
        yield Finding("translated", kept=False, hard=True)


def _content(
    before: str, after: str, source: str, target: str, terms: Mapping[str, str]
) -> Iterator[Finding]:
    yield from _about("numbers", lost_numbers(before, after, source, target))
    yield from _about("new_numbers", lost_numbers(after, before, target, source))
    yield from _about("days", lost_days(before, after, source, target))
    if ("?" in before) != ("?" in after or "？" in after):
        yield Finding("question", kept=False)
    if {source, target} <= LATIN:
        yield from _about("names", _lost_names(before, after, source, terms))
        yield from _about(
            "new_names", _lost_names(after, before, target, {to: of for of, to in terms.items()})
        )
    if not is_copy(before, after, source, target):
        yield from _about("words", left_over(_without(before, terms), after, source, target))
    missed = tuple(term for term in terms.values() if not place_of(term, after, target))
    yield from _about("terms", missed)


def _without(text: str, terms: Mapping[str, str]) -> str:
    """Return the text without the terms that are to stay as they are."""
    for term in (term for term, translation in terms.items() if term == translation):
        text = text.replace(term, ELLIPSIS)
    return text


def _about(check: str, what: tuple[str, ...]) -> Iterator[Finding]:
    if what:
        yield Finding(check, kept=False, facts={"what": ", ".join(what)})


def _lost_names(before: str, after: str, language: str, terms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of ``before`` that ``after`` does not have, not even as the other language has them."""
    if language not in ("de", "en"):  # the rules know no other language
        return ()
    known = "\n".join([with_other_names(after), *terms])
    return new_names(known, before, language)


def _is_whole(before: str, after: str, source: str, target: str) -> bool:
    if len(before) < WHOLE_LETTERS or {source, target} & DENSE:
        return True
    return SHORTEST <= len(after) / len(before) <= LONGEST


def is_copy(before: str, after: str, source: str, target: str) -> bool:
    """Tell whether a translation is only its sentence again."""
    if len(words(before)) >= LEAST_COPIED:
        return copied(before, after) >= COPIED
    same = [word for word in words(before) if word.lower() in {each.lower() for each in words(after)}]
    return (
        bool(same)
        and len(same) == len(words(before))
        and any(_only_in(word, source, target) for word in same)
    )


def _only_in(word: str, language: str, other: str) -> bool:
    """Tell whether a word is one of ``language`` and none of ``other``."""
    from simplemma import is_known
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    if not {language, other} <= SUPPORTED_LANGUAGES:
        return False
    return is_known(word, lang=language) and not any(
        is_known(each, lang=other) for each in (word, word.lower())
    )
