-- Tickets, and the counters that are counted up under a lock.

CREATE TABLE tickets (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    conversation_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES conversations (id),
    requester_id TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    summary TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    impact TEXT COLLATE "C",
    urgency TEXT COLLATE "C",
    priority TEXT COLLATE "C" NOT NULL,
    queue TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    assignee_id TEXT COLLATE "C" REFERENCES persons (id),
    opened_at BIGINT NOT NULL,
    first_response_at BIGINT,
    resolved_at BIGINT,
    updated_at BIGINT NOT NULL,
    resolution TEXT COLLATE "C",
    rating BIGINT,
    rating_comment TEXT COLLATE "C"
);

CREATE INDEX tickets_waiting ON tickets (queue, opened_at) WHERE status = 'new';
CREATE INDEX tickets_by_status ON tickets (status, opened_at);
CREATE INDEX tickets_of_requester ON tickets (requester_id);
CREATE INDEX tickets_of_assignee ON tickets (assignee_id) WHERE assignee_id IS NOT NULL;

-- `ticket`: the number given last. `library`: how often the articles have changed.
CREATE TABLE counters (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

INSERT INTO counters (name, value) VALUES ('ticket', 1000), ('library', 0);
