//! The profile itself.

use std::collections::BTreeSet;
use std::fmt;

use super::contact::{ContactPoint, ExternalKey};
use super::error::{ProfileError, ProfileInput};
use super::limits::{CONTACTS_MAX, EXTERNAL_KEYS_MAX, check_count};
use super::party::Party;

/// All that is personal about one customer. The default knows nothing.
///
/// It changes through [`decide`](super::decide) only. It is not `Serialize`, on purpose: what is stored
/// is [`to_document`](Self::to_document), and what is shown the host chooses value by value.
///
/// ```
/// use guanxi::profile::Profile;
///
/// let nobody = Profile::default();
/// assert!(nobody.is_empty());
/// assert_eq!(
///     format!("{nobody:?}"),
///     "Profile { party: None, contacts: 0, external_keys: 0, .. }"
/// );
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Profile {
    party: Option<Party>,
    /// In the order they were added, no two the same way.
    contacts: Vec<ContactPoint>,
    external_keys: BTreeSet<ExternalKey>,
}

impl Profile {
    /// Who the customer is, if known.
    #[must_use]
    pub const fn party(&self) -> Option<&Party> {
        self.party.as_ref()
    }

    /// The contact points, in the order they were added.
    #[must_use]
    pub fn contacts(&self) -> &[ContactPoint] {
        &self.contacts
    }

    /// The keys other systems know the customer by, in their order.
    pub fn external_keys(&self) -> impl ExactSizeIterator<Item = &ExternalKey> {
        self.external_keys.iter()
    }

    /// Whether the customer is known by this key.
    #[must_use]
    pub fn has_key(&self, key: &ExternalKey) -> bool {
        self.external_keys.contains(key)
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.party.is_none() && self.contacts.is_empty() && self.external_keys.is_empty()
    }

    /// Sets the party; whether that changed anything.
    pub(super) fn identify(&mut self, party: &Party) -> bool {
        let changed = self.party.as_ref() != Some(party);
        if changed {
            self.party = Some(party.clone());
        }
        changed
    }

    /// Adds or relabels a contact point; whether that changed anything.
    pub(super) fn add_contact(&mut self, contact: &ContactPoint) -> Result<bool, ProfileError> {
        if let Some(known) = self.contacts.iter_mut().find(|known| known.is_same_way(contact)) {
            // A source that knows no label must not wipe the one that another source gave.
            let relabelled = contact.label().is_some() && known != contact;
            if relabelled {
                known.clone_from(contact);
            }
            return Ok(relabelled);
        }
        let count = self.contacts.len().saturating_add(1);
        check_count(ProfileInput::Contacts, count, CONTACTS_MAX)?;
        self.contacts.push(contact.clone());
        Ok(true)
    }

    /// Removes a contact point; whether it was there.
    pub(super) fn remove_contact(&mut self, contact: &ContactPoint) -> bool {
        let before = self.contacts.len();
        self.contacts.retain(|known| !known.is_same_way(contact));
        self.contacts.len() != before
    }

    /// Adds a key; whether it is new.
    pub(super) fn link_key(&mut self, key: &ExternalKey) -> Result<bool, ProfileError> {
        if self.has_key(key) {
            return Ok(false);
        }
        let count = self.external_keys.len().saturating_add(1);
        check_count(ProfileInput::ExternalKeys, count, EXTERNAL_KEYS_MAX)?;
        Ok(self.external_keys.insert(key.clone()))
    }

    /// Removes a key; whether it was there.
    pub(super) fn unlink_key(&mut self, key: &ExternalKey) -> bool {
        self.external_keys.remove(key)
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("party", &self.party)
            .field("contacts", &self.contacts.len())
            .field("external_keys", &self.external_keys.len())
            .finish_non_exhaustive()
    }
}
