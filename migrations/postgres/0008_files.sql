-- Files that came with messages, copied when they arrive: platforms keep them for a while only, and other platforms cannot reach them.

-- `state` is `waiting` until it is copied, then `stored`, `too_large` or `missing`. `size` is what the platform told, then what
-- it is.
CREATE TABLE files (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    platform TEXT COLLATE "C" NOT NULL,
    handle TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C",
    size BIGINT,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX files_waiting ON files (due_at) WHERE state = 'waiting';
CREATE INDEX files_of_conversation ON files (conversation_id);

CREATE TABLE file_contents (
    file_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES files (id),
    bytes BYTEA NOT NULL
);
