-- Who of the staff is not on duty at the moment.

ALTER TABLE persons ADD COLUMN off_duty BOOLEAN NOT NULL DEFAULT FALSE;
