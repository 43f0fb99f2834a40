-- A ticket that has become a part of another one: the other one's number.

ALTER TABLE tickets ADD COLUMN merged_into BIGINT;
