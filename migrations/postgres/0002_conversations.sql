-- Where conversations happen, the conversations, and what has arrived in them.

CREATE TABLE places (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    platform TEXT COLLATE "C" NOT NULL,
    place_key TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (platform, place_key)
);

-- `pending_since` is when the oldest pending event of the inbox was accepted. It is kept here so that taking the next lease is
-- one look at one row; whoever changes which events are pending writes it while holding this row.
-- `lease_until` is by the database's clock; all other times are by the callers'.
CREATE TABLE conversations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    place_id TEXT COLLATE "C" NOT NULL REFERENCES places (id),
    requester_id TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    state JSONB NOT NULL,
    phase TEXT COLLATE "C" NOT NULL,
    held BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    wake_at BIGINT,
    pending_since BIGINT,
    entry_seq BIGINT NOT NULL,
    lease_epoch BIGINT NOT NULL,
    lease_owner TEXT COLLATE "C",
    lease_until BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX conversations_active ON conversations (place_id) WHERE active;
CREATE INDEX conversations_of_requester ON conversations (requester_id);
CREATE INDEX conversations_pending ON conversations (pending_since) WHERE pending_since IS NOT NULL;
CREATE INDEX conversations_waking ON conversations (wake_at) WHERE wake_at IS NOT NULL;

-- `seq` is the order of acceptance within a conversation. It is no cursor over all of them: PostgreSQL commits sequence numbers
-- out of order.
CREATE TABLE inbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    platform TEXT COLLATE "C" NOT NULL,
    dedupe_key TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    kind JSONB NOT NULL,
    raw JSONB NOT NULL,
    sent_at BIGINT,
    accepted_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    failures BIGINT NOT NULL,
    reason TEXT COLLATE "C",
    handled_at BIGINT,
    UNIQUE (platform, dedupe_key)
);

CREATE INDEX inbox_pending ON inbox (conversation_id, seq) WHERE state = 'pending';
CREATE INDEX inbox_failed ON inbox (seq) WHERE state = 'failed';

CREATE TABLE watermarks (
    source TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    position TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL
);
