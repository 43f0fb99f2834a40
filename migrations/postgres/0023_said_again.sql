-- How often a message was said once more, because nobody knew whether it had arrived and nobody would have noticed; and whether
-- its author has taken it back, so that nobody sends it again.

ALTER TABLE outbox ADD COLUMN repeats BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN taken_back BOOLEAN NOT NULL DEFAULT FALSE;
