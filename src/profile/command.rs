//! What can be asked of a profile.

use serde::Serialize;

use super::contact::{ContactPoint, ExternalKey};
use super::party::Party;

/// A request to change a profile, answered by [`decide`](super::decide).
///
/// It holds values that are valid by construction: reading JSON passes the same checks as the
/// constructors. Written as JSON it holds them in the clear; what is made of that, a fingerprint
/// included, must go when the profile is erased.
///
/// ```
/// use guanxi::profile::{ContactKind, ContactPoint, ProfileCommand};
///
/// let json = r#"{"add_contact":{"kind":"email","value":"lin@example.com"}}"#;
/// let command: ProfileCommand = serde_json::from_str(json)?;
/// let contact = ContactPoint::new(ContactKind::Email, "lin@example.com")?;
/// assert_eq!(command, ProfileCommand::AddContact(contact));
/// assert_eq!(serde_json::to_string(&command)?, json);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProfileCommand {
    /// Says who the customer is, in place of the whole party known before. Contact points and keys
    /// stay.
    Identify(Party),
    /// Adds a contact point, or gives a known one (same kind and value) this label. Without a label, a
    /// known one stays as it is.
    AddContact(ContactPoint),
    /// Removes the contact point of this kind and value, whatever its label.
    RemoveContact(ContactPoint),
    /// Claims a key of another system for this customer.
    LinkKey(ExternalKey),
    /// Gives up a key of another system.
    UnlinkKey(ExternalKey),
    /// Forgets everything and gives up every key. An empty profile stays as it is; its earlier
    /// revisions, and those of any other, are for the store to erase.
    Erase,
}
