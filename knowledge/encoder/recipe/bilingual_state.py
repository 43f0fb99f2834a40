"""The shipped model file as a state to train on from.

    python bilingual_state.py --minilm DIR --vocabulary DIR --model ../models/bilingual.flenc --out state.pt

So whoever has only the repository can go on where the last training ended; the vocabulary's `vocab.txt` is written
anew, from the same file. What rounding to 8 bits took, a few steps give
back; the pieces of other scripts, which the file leaves out, are MiniLM's.
"""

import argparse
import pathlib

import torch

import flenc
from bert import LAYERS, WIDTH, MiniLm, original_tokenizer


def pieces_of(file, name):
    ends, text = file[name + ".ends"][0], file[name + ".text"]
    return [text[start:end].decode() for start, end in zip([0, *ends], ends)]


def main():
    parser = argparse.ArgumentParser()
    for name in ("minilm", "vocabulary", "model", "out"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    file = flenc.read(options.model)
    original = MiniLm.original(options.minilm)
    rows = original_tokenizer(options.minilm).get_vocab()
    kept = ["[UNK]", "[CLS]", "[SEP]", *pieces_of(file, "starts"), *("##" + piece for piece in pieces_of(file, "inner"))]
    for piece in kept:
        rows.setdefault(piece, len(rows))
    table = torch.cat([original.pieces.weight.detach(), torch.zeros(len(rows) - original.pieces.num_embeddings, WIDTH)])
    table[[rows[piece] for piece in kept]] = torch.tensor(file["words"])
    folder = pathlib.Path(options.vocabulary)
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("".join(piece + "\n" for piece in sorted(rows, key=rows.get)), encoding="utf-8")
    state = original.with_pieces(table).state_dict()
    given = {"positions.weight": torch.cat([torch.tensor(file["positions"]) - state["segment"],
                                            state["positions.weight"][len(file["positions"]):]]),
             "norm.weight": file["embedding.gain"][0], "norm.bias": file["embedding.shift"][0]}
    for layer in range(LAYERS):
        for kind, values in (("weight", file[f"{layer}.attend"]), ("bias", file[f"{layer}.attend.bias"][0])):
            for part, name in enumerate(("query", "key", "value")):
                given[f"layers.{layer}.{name}.{kind}"] = values[part * WIDTH : (part + 1) * WIDTH]
        for ours, theirs in (("mixed", "merge"), ("wide", "widen"), ("narrow", "narrow")):
            given[f"layers.{layer}.{ours}.weight"] = file[f"{layer}.{theirs}"]
            given[f"layers.{layer}.{ours}.bias"] = file[f"{layer}.{theirs}.bias"][0]
        for ours, theirs in (("mixed_norm", "merge"), ("norm", "narrow")):
            given[f"layers.{layer}.{ours}.weight"] = file[f"{layer}.{theirs}.gain"][0]
            given[f"layers.{layer}.{ours}.bias"] = file[f"{layer}.{theirs}.shift"][0]
    state |= {name: torch.as_tensor(value) for name, value in given.items()}
    torch.save(state, options.out)


if __name__ == "__main__":
    main()
