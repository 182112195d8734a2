"""What of an audio guide is finished already, so that making it can be interrupted and go on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from stations.audio.guide_plan import GuideWish, Narrator, Planned

NOTES, AUDIO, TRANSCRIPTS = "notes", "audio", "transcripts"


@dataclass(frozen=True)
class Made:
    """One stop in one language as far as it is made.

    ``of`` and ``spoken`` are fingerprints of what the text and the sound were made from. ``doubts`` counts the
    sentences of a translation that a person should check.
    """

    title: str
    text: str
    translated: bool
    doubts: int
    of: str
    spoken: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Told:
    """A stop in one language that is finished, and where its sound lies."""

    planned: Planned
    made: Made
    file: Path


class GuideStore:
    """A folder with a guide being made: ``guide`` is what people take home, the rest stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.guide = folder / "guide"
        self._notes = folder / NOTES
        for place in (self._notes, self.guide / AUDIO, self.guide / TRANSCRIPTS):
            place.mkdir(parents=True, exist_ok=True)

    def audio(self, planned: Planned) -> Path:
        """Return where the sound of a stop lies or will lie."""
        return self.guide / AUDIO / f"{planned.key}.mp3"

    def text_of(self, planned: Planned) -> Made | None:
        """Return the text of a stop if it was made from what the table says now."""
        made = _read(self._note(planned))
        return made if made and made.of == _text_print(planned) else None

    def sound_of(self, planned: Planned, wish: GuideWish, narrator: Narrator) -> Made | None:
        """Return a stop whose sound is finished and would be made in the same way now."""
        made = self.text_of(planned)
        whole = made and made.spoken == _sound_print(made, planned, wish, narrator)
        return made if whole and self.audio(planned).is_file() else None

    def keep_text(self, planned: Planned, title: str, text: str, doubts: int = 0) -> Made:
        """Note the text of a stop."""
        return self._keep(planned, Made(title, text, planned.translated, doubts, _text_print(planned)))

    def keep_sound(
        self, planned: Planned, made: Made, wish: GuideWish, narrator: Narrator, seconds: float
    ) -> Made:
        """Note that the sound of a stop lies there."""
        stamp = _sound_print(made, planned, wish, narrator)
        return self._keep(planned, replace(made, spoken=stamp, seconds=seconds))

    def sweep(self, keys: set[str]) -> None:
        """Delete everything of stops that the guide no longer has."""
        for place in (self._notes, self.guide / AUDIO, self.guide / TRANSCRIPTS):
            for file in place.iterdir():
                if file.stem not in keys:
                    file.unlink()

    def _note(self, planned: Planned) -> Path:
        return self._notes / f"{planned.key}.json"

    def _keep(self, planned: Planned, made: Made) -> Made:
        note = self._note(planned)
        part = note.with_suffix(".part")
        part.write_text(json.dumps(asdict(made)), "utf-8")
        part.replace(note)
        return made


def _read(file: Path) -> Made | None:
    """Return what was noted; nothing where the file is missing, damaged or of another version."""
    try:
        return Made(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _text_print(planned: Planned) -> str:
    stop = planned.stop
    return _print({"title": stop.title, "text": stop.text, "from": stop.language, "to": planned.language})


def _sound_print(made: Made, planned: Planned, wish: GuideWish, narrator: Narrator) -> str:
    manner, words = asdict(wish.manner), sorted(wish.dictionary.said.items())
    facts = {"title": made.title, "text": made.text, "language": planned.language, "voice": narrator.name}
    return _print({**facts, "manner": manner, "words": words})


def _print(facts: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
