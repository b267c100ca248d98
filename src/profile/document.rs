//! The profile as it is stored: one JSON document.
//!
//! `{"party":{"person":{"name":"…"}},"contacts":[{"kind":"email","value":"…"}],
//! "external_keys":[{"system":"…","key":"…"}]}`; what is not known is left out.

use serde::{Deserialize, Serialize};

use super::contact::{ContactPoint, ExternalKey};
use super::error::ProfileDocumentError;
use super::party::Party;
use super::state::Profile;

/// The name of the part of a customer that its profile is stored in.
pub const PROFILE_PART: &str = "profile";

/// The schema that [`Profile::to_document`] writes.
pub const PROFILE_SCHEMA: u16 = 1;

#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<&'a Party>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    contacts: &'a [ContactPoint],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_keys: Vec<&'a ExternalKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    party: Option<Party>,
    #[serde(default)]
    contacts: Vec<ContactPoint>,
    #[serde(default)]
    external_keys: Vec<ExternalKey>,
}

impl Profile {
    /// The document to store as the part [`PROFILE_PART`] under [`PROFILE_SCHEMA`]: UTF-8 JSON.
    ///
    /// Equal profiles give equal bytes.
    ///
    /// ```
    /// use guanxi::profile::{PROFILE_SCHEMA, Profile};
    ///
    /// let document = Profile::default().to_document();
    /// assert_eq!(document, b"{}");
    /// assert_eq!(Profile::from_document(PROFILE_SCHEMA, &document)?, Profile::default());
    /// # Ok::<(), guanxi::profile::ProfileDocumentError>(())
    /// ```
    #[must_use]
    pub fn to_document(&self) -> Vec<u8> {
        let document = Written {
            party: self.party(),
            contacts: self.contacts(),
            external_keys: self.external_keys().collect(),
        };
        // Text, small integers and fields of fixed names, into memory: nothing here can fail. Were it
        // ever to, the empty document is no JSON and would be refused on reading, not read as "nobody".
        serde_json::to_vec(&document).unwrap_or_default()
    }

    /// Reads a stored document back.
    ///
    /// # Errors
    ///
    /// [`ProfileDocumentError::UnknownSchema`] for any schema this version does not know, and
    /// [`ProfileDocumentError::Malformed`] for bytes that [`to_document`](Self::to_document) does not
    /// write: no JSON, fields unknown or missing, text or lists beyond their limits, a contact point or
    /// key twice.
    pub fn from_document(schema: u16, bytes: &[u8]) -> Result<Self, ProfileDocumentError> {
        match schema {
            PROFILE_SCHEMA => {
                let read = serde_json::from_slice(bytes).ok();
                read.and_then(|read| Self::from_read(&read)).ok_or(ProfileDocumentError::Malformed)
            }
            _ => Err(ProfileDocumentError::UnknownSchema { schema }),
        }
    }

    fn from_read(read: &Read) -> Option<Self> {
        let mut profile = Self::default();
        if let Some(party) = &read.party {
            profile.identify(party);
        }
        for contact in &read.contacts {
            profile.add_contact(contact).ok()?;
        }
        for key in &read.external_keys {
            profile.link_key(key).ok()?;
        }
        // An entry that is there twice collapsed into one: such a document is not ours.
        let all_kept = profile.contacts().len() == read.contacts.len()
            && profile.external_keys().len() == read.external_keys.len();
        all_kept.then_some(profile)
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::{
        CONTACTS_MAX, ContactKind, CountryCode, EXTERNAL_KEYS_MAX, Organisation, Person,
        ProfileCommand, decide,
    };
    use crate::time::Day;

    use super::*;

    const FULL: &str = concat!(
        r#"{"party":{"person":{"name":"林晓","birth_date":"1988-02-29","occupation":"baker","#,
        r#""interests":["sourdough"]}},"#,
        r#""contacts":[{"kind":"wechat","value":"lin_bakes","label":"orders"},"#,
        r#"{"kind":"email","value":"lin@example.com"}],"#,
        r#""external_keys":[{"system":"shop","key":"C-17"},{"system":"till","key":"4"}]}"#,
    );

    fn full() -> Profile {
        let person =
            Person::new("林晓").unwrap().with_birth_date(Day::from_ymd(1988, 2, 29).unwrap());
        let person = person.with_occupation("baker").unwrap().with_interest("sourdough").unwrap();
        let wechat = ContactPoint::new(ContactKind::WeChat, "lin_bakes").unwrap();
        let commands = [
            ProfileCommand::LinkKey(ExternalKey::new("till", "4").unwrap()),
            ProfileCommand::LinkKey(ExternalKey::new("shop", "C-17").unwrap()),
            ProfileCommand::AddContact(wechat.with_label("orders").unwrap()),
            ProfileCommand::AddContact(
                ContactPoint::new(ContactKind::Email, "lin@example.com").unwrap(),
            ),
            ProfileCommand::Identify(Party::Person(person)),
        ];
        commands.iter().fold(Profile::default(), |profile, command| {
            decide(&profile, command).unwrap().unwrap().profile
        })
    }

    fn read(json: &str) -> Result<Profile, ProfileDocumentError> {
        Profile::from_document(PROFILE_SCHEMA, json.as_bytes())
    }

    #[test]
    fn the_document_of_schema_1_is_this_one() {
        assert_eq!(String::from_utf8(full().to_document()).unwrap(), FULL);
        assert_eq!(read(FULL), Ok(full()));
    }

    #[test]
    fn an_organisation_is_written_so() {
        let json = concat!(
            r#"{"party":{"organisation":{"name":"福记面包","industry":"food","employees":12,"#,
            r#""country":"CN"}}}"#,
        );
        let organisation = Organisation::new("福记面包").unwrap().with_industry("food").unwrap();
        let organisation =
            organisation.with_employees(12).with_country(CountryCode::new("CN").unwrap());
        let mut profile = Profile::default();
        assert!(profile.identify(&Party::Organisation(organisation)));
        assert_eq!(String::from_utf8(profile.to_document()).unwrap(), json);
        assert_eq!(read(json), Ok(profile));
    }

    #[test]
    fn only_schema_1_is_known() {
        for schema in [0, PROFILE_SCHEMA + 1, u16::MAX] {
            let error = ProfileDocumentError::UnknownSchema { schema };
            assert_eq!(Profile::from_document(schema, FULL.as_bytes()), Err(error));
        }
    }

    #[test]
    fn what_is_not_a_profile_is_malformed() {
        let documents = [
            "",
            "null",
            "[]",
            "{} {}",
            r#"{"nickname":"Lin"}"#,
            r#"{"party":{"robot":{"name":"R"}}}"#,
            r#"{"party":{"person":{}}}"#,
            r#"{"party":{"person":{"name":" "}}}"#,
            r#"{"party":{"person":{"name":"a","birth_date":"1987-02-29"}}}"#,
            r#"{"party":{"organisation":{"name":"a","employees":4294967296}}}"#,
            r#"{"contacts":[{"kind":"pigeon","value":"a"}]}"#,
            r#"{"contacts":[{"kind":"web","value":"a"},{"kind":"web","value":"a"}]}"#,
            r#"{"contacts":[{"kind":"web","value":"a"},{"kind":"web","value":"a","label":"b"}]}"#,
            r#"{"external_keys":[{"system":"a","key":"b"},{"system":"a","key":"b"}]}"#,
        ];
        for document in documents {
            assert_eq!(read(document), Err(ProfileDocumentError::Malformed), "{document}");
        }
        let not_utf8 = Profile::from_document(PROFILE_SCHEMA, b"{\"party\":\"\xff\"}");
        assert_eq!(not_utf8, Err(ProfileDocumentError::Malformed));
    }

    #[test]
    fn lists_are_read_up_to_their_limits() {
        let contacts = |count: usize| {
            let entry = |index| format!(r#"{{"kind":"web","value":"{index}"}}"#);
            let entries: Vec<_> = (0..count).map(entry).collect();
            read(&format!(r#"{{"contacts":[{}]}}"#, entries.join(",")))
        };
        assert_eq!(contacts(CONTACTS_MAX).unwrap().contacts().len(), CONTACTS_MAX);
        assert_eq!(contacts(CONTACTS_MAX + 1), Err(ProfileDocumentError::Malformed));

        let keys = |count: usize| {
            let entry = |index| format!(r#"{{"system":"shop","key":"{index}"}}"#);
            let entries: Vec<_> = (0..count).map(entry).collect();
            read(&format!(r#"{{"external_keys":[{}]}}"#, entries.join(",")))
        };
        assert_eq!(keys(EXTERNAL_KEYS_MAX).unwrap().external_keys().len(), EXTERNAL_KEYS_MAX);
        assert_eq!(keys(EXTERNAL_KEYS_MAX + 1), Err(ProfileDocumentError::Malformed));
    }
}
