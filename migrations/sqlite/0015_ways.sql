-- Other ways to a place than its own address, and answers that are for one person alone.

-- A place can be reached by another address, too: a thread that was made for it. `greeting` is what the thread has still to begin
-- with, and gone when it has.
CREATE TABLE ways (
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    place_id TEXT NOT NULL REFERENCES places (id),
    greeting TEXT,
    opened_at INTEGER NOT NULL,
    PRIMARY KEY (platform, address)
) STRICT;

CREATE INDEX ways_of_place ON ways (place_id, opened_at);

-- Where what is said goes now; nowhere else than to the place's own address where it is not set.
ALTER TABLE places ADD COLUMN way TEXT;

-- `via`: where an event can be answered for a while, so that nobody but its author sees it.
ALTER TABLE inbox ADD COLUMN via TEXT;
ALTER TABLE outbox ADD COLUMN via TEXT;
