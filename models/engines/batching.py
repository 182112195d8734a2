"""Several answers at once: each step reads one token for every answer being written and a bite of the new prompts.

A step takes about one beat, so that a Stop is noticed, a running answer goes on and a newcomer joins within it.
Continuous batching after Yu et al., "Orca" (OSDI 2022); prompts in bites between the tokens of others after Agrawal
et al., "Sarathi-Serve" (OSDI 2024).
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from models.engines.base import BEAT_S, End
from models.engines.inside import look_inside
from models.engines.llama_native import MOST_ROWS, NativeModel, Row
from models.engines.request import Request
from models.engines.tracks import Tracks, common_start
from models.errors import ModelError

QUIET_BEATS = 3
"""A step may take that many beats while nobody's answer is being written."""
TOGETHER_BEATS = 8
"""So long an answer waits with its second token for those who came at the same time: all begin sooner that way."""
BLOCK = 16
"""llama.cpp multiplies that many rows at once; each row beyond a multiple costs as much as four within."""
FIRST_ROWS = 2 * BLOCK
WORTH_WAITING = 32
"""Common tokens for which a prompt waits until another has read them."""

Bites = list[tuple[Request, list[int]]]


@dataclass(frozen=True)
class Step:
    """What one step took, and which answers came to their end with it."""

    seconds: float
    ended: tuple[Request, ...]


class Batch:
    """The answers in progress. One thread owns it; a request that fails fails alone."""

    def __init__(self, native: NativeModel, *, places: int, tracks: int) -> None:
        self._native, self.places = native, places
        self._tracks = Tracks(native, tracks=tracks, cells=native.cells)
        self._rows_per_beat = float(FIRST_ROWS)
        self.active: list[Request] = []

    @property
    def free_places(self) -> int:
        """How many more answers may be written at once."""
        return self.places - len(self.active)

    def admit(self, request: Request) -> bool:
        """Let a request take part from the next step on; ``False`` while there is no place or no room for it."""
        if not self.free_places:
            return False
        track = self._tracks.begin(request.prompt.tokens)
        request.track = track
        if not self._tracks.make_room(
            request.cells_to_come + sum(each.cells_to_come for each in self.active)
        ):
            self._tracks.cut(track, 0)
            self._tracks.leave(track)
            return False
        self.active.append(request)
        with self._failing_alone(request):
            request.sampler = self._native.sampler(request.sampling)
            request.tell(place=0, expected_s=None, prompt_read=len(track.tokens))
        return True

    def drop_withdrawn(self) -> None:
        """Free the places of those who do not want their answers any more."""
        for request in [each for each in self.active if each.withdrawn]:
            self._leave(request)

    def give_up(self) -> None:
        """Fail all in progress and forget everything: after a bug nobody knows what the context holds."""
        for request in tuple(self.active):
            self._fail(request, ModelError("chat.engine_gone"))
        self._tracks.lose_all()

    def step(self) -> Step:
        """Read once for everybody and hand out what came of it."""
        began, bites = time.monotonic(), self._bites()
        self._read(bites)
        step = Step(time.monotonic() - began, tuple(one for one, _ in bites if one.tally.end is not None))
        self._learn_pace(sum(len(tokens) for _, tokens in bites), step.seconds)
        return step

    def _bites(self) -> Bites:
        """Return what each takes in: writers their last token, readers what is left of the step, the shortest first."""
        readers = sorted(
            (each for each in self.active if each.left_to_read), key=lambda each: each.left_to_read
        )
        bites = self._writing(readers)
        left = self._rows(writing=len(bites)) - len(bites)
        for place, reader in enumerate(readers):
            self._take_over_beginning(reader)
            if left > 0 and not any(_reads_ahead(other, reader) for other in readers[:place]):
                begin = len(reader.track.tokens)
                bites.append((reader, reader.prompt.tokens[begin : begin + left]))
                left -= len(bites[-1][1])
        return bites

    def _writing(self, readers: Sequence[Request]) -> Bites:
        """Return the last token of every answer that goes on in this step."""
        unread = sum(each.left_to_read for each in readers)
        together = 0 < unread <= TOGETHER_BEATS * self._rows_per_beat
        return [
            (each, [each.unread])
            for each in self.active
            if each.unread is not None
            and not (together and each.tally.new_tokens == 1 and each.writing_s < TOGETHER_BEATS * BEAT_S)
        ]

    def _take_over_beginning(self, reader: Request) -> None:
        """Share what another has read meanwhile of the same prompt."""
        donor, known = self._tracks.best_start(reader.prompt.tokens)
        if donor is not None and known >= len(reader.track.tokens) + WORTH_WAITING:
            self._tracks.take_over(reader.track, donor, known)

    def _read(self, bites: Bites) -> None:
        """Read and go on; what cannot be read together is read one by one, to find whose fault it is."""
        try:
            self._native.read(_rows(bites))
        except ModelError as error:
            whole = [self._tracks.take_back(request.track) for request, _ in bites]
            for bite, as_before in zip(bites, whole, strict=True):
                if as_before and len(bites) > 1:
                    self._read([bite])
                else:
                    self._fail(bite[0], error)
            return
        last = -1
        for request, tokens in bites:
            last += len(tokens)
            with self._failing_alone(request):
                self._go_on(request, tokens, last)

    def _go_on(self, request: Request, tokens: Sequence[int], row: int) -> None:
        """Note what was read and, once all of it is, choose the next token by the scores of ``row``."""
        self._tracks.append(request.track, tokens)
        if request.tally.new_tokens == 0:
            request.tell(prompt_read=min(len(request.track.tokens), len(request.prompt.tokens)))
        if request.left_to_read or request.sampler is None:
            return
        native, scores = self._native, self._native.scores(row)
        token = request.sampler.choose(scores)
        if native.is_end(token):
            self._end(request, "done")
            return
        seen = look_inside(scores, token, request.sampling.candidates, native.piece)
        request.wrote(token, native.piece(token), seen)
        if why := request.over:
            self._end(request, why)

    def _rows(self, writing: int) -> int:
        """Return how many tokens the next step reads in all, so that it takes about one beat."""
        fitting = int(self._rows_per_beat * (1 if writing else QUIET_BEATS)) // BLOCK * BLOCK
        smallest = (writing // BLOCK + 1) * BLOCK  # however many write, a newcomer gets on
        return min(MOST_ROWS, max(smallest, fitting))

    def _learn_pace(self, rows: int, seconds: float) -> None:
        """Learn how much fits into a beat from a step that was large enough to tell."""
        if rows >= BLOCK:
            fitting = rows * BEAT_S / max(seconds, 0.001)
            self._rows_per_beat = min(fitting, 2 * self._rows_per_beat, float(MOST_ROWS))

    def _end(self, request: Request, why: End) -> None:
        self._leave(request)  # first: whoever hears the end may ask the next question at once
        request.end(why)

    def _fail(self, request: Request, error: BaseException) -> None:
        self._leave(request)
        request.fail(error)

    def _leave(self, request: Request) -> None:
        if request.sampler is not None:
            request.sampler.close()
        self._tracks.leave(request.track)
        self.active.remove(request)

    @contextmanager
    def _failing_alone(self, request: Request) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised again in the thread of whoever asked; the others go on
            self._fail(request, error)


def _rows(bites: Bites) -> list[Row]:
    rows: list[Row] = []
    for request, tokens in bites:
        begin, done = len(request.track.tokens), len(request.prompt.tokens)
        rows += [
            Row(token, at, request.track.number, scored=at + 1 >= done)
            for at, token in enumerate(tokens, start=begin)
        ]
    return rows


def _reads_ahead(other: Request, reader: Request) -> bool:
    """Tell whether ``other`` is about to read so much of the same prompt that ``reader`` had better wait."""
    common = common_start(other.prompt.tokens, reader.prompt.tokens)
    held = max(len(reader.track.tokens), len(other.track.tokens))
    return common >= held + WORTH_WAITING
