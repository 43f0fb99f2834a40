-- Which change an article is from: the value that the counter `library` had after it. Whoever changes articles holds the
-- counter's row until the commit, so revisions become visible in their order, and "all since N" misses nothing.

ALTER TABLE articles ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

CREATE INDEX articles_by_revision ON articles (revision);

-- What was removed and is not there again.
CREATE TABLE retired_articles (
    id TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (id, language)
);

CREATE INDEX retired_articles_by_revision ON retired_articles (revision);
