"""Votes on which text was better: counts in one small file that stays on this computer.

Kept are model ids, temperatures and counts; no texts, no times, no people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import ModelError
from stations.text.comparing import Contender, Pair

NAME = "votes.json"
BROKEN = "votes.broken.json"
LOCK_S = 5.0
"""Others hold the file for milliseconds."""

Choice = Literal["left", "right", "equal"]


@dataclass(frozen=True)
class Standing:
    """How often a contender was found better, worse or as good; ``against`` one other, ``None`` for all together."""

    contender: Contender
    against: Contender | None
    wins: int
    losses: int
    equals: int


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Setting(_Entry):
    model: str
    temperature: float | None = None

    @property
    def order(self) -> tuple[str, float]:
        return self.model, -1.0 if self.temperature is None else self.temperature


class _Count(_Entry):
    """The votes on two settings, which stand in order; ``better`` and ``worse`` are those of the first."""

    first: _Setting
    second: _Setting
    better: int = Field(0, ge=0)
    worse: int = Field(0, ge=0)
    equal: int = Field(0, ge=0)


class _Ballot(_Entry):
    pairs: tuple[_Count, ...] = ()


def vote(folder: Path, pair: Pair, choice: Choice) -> None:
    """Count one vote; a pair of the same contender twice cannot be voted on and is not counted.

    Several programs may count in the same folder. A file that cannot be read is set aside, and counting starts anew.

    Raises:
        ModelError: ``text.cannot_write``.
    """
    left, right = _setting(pair.left), _setting(pair.right)
    if left == right:
        return
    place = folder / NAME
    with _alone(folder):
        ballot = _read(place)
        if ballot is None:
            place.replace(folder / BROKEN)
        _write(place, _counted(ballot or _Ballot(), left, right, choice))


def tally(folder: Path) -> list[Standing]:
    """Return how all contenders stand: all votes together, the most wins first, then against each other one.

    Raises:
        ModelError: ``text.cannot_write``, where even looking needs the lock.
    """
    place = folder / NAME
    if not place.exists():
        return []
    with _alone(folder):
        ballot = _read(place) or _Ballot()
    duels = [each for pair in ballot.pairs for each in _both_sides(pair)]
    together = [_together(duels, each) for each in dict.fromkeys(duel.contender for duel in duels)]
    return [*_by_wins(together), *_by_wins(duels)]


def _by_wins(standings: list[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda each: (-each.wins, each.losses))


def _together(duels: list[Standing], contender: Contender) -> Standing:
    own = [each for each in duels if each.contender == contender]
    wins, losses = sum(each.wins for each in own), sum(each.losses for each in own)
    return Standing(contender, None, wins, losses, sum(each.equals for each in own))


def _both_sides(pair: _Count) -> Iterator[Standing]:
    first, second = _contender(pair.first), _contender(pair.second)
    yield Standing(first, second, pair.better, pair.worse, pair.equal)
    yield Standing(second, first, pair.worse, pair.better, pair.equal)


def _counted(ballot: _Ballot, left: _Setting, right: _Setting, choice: Choice) -> _Ballot:
    """Return the ballot with one more vote; pairs stand in order of names, so that the file tells no order of votes."""
    turned = right.order < left.order
    first, second = (right, left) if turned else (left, right)
    what = "equal" if choice == "equal" else "better" if (choice == "left") != turned else "worse"
    counts = {(each.first, each.second): each for each in ballot.pairs}
    found = counts.get((first, second), _Count(first=first, second=second))
    counts[first, second] = found.model_copy(update={what: getattr(found, what) + 1})
    pairs = sorted(counts.values(), key=lambda each: (each.first.order, each.second.order))
    return _Ballot(pairs=tuple(pairs))


def _setting(one: Contender) -> _Setting:
    temperature = None if one.temperature is None else round(float(one.temperature), 2)
    return _Setting(model=one.model_id, temperature=temperature)


def _contender(one: _Setting) -> Contender:
    return Contender(one.model, one.model, one.temperature)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{NAME}.lock", timeout=LOCK_S):
            yield
    except OSError as error:  # no room, no right to write, or the lock is held for too long (a TimeoutError)
        raise ModelError("text.cannot_write", file=NAME, problem=error.strerror or str(error)) from error


def _read(place: Path) -> _Ballot | None:
    """Return the ballot, an empty one where there is no file, ``None`` for a broken one."""
    try:
        return _Ballot.model_validate_json(place.read_bytes())
    except FileNotFoundError:
        return _Ballot()
    except ValidationError:
        return None


def _write(place: Path, ballot: _Ballot) -> None:
    part = place.with_suffix(".part")
    part.write_text(ballot.model_dump_json(indent=1), encoding="utf-8")
    part.replace(place)
