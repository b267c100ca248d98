//! The profile: who the customer is. Everything personal lives in this room.
//!
//! A [`Profile`] knows one customer as a [`Party`] (an organisation or a person), how to reach it
//! ([`ContactPoint`]) and the keys other systems know it by ([`ExternalKey`]). It is stored as one
//! part of the customer, [`PROFILE_PART`], apart from the facts and decisions, so that it can be
//! erased while they stay.
//!
//! # Changing a profile
//!
//! [`decide`] is a pure function from a profile and a [`ProfileCommand`] to the new profile. The
//! answer `None` says that nothing changed: the same contact point added twice, a key unlinked that
//! was never linked. A host may therefore send the same command again without harm.
//!
//! ```
//! use guanxi::profile::{
//!     ContactKind, ContactPoint, ExternalKey, Organisation, Party, Profile, ProfileCommand, decide,
//! };
//!
//! let bakery = Organisation::new("福记面包")?.with_industry("food")?.with_employees(12);
//! let commands = [
//!     ProfileCommand::Identify(Party::Organisation(bakery)),
//!     ProfileCommand::AddContact(ContactPoint::new(ContactKind::Phone, "+86 571 5550 1234")?),
//!     ProfileCommand::LinkKey(ExternalKey::new("shop", "C-17")?),
//! ];
//!
//! let mut profile = Profile::default();
//! for command in &commands {
//!     if let Some(change) = decide(&profile, command)? {
//!         profile = change.profile;
//!     }
//! }
//! assert_eq!(profile.party().map(Party::name), Some("福记面包"));
//! assert_eq!(profile.contacts().len(), 1);
//!
//! let erased = decide(&profile, &ProfileCommand::Erase)?.unwrap();
//! assert!(erased.profile.is_empty());
//! assert_eq!(erased.claims_released, [ExternalKey::new("shop", "C-17")?]);
//! # Ok::<(), guanxi::profile::ProfileError>(())
//! ```
//!
//! # What keeps it private
//!
//! - A [`ProfileEvent`] names the field that changed and never its value, so the journal can outlive
//!   the person's wish to be forgotten.
//! - `Debug` of every type here shows kinds and counts, never values, so a log line or a failed
//!   assertion gives nothing away.
//! - [`ProfileError`] and [`ProfileDocumentError`] say which input or document is wrong, and the
//!   messages of deserialising do not quote what they could not read.
//! - `Serialize` of commands and [`Profile::to_document`] do write the values: that is their use. What
//!   a host makes of them, it must be able to erase.
//!
//! # Text
//!
//! Text is kept exactly as given, in any script: no trimming, no folding of case, no normalisation.
//! It must hold something other than white space, no control character (line breaks included) and no
//! more bytes of UTF-8 than the limit that goes with it. Limits may be raised by a later version,
//! never lowered: stored documents go through the same door.

mod command;
mod contact;
mod document;
mod error;
mod event;
mod json;
mod limits;
mod party;
mod rules;
mod state;

#[cfg(test)]
mod tests;

pub use command::ProfileCommand;
pub use contact::{ContactKind, ContactPoint, ExternalKey};
pub use document::{PROFILE_PART, PROFILE_SCHEMA};
pub use error::{ProfileDocumentError, ProfileError, ProfileInput};
pub use event::{ProfileEvent, ProfileField};
pub use limits::{
    CONTACTS_MAX, EXTERNAL_KEYS_MAX, INTERESTS_MAX, KEY_BYTES_MAX, NAME_BYTES_MAX,
    SYSTEM_BYTES_MAX, VALUE_BYTES_MAX,
};
pub use party::{CountryCode, Organisation, Party, Person};
pub use rules::{ProfileChange, decide};
pub use state::Profile;
