"""Speech to text with a Whisper model through faster-whisper, on the processor, without a network."""

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from models.engines.base import Hearing, Samples, Segment, Word
from models.engines.speech_windows import Span, Times, Windows, fill, windows_of
from models.errors import ModelError
from models.turns import Turn

if TYPE_CHECKING:
    import faster_whisper
    from faster_whisper.transcribe import Segment as Found

BEAMS = 5
WINDOWS_AT_ONCE = 8
"""Windows that are read together, as faster-whisper has it; nothing can be shown or stopped before all are read."""
NO_SPEECH, UNLIKELY = 0.6, -1.0
"""A window that the model takes for silence and whose text it finds unlikely is silence (Radford et al. 2022)."""
LOOP = 2.4
"""Text that becomes so many times smaller when packed repeats itself (the same source)."""
REPEATED_TOKENS = 3
"""Where a loop was found, no run of so many wordparts may come twice in a window."""
LONGEST_PAUSE_S = 1.5
"""Words with a longer pause between them are not one segment."""
NAMES_TOKENS = 120
"""Wordparts of names that are told to the model: they take the room of the text, which is 448 for both.

A plain list works best: of 12 names and rare words of a German meeting Whisper base spelled 6 without, 12 with it (word
errors 10.0 and 7.9 %); as a sentence or with "Glossar:" before it, it wrote one that was not said."""


class WhisperTranscriber:
    """Writes down what is said with one Whisper model in CTranslate2's format, for several people at a time.

    ``file`` is the model's folder or a file in it. It keeps the number of threads that its turn allows when it is
    made. Silence is cut out before the model hears anything: Whisper invents text in it.

    Raises:
        ModelError: ``transcribe.broken_model`` when files are missing or cannot be read.
    """

    def __init__(self, file: Path, turn: Turn) -> None:
        self._model: faster_whisper.WhisperModel | None = _loaded(
            file if file.is_dir() else file.parent, turn.threads
        )
        self._turn = turn
        self._languages = tuple(self._model.supported_languages)

    @property
    def is_open(self) -> bool:
        """Whether it can work (see ``Engine.is_open``)."""
        return self._model is not None

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages it understands; only ``en`` for models made for English."""
        return self._languages

    def close(self) -> None:
        """Give the memory back; what is being read at the moment is read to its end."""
        self._model = None

    def language_of(self, samples: Samples) -> tuple[str, float]:
        """Return the likeliest language of the first 30 s of speech in ``samples`` and its probability, 0..1.

        The probability is 0 where nobody speaks.
        """
        model = self._working_model()
        with self._turn:
            windows = windows_of(samples)
            return _language(model, windows) if windows.spans else (self._languages[0], 0.0)

    def transcribe(self, samples: Samples, hearing: Hearing) -> Iterator[Segment]:
        """Yield what is said (see ``Transcriber.transcribe``).

        With ``hearing.together``, eight windows of 30 s at a time, and at the end what was left out of them; apart, one
        window after the other.
        """
        model = self._working_model()
        if hearing.language not in (None, *self._languages):
            raise ModelError("transcribe.language", language=hearing.language)
        with self._turn:
            windows = windows_of(samples)
            if not windows.spans:
                return
            known = replace(hearing, language=hearing.language or _language(model, windows)[0])
            yield from _together(model, windows, known) if known.together else _apart(model, windows, known)

    def _working_model(self) -> "faster_whisper.WhisperModel":
        if self._model is None:
            raise ModelError("transcribe.engine_gone")
        return self._model


def _loaded(folder: Path, threads: int) -> "faster_whisper.WhisperModel":
    """Load the model; look at its files first, because the library would go to the network for missing ones."""
    try:
        json.loads((folder / "tokenizer.json").read_text("utf-8"))
        json.loads((folder / "config.json").read_text("utf-8"))
        model = _opened(folder, threads)
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError("transcribe.broken_model", model=folder.name) from error
    if model.feature_extractor.mel_filters.shape[0] != model.model.n_mels:
        raise ModelError("transcribe.broken_model", model=folder.name)
    return model


def _opened(folder: Path, threads: int) -> "faster_whisper.WhisperModel":
    from faster_whisper import WhisperModel

    return WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
    )


def _language(model: "faster_whisper.WhisperModel", windows: Windows) -> tuple[str, float]:
    if not model.model.is_multilingual:
        return "en", 1.0
    first = replace(windows, spans=windows.spans[:1])
    language, probability, _ = model.detect_language(audio=first.glued)
    return language, float(probability)


def _together(model: "faster_whisper.WhisperModel", windows: Windows, hearing: Hearing) -> Iterator[Segment]:
    """Read windows in batches, and at last what was left out of them: the library forgets unfinished sentences."""
    left_out: list[Span] = []
    for batch in windows.batches(WINDOWS_AT_ONCE):
        left_out += yield from _heard(_read_batch(model, batch, hearing), batch, hearing)
    for arranged in (fill, _each_alone):
        again, left_out = replace(windows, spans=arranged(left_out)), []
        for batch in again.batches(WINDOWS_AT_ONCE):
            found = _read_batch(model, batch, hearing, no_repeat=REPEATED_TOKENS)
            sound = (each for each in found if not _goes_round(each))
            left_out += yield from _heard(sound, batch, hearing)


def _each_alone(spans: Sequence[Span]) -> tuple[tuple[Span, ...], ...]:
    return tuple((span,) for span in spans)


def _heard(
    all_found: Iterable["Found"], windows: Windows, hearing: Hearing
) -> Generator[Segment, None, list[Span]]:
    """Yield segments; return where somebody spoke and nothing was found."""
    words: list[Times] = []
    for found in all_found:
        words += [(float(word.start), float(word.end)) for word in found.words or ()]
        yield from _segments(found, windows, hearing)
    return list(windows.left_out(words))


def _read_batch(
    model: "faster_whisper.WhisperModel", windows: Windows, hearing: Hearing, no_repeat: int = 0
) -> Iterable["Found"]:
    from faster_whisper import BatchedInferencePipeline

    found, _ = BatchedInferencePipeline(model).transcribe(
        windows.glued,
        language=hearing.language,
        beam_size=BEAMS,
        batch_size=WINDOWS_AT_ONCE,
        clip_timestamps=[{"start": begin, "end": end} for begin, end in windows.bounds_s],
        no_repeat_ngram_size=no_repeat,
        without_timestamps=False,
        word_timestamps=True,
        hotwords=_hint(model, hearing.names),
    )
    return cast(Iterable["Found"], found)


def _apart(model: "faster_whisper.WhisperModel", windows: Windows, hearing: Hearing) -> Iterator[Segment]:
    """Read one window after the other; one that goes round in circles is read again and may repeat nothing."""
    for window in windows.batches(1):
        all_found = _read_one(model, window, hearing)
        if any(_goes_round(found) for found in all_found):
            all_found = _read_one(model, window, hearing, no_repeat=REPEATED_TOKENS)
        for found in all_found:
            yield from _segments(found, window, hearing)


def _read_one(
    model: "faster_whisper.WhisperModel", window: Windows, hearing: Hearing, no_repeat: int = 0
) -> list["Found"]:
    """Read one window without dice: a second run over the same sound gives the same text."""
    found, _ = model.transcribe(
        window.glued,
        language=hearing.language,
        beam_size=BEAMS,
        temperature=0.0,
        no_repeat_ngram_size=no_repeat,
        condition_on_previous_text=False,
        word_timestamps=True,
        hotwords=_hint(model, hearing.names),
    )
    return list(found)


def _goes_round(found: "Found") -> bool:
    return bool(found.compression_ratio > LOOP)


def _hint(model: "faster_whisper.WhisperModel", names: Sequence[str]) -> str | None:
    """Return names as the text that came before, as many as fit."""
    hint = ""
    for name in names:
        longer = f"{hint}, {name}" if hint else name
        if len(model.hf_tokenizer.encode(longer).ids) > NAMES_TOKENS:
            break
        hint = longer
    return hint or None


def _segments(found: "Found", windows: Windows, hearing: Hearing) -> Iterator[Segment]:
    """Yield what the library found, parted at long pauses, with times before gluing; nothing for silence."""
    if found.no_speech_prob > NO_SPEECH and found.avg_logprob < UNLIKELY:
        return
    words: list[Word] = []
    for each in found.words or ():
        start_s, end_s = windows.times_before_gluing(float(each.start), float(each.end))
        if words and start_s - words[-1].end_s > LONGEST_PAUSE_S:
            yield _segment(words, hearing)
            words = []
        words.append(Word(each.word, start_s, end_s, float(each.probability)))
    if words:
        yield _segment(words, hearing)


def _segment(words: Sequence[Word], hearing: Hearing) -> Segment:
    return Segment(words[0].start_s, words[-1].end_s, tuple(words), hearing.language or "")
