-- Of several instances one takes in what a source tells. `epoch` grows whenever another one begins, and whoever has an older one
-- cannot commit any more. `lease_until` is by the database's clock.

CREATE TABLE source_leases (
    source TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
);
