//! Reading from JSON what hosts send and stores keep: first the shape, then the constructors.
//!
//! A derived `Deserialize` would let values past the checks, and its messages quote what they could
//! not read ("invalid type: integer `5550101`, expected a string"), which a host then logs. So every
//! type is read as a raw mirror of itself, whose errors are replaced by a fixed text, and then built by
//! its own constructors, whose errors hold no values.

use serde::{Deserialize, Deserializer};

use crate::time::Day;

use super::command::ProfileCommand;
use super::contact::{ContactKind, ContactPoint, ExternalKey};
use super::error::ProfileError;
use super::party::{CountryCode, Organisation, Party, Person};

/// A type that is read as `Raw` and then checked.
trait Checked: Sized {
    type Raw;

    fn check(raw: Self::Raw) -> Result<Self, ProfileError>;
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOrganisation {
    name: String,
    industry: Option<String>,
    employees: Option<u32>,
    country: Option<String>,
}

impl Checked for Organisation {
    type Raw = RawOrganisation;

    fn check(raw: RawOrganisation) -> Result<Self, ProfileError> {
        let mut organisation = Self::new(raw.name)?;
        if let Some(industry) = raw.industry {
            organisation = organisation.with_industry(industry)?;
        }
        if let Some(employees) = raw.employees {
            organisation = organisation.with_employees(employees);
        }
        if let Some(country) = raw.country {
            organisation = organisation.with_country(CountryCode::check(country)?);
        }
        Ok(organisation)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPerson {
    name: String,
    birth_date: Option<Day>,
    occupation: Option<String>,
    #[serde(default)]
    interests: Vec<String>,
}

impl Checked for Person {
    type Raw = RawPerson;

    fn check(raw: RawPerson) -> Result<Self, ProfileError> {
        let mut person = Self::new(raw.name)?;
        if let Some(birth_date) = raw.birth_date {
            person = person.with_birth_date(birth_date);
        }
        if let Some(occupation) = raw.occupation {
            person = person.with_occupation(occupation)?;
        }
        raw.interests.into_iter().try_fold(person, Person::with_interest)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawParty {
    Organisation(RawOrganisation),
    Person(RawPerson),
}

impl Checked for Party {
    type Raw = RawParty;

    fn check(raw: RawParty) -> Result<Self, ProfileError> {
        Ok(match raw {
            RawParty::Organisation(raw) => Self::Organisation(Organisation::check(raw)?),
            RawParty::Person(raw) => Self::Person(Person::check(raw)?),
        })
    }
}

impl Checked for CountryCode {
    type Raw = String;

    fn check(raw: String) -> Result<Self, ProfileError> {
        Self::new(&raw)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawContactPoint {
    kind: ContactKind,
    value: String,
    label: Option<String>,
}

impl Checked for ContactPoint {
    type Raw = RawContactPoint;

    fn check(raw: RawContactPoint) -> Result<Self, ProfileError> {
        let contact = Self::new(raw.kind, raw.value)?;
        match raw.label {
            Some(label) => contact.with_label(label),
            None => Ok(contact),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExternalKey {
    system: String,
    key: String,
}

impl Checked for ExternalKey {
    type Raw = RawExternalKey;

    fn check(raw: RawExternalKey) -> Result<Self, ProfileError> {
        Self::new(raw.system, raw.key)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawCommand {
    Identify(RawParty),
    AddContact(RawContactPoint),
    RemoveContact(RawContactPoint),
    LinkKey(RawExternalKey),
    UnlinkKey(RawExternalKey),
    Erase,
}

impl Checked for ProfileCommand {
    type Raw = RawCommand;

    fn check(raw: RawCommand) -> Result<Self, ProfileError> {
        Ok(match raw {
            RawCommand::Identify(party) => Self::Identify(Party::check(party)?),
            RawCommand::AddContact(contact) => Self::AddContact(ContactPoint::check(contact)?),
            RawCommand::RemoveContact(contact) => {
                Self::RemoveContact(ContactPoint::check(contact)?)
            }
            RawCommand::LinkKey(key) => Self::LinkKey(ExternalKey::check(key)?),
            RawCommand::UnlinkKey(key) => Self::UnlinkKey(ExternalKey::check(key)?),
            RawCommand::Erase => Self::Erase,
        })
    }
}

fn read<'de, D, T>(deserializer: D, what: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Checked<Raw: Deserialize<'de>>,
{
    use serde::de::Error;

    let raw = T::Raw::deserialize(deserializer)
        .map_err(|_| D::Error::custom(format_args!("malformed {what}")))?;
    T::check(raw).map_err(D::Error::custom)
}

macro_rules! deserialize_checked {
    ($($type:ty => $what:literal),+ $(,)?) => {
        $(impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer, $what)
            }
        })+
    };
}

deserialize_checked! {
    Organisation => "organisation",
    Person => "person",
    Party => "party",
    CountryCode => "country",
    ContactPoint => "contact point",
    ExternalKey => "external key",
    ProfileCommand => "profile command",
}
