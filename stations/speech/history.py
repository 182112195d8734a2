"""What is kept of a transcript, and the way back: states and the steps between them."""

from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from models.errors import ModelError
from stations.speech.operations import Operation, Redo, Undo
from stations.speech.splices import Step, step_between, taken
from stations.speech.transcript import Line, Transcript

STEPS = 200
"""So many changes can be taken back."""
STEP_LINES = 6_000
"""So many lines all steps together may carry; the newest one is kept whatever its size."""
Work = Callable[[Transcript], Transcript]


class State(BaseModel):
    """A transcript with its history.

    ``edited`` is the revision of the last change other than lines at the end; ``arrived`` are the ids of the lines that
    came last.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    revision: int = Field(1, ge=1)
    edited: int = Field(1, ge=1)
    transcript: Transcript
    undo: tuple[Step, ...] = ()
    redo: tuple[Step, ...] = ()
    arrived: tuple[str, ...] = ()

    def later(self, **parts: object) -> "State":
        """Return the next revision with other parts."""
        return State.model_validate(dict(self) | {"revision": self.revision + 1} | parts)


def carried_out(state: State, operation: Operation) -> State:
    """Return the state after what a person wanted, the same one if that changes nothing.

    Raises:
        ModelError: ``editor.no_undo``, ``editor.no_redo``, and what the operation itself raises.
    """
    if isinstance(operation, Undo):
        return _taken_back(state)
    if isinstance(operation, Redo):
        return _redone(state)
    return changed(state, operation.on)


def changed(state: State, work: Work) -> State:
    """Return the state after ``work``, which can be taken back; the same one if nothing is different."""
    after = work(state.transcript)
    back = step_between(after, state.transcript)
    return state if back.is_nothing else _edited(state, after, _bounded((*state.undo, back)), ())


def grown(state: State, lines: Sequence[Line]) -> State:
    """Return the state with lines at its end; what people changed stays.

    Lines that are there already are left out, and so are those of the last time: whoever goes on after a crash does not
    know whether they came. Speakers that nobody knows yet have no name.
    """
    known = {*state.arrived, *(line.id for line in state.transcript.lines)}
    new = [line for line in lines if line.id not in known]
    if not new:
        return state
    names = state.transcript.speakers
    unnamed = {line.speaker: "" for line in new if line.speaker not in {"", *names}}
    parts = {"lines": (*state.transcript.lines, *new), "speakers": {**names, **unnamed}}
    transcript = Transcript.model_validate(dict(state.transcript) | parts)
    return state.later(transcript=transcript, arrived=tuple(line.id for line in lines))


def described(state: State, **facts: str | float) -> State:
    """Return the state with other facts about the recording."""
    if all(getattr(state.transcript, name) == fact for name, fact in facts.items()):
        return state
    return state.later(transcript=Transcript.model_validate(dict(state.transcript) | facts))


def _taken_back(state: State) -> State:
    if not state.undo:
        raise ModelError("editor.no_undo")
    step = state.undo[-1]
    before = taken(state.transcript, step)
    forward = step_between(before, state.transcript)
    return _edited(state, before, state.undo[:-1], (*state.redo, forward))


def _redone(state: State) -> State:
    if not state.redo:
        raise ModelError("editor.no_redo")
    step = state.redo[-1]
    after = taken(state.transcript, step)
    back = step_between(after, state.transcript)
    return _edited(state, after, (*state.undo, back), state.redo[:-1])


def _edited(state: State, transcript: Transcript, undo: tuple[Step, ...], redo: tuple[Step, ...]) -> State:
    return state.later(edited=state.revision + 1, transcript=transcript, undo=undo, redo=redo)


def _bounded(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    kept = list(steps[-STEPS:])
    while len(kept) > 1 and sum(step.size for step in kept) > STEP_LINES:
        del kept[0]
    return tuple(kept)
