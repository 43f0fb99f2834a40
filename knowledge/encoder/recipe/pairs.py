"""Collects sentences that stand in English and in German, from unpacked Debian packages, for `train_german.py`.

    python pairs.py --debian DIR --out pairs.jsonl

DIR is a folder into which packages were unpacked (README.md names them): translation catalogues (*.mo), help pages in
Mallard and DocBook, the help of LibreOffice and GIMP and Debian's books as HTML, and the dictionary of trans-de-en. Help
pages are aligned paragraph by paragraph where both languages have equally many; what does not fit is left out.
The pages of gnome-user-docs are left out on purpose: the search is measured on them.

Writes lines {"en", "de", "source"}, shuffled, no pair twice.
"""

import argparse
import gettext
import html
import json
import pathlib
import random
import re
from xml.etree import ElementTree

from lxml import html as lxml_html

LONGEST = 60  # words


def clean(text):
    text = re.sub(r"<[^<>]{1,80}>", " ", text)
    text = html.unescape(text)
    return re.sub(r"\s+", " ", text).strip()


def label(text):
    """A text of a user interface without its marks for shortcuts."""
    text = re.sub(r"\(&\w\)|\(_\w\)", "", text)
    return clean(re.sub(r"(?<![A-Za-z0-9])[_&](?=\w)|(?<=\w)[_&](?=\w)|~(?=\w)", "", text))


def usable(en, de):
    words_en, words_de = len(en.split()), len(de.split())
    if not 1 <= words_en <= LONGEST or not 1 <= words_de <= LONGEST or en == de:
        return False
    if max(words_en, words_de) > 2.5 * min(words_en, words_de) + 3:
        return False
    letters = lambda text: sum(c.isalpha() for c in text)
    return letters(en) > 0.6 * len(en) and letters(de) > 0.6 * len(de) and "http" not in en and en.count("%") < 3


SENTENCE = re.compile(r"(?<=[a-zäöüß)\"”“][.!?:]) +(?=[A-ZÄÖÜ„“\"])")


def sentences(en, de):
    """The pair, and if it has several sentences in both languages, equally many, each of them."""
    if usable(en, de):
        yield en, de
    left, right = SENTENCE.split(en), SENTENCE.split(de)
    if len(left) == len(right) > 1:
        yield from (pair for pair in zip(left, right) if usable(*pair))


def catalogues(root):
    for path in root.rglob("LC_MESSAGES/*.mo"):
        if "/de/" not in str(path):
            continue
        try:
            with open(path, "rb") as file:
                entries = gettext.GNUTranslations(file)._catalog
        except (OSError, UnicodeDecodeError, ValueError, AssertionError):
            continue
        for key, value in entries.items():
            if isinstance(key, tuple) or not isinstance(value, str) or not key or not value:
                continue
            en, de = label(key.split("\x04")[-1].split("\x00")[0]), label(value.split("\x00")[0])
            yield from sentences(en, de)


def xml_blocks(path):
    blocks = []
    tags = {"p", "title", "desc", "para", "term", "cite", "subtitle"}
    try:
        for element in ElementTree.parse(path).iter():
            name = element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
            if name in tags:
                blocks.append((name, clean("".join(element.itertext()))))
    except ElementTree.ParseError:
        return []
    return blocks


def html_blocks(path, by_id=False):
    try:
        tree = lxml_html.parse(str(path), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except OSError:
        return []
    blocks = []
    for element in tree.iter("p", "h1", "h2", "h3", "h4", "li", "dt", "td", "th"):
        if element.tag in ("li", "td", "th") and element.find(".//p") is not None:
            continue
        if by_id and not element.get("id"):
            continue
        blocks.append((element.get("id") if by_id else element.tag, clean(element.text_content())))
    return blocks


def aligned(left, right):
    if len(left) == len(right) and [kind for kind, _ in left] == [kind for kind, _ in right]:
        for (_, en), (_, de) in zip(left, right):
            yield from sentences(en, de)


def help_pages(root):
    for de in [*root.glob("usr/share/help/de/**/*.page"), *root.glob("usr/share/help/de/**/*.docbook")]:
        if "/gnome-help/" in str(de) or "/system-admin-guide/" in str(de):
            continue
        en = pathlib.Path(str(de).replace("/help/de/", "/help/C/"))
        if en.exists():
            yield from aligned(xml_blocks(en), xml_blocks(de))


def html_books(root):
    for de in root.glob("usr/share/libreoffice/help/de/**/*.html"):
        en = pathlib.Path(str(de).replace("/help/de/", "/help/en-US/"))
        if en.exists():
            left = dict(html_blocks(en, by_id=True))
            for key, text in html_blocks(de, by_id=True):
                if key in left:
                    yield from sentences(left[key], text)
    for folder, here, there in (("usr/share/gimp/2.0/help", "/de/", "/en/"),
                                ("usr/share/doc/debian-handbook/html", "/de-DE/", "/en-US/")):
        for de in root.glob(f"{folder}{here}**/*.html"):
            en = pathlib.Path(str(de).replace(here, there))
            if en.exists():
                yield from aligned(html_blocks(en), html_blocks(de))
    for de in root.glob("usr/share/debian-reference/*.de.html"):
        yield from aligned(html_blocks(str(de).replace(".de.", ".en.")), html_blocks(de))
    for de in root.glob("usr/share/developers-reference/de/*.html"):
        yield from aligned(html_blocks(str(de).replace("/de/", "/")), html_blocks(de))
    for de in root.glob("usr/share/doc/installation-guide-amd64/de/*.html"):
        yield from aligned(html_blocks(str(de).replace("/de/", "/en/")), html_blocks(de))


def dictionary(root):
    path = root / "usr/share/trans/de-en"
    if not path.exists():
        return
    bare = lambda text: clean(re.sub(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|/[^/]*/|\"|<[^>]*>", " ", text))
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or " :: " not in line:
            continue
        de_side, en_side = line.split(" :: ", 1)
        for de, en in zip(de_side.split("|"), en_side.split("|")):
            # The first words of each side belong together; further synonyms on either side mean the same.
            des, ens = [bare(x) for x in de.split(";")], [bare(x) for x in en.split(";")]
            for position in range(min(2, max(len(des), len(ens)))):
                pair = ens[position % len(ens)], des[position % len(des)]
                if all(pair) and usable(*pair):
                    yield pair


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--debian", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    options = parser.parse_args()
    sources = {"catalogue": catalogues, "help": help_pages, "book": html_books, "dictionary": dictionary}
    seen, lines = set(), []
    for source, collect in sources.items():
        before = len(lines)
        for en, de in collect(options.debian):
            if (en, de) not in seen:
                seen.add((en, de))
                lines.append({"en": en, "de": de, "source": source})
        print(source, len(lines) - before)
    # In the order of the texts, not of the file system; then mixed.
    lines.sort(key=lambda line: (line["en"], line["de"]))
    random.Random(1).shuffle(lines)
    with open(options.out, "w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
