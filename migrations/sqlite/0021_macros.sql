-- Canned answers: a text for each language that has one, and what is done besides, in order, as words.

CREATE TABLE macros (
    name TEXT NOT NULL PRIMARY KEY,
    text_en TEXT,
    text_de TEXT,
    actions TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
