-- What we say, and what has happened, line by line.

-- `due_at` is 0 unless the message waits for a retry. `lease_until` is by the database's clock and says until when an attempt is
-- believed to be under way.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    place_id TEXT NOT NULL REFERENCES places (id),
    speaker TEXT NOT NULL,
    by_bot INTEGER NOT NULL,
    operation TEXT NOT NULL,
    target TEXT,
    external_id TEXT,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

CREATE INDEX outbox_unsent ON outbox (place_id, seq) WHERE state IN ('pending', 'sending', 'retry');
CREATE INDEX outbox_waiting ON outbox (seq) WHERE state IN ('pending', 'sending', 'retry');
CREATE INDEX outbox_troubled ON outbox (state, seq) WHERE state IN ('ambiguous', 'dead');

-- `position` orders the lines of several conversations in one place; `seq` counts those of one conversation.
CREATE TABLE entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    place_id TEXT NOT NULL REFERENCES places (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    happening TEXT NOT NULL,
    internal INTEGER NOT NULL,
    outbound_id TEXT REFERENCES outbox (id),
    UNIQUE (conversation_id, seq)
) STRICT;

CREATE INDEX entries_shown_in_place ON entries (place_id, position) WHERE NOT internal;
