"""Voice prints: what a voice sounds like, as numbers that are alike whenever the same person speaks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from models.engines.base import SPEECH_RATE, Samples
from models.errors import ModelError
from models.turns import Turn

if TYPE_CHECKING:
    import onnxruntime

Prints = npt.NDArray[np.float32]
"""One row per window, each of length 1: the product of two rows is their likeness, -1..1."""
WINDOW_S = 1.5
"""What the model is rebuilt for (``models.speakers.rebuild``)."""
WINDOW_SAMPLES = int(WINDOW_S * SPEECH_RATE)
BANDS = 80
BATCH = 16
"""Windows read at once: half a second of work on one core, 80 MB of memory."""


class VoicePrints:
    """Gives prints of stretches of speech with the model CAM++ (see ``models.speakers.rebuild``)."""

    def __init__(self, file: Path, turn: Turn) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = turn.threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except (OSError, RuntimeError) as error:
            raise ModelError("speakers.bad_model", file=file.name) from error
        self._turn = turn
        self._session: onnxruntime.InferenceSession | None = session

    @property
    def is_open(self) -> bool:
        """Whether it can work."""
        return self._session is not None

    def close(self) -> None:
        """Give the memory back."""
        self._session = None

    def of(self, samples: Samples) -> Prints:
        """Return the print of a stretch of speech, 192 numbers of length 1: the mean of its windows' prints."""
        starts = range(0, max(1, len(samples) - WINDOW_SAMPLES // 2), WINDOW_SAMPLES // 2)
        windows = [samples[start : start + WINDOW_SAMPLES] for start in starts]
        return united(np.concatenate(list(self.of_each(windows))))

    def of_each(self, windows: Sequence[Samples]) -> Iterator[Prints]:
        """Yield the prints of windows, some at a time; a window shorter than ``WINDOW_S`` is repeated to fill it."""
        for first in range(0, len(windows), BATCH):
            if self._session is None:
                raise ModelError("speakers.closed")
            bands = np.stack([_bands(_filled(window)) for window in windows[first : first + BATCH]])
            with self._turn:
                (numbers,) = self._session.run(None, {"bands": bands[:, None]})
            yield unit(np.asarray(numbers, np.float32))


def unit(rows: npt.NDArray[np.floating]) -> Prints:
    """Return rows of length 1; a row without length stays."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def united(prints: Prints) -> Prints:
    """Return one print for several of the same voice."""
    return unit(prints.mean(axis=0))


def _filled(window: Samples) -> Samples:
    if len(window) == 0:
        return np.zeros(WINDOW_SAMPLES, np.float32)
    return np.resize(window[:WINDOW_SAMPLES], WINDOW_SAMPLES)  # numpy repeats what is short


def _bands(window: Samples) -> npt.NDArray[np.float32]:
    """Return the logarithm of the energy of 80 mel bands, a column every 10 ms, less the mean of each band.

    These are Kaldi's features as the makers of the model computed them (3D-Speaker, ``FBank(80, mean_nor=True)``).
    """
    import kaldi_native_fbank as kaldi

    options = kaldi.FbankOptions()
    options.frame_opts.dither = 0.0  # noise would make every run another
    options.mel_opts.num_bins = BANDS
    bank = kaldi.OnlineFbank(options)
    bank.accept_waveform(SPEECH_RATE, window)
    columns = np.stack([bank.get_frame(number) for number in range(bank.num_frames_ready)], axis=1)
    return np.asarray(columns - columns.mean(axis=1, keepdims=True), np.float32)
