"""Text to speech with a Piper voice, on the processor, without a network.

A voice is an ONNX file with a JSON file of the same name beside it (VITS, Kim et al. 2021, arXiv:2106.06103, fed with
espeak-ng's phonemes).
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ModelError
from models.turns import Turn
from models.voice.base import Ability, Audio, Manner, chosen
from models.voice.breath import LONGEST, breaths

if TYPE_CHECKING:
    import piper

THREADS = 1
"""A second one makes a voice no faster on a machine that does something else, and slower there mostly."""
HEADROOM = 0.5
"""Piper brings each sentence to full scale; at half of it, twice the volume does not clip."""
OWN_ALPHABETS = ("espeak", "text")
"""How a voice may want its text; the other ways need models that Piper fetches by itself."""
_SIGNS = dict.fromkeys((*range(32), 127), " ") | {ord("["): "(", ord("]"): ")"}
"""NUL is refused by espeak-ng, and Piper takes what stands in double brackets for phonemes."""


class PiperVoice:
    """Reads aloud with one Piper voice file, for several people at a time.

    ``file`` is the ONNX file. With ``steady``, the same text sounds the same every time, a little less lively. Needs
    about 135 MB, and up to 400 MB after long sentences.

    Raises:
        ModelError: ``voice.broken_model`` when files are missing or cannot be read.
    """

    can: frozenset[Ability] = frozenset({"speed", "volume"})

    def __init__(self, file: Path, turn: Turn, *, steady: bool = False) -> None:
        logging.getLogger("piper").setLevel(logging.INFO)  # it would log the texts
        language, voice = _loaded(file)
        self._voice: piper.PiperVoice | None = voice
        self._turn, self._steady = turn, steady
        self._ids = dict(voice.config.speaker_id_map)
        self.languages = (language,)
        self.speakers = tuple(sorted(self._ids, key=self._ids.__getitem__))

    @property
    def is_open(self) -> bool:
        """Whether it can work (see ``Engine.is_open``)."""
        return self._voice is not None

    def close(self) -> None:
        """Give the memory back; a sentence under way is said to its end."""
        self._voice = None

    def speak(self, text: str, manner: Manner) -> Iterator[Audio]:
        """Yield what is heard sentence by sentence (see ``Voice.speak``), 22,050 samples a second with most voices."""
        chosen(manner.language, self.languages, "voice.language")
        said = self._config(manner)
        plain = text.translate(_SIGNS).encode("utf-8", "ignore").decode()
        for breath in breaths(plain, int(LONGEST * min(1.0, manner.speed))):
            if any(sign.isalnum() for sign in breath):
                yield from self._sentences(breath, said)

    def _sentences(self, breath: str, said: "piper.SynthesisConfig") -> Iterator[Audio]:
        sentences = iter(self._working_voice().synthesize(breath, said))
        while True:
            self._working_voice()
            with self._turn:  # not while the listener makes us wait
                sentence = next(sentences, None)
            if sentence is None:
                return
            yield Audio(sentence.audio_float_array, sentence.sample_rate)

    def _config(self, manner: Manner) -> "piper.SynthesisConfig":
        import piper

        speaker = chosen(manner.speaker, self.speakers, "voice.speaker")
        own = self._working_voice().config.length_scale
        return piper.SynthesisConfig(
            speaker_id=self._ids.get(speaker),
            length_scale=own / manner.speed,
            noise_scale=0.0 if self._steady else None,
            noise_w_scale=0.0 if self._steady else None,
            volume=HEADROOM * manner.volume,
        )

    def _working_voice(self) -> "piper.PiperVoice":
        if self._voice is None:
            raise ModelError("voice.engine_gone")
        return self._voice


def _loaded(file: Path) -> "tuple[str, piper.PiperVoice]":
    """Return the voice's language and the voice."""
    import onnxruntime
    import piper

    wish = onnxruntime.SessionOptions()
    wish.intra_op_num_threads = wish.inter_op_num_threads = THREADS
    try:
        stated = json.loads(Path(f"{file}.json").read_text("utf-8"))
        config = piper.PiperConfig.from_dict(stated)
        session = onnxruntime.InferenceSession(
            str(file), sess_options=wish, providers=["CPUExecutionProvider"]
        )
    except _unreadable() as error:
        raise ModelError("voice.broken_model", model=file.stem) from error
    if config.phoneme_type not in OWN_ALPHABETS:
        raise ModelError("voice.broken_model", model=file.stem)
    return _language(stated, config.espeak_voice), piper.PiperVoice(config=config, session=session)


def _language(stated: dict[str, dict[str, str]], espeak_voice: str) -> str:
    """Return the BCP 47 code of a voice's own statement: ``en-US`` of ``en_US``."""
    language, _, country = (
        stated.get("language", {}).get("code", espeak_voice).replace("_", "-").partition("-")
    )
    return f"{language}-{country.upper()}" if country else language


def _unreadable() -> tuple[type[Exception], ...]:
    """Return what is raised for files that cannot be read."""
    from onnxruntime.capi import onnxruntime_pybind11_state as errors

    onnx: tuple[type[Exception], ...] = (
        errors.InvalidProtobuf, errors.InvalidGraph, errors.InvalidArgument, errors.NoSuchFile, errors.Fail,
    )  # fmt: skip
    return OSError, ValueError, KeyError, TypeError, AttributeError, *onnx
