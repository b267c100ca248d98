//! Values of a profile stay in the profile: no event, entry, answer or error shows one.

use std::error::Error;

use guanxi::crm::{CrmError, Executed, JOBS_MAX};
use guanxi::customer::{Part, PartName};
use guanxi::profile::{
    ContactKind, ContactPoint, ExternalKey, Organisation, Party, Person, ProfileCommand,
};
use guanxi::store::{CommitError, CustomerStore, MemoryStore};
use guanxi::{Actor, Command, CommandId, Context, Crm, CustomerId, Outcome, TenantId, Timestamp};
use pollster::block_on;

use super::run::{Run, books};
use super::stories::{noon, order, short};

/// Stands in every value of every profile here.
const MARKER: &str = "zhenshi";

fn commands() -> Vec<Command> {
    let value = |what: &str| format!("{MARKER}-{what}");
    let person = Person::new(value("name"))
        .unwrap()
        .with_occupation(value("occupation"))
        .and_then(|person| person.with_interest(value("interest")))
        .unwrap();
    let firm = Organisation::new(value("firm")).unwrap().with_industry(value("industry")).unwrap();
    let email = ContactPoint::new(ContactKind::Email, value("a@example.com"))
        .unwrap()
        .with_label(value("label"))
        .unwrap();
    [
        ProfileCommand::Identify(Party::Person(person)),
        ProfileCommand::Identify(Party::Organisation(firm)),
        ProfileCommand::AddContact(email.clone()),
        ProfileCommand::LinkKey(ExternalKey::new(value("system"), value("key")).unwrap()),
        ProfileCommand::RemoveContact(email),
    ]
    .map(Command::from)
    .into()
}

fn silent(what: &str, text: &str) {
    assert!(!text.contains(MARKER), "{what} shows a value: {text}");
}

/// The error with everything under it, as a log would have it.
fn chain(error: &dyn Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text} {inner} {inner:?}");
        source = inner.source();
    }
    text
}

fn profile_part(parts: &[Part]) -> Option<&Part> {
    parts.iter().find(|part| part.name == PartName::Profile)
}

#[test]
fn a_customer_shows_no_value_but_in_its_profile_part() {
    let mut run = Run::new(books(&short()));
    run.grant(noon("01-01"), order(noon("01-01")));
    for command in commands() {
        silent("a command", &format!("{command:?}"));
        let Ok(Outcome::Changed(change)) = run.ask(noon("01-02"), &command) else {
            panic!("not recorded")
        };
        silent("a change", &format!("{change:?}"));
        silent("an entry", &format!("{:?}", change.entry));
        silent("an entry's document", &serde_json::to_string(&change.entry).unwrap());
    }
    let assessment = run.customer.assess(noon("01-03"), &run.books).unwrap();
    silent("an assessment", &format!("{assessment:?}"));
    silent("a customer", &format!("{:?}", run.customer));
    let parts = run.customer.to_parts();
    silent("parts", &format!("{parts:?}"));
    for part in &parts {
        let document = String::from_utf8(part.document.clone()).unwrap();
        assert_eq!(document.contains(MARKER), part.name == PartName::Profile, "{}", part.name);
    }
    // Erased, no part has it.
    run.grant(noon("01-04"), ProfileCommand::Erase);
    assert_eq!(profile_part(&run.customer.to_parts()), None);
    assert!(!run.parts.contains_key(&PartName::Profile));
}

#[test]
fn errors_show_no_value() {
    let mut run = Run::new(books(&short()));
    // More of everything than a profile holds.
    for nth in 0..2_000 {
        let system = format!("{MARKER}-{nth}");
        let link = ProfileCommand::LinkKey(ExternalKey::new(system, MARKER).unwrap());
        if let Err(error) = run.ask(noon("01-01"), &link.into()) {
            silent("an error", &chain(&error));
            return;
        }
    }
    panic!("a profile holds 2,000 keys");
}

#[test]
fn malformed_documents_are_not_quoted() {
    let mut run = Run::new(books(&short()));
    for command in commands() {
        let _ = run.ask(noon("01-01"), &command).unwrap();
    }
    let mut parts = run.customer.to_parts();
    for index in 0..parts.len() {
        let whole = parts[index].document.clone();
        parts[index].document = format!("{{\"{MARKER}\":\"{MARKER}\"}}").into_bytes();
        let error = guanxi::Customer::from_parts(run.customer.id(), 1, &parts).unwrap_err();
        silent("an error", &chain(&error));
        parts[index].document = whole;
    }
    for name in [MARKER, "purchase.zhenshi"] {
        silent("an error", &chain(&name.parse::<PartName>().unwrap_err()));
    }
}

#[test]
fn a_store_shows_no_value() {
    let shop = TenantId::derive("shop");
    let crm = Crm::new(MemoryStore::default(), shop, books(&short()));
    let ids = ["a", "b"].map(|key| CustomerId::derive(shop, key));
    let at: Timestamp = noon("01-01");
    for (nth, command) in commands().iter().enumerate() {
        for (customer, id) in ids.iter().enumerate() {
            let command_id = CommandId::derive("privacy", &format!("{nth} {customer}"));
            let context = Context::new(at, Actor::System, command_id);
            match block_on(crm.execute(*id, command, &context)) {
                Ok(executed) => silent("an answer", &format!("{executed:?}")),
                // The key is claimed by the first of them.
                Err(error) => silent("an error", &chain(&error)),
            }
            let reused = block_on(crm.execute(*id, &order(at), &context));
            if let Err(error) = reused {
                silent("an error", &chain(&error));
            }
        }
    }
    silent("a store", &format!("{:?}", crm.store()));
    let stored = block_on(crm.store().load(shop, ids[0])).unwrap();
    silent("a stored customer", &format!("{stored:?}"));
    for entry in block_on(crm.history(ids[0])).unwrap() {
        silent("a stored entry", &serde_json::to_string(&entry).unwrap());
    }
}

/// C13: the fingerprint of a short value gives the value away, so it goes with the profile; C5: what
/// was told under the id is not carried out again all the same.
#[test]
fn an_erased_customer_is_forgotten_and_its_commands_are_not_repeated() {
    let shop = TenantId::derive("shop");
    let crm = Crm::new(MemoryStore::default(), shop, books(&short()));
    let (id, at) = (CustomerId::derive(shop, "a"), noon("01-01"));
    let context = |name: &str| Context::new(at, Actor::System, CommandId::derive("erase", name));
    let execute = |command: &Command, name| block_on(crm.execute(id, command, &context(name)));
    let fingerprint = |name| {
        let accepted = block_on(crm.store().receipt(shop, context(name).command_id)).unwrap();
        accepted.unwrap().fingerprint
    };
    let key = ExternalKey::new("web", "7").unwrap();
    let link = Command::from(ProfileCommand::LinkKey(key.clone()));
    let unlink = Command::from(ProfileCommand::UnlinkKey(key));

    execute(&order(at), "order").unwrap();
    execute(&link, "link").unwrap();
    assert!(fingerprint("link").is_some());
    block_on(crm.erase(id, &context("erase"))).unwrap();
    assert_eq!(fingerprint("link"), None);
    assert!(fingerprint("order").is_some(), "facts are no personal data");
    let repeated = execute(&link, "link");
    assert!(matches!(repeated, Err(CrmError::Commit(CommitError::Forgotten))), "{repeated:?}");
    assert!(matches!(execute(&order(at), "order"), Ok(Executed::Replayed { revision: 1 })));

    // A profile that is empty already has left traces, too.
    execute(&link, "link again").unwrap();
    execute(&unlink, "unlink").unwrap();
    let erased = block_on(crm.erase(id, &context("erase again"))).unwrap();
    assert_eq!(erased, Executed::Unchanged);
    assert_eq!((fingerprint("link again"), fingerprint("unlink")), (None, None));
    assert!(block_on(crm.verify()).unwrap().is_sound());

    // Asked for again, it is done; of nobody, there is nothing to do.
    assert!(matches!(block_on(crm.erase(id, &context("erase"))), Ok(Executed::Replayed { .. })));
    let nobody = CustomerId::derive(shop, "nobody");
    assert_eq!(block_on(crm.erase(nobody, &context("nobody"))).unwrap(), Executed::Unchanged);
}

#[test]
fn many_are_erased_as_each_would_be() {
    let shop = TenantId::derive("shop");
    let crm = Crm::new(MemoryStore::default(), shop, books(&short()));
    let at = noon("01-01");
    let customer = |key: &str| CustomerId::derive(shop, key);
    let context = |name: &str| Context::new(at, Actor::System, CommandId::derive("erase", name));
    for key in ["a", "b"] {
        let link = ProfileCommand::LinkKey(ExternalKey::new("web", key).unwrap()).into();
        block_on(crm.execute(customer(key), &link, &context(key))).unwrap();
    }
    // The id of the second erasure is in use, so that customer stays as it is.
    let erasures = [
        (customer("a"), context("1")),
        (customer("b"), context("a")),
        (customer("c"), context("2")),
    ];
    let answers = block_on(crm.erase_many(&erasures)).unwrap();
    assert!(matches!(answers[0], Ok(Executed::Recorded(_))));
    assert!(matches!(answers[1], Err(CrmError::Commit(CommitError::CommandReused))));
    assert!(matches!(answers[2], Ok(Executed::Unchanged)));
    let fingerprint = |name| {
        let accepted = block_on(crm.store().receipt(shop, context(name).command_id)).unwrap();
        accepted.unwrap().fingerprint
    };
    assert_eq!((fingerprint("a").is_some(), fingerprint("b").is_some()), (false, true));

    let too_many = vec![erasures[0]; JOBS_MAX + 1];
    let refused = block_on(crm.erase_many(&too_many));
    assert!(matches!(refused, Err(CrmError::TooManyJobs { .. })));
}
