-- When the attempt under way was begun, by the caller's clock: what counts against the pace of its chat is moved from then to when
-- the platform must have had it.

ALTER TABLE outbox ADD COLUMN taken_at BIGINT;
