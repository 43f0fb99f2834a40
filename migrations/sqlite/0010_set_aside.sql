-- What a platform sent and this version does not understand: kept as it came, so that nothing is lost.

CREATE TABLE set_aside (
    source TEXT NOT NULL,
    item_key TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (source, item_key)
) STRICT;
