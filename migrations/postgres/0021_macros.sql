-- Canned answers: a text for each language that has one, and what is done besides, in order, as words.

CREATE TABLE macros (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    text_en TEXT COLLATE "C",
    text_de TEXT COLLATE "C",
    actions TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL
);
