"""Translation models of a few kilobytes with dice for weights: real files for the real runtime, made in a second.

They say nothing that makes sense. What they say is the same each time, and tells whether words went in and came out the
way the family of the model wants it.
"""

import json

import ctranslate2
import numpy as np
import sentencepiece

WIDTH, HEADS = 16, 2
CORPUS = [
    "Das Museum zeigt alte Webstühle aus Sachsen und öffnet am Sonntag um zehn Uhr.",
    "The museum shows old looms from Saxony and opens on Sunday at ten.",
    "Der Verein sucht Ehrenamtliche für die Garderobe; wer hat Zeit?",
    "The association is looking for volunteers for the cloakroom, who has time?",
]
SPECIAL = ["<s>", "</s>", "<unk>"]


def make(folder, tokens=(), spm=("source.spm", "target.spm"), seed=7):
    """Write a model with these extra ``tokens`` (languages) and tokenizers into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = folder / "trained.model"
    with trained.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(CORPUS),
            model_writer=file,
            vocab_size=120,
            minloglevel=2,
            hard_vocab_limit=False,
        )
    for name in spm:
        (folder / name).write_bytes(trained.read_bytes())
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(trained))
    words = [pieces.id_to_piece(number) for number in range(pieces.get_piece_size())]
    trained.unlink()
    vocabulary = [*SPECIAL, *(word for word in words if word not in SPECIAL), *tokens]
    _spec(vocabulary, np.random.default_rng(seed)).save(str(folder))
    assert json.loads((folder / "config.json").read_text())
    return folder


def _spec(vocabulary, dice):
    spec = ctranslate2.specs.TransformerSpec.from_config(num_layers=1, num_heads=HEADS)
    for side in (spec.encoder, spec.decoder):
        embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embeddings.weight = _numbers(dice, len(vocabulary), WIDTH)
        side.position_encodings.encodings = _numbers(dice, 600, WIDTH)
        if side.layer_norm is not None:
            _norm(side.layer_norm)
        for layer in side.layer:
            _attention(layer.self_attention, dice, 3)
            if hasattr(layer, "attention"):
                _attention(layer.attention, dice, 1)
            _norm(layer.ffn.layer_norm)
            _linear(layer.ffn.linear_0, dice, 4 * WIDTH, WIDTH)
            _linear(layer.ffn.linear_1, dice, WIDTH, 4 * WIDTH)
    _linear(spec.decoder.projection, dice, len(vocabulary), WIDTH)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    return spec


def _attention(attention, dice, first):
    _norm(attention.layer_norm)
    sizes = [3 * WIDTH, WIDTH] if first == 3 else [WIDTH, 2 * WIDTH, WIDTH]
    for linear, size in zip(attention.linear, sizes, strict=True):
        _linear(linear, dice, size, WIDTH)


def _linear(linear, dice, rows, columns):
    linear.weight, linear.bias = _numbers(dice, rows, columns), np.zeros(rows, dtype=np.float32)


def _norm(norm):
    norm.gamma, norm.beta = np.ones(WIDTH, dtype=np.float32), np.zeros(WIDTH, dtype=np.float32)


def _numbers(dice, rows, columns):
    return dice.normal(0, 1, (rows, columns)).astype(np.float32)
