"""Who makes an audio guide: voices, and a translator where the table does not have everything."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import cast

from models.catalog import Role
from models.engines.base import ChatModel, Translator
from models.library import Library
from models.voice.base import first_language
from stations.audio.guide import GuideProgress, guided
from stations.audio.guide_plan import GuideWish, Narrator
from stations.audio.guide_table import Stop
from stations.audio.voices import borrowed, voice_choices


@contextmanager
def guide_made(
    library: Library, stops: Sequence[Stop], wish: GuideWish, folder: Path
) -> Iterator[Iterator[GuideProgress]]:
    """Borrow voices, and who translates if somebody has to, and give the states of the guide (see ``guided``)."""
    with ExitStack() as lent:
        found = {first_language(each.language): each for each in reversed(voice_choices(library))}
        voices = lent.enter_context(borrowed(library, next(iter(found.values())))) if found else {}
        narrators = {
            code: Narrator(voice, found[code].name, found[code].model.licence, found[code].is_neural)
            for code, voice in voices.items()
        }
        by = _translator(library, stops, wish, lent)
        yield lent.enter_context(closing(guided(stops, wish, narrators, folder, by)))  # type: ignore[type-var]


def _translator(
    library: Library, stops: Sequence[Stop], wish: GuideWish, lent: ExitStack
) -> Translator | ChatModel | None:
    """Borrow who translates, unless the table has everything or nobody can."""
    written = {stop.language for stop in stops}
    if set(wish.languages) <= written and len(written) == 1:
        return None
    if not library.players(Role.TRANSLATE):
        return None
    return cast(Translator | ChatModel, lent.enter_context(library.borrow(Role.TRANSLATE)))
