"""How far a recording is, as people read it: sentences, a progress bar, marks in a list."""

from collections.abc import Sequence
from datetime import datetime

from models.catalog import Role
from models.library import Library
from stations.page import html_block
from stations.speech.jobs import Job, Note, Stage, Work
from stations.speech.speed import Speed
from stations.texts import Language, say
from stations.translation.languages import language_name
from stations.units import clock_text, spoken, wait_text

HOUR_S = 3600.0


def choice(work: Work, place: int, language: Language) -> str:
    """Return a recording's name with a mark that says how far it is."""
    job = work.job
    key = "share" if job.stage is Stage.LISTENING else job.stage.value
    share = round(100 * _share(work))
    return f"{shown_name(job, language)} · {say(f'speech.mark_{key}', language, share=share, place=place)}"


def shown_name(job: Job, language: Language) -> str:
    """Return what a recording is called; one that was made here is called by its time."""
    if job.name:
        return job.name
    at = job.made_at.astimezone()
    return say("speech.made_here", language, time=f"{at:%H:%M}")


def state_block(work: Work, place: int, language: Language) -> str:
    """Return the state of a recording as one line of HTML: what happens and how far it is."""
    job = work.job
    return html_block(
        "recording.html",
        sentences=_sentences(work, place, language),
        share=_share(work) if job.stage.unfinished else None,
        label=say("speech.own", language),
        notes=[note_text(each, language) for each in job.notes],
        problem=note_text(job.problem, language) if job.problem else "",
    )


def hour_text(library: Library, speed: Speed, language: Language) -> str:
    """Return how long an hour of recording takes here; ``""`` before that was measured."""
    model = library.players(Role.TRANSCRIBE)[0]
    share = speed.of(model.title)
    return say("speech.hour", language, time=wait_text(share * HOUR_S, language)) if share else ""


def expected_text(lengths: Sequence[float], share: float | None, language: Language) -> str:
    """Return how long recordings of these lengths will take, ``share`` seconds for each of their seconds."""
    if not share:
        return say("speech.expected_unknown", language)
    return say("speech.expected", language, time=wait_text(share * sum(lengths), language))


def _sentences(work: Work, place: int, language: Language) -> list[str]:
    job = work.job
    facts = {
        "heard": clock_text(_heard_s(work)),
        "length": clock_text(job.length_s),
        "share": round(100 * work.voices_share),
        "model": job.model,
        "place": place,
    }
    if job.stage is Stage.FAILED:
        return []
    if job.stage is Stage.WAITING and place == 0:
        return [say("speech.stage_begins", language)]
    found = [say(f"speech.stage_{job.stage.value}", language, **facts)]
    if job.stage is Stage.LISTENING and (left := seconds_left(work)) is not None:
        found.append(say("speech.stage_left", language, time=wait_text(left, language)))
    return found


def seconds_left(work: Work) -> float | None:
    """Return how long listening will still take at the pace so far; ``None`` before the first stretch is whole."""
    job = work.job
    if not job.heard_s or not job.length_s:
        return None
    return max(0.0, job.length_s - _heard_s(work)) * job.work_s / job.heard_s


def _heard_s(work: Work) -> float:
    return max(work.job.heard_s, work.live[-1].end_s if work.live else 0.0)


def _share(work: Work) -> float:
    if work.job.stage is Stage.VOICES:
        return work.voices_share
    return min(1.0, _heard_s(work) / work.job.length_s) if work.job.length_s else 0.0


def note_text(note: Note, language: Language) -> str:
    """Return what is to be said about a recording."""
    facts = {name: _named(name, value, language) for name, value in note.facts.items()}
    return say(note.key, language, **spoken(facts, language))


def _named(name: str, value: object, language: Language) -> object:
    """Return a language by its name, everything else as it is."""
    return language_name(str(value), language) if name.endswith("_language") else value


def newest_first(works: Sequence[Work]) -> list[Work]:
    """Return jobs by the time they were made, the newest first."""
    return sorted(works, key=_made_at, reverse=True)


def _made_at(work: Work) -> datetime:
    return work.job.made_at
