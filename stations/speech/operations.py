"""What the page may ask for, as it comes over the wire: checked for form here, for sense in ``editing``."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from stations.speech import editing, naming
from stations.speech.transcript import Transcript

LineId = Annotated[str, Field(pattern=r"^[0-9a-z]{1,12}$")]
SpeakerId = Annotated[str, Field(max_length=40)]
LineIds = Annotated[Sequence[LineId], Field(min_length=1, max_length=20_000)]
_SHORT, _LONG = 500, 50_000


class _Operation(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SetText(_Operation):
    """Another text for a line."""

    kind: Literal["text"]
    line: LineId
    text: str = Field(max_length=_LONG)

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return editing.set_text(transcript, self.line, self.text)


class Split(_Operation):
    """A line becomes two, before its letter ``at``."""

    kind: Literal["split"]
    line: LineId
    at: int = Field(ge=0, le=_LONG)

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return editing.split(transcript, self.line, self.at)


class Merge(_Operation):
    """A line and the next become one."""

    kind: Literal["merge"]
    line: LineId

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return editing.merge(transcript, self.line)


class Delete(_Operation):
    """A line goes."""

    kind: Literal["delete"]
    line: LineId

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return editing.delete_line(transcript, self.line)


class Confirm(_Operation):
    """A person has listened to these lines: no word is doubtful any more."""

    kind: Literal["confirm"]
    lines: LineIds

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return editing.confirm(transcript, self.lines)


class SetSpeaker(_Operation):
    """These lines are said by somebody who is known, or (``""``) by nobody knows whom."""

    kind: Literal["speaker"]
    lines: LineIds
    speaker: SpeakerId

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return naming.set_speaker(transcript, self.lines, self.speaker)


class SetNewSpeaker(_Operation):
    """These lines are said by somebody new."""

    kind: Literal["new_speaker"]
    lines: LineIds
    name: str = Field(max_length=_SHORT)

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return naming.set_new_speaker(transcript, self.lines, self.name)


class RenameSpeaker(_Operation):
    """A speaker's name, everywhere."""

    kind: Literal["rename"]
    speaker: SpeakerId
    name: str = Field(max_length=_SHORT)

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return naming.rename_speaker(transcript, self.speaker, self.name)


class MergeSpeakers(_Operation):
    """Several speakers are one person."""

    kind: Literal["same_person"]
    speaker: SpeakerId
    others: Sequence[SpeakerId] = Field(min_length=1, max_length=naming.MOST_SPEAKERS)

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return naming.merge_speakers(transcript, self.speaker, self.others)


class Replace(_Operation):
    """Something is replaced wherever it stands."""

    kind: Literal["replace"]
    search: str = Field(max_length=_SHORT)
    replacement: str = Field(max_length=_SHORT)
    whole_words: bool = False
    match_case: bool = False

    def on(self, transcript: Transcript) -> Transcript:
        """Carry it out."""
        return editing.replace_all(
            transcript,
            self.search,
            self.replacement,
            whole_words=self.whole_words,
            match_case=self.match_case,
        )


class Undo(_Operation):
    """Back to before the last change."""

    kind: Literal["undo"]


class Redo(_Operation):
    """Forward again to what was taken back last."""

    kind: Literal["redo"]


Operation = (
    SetText
    | Split
    | Merge
    | Delete
    | Confirm
    | SetSpeaker
    | SetNewSpeaker
    | RenameSpeaker
    | MergeSpeakers
    | Replace
    | Undo
    | Redo
)


class Edit(_Operation):
    """An operation and the revision of the transcript that the page shows."""

    revision: int = Field(ge=0)
    operation: Annotated[Operation, Field(discriminator="kind")]
