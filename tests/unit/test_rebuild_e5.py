"""The rebuild of e5 on a file small enough to check by hand."""

import json
import struct

import numpy as np
import pytest

from models.errors import ModelError
from models.rebuild_e5 import rebuild

HIDDEN, FEED, WORDS, POSITIONS = 32, 64, 6, 4
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁Haus", -1.5), ("ö", -2.25)]


def packed_rows(rows, columns, scale):
    """Return 4-bit blocks whose numbers are (i % 16 - 8) * scale, and those numbers."""
    numbers = np.arange(rows * columns, dtype=np.uint8).reshape(-1, 32) % 16
    blocks = b"".join(
        np.float16(scale).tobytes() + (row[:16] | (row[16:] << 4)).astype(np.uint8).tobytes()
        for row in numbers
    )
    return blocks, (numbers.astype(np.float32) - 8).reshape(rows, columns) * scale


def tensors():
    def plain(size):
        return np.linspace(-1, 1, size).astype("<f4").tobytes(), size

    yield "emb.word", packed_rows(WORDS, HIDDEN, 0.5)[0], WORDS * HIDDEN
    for name, size in (("emb.pos", POSITIONS * HIDDEN), ("emb.type", 2 * HIDDEN)):
        yield name, *plain(size)
    for name in ("emb.ln.w", "emb.ln.b", "l0.aln.w", "l0.aln.b", "l0.oln.w", "l0.oln.b"):
        yield name, *plain(HIDDEN)
    for short, rows, columns in (
        *((short, HIDDEN, HIDDEN) for short in ("q", "k", "v", "ao")),
        ("fi", FEED, HIDDEN),
        ("fo", HIDDEN, FEED),
    ):
        yield f"l0.{short}.w", packed_rows(rows, columns, 0.25)[0], rows * columns
        yield f"l0.{short}.b", *plain(rows)


def write_packed(file):
    text = [piece.encode() for piece, _ in PIECES]
    head = b"E5S1" + bytes(4) + struct.pack("<7i", HIDDEN, 1, 2, FEED, WORDS, POSITIONS, 2)
    head += struct.pack("<fi", 1e-12, 1) + struct.pack("<5i", len(PIECES), 0, 2, 1, 3)
    head += struct.pack("<Q", sum(map(len, text)))
    head += np.cumsum([0, *map(len, text)]).astype("<u4").tobytes()
    head += np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(text)
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0x2003, 1, 0x20)
    listed = list(tensors())
    directory = sum(2 + len(name) + 21 for name, _, _ in listed) + 4
    at = len(head) + directory
    head += struct.pack("<i", len(listed))
    for name, body, count in listed:
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 1, count, at, len(body))
        at += len(body)
    file.write_bytes(head + b"".join(body for _, body, _ in listed))
    return file


def read_safetensors(file):
    data = file.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    assert length % 8 == 0
    header.pop("__metadata__")
    return {
        name: np.frombuffer(data[8 + length :][slice(*entry["data_offsets"])], "<f2").reshape(entry["shape"])
        for name, entry in header.items()
    }


@pytest.fixture
def rebuilt(tmp_path):
    rebuild(write_packed(tmp_path / "packed.bin"), tmp_path / "out")
    return tmp_path / "out"


def test_four_bit_blocks_become_the_numbers_they_stand_for(rebuilt):
    weights = read_safetensors(rebuilt / "model.safetensors")
    np.testing.assert_array_equal(
        weights["embeddings.word_embeddings.weight"], packed_rows(WORDS, HIDDEN, 0.5)[1]
    )
    np.testing.assert_array_equal(
        weights["encoder.layer.0.output.dense.weight"], packed_rows(HIDDEN, FEED, 0.25)[1]
    )
    assert len(weights) == 5 + 16


def test_the_same_file_gives_the_same_bytes(rebuilt, tmp_path):
    rebuild(tmp_path / "packed.bin", tmp_path / "again")
    for file in rebuilt.rglob("*.*"):
        assert file.read_bytes() == (tmp_path / "again" / file.relative_to(rebuilt)).read_bytes()


def test_the_tokenizer_is_one_the_library_reads(rebuilt):
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.Tokenizer.from_file(str(rebuilt / "tokenizer.json"))
    assert tokenizer.encode("Haus\u200b o\u0308").ids == [
        0,
        4,
        3,
        5,
        2,
    ]  # invisible space, then o with two dots
    assert tokenizer.token_to_id("</s>") == 2


def test_the_library_reads_the_weights(rebuilt):
    safetensors = pytest.importorskip("safetensors.numpy")
    assert safetensors.load_file(rebuilt / "model.safetensors")["embeddings.LayerNorm.bias"].shape == (
        HIDDEN,
    )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 something else", b"E5S1" + bytes(100)])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "packed.bin").write_bytes(content)
    with pytest.raises(ModelError) as caught:
        rebuild(tmp_path / "packed.bin", tmp_path / "out")
    assert caught.value.key == "store.build_failed"


def test_a_truncated_file_is_refused(tmp_path):
    file = write_packed(tmp_path / "packed.bin")
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(ModelError):
        rebuild(file, tmp_path / "out")
