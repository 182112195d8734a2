"""``fetch``: bring models to this machine."""

from models.catalog import Model
from models.errors import ModelError
from models.piper_voices import BEGINNING, piper_voices, remember, with_voices
from models.settings import neighbours
from models.store import Sources, Store, Tried
from stations.commandline import Options
from stations.commands.choice import named, needed, profile_of
from stations.console import terminal
from stations.texts import Language, say
from stations.units import spoken


def run(options: Options) -> int:
    """Fetch the models named in ``options.names`` (ids or roles), else those the enabled stations need.

    Reads ``lang``, ``names``, ``folder`` (looked into first), ``profile`` and ``station``. What is there is left alone.

    Raises:
        ModelError: as ``Store.fetch``; what each source said is spelled out.
    """
    folders = (options.folder,) if options.folder else ()
    store = Store(sources=Sources(folders=folders, peers=neighbours()))
    voices = _voices(store, options)
    if options.names:
        models = named(options.names, with_voices(store.catalog, voices), profile_of(options))
    else:
        models = needed(options, store.catalog)
    for model in models:
        _fetch(store, model, options.lang)
        if model in voices:
            remember(store, model)
    terminal(options.lang).say("store.all_here", count=len(models), folder=str(store.folder))
    return 0


def voices_of_piper(store: Store, language: Language) -> tuple[Model, ...]:
    """Return every voice that the Piper project publishes.

    Raises:
        ModelError: as ``piper_voices``; what each source said is spelled out.
    """
    told = terminal(language)
    try:
        voices = piper_voices(store, told.report)
    except ModelError as error:
        raise spelled_out(error, language) from error
    told.finish()
    return voices


def _voices(store: Store, options: Options) -> tuple[Model, ...]:
    """Return the project's own voices when one is named that the catalogue does not know."""
    unknown = [
        name for name in options.names if name.startswith(BEGINNING) and name not in store.catalog.models
    ]
    return voices_of_piper(store, options.lang) if unknown else ()


def _fetch(store: Store, model: Model, language: Language) -> None:
    told = terminal(language)
    if store.present(model):
        told.say("store.already_here", model=model.title)
        return
    try:
        store.fetch(model, told.report)
    except ModelError as error:
        raise spelled_out(error, language) from error
    told.finish()


def spelled_out(error: ModelError, language: Language) -> ModelError:
    """Return the error with what each source said as sentences, one a line."""
    tried = error.facts.get("tried")
    if not isinstance(tried, Tried):
        return error
    lines = (
        say(
            "store.one_source",
            language,
            source=source,
            why=say(one.key, language, **spoken(one.facts, language)),
        )
        for source, one in tried
    )
    return ModelError(error.key, **{**error.facts, "tried": "\n".join(lines)})
