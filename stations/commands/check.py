"""``check``: is this machine ready? Nothing is called good that was not tried just now."""

import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import psutil

from models.catalog import Model, Role
from models.engines.base import ChatSize, Message, Sampling, Transcriber
from models.engines.embedder import Embedder
from models.errors import ModelError
from models.offline import OfflineError, close_the_door
from models.opening import Opening, open_chat
from models.proof import extra_buffers_proven
from models.room import RoomModel
from models.settings import data_folder, engine_proof
from models.store import Store
from models.turns import Fixed
from stations import casting
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.console import Terminal, result, terminal
from stations.settings import Workshop

State = Literal["good", "careful", "bad"]
MARKS: dict[State, str] = {"good": "✓", "careful": "!", "bad": "✗"}
MEGABYTE = 1_000_000
FREE_DISK = 2_000_000_000
"""Bytes that visitors' uploads and results need room for."""
NOBODY = ("192.0.2.1", 80)
"""An address that belongs to nobody (RFC 5737): trying it hurts no one, even without a guard."""


@dataclass(frozen=True)
class Finding:
    """One thing that was tried, and how it went."""

    state: State
    key: str
    facts: dict[str, object] = field(default_factory=dict)


def run(options: Options) -> int:
    """Try everything a start needs; return 0 if nothing is bad.

    Reads ``lang``, ``station``, ``profile`` and ``json``. With ``json`` the result goes to standard output as a list
    of ``state``, ``key`` and ``text``.
    """
    screen, workshop, store = terminal(options.lang), workshop_of(options), Store()
    findings: list[Finding] = []
    for finding in _findings(workshop, store, screen):
        findings.append(finding)
        if not options.json:
            screen.show(f"{MARKS[finding.state]} {screen.sentence(finding.key, **finding.facts)}")
    bad = any(finding.state == "bad" for finding in findings)
    if options.json:
        result(json.dumps([_plain(finding, screen) for finding in findings], ensure_ascii=False, indent=1))
    else:
        screen.say("check.not_ready" if bad else "check.ready")
    return int(bad)


def _findings(workshop: Workshop, store: Store, screen: Terminal) -> Iterator[Finding]:
    models = _opening_models(workshop, store)
    for model in models:
        yield _whole(model, store, screen)
    for model in models:
        if model.engine == "llama" and store.present(model):
            yield _runs(store.file(model), screen)
        if model.engine == "whisper" and store.present(model):
            yield _listens(model, store.file(model))
        if model.role == Role.EMBED and store.present(model):
            yield _searches(model, store.file(model))
    yield _memory(models)
    yield _disk()
    yield _guarded(workshop)
    if there := casting.room_model(workshop):
        yield _answers(there)


def _opening_models(workshop: Workshop, store: Store) -> list[Model]:
    """Return the models a start would open: installed ones, or those it would have to fetch."""
    profile = casting.profile_of(workshop)
    best = [casting.installed_players(store, profile, role)[:1] for role in casting.roles(workshop)]
    found = [model for players in best for model in players]
    return list(dict.fromkeys([*found, *casting.missing_models(workshop, store)]))


def _whole(model: Model, store: Store, screen: Terminal) -> Finding:
    if not store.present(model):
        return Finding("bad", "check.model_missing", {"model": model.title, "id": model.id})
    try:
        store.verify(model, screen.report)
    except ModelError as error:
        return Finding("bad", error.key, dict(error.facts))
    finally:
        screen.finish()
    return Finding("good", "check.model_whole", {"model": model.title, "bytes": model.bytes})


def _runs(file: Path, screen: Terminal) -> Finding:
    """Let the engine decode now, in a child process, whatever an older proof says."""
    ledger = engine_proof()
    ledger.unlink(missing_ok=True)
    try:
        fast = extra_buffers_proven(file, ledger, screen.report)
    except ModelError as error:
        return Finding("bad", error.key, dict(error.facts))
    finally:
        screen.finish()
    return Finding("good" if fast else "careful", "check.engine_runs" if fast else "check.engine_slow")


def _listens(model: Model, file: Path) -> Finding:
    """Write an example recording down now, and remember how long that took."""
    from stations.speech.example import rehearse
    from stations.speech.service import speed_here

    ear = cast(Transcriber, Opening()(model, file))
    try:
        rehearsal = rehearse(ear)
    except ModelError as error:
        return Finding("bad", error.key, dict(error.facts))
    finally:
        ear.close()
    if not rehearsal.text:
        return Finding("bad", "check.hears_nothing", {"model": model.title})
    speed_here().note(model.title, rehearsal.seconds, rehearsal.work_s)
    minutes = max(1, round(60 * rehearsal.share))
    return Finding("good", "check.hears", {"model": model.title, "minutes": minutes})


def _searches(model: Model, file: Path) -> Finding:
    """Take a document in now and find a passage of it."""
    from stations.retrieval.rehearsal import rehearse

    embedder = cast(Embedder, Opening()(model, file))
    try:
        rehearsal = rehearse(embedder)
    except ModelError as error:
        return Finding("bad", error.key, dict(error.facts))
    finally:
        embedder.close()
    if not rehearsal.found:
        return Finding("bad", "check.finds_nothing", {"model": model.title})
    minutes = max(1, round(1000 * rehearsal.work_s / rehearsal.passages / 60))
    return Finding("good", "check.finds", {"model": model.title, "minutes": minutes})


def _memory(models: list[Model]) -> Finding:
    needed = sum(model.memory_mb for model in models) * MEGABYTE
    free = int(psutil.virtual_memory().available)
    key = "check.memory" if free >= needed else "check.memory_short"
    return Finding("good" if free >= needed else "bad", key, {"free": free, "needed": needed})


def _disk() -> Finding:
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    key = "check.disk" if free >= FREE_DISK else "check.disk_short"
    return Finding("good" if free >= FREE_DISK else "careful", key, {"free": free, "needed": FREE_DISK})


def _guarded(workshop: Workshop) -> Finding:
    """Close the door as the workshop does, and try to get out. From here on it stays closed."""
    guard = close_the_door(workshop.chat.places)
    with socket.socket() as attempt:
        attempt.settimeout(2)
        try:
            attempt.connect(NOBODY)
        except OfflineError:
            return Finding("good", "check.guarded", {"count": guard.refused_count})
        except OSError:
            return Finding("bad", "check.not_guarded")
    return Finding("bad", "check.not_guarded")


def _answers(there: RoomModel) -> Finding:
    """Let the server in the room say one word, through the one gap in the closed door."""
    hello = [Message("user", "Hallo")]
    server = open_chat(there, Path(), Fixed(1), ChatSize())
    try:
        for _ in server.reply(hello, Sampling(max_tokens=1)):
            pass
    except ModelError as error:
        return Finding("bad", error.key, dict(error.facts))
    finally:
        server.close()
    return Finding("good", "check.server_answers", {"address": there.server.name})


def _plain(finding: Finding, screen: Terminal) -> dict[str, str]:
    text = screen.sentence(finding.key, **finding.facts)
    return {"state": finding.state, "key": finding.key, "text": text}
