"""A state moved back towards MiniLM, which knows more about everything but help desks.

    python towards_minilm.py --minilm DIR --state state.pt --share 0.35 --out mixed.pt

The weighted mean of both (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"); German pieces, which MiniLM lacks, stay.
Training began with MiniLM's weights, so the way between is short enough for the mean to be better in English than either end; German
loses a little, which `train_bank.py` gives back.
"""

import argparse

import torch

from bert import MiniLm


def main():
    parser = argparse.ArgumentParser()
    for name in ("minilm", "state", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--share", type=float, required=True, help="of MiniLM, from 0 to 1")
    options = parser.parse_args()
    original, state = MiniLm.original(options.minilm).state_dict(), torch.load(options.state)
    for name, theirs in original.items():
        ours = state[name][: len(theirs)] if name == "pieces.weight" else state[name]
        ours.lerp_(theirs, options.share)
    torch.save(state, options.out)


if __name__ == "__main__":
    main()
