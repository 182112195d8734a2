"""An audio guide from a table: each stop translated where needed, spoken, and packed with a page and a sheet of codes.

Whatever is finished stays in the folder: making a guide can be interrupted at any moment and goes on where it was.
"""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.engines.base import ChatModel, Translator
from models.voice.base import Audio
from stations.audio.guide_files import packed
from stations.audio.guide_plan import GuideWish, Narrator, Planned, planned
from stations.audio.guide_store import GuideStore, Made, Told
from stations.audio.guide_table import Stop
from stations.speaking.files import write_speech
from stations.speaking.speaking import spoken
from stations.texts import known_language
from stations.translation.results import Translation, Wish
from stations.translation.translating import translate
from stations.translation.units import joined, units_of

Stage = Literal["translating", "speaking", "packing", "done"]
TRANSLATING_WEIGHT = 6.0
"""How much longer than speaking a letter takes to translate it: between those of Piper and of Pico."""
EARLY = 0.02
"""Before that share of the work nobody knows how long it takes."""


@dataclass(frozen=True)
class GuideProgress:
    """How far a guide is.

    ``number`` and ``language`` are the stop under way (empty while packing), ``done`` of ``total`` sounds are finished,
    ``share`` is how much of all work is done, 0 to 1, ``left_s`` how long the rest will take, ``None`` at the
    beginning. ``finished`` are the sounds that can be listened to; ``archive`` is the ZIP file, at the end.
    """

    stage: Stage
    number: str
    language: str
    done: int
    total: int
    share: float
    left_s: float | None
    finished: tuple[Told, ...] = ()
    archive: Path | None = None


def guided(
    stops: Sequence[Stop],
    wish: GuideWish,
    narrators: Mapping[str, Narrator],
    folder: Path,
    by: Translator | ChatModel | None = None,
) -> Iterator[GuideProgress]:
    """Yield how far the guide is, several times a second; closing the iterator stops, and a second call goes on.

    Args:
        stops: What the table says.
        wish: Title, languages, address, manner.
        narrators: Who speaks which language, by code.
        folder: Private to this guide; ``guide`` in it is what is packed.
        by: Who translates what the table does not have in a language; ``None`` where nobody can.

    Raises:
        ModelError: before anything is computed what ``planned`` raises, later what translating and speaking raise.
    """
    plan = planned(stops, wish, narrators, can_translate=by is not None)
    return _Making(plan, wish, narrators, GuideStore(folder), by).progress()


class _Making:
    """One guide being made."""

    def __init__(
        self,
        plan: Sequence[Planned],
        wish: GuideWish,
        narrators: Mapping[str, Narrator],
        store: GuideStore,
        by: Translator | ChatModel | None,
    ) -> None:
        self._plan, self._wish, self._narrators, self._store, self._by = plan, wish, narrators, store, by
        self._told: list[Told] = []
        self._work = sum(map(self._left_to_do, plan)) or 1.0
        self._done, self._began = 0.0, time.monotonic()

    def progress(self) -> Iterator[GuideProgress]:
        """Make one sound after the other, then pack them."""
        for each in self._plan:
            work = self._left_to_do(each)
            made = self._store.sound_of(each, self._wish, self._narrators[each.language])
            if made is None:
                text = yield from self._text(each)
                made = yield from self._sound(each, text)
            self._told.append(Told(each, made, self._store.audio(each)))
            self._done += work
            yield self._state("speaking", each, 0.0)
        yield self._state("packing", None, 0.0)
        self._store.sweep({each.key for each in self._plan})
        archive = packed(self._told, self._wish, self._narrators, self._store)
        total = len(self._plan)
        yield GuideProgress("done", "", "", total, total, 1.0, 0.0, tuple(self._told), archive)

    def _text(self, each: Planned) -> Generator[GuideProgress, None, Made]:
        """Return the title and the text of a stop in its language."""
        if found := self._store.text_of(each):
            return found
        if not each.translated:
            return self._store.keep_text(each, each.stop.title, each.stop.text)
        units = units_of(f"{each.stop.title}\n\n{each.stop.text}", each.stop.language)
        if self._by is None or not any(unit.speaks for unit in units):
            return self._store.keep_text(each, each.stop.title, each.stop.text)
        made = Translation()
        wish = Wish(each.stop.language, each.language, person=self._wish.person)
        with closing(translate(units, wish, self._by)) as states:  # type: ignore[type-var]
            for made in states:
                yield self._state("translating", each, made.share * TRANSLATING_WEIGHT * len(each.stop.text))
        title, text = _parted(made, len(units_of(each.stop.title, each.stop.language)))
        return self._store.keep_text(each, title or each.stop.title, text, _doubts(made))

    def _sound(self, each: Planned, text: Made) -> Generator[GuideProgress, None, Made]:
        """Return a stop whose sound lies in its file."""
        narrator, translating = self._narrators[each.language], self._translating(each)
        pieces: list[Audio] = []
        words = f"{text.title}\n\n{text.text}"
        voices = {each.language: narrator.voice}
        with closing(spoken(words, voices, self._wish.manner, self._wish.dictionary)) as said:  # type: ignore[type-var]
            for piece in said:
                pieces.append(piece.audio)
                yield self._state("speaking", each, translating + piece.share * len(each.stop.text))
        label = f"{each.stop.number} {text.title} – {self._wish.title}"
        seconds = write_speech(pieces, self._store.audio(each), label, known_language(each.language, "en"))
        return self._store.keep_sound(each, text, self._wish, narrator, seconds)

    def _translating(self, each: Planned) -> float:
        return TRANSLATING_WEIGHT * len(each.stop.text) if each.translated else 0.0

    def _left_to_do(self, each: Planned) -> float:
        """Return how much work a stop is, nothing for one that is finished."""
        if self._store.sound_of(each, self._wish, self._narrators[each.language]):
            return 0.0
        translating = 0.0 if self._store.text_of(each) else self._translating(each)
        return translating + len(each.stop.text)

    def _state(self, stage: Stage, each: Planned | None, more: float) -> GuideProgress:
        share = min(1.0, (self._done + more) / self._work)
        seconds = time.monotonic() - self._began
        left_s = seconds * (1 - share) / share if share > EARLY else None
        number, language = (each.stop.number, each.language) if each else ("", "")
        told = tuple(self._told)
        return GuideProgress(stage, number, language, len(told), len(self._plan), share, left_s, told)


def _parted(made: Translation, of_title: int) -> tuple[str, str]:
    """Return the title, which is the first so many sentences, and the text."""
    units, texts = [pair.unit for pair in made.pairs], [pair.text for pair in made.pairs]
    title = joined(units[:of_title], texts[:of_title])
    return " ".join(title.split()), joined(units[of_title:], texts[of_title:]).strip()


def _doubts(made: Translation) -> int:
    """Return how many sentences a person should check."""
    return sum(any(not finding.kept for finding in pair.findings) for pair in made.pairs)
