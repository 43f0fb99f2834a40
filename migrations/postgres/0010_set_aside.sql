-- What a platform sent and this version does not understand: kept as it came, so that nothing is lost.

CREATE TABLE set_aside (
    source TEXT COLLATE "C" NOT NULL,
    item_key TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    raw JSONB NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (source, item_key)
);
