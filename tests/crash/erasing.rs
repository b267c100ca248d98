//! Kills while customers are being erased.

use std::collections::BTreeSet;
use std::fs;
use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guanxi::crm::{Crm, Executed, Job};
use guanxi::profile::{
    ContactKind, ContactPoint, ExternalKey, Party, Person, ProfileCommand, ProfileEvent,
};
use guanxi::purchase::Order;
use guanxi::store::sqlite::SqliteStore;
use guanxi::store::{Bulk, CustomerStore, Erase};
use guanxi::{Actor, Command, CommandId, Context, Currency, CustomerId, Event, Money, Timestamp};

use super::base::{Folder, check_integrity, open};
use super::carry::passes;
use super::child::{Word, tell};
use super::process::Errand;
use super::shop::{Dice, book, customer, run, start, tenant};

const CUSTOMERS: u64 = 60;

/// Begins every personal value; the number of its customer follows.
const MARKER: &str = "zhenshi-";

fn secret(nth: u64) -> String {
    format!("{MARKER}{nth:03}")
}

fn id(nth: u64) -> CustomerId {
    customer(tenant(0), &nth.to_string())
}

fn key(nth: u64) -> ExternalKey {
    ExternalKey::new("web", secret(nth)).unwrap()
}

fn context(name: &str) -> Context {
    Context::new(start(), Actor::System, CommandId::derive("crash erasing", name))
}

/// Under which a customer got to be known: three times something personal, then an order.
fn known_by(nth: u64, place: u64) -> Context {
    context(&format!("known {nth} {place}"))
}

/// Customers with a name, a contact point, a key and an order each.
async fn fill(crm: &Crm<SqliteStore>) {
    let known = |nth: u64| -> [Command; 4] {
        let contact = ContactPoint::new(ContactKind::Email, format!("{}@example.com", secret(nth)));
        [
            ProfileCommand::Identify(Party::Person(Person::new(secret(nth)).unwrap())).into(),
            ProfileCommand::AddContact(contact.unwrap()).into(),
            ProfileCommand::LinkKey(key(nth)).into(),
            Order::new(start(), Money::from_minor(100, Currency::USD)).into(),
        ]
    };
    let jobs: Vec<Job> = (0..CUSTOMERS)
        .flat_map(|nth| (0..).zip(known(nth)).map(move |(place, command)| (nth, place, command)))
        .map(|(nth, place, command)| Job::new(id(nth), command, known_by(nth, place)))
        .collect();
    for answer in crm.execute_many(&jobs).await.unwrap() {
        assert!(matches!(answer, Ok(Executed::Recorded(_))), "{answer:?}");
    }
}

/// What the child does: erases one customer after the other, while somebody else goes on buying.
pub(super) async fn erase(file: &Path, first: u64) {
    let store = Arc::new(SqliteStore::open(file).await.unwrap());
    let other = Crm::open(Arc::clone(&store), tenant(0), book(10, Timestamp::MIN)).await.unwrap();
    let crm = Crm::open(store, tenant(0), book(10, Timestamp::MIN)).await.unwrap();
    tell(&Word::Opened);
    tokio::spawn(async move { buy(&other, first).await });
    for nth in first..CUSTOMERS {
        if let Err(error) = forget(&crm, nth).await {
            return tell(&Word::Failed(error));
        }
        tell(&Word::Erased { nth });
    }
    pending::<()>().await;
}

async fn buy(crm: &Crm<Arc<SqliteStore>>, first: u64) {
    for nth in 0.. {
        let order = Order::new(start(), Money::from_minor(100, Currency::USD)).into();
        let done =
            crm.execute(id(CUSTOMERS), &order, &context(&format!("bought {first} {nth}"))).await;
        if let Err(error) = done {
            return tell(&Word::Failed(error.to_string()));
        }
    }
}

/// Erases a customer. While somebody reads, the store cannot forget yet, and is asked again.
async fn forget<S: Erase>(crm: &Crm<S>, nth: u64) -> Result<(), String> {
    loop {
        match crm.erase(id(nth), &context(&format!("erase {nth}"))).await {
            Ok(_) => return Ok(()),
            Err(error) if passes(&error) => tokio::task::yield_now().await,
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// The customers of whom something personal can be read in the bytes of the file and of what lies beside
/// it.
fn readable(file: &Path) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(file.parent().unwrap()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for (place, _) in text.match_indices(MARKER) {
            let number = text[place..].chars().skip(MARKER.len()).take(3).collect::<String>();
            found.insert(number.parse().expect("a value is overwritten by half"));
        }
    }
    found
}

/// Whether a customer has been erased. There is no third way (C1).
async fn is_erased(crm: &Crm<SqliteStore>, nth: u64) -> bool {
    let customer = crm.customer(id(nth)).await.unwrap().unwrap();
    let journal = crm.history(id(nth)).await.unwrap();
    let events = journal.iter().flat_map(|entry| &entry.events);
    let erasures = events.filter(|event| matches!(event, Event::Profile(ProfileEvent::Erased)));
    let holder = crm.store().holder(tenant(0), &key(nth)).await.unwrap();
    match erasures.count() {
        0 => {
            let profile = customer.profile();
            assert_eq!(profile.party().map(Party::name), Some(&*secret(nth)));
            assert_eq!((profile.contacts().len(), holder), (1, Some(id(nth))));
            false
        }
        count => {
            assert_eq!((count, holder), (1, None));
            assert!(customer.profile().is_empty());
            assert_eq!(customer.purchases().known(None).orders, 1, "the skeleton stays");
            true
        }
    }
}

/// How many of the personal commands of a customer can still be told from others.
async fn fingerprints(crm: &Crm<SqliteStore>, nth: u64) -> usize {
    let ids: Vec<CommandId> = (0..4).map(|place| known_by(nth, place).command_id).collect();
    let accepted = crm.store().receipts(tenant(0), &ids).await.unwrap();
    let known = accepted.iter().map(|accepted| accepted.as_ref().unwrap().fingerprint.is_some());
    let [personal @ .., order] = &known.collect::<Vec<_>>()[..] else { panic!("nothing was sent") };
    assert!(order, "an order is not personal");
    personal.iter().filter(|known| **known).count()
}

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn an_erasure_shows_all_or_nothing_and_a_repeated_one_completes() {
    let folder = Folder::new("erasing");
    let file = folder.file("crm.db");
    run(async {
        let crm = open(&file, tenant(0)).await;
        fill(&crm).await;
        crm.store().close().await;
    });
    assert_eq!(readable(&file), (0..CUSTOMERS).collect(), "nothing to erase");

    let (mut next, mut kills, mut begun) = (0, 0, 0);
    let mut moment = Duration::from_millis(3);
    while next + 4 < CUSTOMERS {
        let mut dice = Dice::of(&[next, kills]);
        let words = 1 + dice.below(3);
        let child = Errand::Erase { file: file.clone(), first: next }.start();
        let told = child.kill(words, moment);
        for word in &told {
            if let Word::Erased { nth } = word {
                assert_eq!(*nth, next);
                next += 1;
            }
        }
        kills += 1;
        // Before anybody opens the file and by that mends it.
        let shown = readable(&file);
        assert!(shown.iter().all(|nth| *nth >= next), "erased up to {next}, and yet: {shown:?}");
        if next == CUSTOMERS {
            break;
        }
        let was_erased = run(complete(&file, next));
        begun += u64::from(was_erased);
        next += 1;
        // On every machine the kills gather around the instant at which an erasure is committed.
        let is_late = was_erased || told.len() as u64 > words;
        moment = if is_late { moment * 3 / 4 } else { moment * 5 / 4 };
    }
    println!("{kills} kills while erasing; {begun} after an erasure that was not acknowledged yet");
    assert!(begun > 0);
}

/// Checks every customer, and completes the erasure that the child was at. Gives whether it had been
/// committed.
async fn complete(file: &Path, next: u64) -> bool {
    check_integrity(file).await;
    let crm = open(file, tenant(0)).await;
    let was_erased = is_erased(&crm, next).await;
    for nth in (0..CUSTOMERS).filter(|nth| *nth != next) {
        assert_eq!(is_erased(&crm, nth).await, nth < next, "customer {nth}");
        let known = if nth < next { 0 } else { 3 };
        assert_eq!(fingerprints(&crm, nth).await, known, "customer {nth}");
    }
    forget(&crm, next).await.unwrap();
    assert!(is_erased(&crm, next).await);
    assert_eq!(fingerprints(&crm, next).await, 0);
    let still = readable(file);
    assert_eq!(still, (next + 1..CUSTOMERS).collect());
    let verification = crm.verify().await.unwrap();
    assert!(verification.is_sound(), "{:?}", verification.flaws);
    crm.store().close().await;
    was_erased
}
