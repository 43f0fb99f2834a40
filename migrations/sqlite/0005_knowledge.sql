-- The articles that the desk answers from. The counter `library` is counted up with every change.

CREATE TABLE articles (
    id TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL,
    phrasings TEXT NOT NULL,
    steps TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (id, language)
) STRICT;
