-- Every key begins with the tenant. Instants are microseconds since 1970-01-01T00:00:00Z. Documents are
-- JSON, so that `document ->> 'field'` reads them; not jsonb, which would not give back the same bytes.

CREATE TABLE guanxi_migrations (
    number bigint NOT NULL PRIMARY KEY,
    name   text   NOT NULL
);

-- One row. Positions in the feed are transaction numbers, which begin anew in another cluster: there
-- `feed_base` is added to them, so that they go on from where they were.
CREATE TABLE guanxi_cluster (
    only_row          boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
    system_identifier bigint  NOT NULL,
    feed_base         bigint  NOT NULL
);

INSERT INTO guanxi_cluster (system_identifier, feed_base)
SELECT system_identifier, 0 FROM pg_control_system();

-- What hosts ask by, one row per customer.
CREATE TABLE guanxi_customers (
    tenant        uuid   NOT NULL,
    id            uuid   NOT NULL,
    revision      bigint NOT NULL,
    -- Where in the feed the last entry stands.
    position      bigint NOT NULL,
    stage         text   NOT NULL,
    -- The tier, 'A', 'B' or 'C': a person's word until a run records its end, or what the last review
    -- gave. NULL when there is none.
    tier          text,
    -- The risk band that the last review gave: 'low', 'medium', 'high' or 'critical'.
    risk          text,
    -- When the customer was reviewed last; NULL before the first review.
    reviewed_at   bigint,
    -- Nothing writes this yet: it is NULL until the library knows owners. It is here so that queries and
    -- indexes of hosts need not change then.
    owner         uuid,
    -- NULL when nothing falls due by itself.
    wake_at       bigint,
    -- The rulebook that judged the customer; NULL while only a profile is known.
    policy        bytea,
    in_force_from bigint,
    PRIMARY KEY (tenant, id)
);

-- Only what the library asks by has an index, because every write has to keep it. Make those that you ask by
-- yourself: docs/postgres.md has them.

-- Who is due: for each rulebook a range in the order of waking, and then of ids.
CREATE INDEX guanxi_customers_agenda ON guanxi_customers
    (tenant, in_force_from, policy, wake_at, id) WHERE policy IS NOT NULL;

-- The documents that a customer is made of, but for the personal ones. Room is left on each page, so that
-- a document's next version stays beside it and no index has to change.
CREATE TABLE guanxi_parts (
    tenant   uuid   NOT NULL,
    customer uuid   NOT NULL,
    part     text   COLLATE "C" NOT NULL,
    schema   bigint NOT NULL,
    document json   NOT NULL,
    PRIMARY KEY (tenant, customer, part)
) WITH (fillfactor = 85);

-- The personal ones, apart, so that an erasure need not clean the whole table.
CREATE TABLE guanxi_personal_parts (
    tenant   uuid   NOT NULL,
    customer uuid   NOT NULL,
    part     text   COLLATE "C" NOT NULL,
    schema   bigint NOT NULL,
    document json   NOT NULL,
    PRIMARY KEY (tenant, customer, part)
);

-- What happened, never changed but for fingerprints that are forgotten. A command is known by the
-- entries it made, so there is no table of commands: `ordinal` counts the entries of one commit, and
-- two commits of one command always meet at 0.
CREATE TABLE guanxi_journal (
    tenant      uuid    NOT NULL,
    customer    uuid    NOT NULL,
    revision    bigint  NOT NULL,
    -- The transaction that wrote it, or that of the customer's last entry if that is later.
    position    bigint  NOT NULL,
    recorded_at bigint  NOT NULL,
    schema      bigint  NOT NULL,
    document    json    NOT NULL,
    command     uuid    NOT NULL,
    ordinal     bigint  NOT NULL,
    fingerprint bytea,
    personal    boolean NOT NULL,
    PRIMARY KEY (tenant, customer, revision),
    UNIQUE (tenant, command, ordinal)
);

CREATE INDEX guanxi_journal_feed ON guanxi_journal (tenant, position, customer, revision);

-- Keys that at most one customer of a tenant holds.
CREATE TABLE guanxi_claims (
    tenant   uuid NOT NULL,
    system   text COLLATE "C" NOT NULL,
    key      text COLLATE "C" NOT NULL,
    customer uuid NOT NULL,
    PRIMARY KEY (tenant, system, key)
);

CREATE INDEX guanxi_claims_customer ON guanxi_claims (tenant, customer);

-- Else the planner's statistics would keep samples of what an erasure removes.
ALTER TABLE guanxi_claims ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE guanxi_personal_parts ALTER COLUMN document SET STATISTICS 0;
ALTER TABLE guanxi_journal ALTER COLUMN fingerprint SET STATISTICS 0;

-- The exact text of a document makes the rulebook's id.
CREATE TABLE guanxi_rulebooks (
    tenant        uuid   NOT NULL,
    in_force_from bigint NOT NULL,
    document      json   NOT NULL,
    PRIMARY KEY (tenant, in_force_from)
);

-- What the whole base said, when, kept for good: answers name what they were given by. The exact text of a
-- document makes its id, of 32 bytes, so no row is ever changed.
CREATE TABLE guanxi_calibrations (
    tenant   uuid   NOT NULL,
    id       bytea  NOT NULL,
    taken_at bigint NOT NULL,
    document json   NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- The newest first.
CREATE INDEX guanxi_calibrations_taken_at ON guanxi_calibrations (tenant, taken_at, id);

INSERT INTO guanxi_migrations (number, name) VALUES (1, 'customers');
