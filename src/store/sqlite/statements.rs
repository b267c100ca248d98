//! Every statement that touches the tables. Parameters go by place, so that several statements can be
//! sent as one text with their parameters in a row.

/// Guard of C2: the customer must be absent.
pub(super) const INSERT_CUSTOMER: &str = "
INSERT INTO guanxi_customers
    (tenant, id, revision, stage, wake_at, policy, in_force_from)
VALUES (?, ?, ?, ?, ?, ?, ?);";

pub(super) const UPDATE_CUSTOMER: &str = "
UPDATE guanxi_customers
SET revision = ?, stage = ?, wake_at = ?, policy = ?, in_force_from = ?
WHERE tenant = ? AND id = ?;";

/// Guard of C5: no two commits of one command have the same ordinal. For the first entry of a customer.
pub(super) const INSERT_FIRST_ENTRY: &str = "
INSERT INTO guanxi_journal
    (tenant, customer, recorded_at, schema, document, command, ordinal, fingerprint, personal, revision)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);";

/// Guard of C5, and of C2: without the expected revision there is none to write, and NULL is refused.
pub(super) const INSERT_ENTRY: &str = "
INSERT INTO guanxi_journal
    (tenant, customer, recorded_at, schema, document, command, ordinal, fingerprint, personal, revision)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,
    (SELECT ? FROM guanxi_customers WHERE tenant = ? AND id = ? AND revision = ?));";

pub(super) const PUT_PART: &str = "
INSERT INTO guanxi_parts (tenant, customer, part, schema, document) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (tenant, customer, part)
DO UPDATE SET schema = excluded.schema, document = excluded.document;";

pub(super) const REMOVE_PART: &str = "
DELETE FROM guanxi_parts WHERE tenant = ? AND customer = ? AND part = ?;";

pub(super) const RELEASE_CLAIM: &str = "
DELETE FROM guanxi_claims WHERE tenant = ? AND system = ? AND key = ? AND customer = ?;";

/// Guard of C4: held by another the claim would pass to NULL, which is refused.
pub(super) const TAKE_CLAIM: &str = "
INSERT INTO guanxi_claims (tenant, system, key, customer) VALUES (?, ?, ?, ?)
ON CONFLICT (tenant, system, key)
DO UPDATE SET customer = iif(customer = excluded.customer, customer, NULL);";

pub(super) const REVISION: &str = "
SELECT revision FROM guanxi_customers WHERE tenant = ? AND id = ?";

pub(super) const HOLDER: &str = "
SELECT customer FROM guanxi_claims WHERE tenant = ? AND system = ? AND key = ?";

pub(super) const RECEIPT: &str = "
SELECT customer, revision, fingerprint FROM guanxi_journal
WHERE tenant = ? AND command = ? ORDER BY ordinal";

pub(super) const LOAD: &str = "
SELECT customers.revision, parts.part, parts.schema, parts.document
FROM guanxi_customers AS customers
LEFT JOIN guanxi_parts AS parts
    ON parts.tenant = customers.tenant AND parts.customer = customers.id
WHERE customers.tenant = ? AND customers.id = ?";

pub(super) const HISTORY: &str = "
SELECT revision, recorded_at, schema, document FROM guanxi_journal
WHERE tenant = ? AND customer = ? AND revision > ? ORDER BY revision LIMIT ?";
