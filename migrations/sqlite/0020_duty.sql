-- Who of the staff is not on duty at the moment.

ALTER TABLE persons ADD COLUMN off_duty INTEGER NOT NULL DEFAULT 0;
