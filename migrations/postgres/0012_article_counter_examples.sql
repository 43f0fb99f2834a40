-- Questions that look as if they were about an article and are not: a JSON list.

ALTER TABLE articles ADD COLUMN not_for JSONB NOT NULL DEFAULT '[]';
