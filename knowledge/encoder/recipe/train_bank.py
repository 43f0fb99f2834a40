"""Teaches German faster: the help desk's texts against a bank of all of them.

    python train_bank.py --vocabulary DIR --pairs pairs.jsonl --issues FILE... --start state.pt --out better.pt [--minutes 60]

`train_helpdesk.py` computes questions, answers and the teacher's opinion in every step, and compares with the few dozen answers
of the batch. Here the teacher (mostly the state begun with) reads everything once, before: English questions are where it has
them, and so are the titles and answers of all issues, which make the bank. A step then reads little but German:

- a question, in either language and sometimes misspelt, is to find its own issue among all in the bank (cross entropy), and to
  see the others as near as the teacher sees them from the English question (Kullback-Leibler divergence: what the
  teacher takes for related stays related);
- it is to lie where the teacher has the English one (cosine);
- so are titles and answers, in both languages, and parallel sentences of `pairs.jsonl`.

What the student makes of a title or answer in passing takes its place in the bank (as the momentum queue of He et al. 2020
does), so that the bank grows better, too.
"""

import argparse
import json
import math
import random
import time

import torch
from torch.nn import functional as F

from bert import MiniLm, encode, folding_tokenizer, in_parts
from noise import misspell
from train_bilingual import LONGEST, examples, stream

QUESTIONS = 128  # in a step
DOCUMENTS = 16
TEMPERATURE = 0.05
TOKENS = 48  # of a text; what is learned on the beginning of an answer holds for the rest
KINDS = [(part, language) for part in ("title", "whole") for language in ("en", "de")]


def written(issue, part, language):
    title, answer = issue["title"][language], issue["answer"][language]
    return f"{title}. {answer}" if part == "whole" and answer else title


def main():
    parser = argparse.ArgumentParser()
    for name in ("vocabulary", "pairs", "start", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--issues", required=True, nargs="+")
    parser.add_argument("--teacher", help="a state that is better than the one begun with")
    parser.add_argument("--held", help="issues to measure on, which nothing is learned from")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--german", type=float, default=0.8, help="share of the questions that are German")
    parser.add_argument("--parallel", type=int, default=48, help="parallel sentences in a step")
    parser.add_argument("--english", type=int, default=0, help="how many of them are read in English, too")
    parser.add_argument("--longest", type=int, default=LONGEST, help="words of a parallel sentence")
    parser.add_argument("--own", type=float, default=0.5, help="weight of finding the own issue, beside the teacher's view")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    tokenizer = folding_tokenizer(f"{options.vocabulary}/vocab.txt")
    teacher, student = MiniLm.saved(options.teacher or options.start).eval(), MiniLm.saved(options.start).train()
    lines = lambda path: [json.loads(line) for line in open(path, encoding="utf-8")]
    issues = [issue for path in options.issues for issue in lines(path)]
    held = lines(options.held) if options.held else []
    questions = [(at, question) for at, issue in enumerate(issues) for question in issue["questions"]]
    wanted = encode(teacher, tokenizer, [question["en"] for _, question in questions])
    # One row for each part and language of each issue. What the teacher says in English is the aim for both languages; in the
    # bank, German begins as the teacher's German.
    bank = torch.stack([encode(teacher, tokenizer, [written(i, *kind) for i in issues]) for kind in KINDS])
    aims = {part: bank[KINDS.index((part, "en"))].clone() for part in ("title", "whole")}
    print(f"{len(issues)} issues, {len(questions)} questions", flush=True)
    parallel = stream({k: v for k, v in examples(options.pairs, [], options.longest).items() if k in ("text", "phrase")},
                      {"text": 0.7, "phrase": 0.3}, rng)
    rest = [p for name, p in student.named_parameters() if name != "pieces.weight"]
    optimisers = [torch.optim.SparseAdam([student.pieces.weight], lr=10 * options.rate),
                  torch.optim.AdamW(rest, lr=options.rate, weight_decay=0.01)]
    groups = [group for optimiser in optimisers for group in optimiser.param_groups]
    peaks = [group["lr"] for group in groups]

    def found(model):
        """Of the held issues' questions, in each language, how many find their own first among all, by title or whole."""
        rows = encode(model, tokenizer, [written(i, part, "en") for i in held for part in ("title", "whole")])
        german = encode(model, tokenizer, [written(i, part, "de") for i in held for part in ("title", "whole")])
        right = []
        for language, articles in (("en", rows), ("de", german), ("de", rows)):
            near = encode(model, tokenizer, [q[language] for i in held for q in i["questions"]])
            best = (near @ articles.T).argmax(1) // 2
            own = torch.tensor([at for at, i in enumerate(held) for _ in i["questions"]])
            right.append((best == own).float().mean().item())
        return "held en {:.3f} de {:.3f} de-en {:.3f}".format(*right)

    if held:
        print(found(teacher), flush=True)
    start, last, sums, step, order = time.time(), time.time(), [0.0] * 5, 0, []
    while True:
        progress = (time.time() - start) / (60 * options.minutes)
        if progress >= 1:
            break
        for group, peak in zip(groups, peaks):
            group["lr"] = peak * min(1, (step + 1) / 50) * (0.5 * (1 + math.cos(math.pi * progress)))
        if len(order) < QUESTIONS:
            order = rng.sample(range(len(questions)), len(questions))
        chosen, order = order[:QUESTIONS], order[QUESTIONS:]
        noisy = lambda text, language: misspell(text, language, rng) if rng.random() < 0.2 else text
        texts, own = [], []
        for at in chosen:
            language = "de" if rng.random() < options.german else "en"
            texts.append(noisy(questions[at][1][language], language))
            own.append(questions[at][0])
        read = [(rng.randrange(len(issues)), rng.choice(KINDS if rng.random() < 0.4 else KINDS[1::2])) for _ in range(DOCUMENTS)]
        texts += [written(issues[at], *kind) for at, kind in read]
        some = next(parallel)[: options.parallel]
        texts += [noisy(de, "de") for _, de in some] + [noisy(en, "en") for en, _ in some[: options.english]]
        out = in_parts(student, [e.ids[:TOKENS] for e in tokenizer.encode_batch(texts)])
        near, far, others = out.split([len(chosen), len(read), len(texts) - len(chosen) - len(read)])
        own, target = torch.tensor(own), wanted[chosen]
        with torch.no_grad():
            # What the teacher sees from the English question: the mean over an issue's parts in English.
            view = (target @ aims["whole"].T + target @ aims["title"].T) / 2
            view = (view / TEMPERATURE).softmax(1)
            theirs = encode(teacher, tokenizer, [en for en, _ in some])
            theirs = torch.cat([theirs, theirs[: options.english]])
        # Each question sees one part, in one language, of every issue: another one in the next step.
        facing = bank[torch.randint(len(KINDS), (len(issues),)), torch.arange(len(issues))]
        scores = near @ facing.T / TEMPERATURE
        contrast = F.cross_entropy(scores, own)
        related = F.kl_div(scores.log_softmax(1), view, reduction="batchmean")
        there = (1 - (near * target).sum(1)).mean()
        written_aims = torch.stack([aims[part][at] for at, (part, _) in read])
        apart = torch.cat([1 - (far * written_aims).sum(1), 1 - (others * theirs).sum(1)]).mean()
        loss = options.own * contrast + related + 6 * there + 10 * apart
        student.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        for optimiser in optimisers:
            optimiser.step()
        for vector, (at, kind) in zip(far.detach(), read):
            bank[KINDS.index(kind), at] = vector
        step += 1
        sums = [s + x for s, x in zip(sums, (contrast.item(), related.item(), there.item(), apart.item(), 1.0))]
        if step % 50 == 0:
            print(f"{step} {progress:.1%} own {sums[0] / sums[4]:.3f} related {sums[1] / sums[4]:.3f}"
                  f" question {sums[2] / sums[4]:.4f} text {sums[3] / sums[4]:.4f}", flush=True)
            sums = [0.0] * 5
        if time.time() - last > 600:
            torch.save(student.state_dict(), options.out)
            last = time.time()
            if held:
                print(found(student), flush=True)
    torch.save(student.state_dict(), options.out)
    if held:
        print(found(student), flush=True)


if __name__ == "__main__":
    main()
