#!/usr/bin/env python3
"""Checks the question files beside this script against the starter articles.

Run it from anywhere; it needs nothing but Python 3 and reads only files.
It fails (exit status 1) when a line is not valid, an id does not exist, an
article has too few questions, a question repeats a phrasing of an article, or
its words overlap too much with a phrasing of the article it expects.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
STARTER = HERE.parent / "starter"
LIMIT = 0.6
FILES = {
    "en.jsonl": ("en", 160),
    "de.jsonl": ("de", 160),
    "en_unanswerable.jsonl": ("en", 70),
    "de_unanswerable.jsonl": ("de", 70),
}


def tokens(text):
    """Lower-cased words without punctuation; an apostrophe joins (isn't -> isnt)."""
    return re.findall(r"\w+", text.lower().replace("'", "").replace("’", ""))


def phrasings_and_titles():
    """Returns {id: [phrasing or title, ...]} over both languages."""
    found = {}
    for path in sorted(STARTER.glob("*/*.md")):
        head = path.read_text(encoding="utf-8").split("\n---\n")[0].splitlines()
        texts, inside = [], False
        for line in head:
            if line.startswith("title:"):
                texts.append(line[len("title:"):])
            elif line.startswith("phrasings:"):
                inside = True
            elif inside and line.startswith("- "):
                texts.append(line[2:].replace('\\"', '"'))
            elif not line.startswith("- "):
                inside = False
        found.setdefault(path.stem, []).extend(texts)
    return found


def main():
    articles = phrasings_and_titles()
    known = {" ".join(tokens(t)) for texts in articles.values() for t in texts}
    problems, seen = [], {}
    for name, (language, least) in FILES.items():
        lines = (HERE / name).read_text(encoding="utf-8").splitlines()
        count, halves, nearest = Counter(), {0: set(), 1: set()}, 0.0
        for number, line in enumerate(lines, 1):
            where = f"{name}:{number}"
            try:
                question = json.loads(line)
            except ValueError as error:
                problems.append(f"{where}: no valid JSON: {error}")
                continue
            if list(question) != ["text", "language", "expect"]:
                problems.append(f"{where}: wrong keys {list(question)}")
                continue
            text, expect = question["text"], question["expect"]
            words = tokens(text)
            key = " ".join(words)
            if question["language"] != language:
                problems.append(f"{where}: language {question['language']}")
            if key in seen:
                problems.append(f"{where}: the same as {seen[key]}")
            seen[key] = where
            if key in known:
                problems.append(f"{where}: repeats a phrasing or title: {text}")
            if bool(expect) == name.endswith("_unanswerable.jsonl"):
                problems.append(f"{where}: expect {expect}")
            for article in expect:
                if article not in articles:
                    problems.append(f"{where}: no article {article}")
                    continue
                count[article] += 1
                halves[number % 2].add(article)
                for phrasing in articles[article]:
                    other = set(tokens(phrasing))
                    overlap = len(other & set(words)) / len(other | set(words))
                    nearest = max(nearest, overlap)
                    if overlap >= LIMIT:
                        problems.append(f"{where}: {overlap:.2f} {text!r} ~ {phrasing!r}")
        if len(lines) < least:
            problems.append(f"{name}: only {len(lines)} lines")
        if not name.endswith("_unanswerable.jsonl"):
            for article in articles:
                if count[article] < 2:
                    problems.append(f"{name}: {article} only {count[article]} times")
                for half in halves:
                    if article not in halves[half]:
                        problems.append(f"{name}: {article} not in both halves")
        print(f"{name}: {len(lines)} questions, greatest overlap {nearest:.2f}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
