"""Which pieces of USE's vocabulary German and English need.

Only counts of pieces leave this file; no text of the sources does. A piece that no best segmentation uses can be
removed without changing any segmentation, so texts made of the kept pieces get exactly the ids that the full
vocabulary gives them.
"""

import collections
import gzip
import html
import pathlib
import re
import unicodedata

TAG = re.compile(r"<[^>]+>")


def lines_of(debian):
    """English and German text and word lists from unpacked Debian packages (see README.md)."""
    share = pathlib.Path(debian) / "usr/share"
    for name in ("ngerman", "american-english-large", "british-english"):
        for word in (share / "dict" / name).read_text(encoding="utf-8", errors="replace").split():
            # As written, small and all capitals (how people type), as the first word, as the second half of a compound.
            yield from {word, word.lower(), word.upper(), word.capitalize(), "x" + word.lower()}
    for language in ("C", "de"):
        for path in sorted((share / "help" / language).rglob("*.page")):
            yield from TAG.sub(" ", html.unescape(path.read_text(encoding="utf-8"))).splitlines()
    for language in ("en-US", "de-DE"):
        for path in sorted((share / "doc/debian-handbook/html" / language).glob("*.html")):
            yield from TAG.sub(" ", html.unescape(path.read_text(encoding="utf-8"))).splitlines()
    with gzip.open(share / "dictd/freedict-deu-eng.dict.dz", "rt", encoding="utf-8") as file:
        for line in file:
            line = re.sub(r"/[^/]*/", " ", line.strip())
            if line:
                yield line
                yield line.lower()


def count_pieces(processor, lines):
    counts = collections.Counter()
    batch = []
    for line in lines:
        batch.append(line)
        if len(batch) == 20000:
            for ids in processor.EncodeAsIds(batch):
                counts.update(ids)
            batch.clear()
    for ids in processor.EncodeAsIds(batch):
        counts.update(ids)
    return counts


def scripts(piece):
    return {unicodedata.name(c, "?").split()[0] for c in piece if c.isalpha()}


def is_plain(piece):
    """Latin letters, or no letters at all and nothing from the CJK blocks."""
    if any(0x2E80 <= ord(c) <= 0xFFEF and c != "\ufffd" for c in piece):
        return False
    return scripts(piece) <= {"LATIN", "MICRO", "MASCULINE", "FEMININE"}


def choose(processor, counts, size):
    """The ids to keep: everything short and plain, then what was counted, then the likeliest Latin pieces."""
    usable = [i for i in range(3, processor.vocab_size()) if is_plain(processor.IdToPiece(i))]
    kept = {i for i in usable if len(processor.IdToPiece(i).lstrip("▁")) <= 1 or not scripts(processor.IdToPiece(i))}
    by_count = sorted((i for i in usable if counts[i]), key=lambda i: (-counts[i], i))
    by_score = sorted(usable, key=lambda i: (-processor.GetScore(i), i))
    for order in (by_count, by_score):
        for piece in order:
            if len(kept) >= size:
                break
            kept.add(piece)
    return kept
