//! C13: what is erased is gone from everything that the server answers.

use guanxi::Crm;
use guanxi::profile::{ContactKind, ContactPoint, Party, Person, ProfileCommand};
use guanxi::store::postgres::PostgresStore;
use guanxi::store::postgres::sqlx::{self, AssertSqlSafe, PgConnection};
use guanxi::store::{CommitError, Erase};

use super::base::{
    connect, context, customer, in_schema, key, link, noon, open, prepare, run, shop,
};

/// Ends every personal value here.
const MARKER: &str = "Zhenshi";

/// Everything that tables and statistics of a schema show, as one text.
async fn everything(connection: &mut PgConnection, schema: &str) -> String {
    const TABLES: &str = "SELECT tablename::text FROM pg_tables WHERE schemaname = $1";
    let tables: Vec<String> =
        sqlx::query_scalar(TABLES).bind(schema).fetch_all(&mut *connection).await.unwrap();
    assert_eq!(tables.len(), 9);
    let mut all = String::new();
    let shown = tables.iter().map(|table| format!("{schema}.{table}"));
    for relation in shown.chain(["pg_stats".to_owned(), "pg_statistic".to_owned()]) {
        let text = AssertSqlSafe(format!("SELECT rows::text FROM {relation} AS rows"));
        let rows: Vec<String> = sqlx::query_scalar(text).fetch_all(&mut *connection).await.unwrap();
        all.push_str(&rows.concat());
    }
    all
}

async fn fill(crm: &Crm<PostgresStore>) {
    for nth in 0..50 {
        let (id, named) = (customer(&nth.to_string()), |what: &str| format!("{nth} {what}"));
        let person = Person::new(format!("Name{nth}{MARKER}")).unwrap();
        let mail = ContactPoint::new(ContactKind::Email, format!("mail{nth}{MARKER}@example.com"));
        let commands = [
            ProfileCommand::Identify(Party::Person(person)).into(),
            ProfileCommand::AddContact(mail.unwrap()).into(),
            link(&format!("key{nth}{MARKER}")),
        ];
        for (step, command) in (0..).zip(&commands) {
            let now = context(noon("01-01"), &named(&format!("{step}")));
            crm.execute(id, command, &now).await.unwrap();
        }
    }
}

#[test]
fn nothing_erased_is_in_any_table_nor_in_the_statistics() {
    in_schema("erasure", async |schema| {
        let crm = open(&schema).await;
        fill(&crm).await;
        let mut connection = connect(&schema).await;
        run(&mut connection, "ANALYZE").await;
        let before = everything(&mut connection, &schema).await;
        // Name, mail address and key in the profile, and the key as a claim.
        assert_eq!(before.matches(MARKER).count(), 200);

        // As statistics would show them.
        const FINGERPRINTS: &str =
            "SELECT encode(fingerprint, 'hex') FROM guanxi_journal WHERE personal";
        let fingerprints: Vec<String> =
            sqlx::query_scalar(FINGERPRINTS).fetch_all(&mut connection).await.unwrap();
        assert!(before.contains(&fingerprints[0]));

        let contexts = |nth: usize| context(noon("01-02"), &format!("erase {nth}"));
        for nth in 0..50 {
            crm.erase(customer(&nth.to_string()), &contexts(nth)).await.unwrap();
        }
        let after = everything(&mut connection, &schema).await;
        assert_eq!(after.matches(MARKER).count(), 0);
        assert!(!fingerprints.iter().any(|fingerprint| after.contains(fingerprint)));
        run(&mut connection, "ANALYZE").await;
        assert_eq!(everything(&mut connection, &schema).await.matches(MARKER).count(), 0);
        // Once no transaction of another test is older, cleaning takes the rows themselves.
        const SIZE: &str =
            "SELECT pg_relation_size('guanxi_claims') + pg_relation_size('guanxi_personal_parts')";
        while sqlx::query_scalar::<_, i64>(SIZE).fetch_one(&mut connection).await.unwrap() > 0 {
            crm.store().forget(shop(), &[]).await.unwrap();
        }
    });
}

/// What the server tells of a claim that is held goes into its log, and into errors of ours.
#[test]
fn no_report_of_the_server_quotes_a_key() {
    in_schema("erasure_reports", async |schema| {
        let crm = open(&schema).await;
        let taken = prepare(&crm, "a", link(MARKER), "1").await;
        let refused = prepare(&crm, "b", link(MARKER), "2").await;
        let mut transaction = crm.store().pool().begin().await.unwrap();
        crm.store().commit_in(&mut transaction, shop(), &taken).await.unwrap();
        let answer = crm.store().commit_in(&mut transaction, shop(), &refused).await;
        assert!(matches!(answer, Err(CommitError::Claimed { .. })), "{answer:?}");
        transaction.commit().await.unwrap();
        assert_eq!(crm.find(&key(MARKER)).await.unwrap(), Some(customer("a")));

        // A column that no longer takes what we write: the server's details quote the row.
        let mut connection = connect(&schema).await;
        run(
            &mut connection,
            "ALTER TABLE guanxi_claims ADD CONSTRAINT narrow CHECK (length(key) < 3) NOT VALID",
        )
        .await;
        let now = context(noon("01-03"), "3");
        let error =
            crm.execute(customer("c"), &link(&format!("c{MARKER}")), &now).await.unwrap_err();
        let mut told = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            told.push_str(&format!("{cause} {cause:?}"));
            source = cause.source();
        }
        assert!(!told.contains(MARKER), "{told}");
        assert!(told.contains("23514"), "{told}");
    });
}
