-- Where staff work: a thread per ticket and room, and which message is a copy of which line.

-- `shown_seq` is the last line of the conversation's timeline that has been passed on to the thread. `card` is what its card was
-- last asked to say. `opened` is whether the platform has the thread; one without an `external_id` then lives in its room as
-- such, around its card.
CREATE TABLE threads (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    place_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES places (id),
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    platform TEXT COLLATE "C" NOT NULL,
    room TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    opened BOOLEAN NOT NULL,
    external_id TEXT COLLATE "C",
    card JSONB,
    card_id TEXT COLLATE "C",
    closed BOOLEAN NOT NULL,
    menu TEXT COLLATE "C",
    notes BOOLEAN NOT NULL,
    shown_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (conversation_id, platform, room)
);

CREATE INDEX threads_by_external ON threads (platform, room, external_id);
CREATE INDEX threads_by_card ON threads (platform, room, card_id);

-- A line of a timeline as a message in a place: one of ours (`outbound_id`), or one that somebody wrote there (`external_id`).
CREATE TABLE copies (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id TEXT COLLATE "C" NOT NULL REFERENCES entries (id),
    place_id TEXT COLLATE "C" NOT NULL REFERENCES places (id),
    outbound_id TEXT COLLATE "C" REFERENCES outbox (id),
    external_id TEXT COLLATE "C"
);

CREATE INDEX copies_of_entry ON copies (entry_id, place_id);
CREATE INDEX copies_by_message ON copies (place_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX copies_by_outbound ON copies (outbound_id) WHERE outbound_id IS NOT NULL;

-- The platform's ids of all messages that one of ours became, in order.
CREATE TABLE outbox_parts (
    outbound_id TEXT COLLATE "C" NOT NULL REFERENCES outbox (id),
    position BIGINT NOT NULL,
    place_id TEXT COLLATE "C" NOT NULL REFERENCES places (id),
    external_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (outbound_id, position)
);

CREATE INDEX outbox_parts_by_message ON outbox_parts (place_id, external_id);

-- `told_attempt`: up to which attempt staff know what became of it.
ALTER TABLE outbox ADD COLUMN told_attempt BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN is_card BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX outbox_of_conversation ON outbox (conversation_id, place_id, state);

-- `news` counts what has happened to a ticket; `mirrored` is how far its rooms have been told.
ALTER TABLE tickets ADD COLUMN news BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tickets ADD COLUMN mirrored BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tickets_with_news ON tickets (number) WHERE news > mirrored;
