"""The versions of one text, so that every step can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from stations.prose.finding import Finding
from stations.text.work import Draft, Source

MOST_VERSIONS = 30


@dataclass(frozen=True)
class Version:
    """How a text read after one step.

    ``what`` is that step: a key of a sentence, or a label of any kind. ``model`` is empty for what people wrote.
    ``findings`` stay out of the hash: Gradio takes one of every state at every update, and their facts have none.
    """

    text: str
    made_by: Literal["model", "person"] = "model"
    what: str = ""
    model: str = ""
    seconds: float = 0.0
    findings: tuple[Finding, ...] = field(default=(), repr=False, hash=False)
    cut: bool = False
    sources: tuple[Source, ...] = field(default=(), repr=False, hash=False)

    @classmethod
    def written(cls, draft: Draft, what: str, model: str) -> "Version":
        """Return the version that a model's finished draft makes."""
        return cls(draft.text, "model", what, model, draft.seconds, draft.findings, draft.cut, draft.sources)


@dataclass(frozen=True)
class Manuscript:
    """A text with its versions, oldest first; ``at`` is the place of the one that is shown, -1 before the first.

    ``values`` are what the person filled in, by field id.
    """

    recipe_id: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    versions: tuple[Version, ...] = ()
    at: int = -1

    @property
    def current(self) -> Version | None:
        """Return the version that is shown; ``None`` before the first."""
        return self.versions[self.at] if self.at >= 0 else None

    @property
    def text(self) -> str:
        """Return the text that is shown; empty before the first version."""
        return self.current.text if self.current else ""

    @property
    def can_undo(self) -> bool:
        """Tell whether there is a version before the one that is shown."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Tell whether a version was taken back."""
        return self.at + 1 < len(self.versions)

    def with_version(self, version: Version) -> "Manuscript":
        """Return the manuscript with one more version, shown; what was taken back is gone.

        A person's version with the text that is shown already is none: leaving a box is no change. Beyond
        ``MOST_VERSIONS`` the oldest go, but for the first: people want to see where they began.
        """
        if version.made_by == "person" and self.current and version.text == self.text:
            return self
        kept = (*self.versions[: self.at + 1], version)
        if len(kept) > MOST_VERSIONS:
            kept = (kept[0], *kept[-(MOST_VERSIONS - 1) :])
        return replace(self, versions=kept, at=len(kept) - 1)

    def undo(self) -> "Manuscript":
        """Return the manuscript at the version before, or as it is at the first."""
        return replace(self, at=self.at - 1) if self.can_undo else self

    def redo(self) -> "Manuscript":
        """Return the manuscript at the version that was taken back, or as it is."""
        return replace(self, at=self.at + 1) if self.can_redo else self
