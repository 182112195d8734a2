"""From a recipe and what a person filled in to the conversation a model reads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.engines.base import Message
from models.errors import ModelError
from models.language import language_of
from stations.text.recipes import Check, Prompt, Recipe, RecipeField, Values, WorkedExample
from stations.texts import LANGUAGES, Language, known_language, say

LETTERS_PER_WORD = {"de": 7.5, "en": 6.0}
"""Letters with the space after them, in plain prose: models keep to a number of words better than of letters."""
MARGIN = 0.85
"""Share of the limit a model is asked to use: it overshoots more often than not."""
_WHOLE = re.compile(r"\d+|\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+")
"""A whole number, with or without separators of thousands."""


@dataclass(frozen=True)
class Task:
    """A recipe with everything a person chose, checked: ready to be written.

    ``page`` is the language of the page; ``limits`` are numbers by kind (characters, words, sentences);
    ``target`` is the language of the result, ``None`` when the source's cannot be told.
    """

    recipe: Recipe
    values: Values
    page: Language
    limits: Mapping[str, int]
    target: str | None
    address: str

    @property
    def source(self) -> str:
        """Everything that was put in, without choices and numbers."""
        typed = (each.id for each in self.recipe.fields if each.kind in ("text", "line"))
        return "\n".join(self.values[name] for name in typed if self.values.get(name))

    @property
    def tongue(self) -> Language:
        """The language in which the model is spoken to."""
        if self.recipe.limits.language == "source":
            return known_language(self.target, self.page)
        return self.page


def task(recipe: Recipe, given: Mapping[str, object], page: Language, longest: int = 1_000_000) -> Task:
    """Return a task from what was filled in; ``longest`` is the most letters a field may have.

    Raises:
        ModelError: ``text.missing_field``, ``text.not_a_number``, ``text.number_out_of_range``,
            ``text.unknown_choice``, ``text.unknown_field`` or ``text.field_too_long``, each with the field's name.
    """
    if unknown := sorted(set(given) - {each.id for each in recipe.fields}):
        known = ", ".join(each.id for each in recipe.fields)
        raise ModelError("text.unknown_field", field=unknown[0], known=known)
    values = {each.id: _checked(each, given.get(each.id), page, longest) for each in recipe.fields}
    limits = recipe.limits
    wanted = {"characters": limits.characters, "words": limits.words, "sentences": limits.sentences}
    numbers = {kind: _number(value, values) for kind, value in wanted.items()}
    return Task(
        recipe,
        values,
        page,
        {kind: number for kind, number in numbers.items() if number},
        _target(recipe, values, page),
        values.get(limits.address, limits.address),
    )


def messages(one: Task, reminders: str = "") -> list[Message]:
    """Return role, worked examples and request.

    ``reminders`` belong to the role: said after the request, small models took them for a part of its text.
    """
    language, prompt = _prompt(one)
    turns = [Message("system", f"{prompt.role}\n{reminders}".strip())]
    for worked in _fitting(one, prompt):
        turns.append(Message("user", _ask(one, prompt, worked.fields, language)))
        turns.append(Message("assistant", worked.answer))
    request = _ask(one, prompt, one.values, language)
    return [*turns, Message("user", request)]


def _fitting(one: Task, prompt: Prompt) -> list[WorkedExample]:
    """Return the worked examples in the wanted language, if there are any: small models write as the last one does."""
    wish = one.recipe.limits.language
    same = [worked for worked in prompt.examples if worked.fields.get(wish, "") == one.target]
    return same or list(prompt.examples)


def form_language(one: Task) -> Language:
    """Return the language of the headings that the model fills in and the page shows."""
    return _prompt(one)[0]


def _prompt(one: Task) -> tuple[Language, Prompt]:
    """Return the prompt in the fitting language; a host's recipe may have a German one only."""
    prompts = one.recipe.prompt
    language: Language = one.tongue if one.tongue in prompts else "de"
    return language, prompts[language]


def _ask(one: Task, prompt: Prompt, values: Values, language: Language) -> str:
    shown = {each.id: _shown(each, values.get(each.id, ""), language) for each in one.recipe.fields}
    request = prompt.ask.format_map(shown)
    return "\n".join([request, *_promises(one.recipe, values, language)])


def _shown(one: RecipeField, value: str, language: Language) -> str:
    """Return what the model reads: a choice in words, and for nothing the field's name in brackets."""
    for choice in one.choices:
        if choice.value == value:
            return str(getattr(choice, language))
    return value.strip() or f"[{getattr(one.label, language)}]"


def _promises(recipe: Recipe, values: Values, language: Language) -> Iterator[str]:
    """Yield the sentences that tell a model what it must keep to."""
    limits = recipe.limits
    if letters := _number(limits.characters, values):
        words = max(4, round(letters * MARGIN / LETTERS_PER_WORD[language]))
        about = Check.LENGTH_USED in recipe.checks
        yield say("text.ask_about_words" if about else "text.ask_words", language, words=words)
    if count := _number(limits.words, values):
        yield say("text.ask_words", language, words=max(4, round(count * MARGIN)))
    if count := _number(limits.sentences, values):
        yield say("text.ask_sentences" if count > 1 else "text.ask_sentence", language, count=count)
    if address := values.get(limits.address, limits.address):
        yield say(f"text.ask_{address}", language)
    if code := values.get(limits.language):
        yield say("text.ask_language", language, wanted=say(f"text.language_{code}", language))


def _number(limit: int | str | None, values: Values) -> int | None:
    if isinstance(limit, str):
        return int(values[limit]) if values.get(limit, "").isdecimal() else None
    return limit


def _target(recipe: Recipe, values: Values, page: Language) -> str | None:
    wish = recipe.limits.language
    if wish == "page":
        return page
    if wish == "source":
        longest = max(
            (values.get(each.id, "") for each in recipe.fields if each.kind == "text"), key=len, default=""
        )
        return language_of(longest)
    return values.get(wish)


def _checked(one: RecipeField, given: object, page: Language, longest: int) -> str:
    value = _text_of(one.default if given is None else given)
    label = getattr(one.label, page)
    if not value and one.required:
        raise ModelError("text.missing_field", field=label)
    if len(value) > longest:
        raise ModelError("text.field_too_long", field=label, length=len(value), limit=longest)
    if value and one.kind == "number":
        return _checked_number(one, value, label)
    if value and one.kind == "choice":
        return _checked_choice(one, value, label)
    return value


def _text_of(given: object) -> str:
    """Return what was filled in as text; number boxes of a page hand over ``300.0``."""
    whole = isinstance(given, float) and given.is_integer()
    return str(int(given) if whole else given).strip()  # type: ignore[call-overload]


def _checked_number(one: RecipeField, value: str, label: str) -> str:
    if not _WHOLE.fullmatch(value):
        raise ModelError("text.not_a_number", field=label)
    digits = re.sub(r"\D", "", value).lstrip("0") or "0"
    if len(digits) > len(str(one.most)) or not one.least <= int(digits) <= one.most:
        raise ModelError("text.number_out_of_range", field=label, least=one.least, most=one.most)
    return str(int(digits))


def _checked_choice(one: RecipeField, value: str, label: str) -> str:
    """Take a value, or what it is called in any language of the kit."""
    for choice in one.choices:
        names = {choice.value, *(str(getattr(choice, language)) for language in LANGUAGES)}
        if value.casefold() in {name.casefold() for name in names}:
            return choice.value
    known = ", ".join(choice.value for choice in one.choices)
    raise ModelError("text.unknown_choice", field=label, known=known)
