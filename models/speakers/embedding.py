"""Voice prints: what a voice sounds like, as numbers that are alike whenever the same person speaks."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from models.engines.base import SPEECH_RATE, Samples
from models.errors import ModelError
from models.speakers.rebuild import BANDS, FRAMES
from models.turns import Turn

if TYPE_CHECKING:
    import onnxruntime

Prints = npt.NDArray[np.float32]
"""One row per window, each of length 1: the product of two rows is their likeness, -1..1."""
WINDOW_S = 1.5
"""What the model is rebuilt for: ``FRAMES`` of 25 ms every 10 ms."""
WINDOW_SAMPLES = int(WINDOW_S * SPEECH_RATE)
BATCH = 4
"""Windows read at once: 0.1 s of work on one core; more are no faster and take 24 MB each."""


class VoicePrints:
    """Gives prints of stretches of speech with the model CAM++ (see ``models.speakers.rebuild``).

    It keeps the number of threads that its turn allows when it is made.

    Raises:
        ModelError: ``speakers.broken_model`` when ``file`` is missing, damaged or another model.
    """

    def __init__(self, file: Path, turn: Turn) -> None:
        self._session: onnxruntime.InferenceSession | None = _opened(file, turn.threads)
        self._turn = turn

    @property
    def is_open(self) -> bool:
        """Whether it can work (see ``Engine.is_open``)."""
        return self._session is not None

    def close(self) -> None:
        """Give the memory back; what is being read at the moment is read to its end."""
        self._session = None

    def of(self, samples: Samples) -> Prints:
        """Return the print of a stretch of speech, 192 numbers of length 1: the mean of its windows' prints."""
        starts = range(0, max(1, len(samples) - WINDOW_SAMPLES // 2), WINDOW_SAMPLES // 2)
        windows = (samples[start : start + WINDOW_SAMPLES] for start in starts)
        return unit(np.concatenate(list(self.of_each(windows))).mean(axis=0))

    def of_each(self, windows: Iterable[Samples]) -> Iterator[Prints]:
        """Yield the prints of windows in order, ``BATCH`` at a time.

        Windows are taken as they are needed; one shorter than ``WINDOW_S`` is repeated to fill it, of a longer one the
        begin is read. Closing the iterator stops the work after the batch being read.

        Raises:
            ModelError: ``speakers.engine_gone`` after ``close``.
        """
        coming = iter(windows)
        while batch := list(islice(coming, BATCH)):
            if (session := self._session) is None:
                raise ModelError("speakers.engine_gone")
            with self._turn:
                bands = np.stack([_bands(_filled(window)) for window in batch])
                (numbers,) = session.run(None, {"bands": bands[:, None]})
            yield unit(np.asarray(numbers))


def unit(rows: npt.NDArray[np.floating]) -> Prints:
    """Return rows of length 1; a row without length stays."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def _opened(file: Path, threads: int) -> "onnxruntime.InferenceSession":
    import onnxruntime as ort
    from onnxruntime.capi import onnxruntime_pybind11_state as trouble

    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_mem_pattern = False  # no slower, and a third less memory
    # Threads that wait would keep cores busy that others could use.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    except (trouble.NoSuchFile, trouble.InvalidProtobuf, trouble.InvalidArgument, trouble.Fail) as error:
        raise ModelError("speakers.broken_model", model=file.name) from error
    if session.get_inputs()[0].shape[1:] != [1, BANDS, FRAMES]:
        raise ModelError("speakers.broken_model", model=file.name)
    return session


def _filled(window: Samples) -> Samples:
    """Return a window of full length: the begin of a long one, a short one repeated, silence for nothing."""
    return np.resize(window[:WINDOW_SAMPLES], WINDOW_SAMPLES)


def _bands(window: Samples) -> npt.NDArray[np.float32]:
    """Return the logarithm of the energy of 80 mel bands, a column every 10 ms, less the mean of each band.

    These are Kaldi's features as the makers of the model computed them (3D-Speaker, ``FBank(80, mean_nor=True)``).
    """
    import kaldi_native_fbank as kaldi

    options = kaldi.FbankOptions()
    options.frame_opts.dither = 0.0  # added noise would make every run another
    options.mel_opts.num_bins = BANDS
    bank = kaldi.OnlineFbank(options)
    bank.accept_waveform(SPEECH_RATE, window)
    columns = np.stack([bank.get_frame(number) for number in range(bank.num_frames_ready)], axis=1)
    return np.asarray(columns - columns.mean(axis=1, keepdims=True), np.float32)
