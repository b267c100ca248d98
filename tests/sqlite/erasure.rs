//! C13: what is erased is gone from the bytes of the files.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use guanxi::crm::{CrmError, Executed, Job};
use guanxi::profile::{ContactKind, ContactPoint, Party, Person, ProfileCommand};
use guanxi::store::Erase;
use guanxi::store::sqlite::sqlx::{self, Connection};
use guanxi::store::sqlite::{SqliteFault, SqliteOptions, SqliteStore};
use guanxi::{Command, Crm};

use super::base::{
    Folder, books, connect, context, customer, fault, link, noon, open, order, run, shop,
};

/// Every byte that the store has on the disk.
fn bytes(folder: &Folder) -> Vec<u8> {
    let mut all = Vec::new();
    for file in folder.files() {
        all.extend(fs::read(file).unwrap());
    }
    all
}

/// Ends every personal value here, after the number of the customer.
const MARKER: &str = "Zhenshi";

/// The numbers of the customers of whom a value is somewhere in the bytes.
fn told_of(bytes: &[u8]) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for (place, window) in bytes.windows(MARKER.len()).enumerate() {
        if window == MARKER.as_bytes() {
            let digits = std::str::from_utf8(&bytes[place - 5..place]).unwrap();
            found.insert(digits.parse().unwrap());
        }
    }
    found
}

/// Whether the marker lies about in a form that [`told_of`] does not see: in UTF-16 of either order, or
/// in hexadecimal.
fn disguised(bytes: &[u8]) -> bool {
    let hex = |upper: bool| {
        let digit = |byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        MARKER.bytes().map(digit).collect::<String>().into_bytes()
    };
    let forms: [Vec<u8>; 4] = [
        MARKER.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        MARKER.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex(false),
        hex(true),
    ];
    forms.iter().any(|form| bytes.windows(form.len()).any(|window| window == form))
}

fn values(nth: u32) -> [String; 4] {
    ["Name", "Work", "Mail", "Key"].map(|what| format!("{what}{nth:05}{MARKER}"))
}

/// What makes the profile of one customer, in the order of time.
fn profile(nth: u32) -> Vec<Command> {
    let [name, work, mail, key] = values(nth);
    let email = |text: String| ContactPoint::new(ContactKind::Email, text).unwrap();
    let person = Person::new(name).unwrap().with_occupation(work).unwrap();
    vec![
        ProfileCommand::Identify(Party::Person(person)).into(),
        ProfileCommand::AddContact(email(format!("{mail}@example.com"))).into(),
        link(&key),
    ]
}

/// The three steps of everybody's profile, one after the other, and orders of some in between.
async fn fill(crm: &Crm<SqliteStore>, customers: u32) {
    let at = noon("01-01");
    for step in 0..3 {
        let mut jobs = Vec::new();
        for nth in 0..customers {
            let id = customer(&nth.to_string());
            let named = |what: &str| context(at, &format!("{nth} {step} {what}"));
            jobs.push(Job::new(id, profile(nth).remove(step), named("profile")));
            if nth % 3 == 0 {
                jobs.push(Job::new(id, order(at), named("order")));
            }
        }
        for page in jobs.chunks(500) {
            for answer in crm.execute_many(page).await.unwrap() {
                assert!(matches!(answer, Ok(Executed::Recorded(_))));
            }
        }
    }
}

fn erased_of(all: &BTreeSet<u32>) -> BTreeSet<u32> {
    all.iter().copied().filter(|nth| nth % 7 == 3).collect()
}

#[test]
fn nothing_erased_is_left_in_the_files() {
    let folder = Folder::new("erasure-bytes");
    run(async {
        let crm = open(&folder).await;
        fill(&crm, 100).await;
        let all: BTreeSet<u32> = (0..100).collect();
        assert_eq!(told_of(&bytes(&folder)), all);
        let erased = erased_of(&all);
        for nth in &erased {
            let now = context(noon("02-01"), &format!("{nth} erase"));
            crm.erase(customer(&nth.to_string()), &now).await.unwrap();
        }
        let after = bytes(&folder);
        assert_eq!(told_of(&after), all.difference(&erased).copied().collect());
        assert!(!disguised(&after));
    });
}

/// SQLite overwrites what it deletes, but not the copies in pages that a row was moved out of.
#[test]
fn no_copy_of_a_moved_row_is_left_either() {
    let folder = Folder::new("erasure-copies");
    run(async {
        let crm = open(&folder).await;
        fill(&crm, 3_000).await;
        let all: BTreeSet<u32> = (0..3_000).collect();
        let erased = erased_of(&all);
        let mut connection = connect(&folder).await;
        let overwrite = "PRAGMA secure_delete = ON";
        sqlx::query(overwrite).execute(&mut connection).await.unwrap();
        for nth in &erased {
            let id = customer(&nth.to_string()).uuid();
            for statement in [
                "DELETE FROM guanxi_personal_parts WHERE tenant = ? AND customer = ?",
                "DELETE FROM guanxi_claims WHERE tenant = ? AND customer = ?",
            ] {
                let ids = [shop().uuid(), id].map(|id| id.as_bytes().to_vec());
                let query = ids.into_iter().fold(sqlx::query(statement), sqlx::query::Query::bind);
                query.execute(&mut connection).await.unwrap();
            }
        }
        let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
        sqlx::query(emptied).execute(&mut connection).await.unwrap();
        let copies = told_of(&bytes(&folder)).intersection(&erased).count();
        assert!(copies > 0, "without copies this proves nothing");

        crm.store().forget(shop(), &[customer("3")]).await.unwrap();
        assert_eq!(told_of(&bytes(&folder)), all.difference(&erased).copied().collect());
    });
}

#[test]
fn while_somebody_reads_an_earlier_state_it_is_not_erased_yet() {
    let folder = Folder::new("erasure-busy");
    run(async {
        let options = SqliteOptions::new(folder.file()).with_busy_timeout(Duration::from_millis(1));
        let crm = Crm::new(options.open().await.unwrap(), shop(), books());
        fill(&crm, 5).await;
        let mut reader = connect(&folder).await;
        let mut reading = reader.begin().await.unwrap();
        let count = "SELECT count(*) FROM guanxi_customers";
        sqlx::query(count).fetch_one(&mut *reading).await.unwrap();

        let (id, now) = (customer("3"), context(noon("02-01"), "erase"));
        let error = match crm.erase(id, &now).await.unwrap_err() {
            CrmError::Store(error) => error,
            other => panic!("{other:?}"),
        };
        assert!(error.is_transient());
        assert!(matches!(fault(&error), SqliteFault::StillRead), "{error:?}");
        assert!(told_of(&bytes(&folder)).contains(&3));

        // Asked again, it goes on.
        reading.rollback().await.unwrap();
        assert!(matches!(crm.erase(id, &now).await.unwrap(), Executed::Replayed { .. }));
        assert_eq!(told_of(&bytes(&folder)), BTreeSet::from([0, 1, 2, 4]));
    });
}
