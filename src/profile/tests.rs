//! Laws of the room as a whole: what holds for every profile and every command.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::time::Day;

use super::*;

/// Texts with what JSON must escape and with scripts beyond ASCII; never blank.
fn text() -> impl Strategy<Value = String> {
    r#"[a-z林"\\é][ -~关系é😀]{0,8}"#
}

/// Few texts, so that commands meet what is there already.
fn scarce() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "A", "b ", "林", "\\\""]).prop_map(String::from)
}

fn kind() -> impl Strategy<Value = ContactKind> {
    use ContactKind::{Email, Mobile, Other, Phone, Postal, WeChat, Web};
    prop::sample::select(vec![Email, Phone, Mobile, Postal, WeChat, Web, Other])
}

fn organisation() -> impl Strategy<Value = Organisation> {
    let country = prop::option::of("[A-Z]{2}");
    (text(), prop::option::of(text()), prop::option::of(any::<u32>()), country).prop_map(
        |(name, industry, employees, country)| {
            let mut made = Organisation::new(name).unwrap();
            if let Some(industry) = industry {
                made = made.with_industry(industry).unwrap();
            }
            if let Some(employees) = employees {
                made = made.with_employees(employees);
            }
            match country {
                Some(country) => made.with_country(CountryCode::new(&country).unwrap()),
                None => made,
            }
        },
    )
}

fn person() -> impl Strategy<Value = Person> {
    let days = Day::MIN.days_since_epoch()..=Day::MAX.days_since_epoch();
    let interests = prop::collection::vec(text(), 0..4);
    (text(), prop::option::of(days), prop::option::of(text()), interests).prop_map(
        |(name, birth_date, occupation, interests)| {
            let mut made = Person::new(name).unwrap();
            if let Some(days) = birth_date {
                made = made.with_birth_date(Day::from_days_since_epoch(days).unwrap());
            }
            if let Some(occupation) = occupation {
                made = made.with_occupation(occupation).unwrap();
            }
            interests.into_iter().try_fold(made, Person::with_interest).unwrap()
        },
    )
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![
        organisation().prop_map(Party::Organisation),
        person().prop_map(Party::Person),
        Just(Party::Person(Person::new("a").unwrap())),
    ]
}

fn contact() -> impl Strategy<Value = ContactPoint> {
    (kind(), prop_oneof![scarce(), text()], prop::option::of(scarce())).prop_map(
        |(kind, value, label)| {
            let made = ContactPoint::new(kind, value).unwrap();
            label.map_or(made.clone(), |label| made.with_label(label).unwrap())
        },
    )
}

fn external_key() -> impl Strategy<Value = ExternalKey> {
    (scarce(), prop_oneof![scarce(), text()])
        .prop_map(|(system, key)| ExternalKey::new(system, key).unwrap())
}

fn command() -> impl Strategy<Value = ProfileCommand> {
    prop_oneof![
        3 => party().prop_map(ProfileCommand::Identify),
        6 => contact().prop_map(ProfileCommand::AddContact),
        3 => contact().prop_map(ProfileCommand::RemoveContact),
        6 => external_key().prop_map(ProfileCommand::LinkKey),
        3 => external_key().prop_map(ProfileCommand::UnlinkKey),
        1 => Just(ProfileCommand::Erase),
    ]
}

fn profile() -> impl Strategy<Value = Profile> {
    prop::collection::vec(command(), 0..24).prop_map(|commands| run(&commands))
}

/// A profile and a command that, every other time, is about what the profile holds: left to chance,
/// commands seldom name a key that is there.
fn profile_and_command() -> impl Strategy<Value = (Profile, ProfileCommand)> {
    profile().prop_flat_map(|profile| {
        let mut aimed = vec![ProfileCommand::Erase];
        aimed.extend(profile.party().cloned().map(ProfileCommand::Identify));
        for contact in profile.contacts() {
            aimed.push(ProfileCommand::AddContact(contact.clone()));
            aimed.push(ProfileCommand::RemoveContact(contact.clone()));
        }
        for key in profile.external_keys() {
            aimed.push(ProfileCommand::LinkKey(key.clone()));
            aimed.push(ProfileCommand::UnlinkKey(key.clone()));
        }
        (Just(profile), prop_oneof![command(), prop::sample::select(aimed)])
    })
}

fn run(commands: &[ProfileCommand]) -> Profile {
    commands.iter().fold(Profile::default(), |profile, command| {
        decide(&profile, command).unwrap().map_or(profile, |change| change.profile)
    })
}

fn keys(profile: &Profile) -> BTreeSet<ExternalKey> {
    profile.external_keys().cloned().collect()
}

proptest! {
    #[test]
    fn decide_is_pure_and_a_second_time_changes_nothing((profile, command) in profile_and_command()) {
        let before = profile.clone();
        let answer = decide(&profile, &command).unwrap();
        prop_assert_eq!(decide(&profile, &command).unwrap(), answer.clone());
        prop_assert_eq!(&profile, &before);
        if let Some(change) = answer {
            prop_assert_ne!(&change.profile, &profile);
            prop_assert_eq!(decide(&change.profile, &command).unwrap(), None);
        }
    }

    #[test]
    fn the_event_names_the_one_field_that_changed((profile, command) in profile_and_command()) {
        let Some(change) = decide(&profile, &command).unwrap() else { return Ok(()) };
        let changed = [
            (ProfileField::Party, profile.party() != change.profile.party()),
            (ProfileField::Contacts, profile.contacts() != change.profile.contacts()),
            (ProfileField::ExternalKeys, keys(&profile) != keys(&change.profile)),
        ];
        match change.event {
            ProfileEvent::Changed { field } => {
                prop_assert!(changed.iter().all(|(name, changed)| *changed == (*name == field)));
            }
            ProfileEvent::Erased => prop_assert_eq!(change.profile, Profile::default()),
        }
    }

    #[test]
    fn claims_are_the_difference_of_the_keys((profile, command) in profile_and_command()) {
        let Some(change) = decide(&profile, &command).unwrap() else { return Ok(()) };
        let (before, after) = (keys(&profile), keys(&change.profile));
        let taken: Vec<_> = after.difference(&before).cloned().collect();
        let released: Vec<_> = before.difference(&after).cloned().collect();
        prop_assert_eq!(change.claims_taken, taken);
        prop_assert_eq!(change.claims_released, released);
    }

    #[test]
    fn no_way_to_reach_a_customer_is_there_twice(profile in profile()) {
        let contacts = profile.contacts();
        for (index, contact) in contacts.iter().enumerate() {
            prop_assert!(contacts[..index].iter().all(|other| !other.is_same_way(contact)));
        }
    }

    #[test]
    fn an_added_contact_is_removed_by_kind_and_value(profile in profile(), contact in contact()) {
        let add = ProfileCommand::AddContact(contact.clone());
        let with = decide(&profile, &add).unwrap().map_or(profile, |change| change.profile);
        let unlabelled = ContactPoint::new(contact.kind(), contact.value()).unwrap();
        let remove = ProfileCommand::RemoveContact(unlabelled);
        let without = decide(&with, &remove).unwrap().unwrap().profile;
        prop_assert!(without.contacts().iter().all(|known| !known.is_same_way(&contact)));
        prop_assert_eq!(without.contacts().len(), with.contacts().len().saturating_sub(1));
    }

    #[test]
    fn reading_gives_back_what_was_written(profile in profile()) {
        let document = profile.to_document();
        let read = Profile::from_document(PROFILE_SCHEMA, &document);
        prop_assert_eq!(read.as_ref(), Ok(&profile));
        prop_assert_eq!(read.unwrap().to_document(), document);
    }

    #[test]
    fn a_damaged_document_is_refused_or_read_whole(
        profile in profile(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut document = profile.to_document();
        let at = at.index(document.len());
        document[at] = byte;
        if let Ok(read) = Profile::from_document(PROFILE_SCHEMA, &document) {
            let again = Profile::from_document(PROFILE_SCHEMA, &read.to_document());
            prop_assert_eq!(again, Ok(read));
        }
        document.truncate(at);
        let cut = Profile::from_document(PROFILE_SCHEMA, &document);
        prop_assert_eq!(cut, Err(ProfileDocumentError::Malformed));
    }

    #[test]
    fn a_command_survives_json(command in command()) {
        let json = serde_json::to_string(&command).unwrap();
        prop_assert_eq!(&serde_json::from_str::<ProfileCommand>(&json).unwrap(), &command);
        let value = serde_json::to_value(&command).unwrap();
        prop_assert_eq!(serde_json::from_value::<ProfileCommand>(value).unwrap(), command);
    }
}

/// Texts that occur nowhere but as values, each in a field of its own.
const MARKERS: [&str; 17] = [
    "Zqorgname",
    "Zqindustry",
    "987654321",
    "\"ZQ\"",
    "Zqperson",
    "1903-07-09",
    "Zqoccupation",
    "Zqinterest",
    "zqmail@example.com",
    "Zqlabel",
    "Zqwechat",
    "zqsystem",
    "zqkey-1",
    "zqkey-2",
    "zq",
    "Zq",
    "ZQ",
];

fn marked_commands() -> Vec<ProfileCommand> {
    let organisation = Organisation::new("Zqorgname")
        .and_then(|made| made.with_industry("Zqindustry"))
        .unwrap()
        .with_employees(987_654_321)
        .with_country(CountryCode::new("ZQ").unwrap());
    let person = Person::new("Zqperson")
        .and_then(|made| made.with_occupation("Zqoccupation"))
        .and_then(|made| made.with_interest("Zqinterest"))
        .unwrap()
        .with_birth_date(Day::from_ymd(1903, 7, 9).unwrap());
    let mail = ContactPoint::new(ContactKind::Email, "zqmail@example.com")
        .and_then(|made| made.with_label("Zqlabel"))
        .unwrap();
    let wechat = ContactPoint::new(ContactKind::WeChat, "Zqwechat").unwrap();
    let first = ExternalKey::new("zqsystem", "zqkey-1").unwrap();
    let second = ExternalKey::new("zqsystem", "zqkey-2").unwrap();
    vec![
        ProfileCommand::Identify(Party::Organisation(organisation)),
        ProfileCommand::AddContact(mail),
        ProfileCommand::AddContact(wechat.clone()),
        ProfileCommand::LinkKey(first.clone()),
        ProfileCommand::LinkKey(second),
        ProfileCommand::RemoveContact(wechat),
        ProfileCommand::UnlinkKey(first),
        ProfileCommand::Identify(Party::Person(person)),
        ProfileCommand::Erase,
    ]
}

fn shows_value(text: &str) -> bool {
    MARKERS.iter().any(|marker| text.contains(marker))
}

#[test]
fn debug_and_events_show_no_value() {
    let commands = marked_commands();
    let json = serde_json::to_string(&commands).unwrap();
    // Markers that are nowhere would make the rest of this test say nothing.
    assert!(MARKERS.iter().all(|marker| json.contains(marker)));

    let mut profile = Profile::default();
    for command in &commands {
        let change = decide(&profile, command).unwrap().unwrap();
        assert!(!shows_value(&format!("{command:?} {command:#?} {change:?} {change:#?}")));
        assert!(!shows_value(&serde_json::to_string(&change.event).unwrap()));
        profile = change.profile;
        assert!(!shows_value(&format!("{profile:?} {profile:#?}")));
        assert!(!shows_value(&format!("{:?} {:#?}", profile.party(), profile.contacts())));
        assert!(!shows_value(&format!("{:?}", profile.external_keys().collect::<Vec<_>>())));
    }
    let country = CountryCode::new("ZQ").unwrap();
    assert!(!shows_value(&format!("{country:?} {country:#?}")));
}

#[test]
fn erasing_leaves_nothing_and_gives_up_every_key() {
    let mut commands = marked_commands();
    assert_eq!(commands.pop(), Some(ProfileCommand::Erase));
    let extra = ExternalKey::new("zqsystem", "zqkey-3").unwrap();
    commands.push(ProfileCommand::LinkKey(extra.clone()));
    let full = run(&commands);
    assert!(shows_value(std::str::from_utf8(&full.to_document()).unwrap()));

    let change = decide(&full, &ProfileCommand::Erase).unwrap().unwrap();
    assert_eq!(change.event, ProfileEvent::Erased);
    assert_eq!(change.claims_taken, []);
    let second = ExternalKey::new("zqsystem", "zqkey-2").unwrap();
    assert_eq!(change.claims_released, [second, extra]);
    assert!(change.profile.is_empty());
    assert_eq!(change.profile.to_document(), b"{}");
    assert_eq!(decide(&change.profile, &ProfileCommand::Erase), Ok(None));
}

#[test]
fn every_single_value_makes_a_profile_worth_erasing() {
    let commands = marked_commands();
    for at in [0, 1, 3] {
        let profile = run(&commands[at..=at]);
        assert!(!profile.is_empty());
        assert!(decide(&profile, &ProfileCommand::Erase).unwrap().is_some());
    }
}

#[test]
fn messages_of_reading_show_no_value() {
    let inputs = [
        r#""Zqorgname""#,
        r#"{"Zqorgname":{}}"#,
        r#"987654321"#,
        r#"{"identify":"Zqperson"}"#,
        r#"{"identify":{"Zqperson":{}}}"#,
        r#"{"identify":{"person":{"name":987654321}}}"#,
        r#"{"identify":{"person":{"name":"a","Zqperson":1}}}"#,
        r#"{"identify":{"person":{"name":"a","birth_date":"Zqday"}}}"#,
        r#"{"identify":{"person":{"name":"Zqperson\n"}}}"#,
        r#"{"identify":{"organisation":{"name":"a","employees":"Zqmany"}}}"#,
        r#"{"identify":{"organisation":{"name":"a","employees":-987654321}}}"#,
        r#"{"identify":{"organisation":{"name":"a","country":"Zqland"}}}"#,
        r#"{"add_contact":{"kind":"Zqkind","value":"a"}}"#,
        r#"{"add_contact":{"kind":"mobile","value":987654321}}"#,
        r#"{"link_key":{"system":"zqsystem"}}"#,
        r#"{"link_key":{"system":"zqsystem","key":987654321}}"#,
    ];
    for input in inputs {
        let error = serde_json::from_str::<ProfileCommand>(input).unwrap_err();
        assert!(!shows_value(&format!("{error} {error:?} {error:#?}")), "{error}");
    }
}

#[test]
fn reading_refuses_what_the_constructors_refuse_and_says_why() {
    let message =
        |input: &str| serde_json::from_str::<ProfileCommand>(input).unwrap_err().to_string();
    let cases = [
        (r#"{"identify":{"person":{"name":" "}}}"#, "name is empty"),
        (
            r#"{"identify":{"organisation":{"name":"a","industry":"\t"}}}"#,
            "industry holds a control",
        ),
        (r#"{"identify":{"organisation":{"name":"a","country":"CHN"}}}"#, "two capital letters"),
        (r#"{"add_contact":{"kind":"web","value":"a","label":""}}"#, "contact label is empty"),
        (r#"{"link_key":{"system":"a\u0000","key":"b"}}"#, "key system holds a control"),
        (r#"{"link_key":{"system":"a","key":"b","claim":1}}"#, "malformed profile command"),
    ];
    for (input, reason) in cases {
        assert!(message(input).contains(reason), "{}", message(input));
    }
}
