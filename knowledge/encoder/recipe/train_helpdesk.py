"""Teaches the bilingual encoder what people at a help desk mean.

    python train_helpdesk.py --minilm DIR --vocabulary DIR --pairs pairs.jsonl --issues issues.jsonl \
        --start student.pt --out final.pt [--minutes 15]

From `issues.jsonl` (written for this project: see README.md): a question, in either language and sometimes misspelt, shall be
nearer to the title and answer of its own issue, in either language, than to those of the others in the batch, among them
the neighbours on the list, which are about nearly the same (InfoNCE, van den Oord et al. 2018). Beside it every step
repeats some of the distillation, and keeps questions and answers near to where the teacher has them, so that what MiniLM
knows of the rest of the world stays.

With `--teacher first.pt` the teacher is the result of a first run instead of MiniLM: its English is better by then than
what it was taught, and its German follows it (`--german 0.75 --parallel 144 --rate 1.5e-4`).
"""

import argparse
import json
import math
import random
import time

import torch
from torch.nn import functional as F

from bert import MiniLm, folding_tokenizer, in_parts, original_tokenizer
from noise import misspell
from train_bilingual import LONGEST, examples, stream

RUN = 4  # neighbouring issues that come together
RUNS = 12  # such runs in a batch
TEMPERATURE = 0.05
TOKENS = 48  # of a text; what is learned on the beginning of an answer holds for the rest
KEEP = 2.0  # how strongly the teacher holds on


def batches(issues, rng):
    """Batches of issues: runs of neighbours, from all over the list."""
    while True:
        offset = rng.randrange(RUN)
        runs = [issues[at : at + RUN] for at in range(offset, len(issues) - RUN + 1, RUN)]
        rng.shuffle(runs)
        for at in range(0, len(runs) - RUNS + 1, RUNS):
            yield [issue for run in runs[at : at + RUNS] for issue in run]


def document(issue, language, rng):
    title, answer = issue["title"][language], issue["answer"][language]
    kind = rng.random()
    return title if kind < 0.4 else f"{title}. {answer}" if kind < 0.85 else answer


def main():
    parser = argparse.ArgumentParser()
    for name in ("minilm", "vocabulary", "pairs", "start", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--issues", required=True, nargs="+")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--teacher")
    parser.add_argument("--german", type=float, default=0.5, help="share of the questions that are German")
    parser.add_argument("--parallel", type=int, default=64, help="parallel sentences in a step")
    parser.add_argument("--longest", type=int, default=LONGEST, help="words of a parallel sentence")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    teacher = MiniLm.original(options.minilm).eval()
    before = original_tokenizer(options.minilm)
    tokenizer = folding_tokenizer(f"{options.vocabulary}/vocab.txt")
    if options.teacher:
        state, before = torch.load(options.teacher), tokenizer
        teacher = teacher.with_pieces(state["pieces.weight"])
        teacher.load_state_dict(state)
        teacher.eval()
    state = torch.load(options.start)
    student = teacher.with_pieces(state["pieces.weight"])
    student.load_state_dict(state)
    student.train()
    issues = [json.loads(line) for path in options.issues for line in open(path, encoding="utf-8")]
    kinds = examples(options.pairs, options.issues, options.longest)
    parallel = stream({"text": kinds["text"], "phrase": kinds["phrase"]}, {"text": 0.7, "phrase": 0.3}, rng)
    rest = [p for name, p in student.named_parameters() if name != "pieces.weight"]
    optimisers = [torch.optim.SparseAdam([student.pieces.weight], lr=10 * options.rate),
                  torch.optim.AdamW(rest, lr=options.rate, weight_decay=0.01)]
    groups = [group for optimiser in optimisers for group in optimiser.param_groups]
    peaks = [group["lr"] for group in groups]

    def taught(texts):
        with torch.no_grad():
            return in_parts(teacher, [e.ids for e in before.encode_batch(texts)])

    def learned(texts):
        return in_parts(student, [e.ids[:TOKENS] for e in tokenizer.encode_batch(texts)])

    start, sums, step = time.time(), [0.0] * 4, 0
    for batch in batches(issues, rng):
        progress = (time.time() - start) / (60 * options.minutes)
        if progress >= 1:
            break
        for group, peak in zip(groups, peaks):
            group["lr"] = peak * min(1, (step + 1) / 30) * (0.5 * (1 + math.cos(math.pi * progress)))
        questions, documents, english = [], [], []
        for issue in batch:
            question = rng.choice(issue["questions"])
            asked, answered = ("de" if rng.random() < options.german else "en" for _ in range(2))
            if rng.random() < 0.3:
                answered = asked
            text = misspell(question[asked], asked, rng) if rng.random() < 0.2 else question[asked]
            questions.append(text)
            documents.append(document(issue, answered, rng))
            english.append(question["en"])
        near, far = learned(questions), learned(documents)
        scores = near @ far.T / TEMPERATURE
        own = torch.arange(len(batch))
        contrast = F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own)
        kept = (1 - (near * taught(english)).sum(1)).mean()
        some = next(parallel)[: options.parallel]
        target = taught([en for en, _ in some])
        german = [misspell(de, "de", rng) if rng.random() < 0.15 else de for _, de in some]
        out = learned([*german, *(en for en, _ in some[:16])])
        distance = (1 - (out * torch.cat([target, target[:16]])).sum(1)).mean()
        loss = contrast + KEEP * kept + 10 * distance
        student.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        sums = [s + x for s, x in zip(sums, (contrast.item(), kept.item(), distance.item(), 1.0))]
        if step % 20 == 0:
            contrast, kept, distance = (s / sums[3] for s in sums[:3])
            print(f"{step} {progress:.1%} contrast {contrast:.3f} kept {kept:.3f} distance {distance:.4f}", flush=True)
            sums = [0.0] * 4
    torch.save(student.state_dict(), options.out)


if __name__ == "__main__":
    main()
