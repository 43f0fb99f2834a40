"""Teaches MiniLM German: one encoder for both languages by distillation.

    python train_bilingual.py --minilm DIR --vocabulary DIR --pairs pairs.jsonl --issues issues.jsonl --out student.pt [--minutes 60]

The teacher is the untouched MiniLM. The student starts as MiniLM with the German pieces of `vocabulary_german.py`, and is
to give the German sentence, the English one and misspelt forms of both the vector that the teacher gives the English one
(Reimers and Gurevych 2020, "Making Monolingual Sentence Embeddings Multilingual using Knowledge Distillation"), with an
in-batch contrast that keeps neighbours apart. The learning rate falls to zero at the end of the given time, so on a slower
machine give it more.
"""

import argparse
import json
import math
import random
import time

import numpy as np
import torch
from torch.nn import functional as F

from bert import MiniLm, folding_tokenizer, half, original_tokenizer, pad
from noise import misspell

TOKENS = 1600  # of one language in a step
LONGEST = 18  # words; what is learned on short texts holds for long ones, and costs a third
TEMPERATURE = 0.05
MIX = {"text": 0.42, "phrase": 0.2, "word": 0.03, "issue": 0.35}  # the issues are few, but are what people say
ENGLISH = 0.15  # of the English texts come again: it is known already, and this keeps it


def examples(path, issues, longest=LONGEST):
    kinds = {"text": [], "phrase": [], "word": [], "issue": []}
    for line in open(path, encoding="utf-8"):
        line = json.loads(line)
        kind = "text" if line["source"] != "dictionary" else "phrase" if " " in line["de"].strip() else "word"
        if max(len(line["en"].split()), len(line["de"].split())) <= longest:
            kinds[kind].append((line["en"], line["de"]))
    for path in issues:
        for line in open(path, encoding="utf-8"):
            issue = json.loads(line)
            for text in [*issue["questions"], issue["title"], issue["answer"]]:
                kinds["issue"].append((text["en"], text["de"]))
    return kinds


def stream(kinds, mix, rng):
    """Batches of pairs of about the same length, for ever."""
    names = list(mix)
    queues = {name: [] for name in names}
    while True:
        chunk = []
        for name in rng.choices(names, [mix[n] for n in names], k=12_000):
            if not queues[name]:
                queues[name] = list(kinds[name])
                rng.shuffle(queues[name])
            chunk.append(queues[name].pop())
        chunk.sort(key=lambda pair: len(pair[1]))
        batches, batch, longest = [], [], 0
        for pair in chunk:
            longest = max(longest, len(pair[1]) // 4 + 4, len(pair[0]) // 4 + 4)
            if batch and (len(batch) + 1) * longest > TOKENS:
                batches.append(batch)
                batch, longest = [], len(pair[1]) // 4 + 4
            batch.append(pair)
        batches.append(batch)
        rng.shuffle(batches)
        yield from batches


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minilm", required=True)
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--pairs", required=True)
    parser.add_argument("--issues", required=True, nargs="+")
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--resume")
    parser.add_argument("--teacher", help="a trained state that teaches its own English, instead of MiniLM")
    parser.add_argument("--table-only", action="store_true", help="the layers' matrices stay as they are: a third faster")
    parser.add_argument("--longest", type=int, default=LONGEST, help="words of a text")
    parser.add_argument("--rate", type=float, default=2e-4, help="of the layers; the table learns 15 times as fast")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    tokenizer = folding_tokenizer(f"{options.vocabulary}/vocab.txt")
    if options.teacher:
        teacher, before = MiniLm.saved(options.teacher).eval(), tokenizer
    else:
        teacher, before = MiniLm.original(options.minilm).eval(), original_tokenizer(options.minilm)
    if options.resume:
        student = MiniLm.saved(options.resume)
    else:
        student = teacher.with_pieces(torch.from_numpy(np.load(f"{options.vocabulary}/embeddings.npy")))
    student.train()
    if options.table_only:
        for layer in student.layers.parameters():
            layer.requires_grad_(layer.dim() == 1)
    table = [student.pieces.weight]
    rest = [p for name, p in student.named_parameters() if name != "pieces.weight" and p.requires_grad]
    # Of the table only the rows of a batch's pieces change.
    optimisers = [torch.optim.SparseAdam(table, lr=15 * options.rate, betas=(0.9, 0.98)),
                  torch.optim.AdamW(rest, lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01)]
    groups = [group for optimiser in optimisers for group in optimiser.param_groups]
    peaks = [group["lr"] for group in groups]
    kinds = examples(options.pairs, options.issues, options.longest)
    print({kind: len(pairs) for kind, pairs in kinds.items()}, flush=True)
    start, last, step, seen, sums = time.time(), time.time(), 0, 0, [0.0, 0.0, 0.0]
    for batch in stream(kinds, MIX, rng):
        progress = (time.time() - start) / (60 * options.minutes)
        if progress >= 1:
            break
        for group, peak in zip(groups, peaks):
            group["lr"] = peak * min(1, (step + 1) / 200) * (0.5 * (1 + math.cos(math.pi * progress)))
        noisy = lambda text, language: misspell(text, language, rng) if rng.random() < 0.2 else text
        en, de = [pair[0] for pair in batch], [pair[1] for pair in batch]
        again = [at for at in range(len(batch)) if rng.random() < ENGLISH]
        with torch.no_grad(), half():
            target = teacher(*pad([e.ids for e in before.encode_batch(en)])).float()
        texts = [noisy(text, "de") for text in de] + [noisy(en[at], "en") for at in again]
        ids, mask = pad([e.ids for e in tokenizer.encode_batch(texts)])
        with half():
            out = student(ids, mask)
        wanted = torch.cat([target, target[again]])
        distance = (1 - (out * wanted).sum(1)).mean()
        german = out[: len(batch)]
        contrast = F.cross_entropy(german @ target.T / TEMPERATURE, (target @ target.T / TEMPERATURE).softmax(1))
        loss = 10 * distance + 0.3 * contrast
        student.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        seen += len(batch)
        sums = [s + x for s, x in zip(sums, (distance.item(), contrast.item(), 1.0))]
        if step % 100 == 0:
            rate = seen / (time.time() - start)
            print(f"{step} {progress:.1%} pairs/s {rate:.0f} distance {sums[0] / sums[2]:.4f} contrast {sums[1] / sums[2]:.3f}",
                  flush=True)
            sums = [0.0, 0.0, 0.0]
        if time.time() - last > 240:
            torch.save(student.state_dict(), options.out)
            last = time.time()
    torch.save(student.state_dict(), options.out)


if __name__ == "__main__":
    main()
