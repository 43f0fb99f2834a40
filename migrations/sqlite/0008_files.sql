-- Files that came with messages, copied when they arrive: platforms keep them for a while only, and other platforms cannot reach them.

-- `state` is `waiting` until it is copied, then `stored`, `too_large` or `missing`. `size` is what the platform told, then what
-- it is.
CREATE TABLE files (
    id TEXT NOT NULL PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    platform TEXT NOT NULL,
    handle TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT,
    size INTEGER,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX files_waiting ON files (due_at) WHERE state = 'waiting';
CREATE INDEX files_of_conversation ON files (conversation_id);

CREATE TABLE file_contents (
    file_id TEXT NOT NULL PRIMARY KEY REFERENCES files (id),
    bytes BLOB NOT NULL
) STRICT;
