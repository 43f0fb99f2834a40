"""The trained bilingual encoder as a model file.

    python bilingual_model.py --minilm DIR --vocabulary DIR --state first.pt second.pt --out ../models/bilingual.flenc [--golden]

Of several states the mean is taken (Wortsman et al. 2022): it is better than each. Every matrix at 8 bits per row. Pieces in scripts other than Latin are left out: they become unknown. `--golden` writes what
the unrounded model answers to the test data of `golden.py` as well.
"""

import argparse
import json
import pathlib
import unicodedata

import numpy as np
import torch

import minilm_model
from bert import LAYERS, MiniLm, encode, folding_tokenizer, original_tokenizer

NAMES = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
         "mixed": "attention.output.dense", "mixed_norm": "attention.output.LayerNorm", "wide": "intermediate.dense",
         "narrow": "output.dense", "norm": "output.LayerNorm"}


def latin(piece):
    return all(not c.isalpha() or "LATIN" in unicodedata.name(c, "") for c in piece)


def main():
    parser = argparse.ArgumentParser()
    for name in ("minilm", "vocabulary", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--state", nargs="+", required=True)
    parser.add_argument("--golden", action="store_true")
    options = parser.parse_args()
    states = [torch.load(path) for path in options.state]
    state = {name: sum(each[name] for each in states) / len(states) for name in states[0]}
    numpy = lambda name: state[name].float().numpy()
    weights = {"embeddings.word_embeddings.weight": numpy("pieces.weight"),
               "embeddings.position_embeddings.weight": numpy("positions.weight"),
               "embeddings.token_type_embeddings.weight": numpy("segment")[None],
               "embeddings.LayerNorm.weight": numpy("norm.weight"), "embeddings.LayerNorm.bias": numpy("norm.bias")}
    for layer in range(LAYERS):
        for ours, theirs in NAMES.items():
            for part in ("weight", "bias"):
                weights[f"encoder.layer.{layer}.{theirs}.{part}"] = numpy(f"layers.{layer}.{ours}.{part}")
    pieces = (pathlib.Path(options.vocabulary) / "vocab.txt").read_text(encoding="utf-8").splitlines()
    vocabulary = {piece: row for row, piece in enumerate(pieces) if latin(piece)}
    characters = minilm_model.character_tables(original_tokenizer(options.minilm))
    file = minilm_model.write(3, weights, vocabulary, characters)
    print(file.write(options.out), pathlib.Path(options.out).stat().st_size, "bytes,", len(vocabulary), "pieces")
    if options.golden:
        here = pathlib.Path(__file__).parent
        texts = json.loads((here / "golden_texts.json").read_text(encoding="utf-8"))
        model = MiniLm(len(pieces))
        model.load_state_dict(state)
        tokenizer = folding_tokenizer(f"{options.vocabulary}/vocab.txt")
        vectors = torch.cat([encode(model.eval(), tokenizer, [text]) for text in texts])
        vectors.numpy().astype("<f4").tofile(here.parent / "tests/data/bilingual.f32")


if __name__ == "__main__":
    main()
