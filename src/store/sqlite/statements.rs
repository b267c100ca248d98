//! Every statement that touches the tables. Parameters go by place, so that several statements can be
//! sent as one text with their parameters in a row.

/// Guard of C2: the customer must be absent.
pub(super) const INSERT_CUSTOMER: &str = "
INSERT INTO guanxi_customers
    (revision, stage, tier, risk, reviewed_at, wake_at, policy, in_force_from, tenant, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);";

pub(super) const UPDATE_CUSTOMER: &str = "
UPDATE guanxi_customers
SET revision = ?, stage = ?, tier = ?, risk = ?, reviewed_at = ?, wake_at = ?, policy = ?,
    in_force_from = ?
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

pub(super) const PUT_PERSONAL_PART: &str = "
INSERT INTO guanxi_personal_parts (tenant, customer, part, schema, document) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (tenant, customer, part)
DO UPDATE SET schema = excluded.schema, document = excluded.document;";

pub(super) const REMOVE_PART: &str = "
DELETE FROM guanxi_parts WHERE tenant = ? AND customer = ? AND part = ?;";

pub(super) const REMOVE_PERSONAL_PART: &str = "
DELETE FROM guanxi_personal_parts WHERE tenant = ? AND customer = ? AND part = ?;";

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

/// The revision is in the rows of the first half; of a customer without parts that is one row.
pub(super) const LOAD: &str = "
SELECT customers.revision, parts.part, parts.schema, parts.document
FROM guanxi_customers AS customers
LEFT JOIN guanxi_parts AS parts
    ON parts.tenant = customers.tenant AND parts.customer = customers.id
WHERE customers.tenant = ?1 AND customers.id = ?2
UNION ALL
SELECT NULL, part, schema, document FROM guanxi_personal_parts
WHERE tenant = ?1 AND customer = ?2";

pub(super) const HISTORY: &str = "
SELECT revision, recorded_at, schema, document FROM guanxi_journal
WHERE tenant = ? AND customer = ? AND revision > ? ORDER BY revision LIMIT ?";

/// One writes at a time, so positions are in the order in which entries become visible (C10).
pub(super) const FEED: &str = "
SELECT position, customer, revision, recorded_at, schema, document FROM guanxi_journal
WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?";

/// The page is cut before parts are joined. Rows are as those of [`LOAD`].
pub(super) const SCAN: &str = "
WITH page (tenant, id, revision) AS (
    SELECT tenant, id, revision FROM guanxi_customers
    WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?
)
SELECT page.id, page.revision, parts.part, parts.schema, parts.document
FROM page
LEFT JOIN guanxi_parts AS parts ON parts.tenant = page.tenant AND parts.customer = page.id
UNION ALL
SELECT page.id, NULL, parts.part, parts.schema, parts.document
FROM page
CROSS JOIN guanxi_personal_parts AS parts
    ON parts.tenant = page.tenant AND parts.customer = page.id";

/// The ids come as one blob, one after the other, so that any number of them is one statement. Rows are
/// as those of [`LOAD`].
pub(super) const LOAD_MANY: &str = "
WITH RECURSIVE wanted (place, id) AS (
    SELECT 0, substr(?1, 1, 16)
    UNION ALL
    SELECT place + 1, substr(?1, 16 * (place + 1) + 1, 16) FROM wanted
    WHERE 16 * (place + 1) < length(?1)
)
SELECT wanted.place, customers.revision, parts.part, parts.schema, parts.document
FROM wanted
CROSS JOIN guanxi_customers AS customers ON customers.tenant = ?2 AND customers.id = wanted.id
LEFT JOIN guanxi_parts AS parts
    ON parts.tenant = customers.tenant AND parts.customer = customers.id
UNION ALL
SELECT wanted.place, NULL, parts.part, parts.schema, parts.document
FROM wanted
CROSS JOIN guanxi_personal_parts AS parts ON parts.tenant = ?2 AND parts.customer = wanted.id";

/// The ids come as those of [`LOAD_MANY`].
pub(super) const RECEIPTS: &str = "
WITH RECURSIVE wanted (place, id) AS (
    SELECT 0, substr(?1, 1, 16)
    UNION ALL
    SELECT place + 1, substr(?1, 16 * (place + 1) + 1, 16) FROM wanted
    WHERE 16 * (place + 1) < length(?1)
)
SELECT wanted.place, journal.customer, journal.revision, journal.fingerprint
FROM wanted
CROSS JOIN guanxi_journal AS journal ON journal.tenant = ?2 AND journal.command = wanted.id
ORDER BY wanted.place, journal.ordinal";

/// The rulebooks that customers were judged by, of which there are few: each is found by a step of the
/// index from the one before it, past all their customers. In two questions, because SQLite answers one
/// that compares both columns at once by a walk through all those customers.
pub(super) const JUDGING: &str = "
WITH RECURSIVE judging (tenant, in_force_from, policy) AS (
    SELECT * FROM (
        SELECT tenant, in_force_from, policy FROM guanxi_customers
        WHERE tenant = ? AND policy IS NOT NULL
        ORDER BY in_force_from, policy LIMIT 1
    )
    UNION ALL
    SELECT next.tenant, next.in_force_from, next.policy
    FROM judging CROSS JOIN guanxi_customers AS next
        ON next.tenant = judging.tenant AND next.id = coalesce(
            (
                SELECT id FROM guanxi_customers AS later
                WHERE later.tenant = judging.tenant
                    AND later.in_force_from = judging.in_force_from
                    AND later.policy > judging.policy
                ORDER BY later.policy LIMIT 1
            ),
            (
                SELECT id FROM guanxi_customers AS later
                WHERE later.tenant = judging.tenant AND later.policy IS NOT NULL
                    AND later.in_force_from > judging.in_force_from
                ORDER BY later.in_force_from, later.policy LIMIT 1
            )
        )
)
SELECT in_force_from, policy FROM judging;";

/// Who wakes at an instant, of those judged by one rulebook.
pub(super) const WAKING: &str = "
SELECT * FROM (
    SELECT wake_at, id FROM guanxi_customers
    WHERE tenant = ? AND in_force_from = ? AND policy = ?
        AND (wake_at, id) > (?, ?) AND wake_at <= ?
    ORDER BY wake_at, id LIMIT ?
)";

/// Who wakes for another rulebook only, of those judged by one. The first parameter is the instant to
/// list them under.
pub(super) const NEVER_WAKING: &str = "
SELECT * FROM (
    SELECT ?, id FROM guanxi_customers
    WHERE tenant = ? AND in_force_from = ? AND policy = ? AND wake_at IS NULL AND id > ?
    ORDER BY id LIMIT ?
)";

/// Follows several of those, joined.
pub(super) const EARLIEST: &str = " ORDER BY 1, 2 LIMIT ?;";

pub(super) const INSPECT: &str = "
SELECT customers.revision, customers.stage, customers.tier, customers.risk, customers.reviewed_at,
    customers.wake_at, customers.policy, customers.in_force_from, claims.system, claims.key
FROM guanxi_customers AS customers
LEFT JOIN guanxi_claims AS claims
    ON claims.tenant = customers.tenant AND claims.customer = customers.id
WHERE customers.tenant = ? AND customers.id = ?";

/// Writes nothing unless the rulebook comes into force later than every other (C16).
pub(super) const KEEP_RULEBOOK: &str = "
INSERT INTO guanxi_rulebooks (tenant, in_force_from, document)
SELECT new.tenant, new.in_force_from, new.document
FROM (SELECT ? AS tenant, ? AS in_force_from, ? AS document) AS new
WHERE NOT EXISTS (
    SELECT 1 FROM guanxi_rulebooks AS kept
    WHERE kept.tenant = new.tenant AND kept.in_force_from >= new.in_force_from
)";

pub(super) const RULEBOOKS: &str = "
SELECT in_force_from, document FROM guanxi_rulebooks WHERE tenant = ? ORDER BY in_force_from";

/// Writes nothing where the calibration is kept already (C17).
pub(super) const KEEP_CALIBRATION: &str = "
INSERT INTO guanxi_calibrations (tenant, id, taken_at, document) VALUES (?, ?, ?, ?)
ON CONFLICT (tenant, id) DO NOTHING";

pub(super) const CALIBRATION: &str = "
SELECT taken_at, document FROM guanxi_calibrations WHERE tenant = ? AND id = ?";

pub(super) const CALIBRATIONS: &str = "
SELECT taken_at, document FROM guanxi_calibrations
WHERE tenant = ? ORDER BY taken_at DESC, id DESC LIMIT ?";

/// Every entry of a command has its fingerprint, so the entries it made of other customers, too.
pub(super) const FORGET: &str = "
UPDATE guanxi_journal SET fingerprint = NULL
WHERE tenant = ?1 AND fingerprint IS NOT NULL AND command IN (
    SELECT command FROM guanxi_journal WHERE tenant = ?1 AND customer = ?2 AND personal
);";

/// Without the foreign keys of a host, which would take the emptying of a table for the end of its rows.
pub(super) const BEGIN_REWRITING: &str = "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE;";

pub(super) const END_REWRITING: &str = "PRAGMA foreign_keys = ON;";

/// Writes the rows of a table anew, onto pages that were emptied before. SQLite overwrites what it
/// deletes, but not the copies that it leaves in the unused space of a page whose rows it moves to
/// another; a page that is freed is overwritten as a whole.
///
/// The table that the rows wait in is in the file, not a temporary one, which would be a file that
/// nobody protects. It is emptied before it is dropped, and the rows return with `OR ROLLBACK`: else
/// SQLite keeps all these pages a second time, in memory, for the case that a statement fails.
macro_rules! rewrite {
    ($table:literal, $kept:literal) => {
        concat!(
            "CREATE TABLE guanxi_copy AS SELECT * FROM ",
            $table,
            $kept,
            "; DELETE FROM ",
            $table,
            "; INSERT OR ROLLBACK INTO ",
            $table,
            " SELECT * FROM guanxi_copy; DELETE FROM guanxi_copy; DROP TABLE guanxi_copy;"
        )
    };
}

/// Everything personal.
pub(super) const REWRITE_PERSONAL: [&str; 2] =
    [rewrite!("guanxi_personal_parts", ""), rewrite!("guanxi_claims", "")];

/// The table in which a host's `ANALYZE` keeps samples of keys. `sqlite_stat1` holds counts only, and no
/// SQLite that knows strict tables writes `sqlite_stat2` or `sqlite_stat3`.
pub(super) const SAMPLES: &str = "sqlite_stat4";

/// The samples, but for the personal ones.
pub(super) const REWRITE_SAMPLES: &str =
    rewrite!("sqlite_stat4", " WHERE tbl NOT IN ('guanxi_personal_parts', 'guanxi_claims')");

pub(super) const TABLE_EXISTS: &str =
    "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?)";

/// Waits for readers of earlier states; the first column says that there still were some.
pub(super) const EMPTY_LOG: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

    use super::super::migrate;
    use super::*;

    /// The steps in which SQLite would answer a statement.
    async fn plan(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
        let text = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let rows = sqlx::query(text).fetch_all(connection).await.unwrap();
        rows.iter().map(|row| row.try_get("detail").unwrap()).collect()
    }

    /// What a statement may walk through: what it has put together itself, never a table.
    const PUT_TOGETHER: [&str; 5] = ["CONSTANT", "judging", "new", "page", "wanted"];

    fn is_walk(step: &str) -> bool {
        let walked = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
        walked.is_some_and(|name| !PUT_TOGETHER.contains(&name) && !name.starts_with('('))
    }

    fn is_past_its_tenant(step: &str) -> bool {
        step.starts_with("SEARCH ") && !step.contains("(tenant=?")
    }

    #[test]
    fn no_statement_walks_through_a_table_or_past_its_tenant() {
        let due = format!("{WAKING} UNION ALL {NEVER_WAKING} UNION ALL {WAKING} {EARLIEST}");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
            migrate(&mut connection).await.unwrap();
            for statement in [
                INSERT_ENTRY,
                UPDATE_CUSTOMER,
                REMOVE_PART,
                REMOVE_PERSONAL_PART,
                RELEASE_CLAIM,
                REVISION,
                HOLDER,
                RECEIPT,
                RECEIPTS,
                LOAD,
                LOAD_MANY,
                SCAN,
                HISTORY,
                FEED,
                INSPECT,
                JUDGING,
                &due,
                KEEP_RULEBOOK,
                RULEBOOKS,
                CALIBRATION,
                CALIBRATIONS,
                FORGET,
            ] {
                let plan = plan(&mut connection, statement).await;
                assert!(plan.iter().any(|step| step.starts_with("SEARCH ")), "{statement}");
                let wrong = plan.iter().find(|step| is_walk(step) || is_past_its_tenant(step));
                assert_eq!(wrong, None, "{statement}");
                // These two put a page in order, not a table.
                let is_ordered = plan.iter().any(|step| step.contains("TEMP B-TREE"));
                assert_eq!(is_ordered, statement == RECEIPTS || statement == due, "{statement}");
            }
        });
    }
}
