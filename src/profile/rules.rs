//! The one door by which a profile changes.

use super::command::ProfileCommand;
use super::contact::ExternalKey;
use super::error::ProfileError;
use super::event::{ProfileEvent, ProfileField};
use super::state::Profile;

const PARTY_CHANGED: ProfileEvent = ProfileEvent::Changed { field: ProfileField::Party };
const CONTACTS_CHANGED: ProfileEvent = ProfileEvent::Changed { field: ProfileField::Contacts };
const KEYS_CHANGED: ProfileEvent = ProfileEvent::Changed { field: ProfileField::ExternalKeys };

/// What an accepted command changes: all that one commit needs to know about the profile.
///
/// Both lists of claims are in the order of [`ExternalKey`] and have no key in common.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProfileChange {
    /// What to write in the journal. Holds no values.
    pub event: ProfileEvent,
    /// The new profile.
    pub profile: Profile,
    /// Keys that are now this customer's, to be claimed in the same commit.
    pub claims_taken: Vec<ExternalKey>,
    /// Keys that are no longer this customer's, to be released in the same commit.
    pub claims_released: Vec<ExternalKey>,
}

/// Decides a command: the change it makes, or `None` when the profile already is as it asks.
///
/// A pure function. Whether another customer holds a key is not known here; the store answers that
/// when the claims are committed.
///
/// ```
/// use guanxi::profile::{ExternalKey, Profile, ProfileCommand, decide};
///
/// let command = ProfileCommand::LinkKey(ExternalKey::new("shop", "C-17")?);
/// let change = decide(&Profile::default(), &command)?.unwrap();
/// assert_eq!(change.claims_taken, [ExternalKey::new("shop", "C-17")?]);
/// assert_eq!(decide(&change.profile, &command)?, None);
/// # Ok::<(), guanxi::profile::ProfileError>(())
/// ```
///
/// # Errors
///
/// [`ProfileError::TooMany`] when the profile is full: [`CONTACTS_MAX`](super::CONTACTS_MAX) contact
/// points, [`EXTERNAL_KEYS_MAX`](super::EXTERNAL_KEYS_MAX) keys.
pub fn decide(
    profile: &Profile,
    command: &ProfileCommand,
) -> Result<Option<ProfileChange>, ProfileError> {
    let mut next = profile.clone();
    let (changed, event) = match command {
        ProfileCommand::Identify(party) => (next.identify(party), PARTY_CHANGED),
        ProfileCommand::AddContact(contact) => (next.add_contact(contact)?, CONTACTS_CHANGED),
        ProfileCommand::RemoveContact(contact) => (next.remove_contact(contact), CONTACTS_CHANGED),
        ProfileCommand::LinkKey(key) => (next.link_key(key)?, KEYS_CHANGED),
        ProfileCommand::UnlinkKey(key) => (next.unlink_key(key), KEYS_CHANGED),
        ProfileCommand::Erase => {
            next = Profile::default();
            (!profile.is_empty(), ProfileEvent::Erased)
        }
    };
    Ok(changed.then(|| ProfileChange {
        event,
        claims_taken: keys_beyond(&next, profile),
        claims_released: keys_beyond(profile, &next),
        profile: next,
    }))
}

/// The keys of one profile that the other does not have.
fn keys_beyond(profile: &Profile, other: &Profile) -> Vec<ExternalKey> {
    profile.external_keys().filter(|key| !other.has_key(key)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> ExternalKey {
        ExternalKey::new("shop", text).unwrap()
    }

    fn accept(profile: &Profile, command: &ProfileCommand) -> ProfileChange {
        decide(profile, command).unwrap().unwrap()
    }

    #[test]
    fn linking_takes_one_claim_and_unlinking_releases_it() {
        let first = accept(&Profile::default(), &ProfileCommand::LinkKey(key("1")));
        let second = accept(&first.profile, &ProfileCommand::LinkKey(key("2")));
        assert_eq!((second.claims_taken, second.claims_released), (vec![key("2")], vec![]));

        let unlinked = accept(&second.profile, &ProfileCommand::UnlinkKey(key("1")));
        assert_eq!((unlinked.claims_taken, unlinked.claims_released), (vec![], vec![key("1")]));
        assert_eq!(unlinked.event, KEYS_CHANGED);
        assert!(unlinked.profile.external_keys().eq([&key("2")]));
    }

    #[test]
    fn what_was_never_there_changes_nothing_when_removed() {
        let profile = accept(&Profile::default(), &ProfileCommand::LinkKey(key("1"))).profile;
        for other in ["2", "1 ", "01"] {
            assert_eq!(decide(&profile, &ProfileCommand::UnlinkKey(key(other))), Ok(None));
        }
        assert_eq!(decide(&Profile::default(), &ProfileCommand::Erase), Ok(None));
    }
}
