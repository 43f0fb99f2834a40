-- How fast we may speak. A place that is a part of a larger one on its platform (a topic of a group) shares the limits of that:
-- `chat` is its address.
ALTER TABLE places ADD COLUMN chat TEXT;

-- `scope` is a platform, or a platform and a chat on it. Nothing is sent there before `due_at`; `recent` holds when something
-- was, as far back as the limit looks.
CREATE TABLE paces (
    scope TEXT NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL,
    recent TEXT NOT NULL
) STRICT;
