-- Tickets, and the counters that are counted up under a lock.

CREATE TABLE tickets (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL UNIQUE REFERENCES conversations (id),
    requester_id TEXT NOT NULL REFERENCES persons (id),
    summary TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    impact TEXT,
    urgency TEXT,
    priority TEXT NOT NULL,
    queue TEXT NOT NULL,
    status TEXT NOT NULL,
    assignee_id TEXT REFERENCES persons (id),
    opened_at INTEGER NOT NULL,
    first_response_at INTEGER,
    resolved_at INTEGER,
    updated_at INTEGER NOT NULL,
    resolution TEXT,
    rating INTEGER,
    rating_comment TEXT
) STRICT;

CREATE INDEX tickets_waiting ON tickets (queue, opened_at) WHERE status = 'new';
CREATE INDEX tickets_by_status ON tickets (status, opened_at);
CREATE INDEX tickets_of_requester ON tickets (requester_id);
CREATE INDEX tickets_of_assignee ON tickets (assignee_id) WHERE assignee_id IS NOT NULL;

-- `ticket`: the number given last. `library`: how often the articles have changed.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

INSERT INTO counters (name, value) VALUES ('ticket', 1000), ('library', 0);
