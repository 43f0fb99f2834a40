-- What we say, and what has happened, line by line.

-- `due_at` is 0 unless the message waits for a retry. `lease_until` is by the database's clock and says until when an attempt is
-- believed to be under way.
CREATE TABLE outbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    place_id TEXT COLLATE "C" NOT NULL REFERENCES places (id),
    speaker JSONB NOT NULL,
    by_bot BOOLEAN NOT NULL,
    operation JSONB NOT NULL,
    target TEXT COLLATE "C",
    external_id TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    attempt BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    reason TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE INDEX outbox_unsent ON outbox (place_id, seq) WHERE state IN ('pending', 'sending', 'retry');
CREATE INDEX outbox_waiting ON outbox (seq) WHERE state IN ('pending', 'sending', 'retry');
CREATE INDEX outbox_troubled ON outbox (state, seq) WHERE state IN ('ambiguous', 'dead');

-- `position` orders the lines of several conversations in one place; `seq` counts those of one conversation.
CREATE TABLE entries (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    place_id TEXT COLLATE "C" NOT NULL REFERENCES places (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor JSONB NOT NULL,
    happening JSONB NOT NULL,
    internal BOOLEAN NOT NULL,
    outbound_id TEXT COLLATE "C" REFERENCES outbox (id),
    UNIQUE (conversation_id, seq)
);

CREATE INDEX entries_shown_in_place ON entries (place_id, position) WHERE NOT internal;
