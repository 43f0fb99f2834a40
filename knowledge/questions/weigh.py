"""Chooses the weights of `../src/search/fusion.rs` from what the signals say (`../src/search/signals.rs`).

    python weigh.py FOLDER [--start NAME=VALUE ...] [--fix NAME ...]

FOLDER holds NAME.signals.jsonl files. Goes through the weights one after the other, and keeps a change that raises the mean
over the sets of the share of questions whose right article comes first. Prints the figures of every set before and
after. Needs NumPy.
"""

import argparse
import json
import pathlib

import numpy as np

SPACES = 2
# The weights without phrasings to learn from, then those with: `learned.words` and so on.
KINDS = ("line", "lead", "body", "share")
PLAIN = ["words", "chars", "share", *(f"{kind}{space}" for space in range(SPACES) for kind in KINDS)]
NAMES = [*PLAIN, *(f"learned.{name}" for name in PLAIN)]
START = {"words": 0.5, "chars": 0.15, "line0": 0.2, "line1": 0.5, "lead0": 0.3, "lead1": 1.0, "body0": 0.1, "body1": 0.5,
         "learned.words": 1.0, "learned.chars": 0.3, "learned.share": 0.7, "learned.line0": 0.7, "learned.line1": 1.0,
         "learned.lead1": 0.5, "learned.body1": 0.3, "learned.share0": 1.0, "learned.share1": 1.5}
MOST = 40


class Set:
    def __init__(self, path):
        self.name = path.name.removesuffix(".signals.jsonl")
        lines = [json.loads(line) for line in open(path, encoding="utf-8")]
        self.signals = np.zeros((len(lines), MOST, len(NAMES)))
        self.there = np.zeros((len(lines), MOST, len(NAMES)), bool)
        self.right = np.zeros((len(lines), MOST), bool)
        self.factor = np.full((len(lines), MOST), -1.0)
        self.exact = np.zeros((len(lines), MOST), bool)
        self.answerable = np.array([bool(line["expect"]) for line in lines])
        for q, line in enumerate(lines):
            for m, match in enumerate(line["matches"]):
                values = {"words": match["words"], "chars": match["chars"], "share": match["share"]}
                for space in range(SPACES):
                    for kind in ("line", "lead", "body"):
                        values[f"{kind}{space}"] = match[kind][space] or None
                    values[f"share{space}"] = match["learned"][space]
                learned = any(value is not None for value in (match["share"], *match["learned"]))
                values = {f"learned.{name}": value for name, value in values.items()} if learned else values
                for n, name in enumerate(NAMES):
                    if values.get(name) is not None:
                        self.signals[q, m, n] = values[name]
                        self.there[q, m, n] = True
                self.right[q, m] = match["id"] in line["expect"]
                self.factor[q, m] = 1.0 if match["language"] == line["language"] else 0.9
                self.exact[q, m] = match["exact"]

    def scores(self, weights):
        total = (self.there * weights).sum(2)
        scores = (self.signals * weights).sum(2) / np.maximum(total, 1e-9) * np.abs(self.factor)
        scores = np.where(self.exact, 1.0, scores)
        return np.where(self.factor > 0, scores, -1.0)

    def figures(self, weights):
        scores = self.scores(weights)
        order = np.argsort(-scores, axis=1)
        ranked = np.take_along_axis(self.right, order, 1)[self.answerable]
        best = scores.max(1)
        known, unknown = best[self.answerable], best[~self.answerable]
        auroc = (known[:, None] > unknown[None]).mean() if len(unknown) else float("nan")
        return ranked[:, 0].mean(), ranked[:, :3].any(1).mean(), auroc


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--start", nargs="*", default=[])
    parser.add_argument("--fix", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", nargs="*", default=[], help="NAME=VALUE: what a set counts, if not 1")
    options = parser.parse_args()
    sets = [Set(path) for path in sorted(options.folder.glob("*.signals.jsonl"))]
    counts = {s.name: 1.0 for s in sets} | {k: float(v) for k, v in (c.split("=") for c in options.count)}
    start = START | {k: float(v) for k, v in (pair.split("=") for pair in options.start)}
    weights = np.array([start.get(name, 0.0) for name in NAMES])

    def value(weights):
        total = 0.0
        for s in sets:
            top1, top3, auroc = s.figures(weights)
            total += counts[s.name] * (top1 + 0.3 * top3 + (0.0 if np.isnan(auroc) else 0.3 * auroc))
        return total / sum(counts.values())

    def show(weights):
        for s in sets:
            print(f"{s.name:28s} top1 {{:.3f}} top3 {{:.3f}} auroc {{:.3f}}".format(*s.figures(weights)))
        print("value", round(value(weights), 5), {n: round(float(w), 2) for n, w in zip(NAMES, weights) if w})

    show(weights)
    best = value(weights)
    for _ in range(options.rounds):
        for n, name in enumerate(NAMES):
            if name in options.fix:
                continue
            for candidate in sorted({0.0, weights[n] * 0.5, weights[n] * 0.75, weights[n] * 1.33, weights[n] * 2, 0.3}):
                tried = weights.copy()
                tried[n] = candidate
                if value(tried) > best + 2e-4:
                    weights, best = tried, value(tried)
    print()
    show(weights)


if __name__ == "__main__":
    main()
