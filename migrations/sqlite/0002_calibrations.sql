-- What the whole base said, when, kept for good: answers name what they were given by. The exact text of a
-- document makes its id, of 32 bytes, so no row is ever changed.
CREATE TABLE guanxi_calibrations (
    tenant   BLOB    NOT NULL,
    id       BLOB    NOT NULL,
    taken_at INTEGER NOT NULL,
    document TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

-- The newest first.
CREATE INDEX guanxi_calibrations_taken_at ON guanxi_calibrations (tenant, taken_at, id);

INSERT INTO guanxi_migrations (number, name) VALUES (2, 'calibrations');
