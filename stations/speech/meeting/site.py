"""A place in a conversation where a point of the minutes may be."""

from dataclasses import dataclass

from stations.speech.meeting.points import Kind

GAP = 4
"""Cues that are no more lines apart belong to one place."""
REPLY_WITHIN = 2
"""A plain yes counts so many lines after a request or an offer, and so does taking back after the promise."""


@dataclass(frozen=True)
class Site:
    """A place, in numbers of lines: the ``cues`` that mark it, and its ``core``, the lines that say what it is about.

    ``doer`` is the id of the speaker who promises, or a name that was said, ``""`` when neither is known; ``replies``
    are promises that answer somebody. ``taken_back`` when somebody withdrew it right afterwards.
    """

    kind: Kind
    cues: tuple[int, ...]
    core: tuple[int, ...]
    doer: str = ""
    replies: tuple[int, ...] = ()
    taken_back: bool = False

    @property
    def lines(self) -> tuple[int, ...]:
        """All its lines in order."""
        return tuple(sorted({*self.cues, *self.core}))
