-- Who is there, whose turn it is to be mirrored, and the clocks of tickets.

-- A run of the program that sends messages. `epoch` grows with every run. `alive_until` and `steady_since` are by the database's
-- clock: until when it is believed alive, and since when it has said so without a gap. `gone` is final: who is gone and comes
-- back is another one. `whereabouts` is what tells, on the same machine, whether the process is still there.
CREATE TABLE instances (
    epoch BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,
    whereabouts TEXT COLLATE "C" NOT NULL,
    alive_until BIGINT NOT NULL,
    steady_since BIGINT NOT NULL,
    gone BOOLEAN NOT NULL
);

-- The run that makes the attempt; those that say nothing of themselves (a terminal) leave it empty.
ALTER TABLE outbox ADD COLUMN sender BIGINT;

-- `set_at` is when `due_at` was set, by the same clock: when that clock has been put back since, there is nothing to wait for.
ALTER TABLE paces ADD COLUMN set_at BIGINT NOT NULL DEFAULT 0;

-- The ticket whose turn was longest ago is told of next; one that failed waits, alone, until `mirror_due_at`.
ALTER TABLE tickets ADD COLUMN mirror_tried_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN mirror_due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN mirror_failures BIGINT NOT NULL DEFAULT 0;
DROP INDEX tickets_with_news;
CREATE INDEX tickets_with_news ON tickets (mirror_tried_at, number) WHERE news > mirrored;

-- Since when the requester has waited for an answer; how long the ticket has waited for the requester, and since when it does;
-- and when its card looks different though nothing happens, because one of its clocks runs out.
ALTER TABLE tickets ADD COLUMN waiting_since BIGINT;
ALTER TABLE tickets ADD COLUMN paused_since BIGINT;
ALTER TABLE tickets ADD COLUMN paused_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN clock_at BIGINT;
CREATE INDEX tickets_by_clock ON tickets (clock_at) WHERE clock_at IS NOT NULL;
