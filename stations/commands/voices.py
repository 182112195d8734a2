"""``voices``: every voice that the Piper project publishes, and whether it is here. Needs the network once."""

from collections.abc import Iterable

from models.catalog import Model
from models.store import Store
from models.voice.base import first_language
from stations.commandline import Options
from stations.commands.fetch import voices_of_piper
from stations.commands.models import aligned
from stations.console import result, terminal
from stations.texts import say
from stations.units import bytes_text

COLUMNS = ("id", "title", "size", "state")


def run(options: Options) -> int:
    """Print a table of all voices, or of those of the languages in ``options.names``, to standard output.

    Reads ``lang`` and ``names``.

    Raises:
        ModelError: what ``voices_of_piper`` raises.
    """
    store, lang = Store(), options.lang
    shown = list(_wanted(voices_of_piper(store, lang), options.names))
    head = tuple(say(f"store.column_{name}", lang) for name in COLUMNS)
    result("\n".join(aligned([head, *(_row(store, voice, options) for voice in shown)])))
    terminal(lang).say("store.voices_foot", count=len(shown))
    return 0


def _wanted(voices: Iterable[Model], codes: Iterable[str]) -> Iterable[Model]:
    wanted = {first_language(code.replace("_", "-")) for code in codes}
    return (voice for voice in voices if not wanted or first_language(voice.languages[0]) in wanted)


def _row(store: Store, voice: Model, options: Options) -> tuple[str, ...]:
    state = "here" if store.present(voice) else "known"
    return (
        voice.id,
        voice.title,
        bytes_text(voice.bytes, options.lang),
        say(f"store.state_{state}", options.lang),
    )
