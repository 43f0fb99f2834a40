-- Who talks to the desk. An account is a person on one platform, known by the platform's immutable id of the user.

CREATE TABLE persons (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    language_source TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX persons_staff ON persons (role) WHERE role <> 'requester';

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    platform TEXT NOT NULL,
    user_id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (platform, user_id)
) STRICT;

CREATE INDEX accounts_of_person ON accounts (person_id);
