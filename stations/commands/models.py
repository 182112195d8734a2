"""``models``: which models there are, how big they are, and which are here."""

from collections.abc import Iterable

from models.catalog import Model, Profile
from models.store import Store
from stations.commandline import Options
from stations.commands.choice import profile_of
from stations.console import result, terminal
from stations.texts import Language, say
from stations.units import bytes_text

COLUMNS = ("id", "title", "role", "size", "state", "licence")


def run(options: Options) -> int:
    """Print a table of all models to standard output: this profile's players first.

    Reads ``lang``, ``profile`` and ``station``.
    """
    store, lang, profile = Store(), options.lang, profile_of(options)
    models = _ordered(store, profile)
    head = tuple(say(f"store.column_{name}", lang) for name in COLUMNS)
    result("\n".join(aligned([head, *(_row(store, model, profile, lang) for model in models)])))
    terminal(lang).say("store.table_foot", profile=profile, folder=str(store.folder))
    return 0


def _ordered(store: Store, profile: Profile) -> list[Model]:
    first = store.catalog.cast(profile)
    return [*first, *(model for model in store.catalog.models.values() if model not in first)]


def _row(store: Store, model: Model, profile: Profile, lang: Language) -> tuple[str, ...]:
    missing = "wanted" if model in store.catalog.cast(profile) else "known"
    state = "here" if store.present(model) else missing
    role, size = say(f"store.role_{model.role}", lang), bytes_text(model.bytes, lang)
    return model.id, model.title, role, size, say(f"store.state_{state}", lang), model.licence


def aligned(rows: list[tuple[str, ...]]) -> Iterable[str]:
    """Yield the rows of a table as lines with columns of one width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
