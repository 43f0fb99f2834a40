-- Where conversations happen, the conversations, and what has arrived in them.

CREATE TABLE places (
    id TEXT NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    place_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (platform, place_key)
) STRICT;

-- `pending_since` is when the oldest pending event of the inbox was accepted. It is kept here so that taking the next lease is
-- one look at one row; whoever changes which events are pending writes it while holding this row.
-- `lease_until` is by the database's clock; all other times are by the callers'.
CREATE TABLE conversations (
    id TEXT NOT NULL PRIMARY KEY,
    place_id TEXT NOT NULL REFERENCES places (id),
    requester_id TEXT NOT NULL REFERENCES persons (id),
    state TEXT NOT NULL,
    phase TEXT NOT NULL,
    held INTEGER NOT NULL,
    active INTEGER NOT NULL,
    wake_at INTEGER,
    pending_since INTEGER,
    entry_seq INTEGER NOT NULL,
    lease_epoch INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX conversations_active ON conversations (place_id) WHERE active;
CREATE INDEX conversations_of_requester ON conversations (requester_id);
CREATE INDEX conversations_pending ON conversations (pending_since) WHERE pending_since IS NOT NULL;
CREATE INDEX conversations_waking ON conversations (wake_at) WHERE wake_at IS NOT NULL;

-- `seq` is the order of acceptance within a conversation. It is no cursor over all of them: PostgreSQL commits sequence numbers
-- out of order.
CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    platform TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    raw TEXT NOT NULL,
    sent_at INTEGER,
    accepted_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    failures INTEGER NOT NULL,
    reason TEXT,
    handled_at INTEGER,
    UNIQUE (platform, dedupe_key)
) STRICT;

CREATE INDEX inbox_pending ON inbox (conversation_id, seq) WHERE state = 'pending';
CREATE INDEX inbox_failed ON inbox (seq) WHERE state = 'failed';

CREATE TABLE watermarks (
    source TEXT NOT NULL PRIMARY KEY,
    position TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
