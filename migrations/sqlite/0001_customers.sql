-- Every key begins with the tenant. Ids are the 16 bytes of a UUID. Instants are microseconds since
-- 1970-01-01T00:00:00Z. Documents are JSON, so that `document ->> '$.field'` reads them.

CREATE TABLE guanxi_migrations (
    number INTEGER NOT NULL PRIMARY KEY,
    name   TEXT    NOT NULL
) STRICT;

-- What hosts ask by, one row per customer.
CREATE TABLE guanxi_customers (
    tenant        BLOB    NOT NULL,
    id            BLOB    NOT NULL,
    revision      INTEGER NOT NULL,
    stage         TEXT    NOT NULL,
    -- The tier, 'A', 'B' or 'C': a person's word until a run records its end, or what the last review
    -- gave. NULL when there is none.
    tier          TEXT,
    -- The risk band that the last review gave: 'low', 'medium', 'high' or 'critical'.
    risk          TEXT,
    -- When the customer was reviewed last; NULL before the first review.
    reviewed_at   INTEGER,
    -- Nothing writes this yet: it is NULL until the library knows owners. It is here so that queries and
    -- indexes of hosts need not change then.
    owner         BLOB,
    -- NULL when nothing falls due by itself.
    wake_at       INTEGER,
    -- The rulebook that judged the customer; NULL while only a profile is known.
    policy        BLOB,
    in_force_from INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- For hosts: no statement of the library's own asks by these. That of waking tells who wakes until an
-- instant, whichever rulebook judged them.
CREATE INDEX guanxi_customers_stage ON guanxi_customers (tenant, stage);
CREATE INDEX guanxi_customers_wake_at ON guanxi_customers (tenant, wake_at);
CREATE INDEX guanxi_customers_tier ON guanxi_customers (tenant, tier) WHERE tier IS NOT NULL;
CREATE INDEX guanxi_customers_risk ON guanxi_customers (tenant, risk) WHERE risk IS NOT NULL;
CREATE INDEX guanxi_customers_owner ON guanxi_customers (tenant, owner) WHERE owner IS NOT NULL;

-- Who is due: for each rulebook a range in the order of waking, and then of ids.
CREATE INDEX guanxi_customers_agenda ON guanxi_customers
    (tenant, in_force_from, policy, wake_at, id) WHERE policy IS NOT NULL;

-- The documents that a customer is made of, but for the personal ones.
CREATE TABLE guanxi_parts (
    tenant   BLOB    NOT NULL,
    customer BLOB    NOT NULL,
    part     TEXT    NOT NULL,
    schema   INTEGER NOT NULL,
    document TEXT    NOT NULL,
    PRIMARY KEY (tenant, customer, part)
) STRICT, WITHOUT ROWID;

-- The personal ones. Apart, because an erasure writes this table and the claims anew: pages that rows
-- have moved out of can keep copies of them in their unused space.
CREATE TABLE guanxi_personal_parts (
    tenant   BLOB    NOT NULL,
    customer BLOB    NOT NULL,
    part     TEXT    NOT NULL,
    schema   INTEGER NOT NULL,
    document TEXT    NOT NULL,
    PRIMARY KEY (tenant, customer, part)
) STRICT, WITHOUT ROWID;

-- What happened, never changed but for fingerprints that are forgotten. A command is known by the
-- entries it made, so there is no table of commands: `ordinal` counts the entries of one commit, and
-- two commits of one command always meet at 0.
CREATE TABLE guanxi_journal (
    position    INTEGER NOT NULL PRIMARY KEY,
    tenant      BLOB    NOT NULL,
    customer    BLOB    NOT NULL,
    revision    INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    schema      INTEGER NOT NULL,
    document    TEXT    NOT NULL,
    command     BLOB    NOT NULL,
    ordinal     INTEGER NOT NULL,
    fingerprint BLOB,
    personal    INTEGER NOT NULL,
    UNIQUE (tenant, customer, revision),
    UNIQUE (tenant, command, ordinal)
) STRICT;

-- Keys that at most one customer of a tenant holds.
CREATE TABLE guanxi_claims (
    tenant   BLOB NOT NULL,
    system   TEXT NOT NULL,
    key      TEXT NOT NULL,
    customer BLOB NOT NULL,
    PRIMARY KEY (tenant, system, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX guanxi_claims_customer ON guanxi_claims (tenant, customer);

-- The exact text of a document makes the rulebook's id.
CREATE TABLE guanxi_rulebooks (
    tenant        BLOB    NOT NULL,
    in_force_from INTEGER NOT NULL,
    document      TEXT    NOT NULL,
    PRIMARY KEY (tenant, in_force_from)
) STRICT, WITHOUT ROWID;

INSERT INTO guanxi_migrations (number, name) VALUES (1, 'customers');
