"""``do guide``: an audio guide from a table, as a folder for the web or a stick, and as a ZIP file."""

from pathlib import Path

from models.catalog import Role
from models.errors import ModelError
from models.progress import Progress
from models.store import Store
from stations.audio.guide_making import guide_made
from stations.audio.guide_plan import LONGEST_NAME, GuideWish
from stations.audio.guide_table import read_stops
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.commands.engines import engines, player
from stations.commands.saving import checked_folder
from stations.console import terminal


def run(options: Options) -> int:
    """Make the guide and return 0; what is finished stays when it is interrupted, and the next call goes on.

    Reads ``lang``, ``names`` (the table), ``languages`` (else the table's), ``address``, ``out`` and ``profile``.

    Raises:
        ModelError: ``command.out_missing``, or what is wrong with the table, the voices or the translator.
    """
    if options.out is None:
        raise ModelError("command.out_missing")
    screen, workshop, store = terminal(options.lang), workshop_of(options), Store()
    checked_folder(options.out)
    file = Path(options.names[0])
    stops = read_stops(file, language=options.lang)
    player(workshop, store, Role.VOICE)
    named = tuple(code.strip().lower() for code in options.languages.split(",") if code.strip())
    wish = GuideWish(
        title=file.stem[:LONGEST_NAME],
        languages=named or tuple(dict.fromkeys(stop.language for stop in stops)),
        address=options.address,
        language=options.lang,
    )
    with engines(workshop, store, screen) as library, guide_made(library, stops, wish, options.out) as states:
        for state in states:
            screen.report(Progress("audio.step_guide", round(100 * state.share), 100))
    screen.finish()
    screen.say("audio.guide_done", count=state.total)
    return 0
