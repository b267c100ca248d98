//! Every statement that touches the tables. `$1` is always the tenant. Tables are named without their
//! schema, which is put before them when one was chosen.
//!
//! A commit is one statement, put together of the steps that it needs. The steps of a statement all see
//! the state before it; what one has done, another learns by what it returns. All of them are undone
//! when one fails.

/// The place in the feed of what this transaction writes: its number. Numbers are given in the order in
/// which transactions first write.
macro_rules! position {
    () => {
        "((SELECT feed_base FROM guanxi_cluster) + pg_current_xact_id()::text::bigint)"
    };
}

/// The first step, for a customer to be made. Guard of C2: it must be absent; else `done` has no row, and
/// without one no other step does anything.
pub(super) const CREATE: &str = concat!(
    "
WITH done AS (
    INSERT INTO guanxi_customers (tenant, id, revision, position, stage, tier, risk, reviewed_at,
        wake_at, policy, in_force_from)
    SELECT $1, $2, $4, ",
    position!(),
    ", $5, $6, $7, $8, $9, $10, $11 WHERE $3::bigint IS NULL
    ON CONFLICT (tenant, id) DO NOTHING
    RETURNING id, position
)"
);

/// The first step, for a customer to be changed. Guard of C2: it must be at the expected revision, also
/// after waiting for somebody else who was changing it. Its entries never go back to an earlier
/// position, though a transaction of the host's may have begun long ago.
pub(super) const CHANGE: &str = concat!(
    "
WITH done AS (
    UPDATE guanxi_customers
    SET revision = $4, position = greatest(position, ",
    position!(),
    "), stage = $5, tier = $6, risk = $7, reviewed_at = $8, wake_at = $9, policy = $10,
        in_force_from = $11
    WHERE tenant = $1 AND id = $2 AND revision = $3
    RETURNING id, position
)"
);

/// The first steps for several customers. Those to be made expect no revision.
pub(super) const CREATE_AND_CHANGE: &str = concat!(
    "
WITH change AS (
    SELECT * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[],
        $8::bigint[], $9::bigint[], $10::bytea[], $11::bigint[])
    AS change (id, expected, revision, stage, tier, risk, reviewed_at, wake_at, policy, in_force_from)
), created AS (
    INSERT INTO guanxi_customers (tenant, id, revision, position, stage, tier, risk, reviewed_at,
        wake_at, policy, in_force_from)
    SELECT $1, id, revision, ",
    position!(),
    ", stage, tier, risk, reviewed_at, wake_at, policy, in_force_from
    FROM change WHERE expected IS NULL
    ON CONFLICT (tenant, id) DO NOTHING
    RETURNING id, position
), changed AS (
    UPDATE guanxi_customers AS customers
    SET revision = change.revision, position = greatest(customers.position, ",
    position!(),
    "), stage = change.stage, tier = change.tier, risk = change.risk,
        reviewed_at = change.reviewed_at, wake_at = change.wake_at, policy = change.policy,
        in_force_from = change.in_force_from
    FROM change
    WHERE customers.tenant = $1 AND customers.id = change.id
        AND customers.revision = change.expected
    RETURNING customers.id, customers.position
), done AS (
    SELECT id, position FROM created UNION ALL SELECT id, position FROM changed
)"
);

/// The one entry of a commit of one change. Guard of C5: no two commits of one command have the same
/// ordinal.
pub(super) const ENTER_ONE: &str = ", entered AS (
    INSERT INTO guanxi_journal (tenant, customer, revision, position, recorded_at, schema, document,
        command, ordinal, fingerprint, personal)
    SELECT $1, $12, $13, done.position, $14, $15, $16::json, $17, $18, $19, $20 FROM done
)";

/// The same of several entries.
pub(super) const ENTER: &str = ", entered AS (
    INSERT INTO guanxi_journal (tenant, customer, revision, position, recorded_at, schema, document,
        command, ordinal, fingerprint, personal)
    SELECT $1, done.id, entry.revision, done.position, entry.recorded_at, entry.schema,
        entry.document::json, entry.command, entry.ordinal, entry.fingerprint, entry.personal
    FROM unnest($12::uuid[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[], $17::uuid[],
        $18::bigint[], $19::bytea[], $20::boolean[])
    AS entry (customer, revision, recorded_at, schema, document, command, ordinal, fingerprint, personal)
    JOIN done ON done.id = entry.customer
)";

pub(super) const PUT_PARTS: &str = ", put AS (
    INSERT INTO guanxi_parts (tenant, customer, part, schema, document)
    SELECT $1, done.id, part.name, part.schema, part.document::json
    FROM unnest($21::uuid[], $22::text[], $23::bigint[], $24::text[])
    AS part (customer, name, schema, document)
    JOIN done ON done.id = part.customer
    ON CONFLICT (tenant, customer, part)
    DO UPDATE SET schema = excluded.schema, document = excluded.document
)";

pub(super) const PUT_PERSONAL_PARTS: &str = ", put_personal AS (
    INSERT INTO guanxi_personal_parts (tenant, customer, part, schema, document)
    SELECT $1, done.id, part.name, part.schema, part.document::json
    FROM unnest($25::uuid[], $26::text[], $27::bigint[], $28::text[])
    AS part (customer, name, schema, document)
    JOIN done ON done.id = part.customer
    ON CONFLICT (tenant, customer, part)
    DO UPDATE SET schema = excluded.schema, document = excluded.document
)";

pub(super) const REMOVE_PARTS: &str = ", removed AS (
    DELETE FROM guanxi_parts AS parts
    USING unnest($29::uuid[], $30::text[]) AS gone (customer, name), done
    WHERE parts.tenant = $1 AND parts.customer = gone.customer AND parts.part = gone.name
        AND done.id = gone.customer
)";

pub(super) const REMOVE_PERSONAL_PARTS: &str = ", removed_personal AS (
    DELETE FROM guanxi_personal_parts AS parts
    USING unnest($31::uuid[], $32::text[]) AS gone (customer, name), done
    WHERE parts.tenant = $1 AND parts.customer = gone.customer AND parts.part = gone.name
        AND done.id = gone.customer
)";

/// Claims that are given up, and taken by nobody in the same commit.
pub(super) const RELEASE_CLAIMS: &str = ", released AS (
    DELETE FROM guanxi_claims AS claims
    USING unnest($33::uuid[], $34::text[], $35::text[]) AS gone (customer, system, key), done
    WHERE claims.tenant = $1 AND claims.system = gone.system AND claims.key = gone.key
        AND claims.customer = gone.customer AND done.id = gone.customer
)";

/// Claims that one customer gives up and another takes: no row can be deleted and inserted by one
/// statement, so they pass on as they are.
pub(super) const PASS_CLAIMS: &str = ", passed AS (
    UPDATE guanxi_claims AS claims SET customer = passing.taker
    FROM unnest($36::uuid[], $37::uuid[], $38::text[], $39::text[])
        AS passing (giver, taker, system, key), done
    WHERE claims.tenant = $1 AND claims.system = passing.system AND claims.key = passing.key
        AND claims.customer = passing.giver AND done.id = passing.giver
    RETURNING claims.system, claims.key
)";

/// Guard of C4, with the end of the statement: a claim that another holds is not taken. No constraint
/// is broken for it: the database would write the key into its log.
pub(super) const TAKE_CLAIMS: &str = ", taken AS (
    INSERT INTO guanxi_claims AS claims (tenant, system, key, customer)
    SELECT $1, wanted.system, wanted.key, wanted.customer
    FROM unnest($40::uuid[], $41::text[], $42::text[]) AS wanted (customer, system, key)
    JOIN done ON done.id = wanted.customer
    ON CONFLICT (tenant, system, key) DO UPDATE SET customer = excluded.customer
    WHERE claims.customer = excluded.customer
    RETURNING customer
)";

/// The same, and of those that were to pass on whatever the giver did not hold.
pub(super) const TAKE_CLAIMS_NOT_PASSED: &str = ", taken AS (
    INSERT INTO guanxi_claims AS claims (tenant, system, key, customer)
    SELECT $1, wanted.system, wanted.key, wanted.customer
    FROM (
        SELECT customer, system, key
        FROM unnest($40::uuid[], $41::text[], $42::text[]) AS wanted (customer, system, key)
        UNION ALL
        SELECT DISTINCT taker, passing.system, passing.key
        FROM unnest($36::uuid[], $37::uuid[], $38::text[], $39::text[])
            AS passing (giver, taker, system, key)
        WHERE NOT EXISTS (
            SELECT FROM passed
            WHERE passed.system = passing.system AND passed.key = passing.key
        )
    ) AS wanted
    JOIN done ON done.id = wanted.customer
    ON CONFLICT (tenant, system, key) DO UPDATE SET customer = excluded.customer
    WHERE claims.customer = excluded.customer
    RETURNING customer
)";

/// What the server is made to complain of when a guard does not hold. It names no data.
pub(super) const GUARD: &str = "guanxi: a guard of the commit does not hold";

/// The end: how many customers were changed, `$43` of them or none. Anything between undoes everything, by
/// complaining of [`GUARD`].
pub(super) const ALL_OR_NONE: &str = "
SELECT CASE
    WHEN (SELECT count(*) FROM done) IN (0, $43::bigint) THEN (SELECT count(*) FROM done)
    ELSE (SELECT 'guanxi: a guard of the commit does not hold' FROM done LIMIT 1)::bigint
END";

pub(super) const ALL_OR_NONE_WITH_CLAIMS: &str = "
SELECT CASE
    WHEN (SELECT count(*) FROM done) = 0 THEN 0
    WHEN (SELECT count(*) FROM done) = $43::bigint
        AND (SELECT count(*) FROM taken) = $44::bigint
        THEN $43::bigint
    ELSE (SELECT 'guanxi: a guard of the commit does not hold' FROM done LIMIT 1)::bigint
END";

pub(super) const ALL_OR_NONE_WITH_PASSED_CLAIMS: &str = "
SELECT CASE
    WHEN (SELECT count(*) FROM done) = 0 THEN 0
    WHEN (SELECT count(*) FROM done) = $43::bigint
        AND (SELECT count(*) FROM taken) + (SELECT count(*) FROM passed) = $44::bigint
        THEN $43::bigint
    ELSE (SELECT 'guanxi: a guard of the commit does not hold' FROM done LIMIT 1)::bigint
END";

/// What a commit depends on, of one moment: its command's entries, its customers, the holders of the
/// claims that it takes. The first column tells which; the last is the place among the claims.
pub(super) const FOUND: &str = "
SELECT 0::bigint, customer, revision, fingerprint, ordinal
FROM guanxi_journal WHERE tenant = $1 AND command = $2
UNION ALL
SELECT 1, id, revision, NULL, NULL
FROM guanxi_customers WHERE tenant = $1 AND id = ANY ($3::uuid[])
UNION ALL
SELECT 2, claims.customer, NULL, NULL, wanted.place - 1
FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS wanted (system, key, place)
JOIN guanxi_claims AS claims
    ON claims.tenant = $1 AND claims.system = wanted.system AND claims.key = wanted.key
ORDER BY 1, 5";

pub(super) const HOLDER: &str = "
SELECT customer FROM guanxi_claims WHERE tenant = $1 AND system = $2 AND key = $3";

pub(super) const RECEIPT: &str = "
SELECT customer, revision, fingerprint FROM guanxi_journal
WHERE tenant = $1 AND command = $2 ORDER BY ordinal";

/// The revision is in the rows of the first half; of a customer without parts that is one row.
pub(super) const LOAD: &str = "
SELECT customers.revision, parts.part, parts.schema, parts.document::text
FROM guanxi_customers AS customers
LEFT JOIN guanxi_parts AS parts
    ON parts.tenant = customers.tenant AND parts.customer = customers.id
WHERE customers.tenant = $1 AND customers.id = $2
UNION ALL
SELECT NULL, part, schema, document::text FROM guanxi_personal_parts
WHERE tenant = $1 AND customer = $2";

pub(super) const HISTORY: &str = "
SELECT revision, recorded_at, schema, document::text FROM guanxi_journal
WHERE tenant = $1 AND customer = $2 AND revision > $3 ORDER BY revision LIMIT $4";

/// Nothing is given that some transaction still under way may come to stand before: whatever it has
/// written or will write stands at its number or later.
pub(super) const FEED: &str = "
SELECT position, customer, revision, recorded_at, schema, document::text FROM guanxi_journal
WHERE tenant = $1 AND (position, customer, revision) > ($2, $3, $4)
    AND position < (SELECT feed_base FROM guanxi_cluster)
        + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY position, customer, revision LIMIT $5";

/// The page is cut before parts are joined. Rows are as those of [`LOAD`].
pub(super) const SCAN: &str = "
WITH page AS MATERIALIZED (
    SELECT tenant, id, revision FROM guanxi_customers
    WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3
)
SELECT page.id, page.revision, parts.part, parts.schema, parts.document::text
FROM page LEFT JOIN guanxi_parts AS parts ON parts.tenant = $1 AND parts.customer = page.id
UNION ALL
SELECT page.id, NULL, parts.part, parts.schema, parts.document::text
FROM page JOIN guanxi_personal_parts AS parts ON parts.tenant = $1 AND parts.customer = page.id";

/// The first page; of ids none comes before it.
pub(super) const SCAN_FROM_THE_FIRST: &str = "
WITH page AS MATERIALIZED (
    SELECT tenant, id, revision FROM guanxi_customers
    WHERE tenant = $1 ORDER BY id LIMIT $2
)
SELECT page.id, page.revision, parts.part, parts.schema, parts.document::text
FROM page LEFT JOIN guanxi_parts AS parts ON parts.tenant = $1 AND parts.customer = page.id
UNION ALL
SELECT page.id, NULL, parts.part, parts.schema, parts.document::text
FROM page JOIN guanxi_personal_parts AS parts ON parts.tenant = $1 AND parts.customer = page.id";

/// Rows are as those of [`LOAD`].
pub(super) const LOAD_MANY: &str = "
WITH wanted AS (
    SELECT place - 1 AS place, id FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, place)
)
SELECT wanted.place, customers.revision, parts.part, parts.schema, parts.document::text
FROM wanted
JOIN guanxi_customers AS customers ON customers.tenant = $1 AND customers.id = wanted.id
LEFT JOIN guanxi_parts AS parts ON parts.tenant = $1 AND parts.customer = wanted.id
UNION ALL
SELECT wanted.place, NULL, parts.part, parts.schema, parts.document::text
FROM wanted
JOIN guanxi_personal_parts AS parts ON parts.tenant = $1 AND parts.customer = wanted.id";

pub(super) const RECEIPTS: &str = "
SELECT wanted.place - 1, journal.customer, journal.revision, journal.fingerprint
FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, place)
JOIN guanxi_journal AS journal ON journal.tenant = $1 AND journal.command = wanted.id
ORDER BY wanted.place, journal.ordinal";

/// Who is due until `$2` by the rulebook of `$3` and `$4`, after `$5` and `$6`, at most `$7`; `$8` is
/// the instant under which those are listed who never wake.
///
/// The rulebooks that customers were judged by are few: each is found by a step of the index from the
/// one before it, past all their customers. Of each the index gives those who wake, in order, no more
/// than a page.
pub(super) const DUE: &str = "
WITH RECURSIVE judging AS (
    (
        SELECT in_force_from, policy FROM guanxi_customers
        WHERE tenant = $1 AND policy IS NOT NULL
        ORDER BY in_force_from, policy LIMIT 1
    )
    UNION ALL
    SELECT next.in_force_from, next.policy
    FROM judging CROSS JOIN LATERAL (
        SELECT later.in_force_from, later.policy FROM guanxi_customers AS later
        WHERE later.tenant = $1 AND later.policy IS NOT NULL
            AND (later.in_force_from, later.policy) > (judging.in_force_from, judging.policy)
        ORDER BY later.in_force_from, later.policy LIMIT 1
    ) AS next
), range AS (
    SELECT in_force_from, policy,
        CASE WHEN in_force_from = $3 AND policy = $4 THEN $2 ELSE $8 END AS until
    FROM judging
)
SELECT wake_at, id FROM (
    SELECT waking.wake_at, waking.id FROM range CROSS JOIN LATERAL (
        SELECT wake_at, id FROM guanxi_customers
        WHERE tenant = $1 AND in_force_from = range.in_force_from AND policy = range.policy
            AND (wake_at, id) > ($5, $6) AND wake_at <= range.until
        ORDER BY wake_at, id LIMIT $7
    ) AS waking
    UNION ALL
    SELECT $8::bigint, never.id FROM range CROSS JOIN LATERAL (
        SELECT wake_at, id FROM guanxi_customers
        WHERE tenant = $1 AND in_force_from = range.in_force_from AND policy = range.policy
            AND wake_at IS NULL AND ($5 < $8 OR id > $6)
        ORDER BY wake_at, id LIMIT $7
    ) AS never
    WHERE range.until = $8
) AS due
ORDER BY wake_at, id LIMIT $7";

pub(super) const INSPECT: &str = "
SELECT customers.revision, customers.stage, customers.tier, customers.risk, customers.reviewed_at,
    customers.wake_at, customers.policy, customers.in_force_from, claims.system, claims.key
FROM guanxi_customers AS customers
LEFT JOIN guanxi_claims AS claims
    ON claims.tenant = customers.tenant AND claims.customer = customers.id
WHERE customers.tenant = $1 AND customers.id = $2";

/// One at a time keeps rulebooks of a tenant, until its transaction ends.
pub(super) const LOCK_RULEBOOKS: &str =
    "SELECT pg_advisory_xact_lock(hashtextextended('guanxi rulebooks ' || $1::uuid::text, 0))";

/// Writes nothing unless the rulebook comes into force later than every other (C16).
pub(super) const KEEP_RULEBOOK: &str = "
INSERT INTO guanxi_rulebooks (tenant, in_force_from, document)
SELECT $1, $2, $3::json
WHERE NOT EXISTS (
    SELECT 1 FROM guanxi_rulebooks AS kept WHERE kept.tenant = $1 AND kept.in_force_from >= $2
)";

pub(super) const RULEBOOKS: &str = "
SELECT in_force_from, document::text FROM guanxi_rulebooks
WHERE tenant = $1 ORDER BY in_force_from";

/// Writes nothing where the calibration is kept already (C17).
pub(super) const KEEP_CALIBRATION: &str = "
INSERT INTO guanxi_calibrations (tenant, id, taken_at, document) VALUES ($1, $2, $3, $4::json)
ON CONFLICT (tenant, id) DO NOTHING";

pub(super) const CALIBRATION: &str = "
SELECT taken_at, document::text FROM guanxi_calibrations WHERE tenant = $1 AND id = $2";

pub(super) const CALIBRATIONS: &str = "
SELECT taken_at, document::text FROM guanxi_calibrations
WHERE tenant = $1 ORDER BY taken_at DESC, id DESC LIMIT $2";

/// Every entry of a command has its fingerprint, so the entries it made of other customers, too.
pub(super) const FORGET: &str = "
UPDATE guanxi_journal SET fingerprint = NULL
WHERE tenant = $1 AND fingerprint IS NOT NULL AND command IN (
    SELECT command FROM guanxi_journal WHERE tenant = $1 AND customer = ANY ($2::uuid[]) AND personal
)";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sqlx::{AssertSqlSafe, PgConnection, Row};

    use super::super::{MIGRATIONS, server};
    use super::*;

    /// Every statement that the store sends, with the types of its parameters where the server cannot
    /// tell them.
    fn all() -> Vec<(String, &'static str)> {
        const ONE: &str =
            "uuid, uuid, bigint, bigint, text, text, text, bigint, bigint, bytea, bigint,
            uuid, bigint, bigint, bigint, text, uuid, bigint, bytea, boolean";
        const SEVERAL_OF_ONE: &str = "uuid, uuid, bigint, bigint, text, text, text, bigint, bigint, bytea,
            bigint, uuid[], bigint[], bigint[], bigint[], text[], uuid[], bigint[], bytea[], boolean[]";
        const SEVERAL: &str = "uuid, uuid[], bigint[], bigint[], text[], text[], text[], bigint[], bigint[],
            bytea[], bigint[], uuid[], bigint[], bigint[], bigint[], text[], uuid[], bigint[], bytea[],
            boolean[]";
        let steps =
            [PUT_PARTS, PUT_PERSONAL_PARTS, REMOVE_PARTS, REMOVE_PERSONAL_PARTS, RELEASE_CLAIMS];
        let ends = [
            vec![ALL_OR_NONE],
            vec![TAKE_CLAIMS, ALL_OR_NONE_WITH_CLAIMS],
            vec![PASS_CLAIMS, TAKE_CLAIMS_NOT_PASSED, ALL_OR_NONE_WITH_PASSED_CLAIMS],
        ];
        let mut all = Vec::new();
        let firsts = [
            ([CREATE, ENTER_ONE], ONE),
            ([CHANGE, ENTER_ONE], ONE),
            ([CHANGE, ENTER], SEVERAL_OF_ONE),
            ([CREATE_AND_CHANGE, ENTER], SEVERAL),
        ];
        for (first, types) in firsts {
            for end in &ends {
                let text = [&first[..], &steps[..], &end[..]].concat().concat();
                all.push((text, types));
            }
        }
        let others = [
            FOUND,
            HOLDER,
            RECEIPT,
            RECEIPTS,
            LOAD,
            LOAD_MANY,
            HISTORY,
            FEED,
            SCAN,
            SCAN_FROM_THE_FIRST,
            INSPECT,
            LOCK_RULEBOOKS,
            KEEP_RULEBOOK,
            RULEBOOKS,
            KEEP_CALIBRATION,
            CALIBRATION,
            CALIBRATIONS,
            FORGET,
        ];
        all.extend(others.map(|text| (text.to_owned(), "uuid")));
        all.push((DUE.to_owned(), "uuid, bigint, bigint, bytea, bigint, uuid, bigint, bigint"));
        all
    }

    /// The types of the other steps' parameters.
    const REST: &str = "uuid[], text[], bigint[], text[], uuid[], text[], bigint[], text[], uuid[], text[], uuid[], text[],
        uuid[], text[], text[], uuid[], uuid[], text[], text[], uuid[], text[], text[], bigint, bigint";

    async fn run(connection: &mut PgConnection, text: String) {
        sqlx::raw_sql(AssertSqlSafe(text)).execute(connection).await.unwrap();
    }

    /// The steps in which the server would answer a statement, whatever its parameters are.
    async fn plan(connection: &mut PgConnection, (text, types): &(String, &str)) -> Vec<String> {
        let types =
            if text.contains("$43") { format!("{types}, {REST}") } else { (*types).to_owned() };
        run(connection, format!("PREPARE asked ({types}) AS {text}")).await;
        const PARAMETERS: &str =
            "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'asked'";
        let count: i32 = sqlx::query_scalar(PARAMETERS).fetch_one(&mut *connection).await.unwrap();
        let nulls = vec!["NULL"; usize::try_from(count).unwrap()].join(", ");
        let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE asked ({nulls})"));
        let rows = sqlx::raw_sql(explain).fetch_all(&mut *connection).await.unwrap();
        run(connection, "DEALLOCATE asked".to_owned()).await;
        rows.iter().map(|row| row.try_get::<String, _>(0).unwrap().trim().to_owned()).collect()
    }

    /// Runs a test on tables of its own; says loudly if there is no server to run it on.
    fn on_tables<F: Future<Output = ()>>(name: &str, test: impl FnOnce(PgConnection) -> F) {
        if !server::is_there() {
            return;
        }
        let schema = server::schema(name);
        server::RUNTIME.block_on(async {
            let mut connection = server::connect().await;
            run(&mut connection, format!("SET search_path TO {schema}")).await;
            for migration in MIGRATIONS {
                run(&mut connection, migration.sql.to_owned()).await;
            }
            test(connection).await;
        });
    }

    /// Every table that a plan reads is read through an index by its tenant; but for the one row of the
    /// cluster.
    fn strays(plan: &[String]) -> Option<&String> {
        let reads = |step: &&String| {
            let step = step.trim_start_matches("->").trim();
            step.starts_with("Seq Scan on guanxi_") && !step.contains("guanxi_cluster")
                || step.contains("Index") && step.contains(" using ")
                || step.starts_with("Bitmap Index Scan")
        };
        let by_tenant = |step: &&String| {
            step.starts_with("Index Cond: ((tenant = $1)") || *step == "Index Cond: (tenant = $1)"
        };
        let mut steps = plan.iter().peekable();
        while let Some(step) = steps.next() {
            let is_cluster = step.contains("guanxi_cluster");
            if reads(&step) && !is_cluster && !steps.peek().is_some_and(by_tenant) {
                return Some(step);
            }
        }
        None
    }

    #[test]
    fn every_statement_touches_one_tenant_and_finds_it_by_an_index() {
        on_tables("statements", async |mut connection| {
            // Of tables as small as these the server would rather read the whole.
            const SETTINGS: &str = "SET plan_cache_mode TO force_generic_plan;
                SET enable_seqscan TO off; SET enable_bitmapscan TO off";
            run(&mut connection, SETTINGS.to_owned()).await;
            for statement in all() {
                let plan = plan(&mut connection, &statement).await;
                assert_eq!(strays(&plan), None, "{} {plan:#?}", statement.0);
            }
        });
    }

    #[test]
    fn every_key_leads_with_the_tenant_and_nothing_counts_for_all() {
        const KEYS: &str = "
            SELECT relname::text, attname::text
            FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid
            JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
            WHERE relnamespace = current_schema()::regnamespace";
        const SEQUENCES: &str = "
            SELECT count(*) FROM pg_class
            WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace";
        on_tables("keys", async |mut connection| {
            let keys: Vec<(String, String)> =
                sqlx::query_as(KEYS).fetch_all(&mut connection).await.unwrap();
            let others: BTreeSet<&str> = keys
                .iter()
                .filter(|(_, first)| first != "tenant")
                .map(|(name, _)| name.as_str())
                .collect();
            assert_eq!(others, ["guanxi_cluster_pkey", "guanxi_migrations_pkey"].into());
            assert!(keys.len() > 12, "{keys:?}");
            let sequences: Result<i64, _> =
                sqlx::query_scalar(SEQUENCES).fetch_one(&mut connection).await;
            assert_eq!(sequences.unwrap(), 0);
        });
    }
}
