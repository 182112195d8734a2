"""What the speech station keeps for a visitor: the transcripts, as they are now."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from models.errors import ModelError
from stations.room.results import Result, State, time_text
from stations.speech.exports import as_markdown
from stations.speech.jobs import FOLDER, JobFolder, Stage
from stations.speech.sheet import Sheet
from stations.texts import Language

STATES: dict[Stage, State] = {Stage.DONE: "done", Stage.STOPPED: "stopped", Stage.FAILED: "interrupted"}


def kept(home: Path, language: Language) -> Iterator[Result]:
    """Yield a visitor's transcripts that have any words."""
    for file in sorted((home / FOLDER).glob("*/job.json")):
        with suppress(ModelError):
            found = _result(JobFolder(file.parent), language)
            if found:
                yield found


def _result(folder: JobFolder, language: Language) -> Result | None:
    job, sheet = folder.load(), Sheet(folder.path)
    if not sheet.exists or not (transcript := sheet.read()).lines:
        return None
    return Result(
        id=f"speech-{folder.path.name}",
        station="speech",
        title=job.name,
        model=transcript.model,
        when=time_text(job.made_at),
        state=STATES.get(job.stage, "writing"),
        text=as_markdown(transcript, language, job.made_at.date()),
        file=str(folder.mp3.relative_to(folder.path.parent.parent)) if folder.mp3.exists() else "",
    )
