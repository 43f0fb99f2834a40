"""Misspellings as people make them: a neighbouring key, a letter left out, doubled or swapped."""

ROWS = {"en": ["qwertyuiop", "asdfghjkl", "zxcvbnm"], "de": ["qwertzuiopü", "asdfghjklöä", "yxcvbnm"]}
NEIGHBOURS = {
    language: {
        key: [rows[r][c] for r in (row - 1, row, row + 1) for c in (column - 1, column, column + 1)
              if 0 <= r < 3 and 0 <= c < len(rows[r]) and (r, c) != (row, column)]
        for row in range(3) for column, key in enumerate(rows[row])}
    for language, rows in ROWS.items()
}


def misspell(text, language, random):
    """The text with one or two of its longer words misspelt."""
    words = text.split(" ")
    places = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    random.shuffle(places)
    for at in places[: random.choice((1, 1, 2))]:
        word = words[at]
        place = random.randrange(1, len(word))
        kind = random.randrange(4)
        if kind == 0 and word[place].lower() in NEIGHBOURS[language]:
            word = word[:place] + random.choice(NEIGHBOURS[language][word[place].lower()]) + word[place + 1 :]
        elif kind == 1:
            word = word[:place] + word[place + 1 :]
        elif kind == 2:
            word = word[:place] + word[place] + word[place:]
        elif place + 1 < len(word):
            word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        words[at] = word
    return " ".join(words)
