"""Who speaks: the voices of this machine as people choose them, and one for every language."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from models.catalog import Model, Role
from models.errors import ModelError
from models.library import Library
from models.voice.base import Ability, Audio, Manner, Voice, first_language
from stations.audio.pitched import with_pitch
from stations.texts import Language, say
from stations.translation.languages import language_name

NEURAL = frozenset({"piper"})
"""Engines whose voices were learned by a neural network; the others follow rules and join recorded sounds."""


@dataclass(frozen=True)
class VoiceChoice:
    """One language of one installed voice."""

    model: Model
    language: str

    @property
    def id(self) -> str:
        """How a page or a command line names it: ``pico/de-DE``."""
        return f"{self.model.id}/{self.language}"

    def label(self, language: Language) -> str:
        """Return its name for people."""
        return f"{self.name} · {language_name(first_language(self.language), language)}{_country(self)}"

    @property
    def name(self) -> str:
        """What the voice is called."""
        return self.model.title.partition(" (")[0]

    @property
    def is_neural(self) -> bool:
        """Whether a neural network learned it."""
        return self.model.engine in NEURAL


def voice_choices(library: Library) -> list[VoiceChoice]:
    """Return every language of every installed voice: German, English, the rest; neural voices first, then the best."""
    found = [VoiceChoice(model, code) for model in library.players(Role.VOICE) for code in model.languages]
    order = ("de", "en")
    return sorted(
        found,
        key=lambda each: (*(first_language(each.language) != code for code in order), not each.is_neural),
    )


def voice_named(library: Library, wish: str) -> VoiceChoice:
    """Return the voice of this id; a model's id or a language alone means its first.

    Raises:
        ModelError: ``audio.no_such_voice``, or ``voice.no_voice`` where none is installed.
    """
    found = voice_choices(library)
    if not found:
        raise ModelError("voice.no_voice")
    for choice in found:
        if wish in ("", choice.id, choice.model.id, choice.language, first_language(choice.language)):
            return choice
    raise ModelError("audio.no_such_voice", wish=wish, known=", ".join(each.id for each in found))


@contextmanager
def borrowed(library: Library, first: VoiceChoice, *more: VoiceChoice) -> Iterator[dict[str, Voice]]:
    """Lend a voice for every language that this machine speaks, by code; that of ``first`` is the usual one.

    Raises:
        ModelError: what the library says.
    """
    wanted: dict[str, VoiceChoice] = {}
    for choice in (first, *more, *voice_choices(library)):
        wanted.setdefault(first_language(choice.language), choice)
    with ExitStack() as lent:
        yield {code: _lent(lent, library, choice) for code, choice in wanted.items()}


@contextmanager
def speaking(library: Library, language: str) -> Iterator[list[Voice]]:
    """Lend every voice that speaks a language, best first; one for each model.

    Raises:
        ModelError: ``voice.no_voice`` where there is none, or what the library says.
    """
    chosen: dict[str, VoiceChoice] = {}
    for choice in voice_choices(library):
        if first_language(choice.language) == language:
            chosen.setdefault(choice.model.id, choice)
    if not chosen:
        raise ModelError("voice.no_voice")
    with ExitStack() as lent:
        yield [_lent(lent, library, choice) for choice in chosen.values()]


def facts_text(choice: VoiceChoice, language: Language) -> str:
    """Return in plain words what kind of voice it is, where it comes from and under which licence."""
    kind = say("audio.neural" if choice.is_neural else "audio.not_neural", language)
    model = choice.model
    return say(
        "audio.facts",
        language,
        kind=kind,
        origin=getattr(model.origin, language),
        trained=getattr(model.trained_from, language),
        licence=model.licence,
    )


@dataclass(frozen=True)
class _Speaking:
    """A voice that always speaks one of its languages, such as the English of one country."""

    voice: Voice
    language: str

    @property
    def languages(self) -> tuple[str, ...]:
        return (self.language,)

    @property
    def speakers(self) -> tuple[str, ...]:
        return self.voice.speakers

    @property
    def can(self) -> frozenset[Ability]:
        return self.voice.can

    @property
    def is_open(self) -> bool:
        return self.voice.is_open

    def close(self) -> None:
        self.voice.close()

    def speak(self, text: str, manner: Manner) -> Iterator[Audio]:
        return self.voice.speak(text, replace(manner, language=self.language))


def _lent(lent: ExitStack, library: Library, choice: VoiceChoice) -> Voice:
    return _Speaking(with_pitch(lent.enter_context(library.borrow_voice(choice.model.id))), choice.language)


def _country(choice: VoiceChoice) -> str:
    """Return the country where a voice knows several for its language."""
    same = [
        code for code in choice.model.languages if first_language(code) == first_language(choice.language)
    ]
    return f" ({choice.language.partition('-')[2]})" if len(same) > 1 else ""
