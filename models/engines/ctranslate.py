"""Sentences in another language with a translation model in CTranslate2's format, on the processor.

Three families are known by their files: OPUS-MT (one pair of languages, a SentencePiece model for each), M2M100
(tokens such as ``__de__`` name both languages) and MADLAD-400 (a token such as ``<2de>`` names the target).
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ModelError
from models.turns import Turn

if TYPE_CHECKING:
    import ctranslate2

AT_ONCE = 8
"""Sentences in a batch. Stop is noticed between batches; more at once saves little on a processor."""
BEAMS = 4
LONGEST_PIECE = 160
"""Tokens of a sentence that are translated in one piece; beyond that these models leave words out."""
LONGEST_ANSWER, SPARE_TOKENS = 2, 20
"""A translation that has more tokens, compared with its sentence, has gone astray."""
_END, _NO_WORDS = "</s>", {"</s>", "<s>", "<pad>", "<unk>"}
_PAIR_NAME = re.compile(r"(?:.*[-_.])?([a-z]{2,3})[-_]([a-z]{2,3})(?:[-_.].*)?")
_M2M_TOKEN, _MADLAD_TOKEN = re.compile(r"__([a-z]{2,3})__"), re.compile(r"<2([a-z]{2,3})>")
_TOKENIZERS = ("source.spm", "sentencepiece.bpe.model", "sentencepiece.model", "spiece.model", "vocab.spm")
_VOCABULARIES = (
    "shared_vocabulary.json",
    "shared_vocabulary.txt",
    "source_vocabulary.json",
    "source_vocabulary.txt",
)
_BREAK = re.compile(r"(?<=[;:,–])\s+")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Family:
    """How a model is told the languages: what comes before the words, and what its answer must begin with."""

    pairs: Pairs
    before: Callable[[str, str], list[str]]
    begins: Callable[[str], list[str]]


class CTranslator:
    """Translates sentences with one model, for several people at a time (see ``Translator``).

    ``file`` is the model's folder or a file in it. Which languages an OPUS-MT model translates is not in its files: it
    is told by ``languages`` (from, to) or by the folder's name (``opus-mt-de-en``). It keeps the number of threads that
    its turn allows when it is made. Weights are computed with in eight bits.

    Raises:
        ModelError: ``translate.broken_model`` when files are missing or cannot be read.
    """

    def __init__(self, file: Path, turn: Turn, languages: Sequence[str] = ()) -> None:
        folder = file if file.is_dir() else file.parent
        self._name, self._turn = folder.name, turn
        self._model: ctranslate2.Translator | None = _loaded(folder, turn.threads)
        self._reads, self._writes = _tokenizers(folder)
        self._ends = not _config(folder).get("add_source_eos", False)
        self._family = _family(folder, tuple(languages))

    @property
    def is_open(self) -> bool:
        """Whether it can work (see ``Engine.is_open``)."""
        return self._model is not None

    @property
    def pairs(self) -> Pairs:
        """From which language to which it translates, as pairs of codes."""
        return self._family.pairs

    def close(self) -> None:
        """Give the memory back; what is being translated at the moment is translated to its end."""
        self._model = None

    def translate(self, sentences: Sequence[str], source: str, target: str) -> Iterator[str]:
        """Yield the translation of each sentence in order, eight at a time; blank ones stay blank.

        Closing the iterator stops the work after the batch that is being translated. A sentence that is too long is
        translated in pieces.

        Raises:
            ModelError: ``translate.pair`` for languages that the model does not know.
        """
        if (source, target) not in self._family.pairs:
            known = ", ".join(f"{a} → {b}" for a, b in self._family.pairs[:8])
            raise ModelError("translate.pair", model=self._name, source=source, target=target, known=known)
        return self._translations(iter(sentences), source, target)

    def _translations(self, sentences: Iterator[str], source: str, target: str) -> Iterator[str]:
        while batch := list(islice(sentences, AT_ONCE)):
            pieces = [self._pieces(sentence) for sentence in batch]
            flat = [piece for of_one in pieces for piece in of_one]
            said = iter(self._of_batch(flat, source, target))
            yield from [" ".join(islice(said, len(of_one))) for of_one in pieces]

    def _of_batch(self, pieces: Sequence[list[str]], source: str, target: str) -> list[str]:
        """Return the translation of tokenised pieces; the processor is claimed meanwhile."""
        if not pieces:
            return []
        if self._model is None:
            raise ModelError("translate.broken_model", file=self._name, problem="closed")
        before, begins = self._family.before(source, target), self._family.begins(target)
        end = [_END] if self._ends else []
        with self._turn:
            found = self._model.translate_batch(
                [[*before, *piece, *end] for piece in pieces],
                target_prefix=[begins] * len(pieces) if begins else None,
                beam_size=BEAMS,
                max_decoding_length=SPARE_TOKENS + LONGEST_ANSWER * max(map(len, pieces)),
                max_batch_size=AT_ONCE,
            )
        return [self._words(one.hypotheses[0], begins) for one in found]

    def _words(self, tokens: Sequence[str], begins: Sequence[str]) -> str:
        said = tokens[len(begins) :] if list(tokens[: len(begins)]) == begins else tokens
        return str(self._writes.decode([each for each in said if each not in _NO_WORDS])).strip()

    def _pieces(self, sentence: str) -> list[list[str]]:
        """Return a sentence as tokens, in as many pieces as it needs; none for a blank one."""
        tokens = self._tokens(sentence)
        if len(tokens) <= LONGEST_PIECE:
            return [tokens] if tokens else []
        return [tokens for part in _halves(sentence) for tokens in self._pieces(part)]

    def _tokens(self, text: str) -> list[str]:
        return list(self._reads.encode(" ".join(text.split()), out_type=str))


def _halves(sentence: str) -> tuple[str, str]:
    """Return a sentence in two, parted at the comma nearest to the middle, else at a space, else right there."""
    middle = len(sentence) // 2
    quarter = range(middle // 2, len(sentence) - middle // 2)
    breaks = [match.end() for match in _BREAK.finditer(sentence) if match.end() in quarter]
    spaces = [at + 1 for at, letter in enumerate(sentence) if letter == " " and at in quarter]
    cut = min(breaks or spaces or [middle], key=lambda at: abs(at - middle))
    return sentence[:cut], sentence[cut:]


def _loaded(folder: Path, threads: int) -> "ctranslate2.Translator":
    try:
        import ctranslate2

        return ctranslate2.Translator(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise _broken(folder, error) from error


def _tokenizers(folder: Path) -> tuple[Any, Any]:
    """Return what makes tokens of the source's words, and words of the target's tokens."""
    import sentencepiece

    first = next(
        (folder / name for name in _TOKENIZERS if (folder / name).is_file()), folder / _TOKENIZERS[0]
    )
    second = folder / "target.spm" if first.name == "source.spm" else first
    try:
        return tuple(sentencepiece.SentencePieceProcessor(model_file=str(each)) for each in (first, second))  # type: ignore[return-value]
    except (OSError, RuntimeError) as error:
        raise _broken(folder, error) from error


def _family(folder: Path, languages: tuple[str, ...]) -> _Family:
    """Return how this model is told the languages, by the tokens it knows."""
    vocabulary = _vocabulary(folder)
    if codes := _codes(vocabulary, _M2M_TOKEN):
        return _Family(
            _all_pairs(codes, languages), lambda source, _: [f"__{source}__"], lambda code: [f"__{code}__"]
        )
    if codes := _codes(vocabulary, _MADLAD_TOKEN):
        return _Family(_all_pairs(codes, languages), lambda _, target: [f"<2{target}>"], lambda _: [])
    named = _PAIR_NAME.fullmatch(folder.name)
    pair = languages[:2] or (named.groups() if named else ())
    if len(pair) < 2:  # noqa: PLR2004 - from, to
        raise _broken(folder, ValueError("its name does not end in its languages, as opus-mt-de-en does"))
    return _Family(((pair[0], pair[1]),), lambda *_: [], lambda _: [])


def _all_pairs(codes: list[str], languages: tuple[str, ...]) -> Pairs:
    wanted = [code for code in languages if code in codes] or codes
    return tuple((source, target) for source in wanted for target in wanted if source != target)


def _codes(vocabulary: Sequence[str], token: re.Pattern[str]) -> list[str]:
    return [match[1] for each in vocabulary if (match := token.fullmatch(each))]


def _vocabulary(folder: Path) -> list[str]:
    file = next((folder / name for name in _VOCABULARIES if (folder / name).is_file()), None)
    try:
        text = file.read_text(encoding="utf-8") if file else "[]"
        return (
            list(map(str, json.loads(text))) if file is None or file.suffix == ".json" else text.split("\n")
        )
    except (OSError, ValueError) as error:
        raise _broken(folder, error) from error


def _config(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _broken(folder, error) from error
    return found if isinstance(found, dict) else {}


def _broken(folder: Path, error: Exception) -> ModelError:
    problem = (str(error).splitlines() or [type(error).__name__])[0]
    return ModelError(
        "translate.broken_model", file=folder.name, problem=problem.replace(str(folder), folder.name)
    )
