//! How to reach a customer, and what other systems call it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::{ProfileError, ProfileInput};
use super::limits::{KEY_BYTES_MAX, SYSTEM_BYTES_MAX, VALUE_BYTES_MAX, checked_text};

/// The kind of a [`ContactPoint`].
///
/// ```
/// use guanxi::profile::ContactKind;
///
/// assert_eq!(serde_json::to_string(&ContactKind::WeChat)?, r#""wechat""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContactKind {
    /// An e-mail address.
    Email,
    /// The number of a fixed telephone.
    Phone,
    /// The number of a mobile telephone, which also takes text messages.
    Mobile,
    /// A postal address, in one line.
    Postal,
    /// A WeChat (微信) account.
    #[serde(rename = "wechat")]
    WeChat,
    /// A web page or shop.
    Web,
    /// Anything else; the label says what.
    Other,
}

/// One way to reach a customer.
///
/// Two contact points are the same way when kind and value are equal; the label only describes it.
/// The value is not judged by its kind: whether an address takes mail is for the host to find out.
///
/// ```
/// use guanxi::profile::{ContactKind, ContactPoint};
///
/// let contact = ContactPoint::new(ContactKind::WeChat, "lin_bakes")?.with_label("orders")?;
/// assert_eq!(contact.value(), "lin_bakes");
/// assert_eq!(contact.label(), Some("orders"));
/// assert_eq!(format!("{contact:?}"), "ContactPoint { kind: WeChat, .. }");
/// # Ok::<(), guanxi::profile::ProfileError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ContactPoint {
    kind: ContactKind,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
}

impl ContactPoint {
    /// A contact point without a label.
    ///
    /// # Errors
    ///
    /// When the value is empty, longer than [`VALUE_BYTES_MAX`] or holds a control character.
    pub fn new(kind: ContactKind, value: impl Into<String>) -> Result<Self, ProfileError> {
        let value = checked_text(ProfileInput::ContactValue, value.into(), VALUE_BYTES_MAX)?;
        Ok(Self { kind, value, label: None })
    }

    /// The same with a label, such as "front desk".
    ///
    /// # Errors
    ///
    /// When the label is empty, longer than [`VALUE_BYTES_MAX`] or holds a control character.
    pub fn with_label(self, label: impl Into<String>) -> Result<Self, ProfileError> {
        let label = checked_text(ProfileInput::ContactLabel, label.into(), VALUE_BYTES_MAX)?;
        Ok(Self { label: Some(label), ..self })
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> ContactKind {
        self.kind
    }

    /// The address or number, exactly as given.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The label, if there is one.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// Whether the other is the same way to reach the customer: same kind and value.
    ///
    /// ```
    /// use guanxi::profile::{ContactKind, ContactPoint};
    ///
    /// let plain = ContactPoint::new(ContactKind::Mobile, "555 0101")?;
    /// assert!(plain.is_same_way(&plain.clone().with_label("night")?));
    /// assert!(!plain.is_same_way(&ContactPoint::new(ContactKind::Phone, "555 0101")?));
    /// # Ok::<(), guanxi::profile::ProfileError>(())
    /// ```
    #[must_use]
    pub fn is_same_way(&self, other: &Self) -> bool {
        self.kind == other.kind && self.value == other.value
    }
}

impl fmt::Debug for ContactPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactPoint").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The key that another system knows a customer by.
///
/// Within a tenant at most one customer holds a key: linking claims it in the same commit, and a loser
/// learns who holds it. Keys are equal when both texts are equal byte for byte. One system may know a
/// customer by several keys.
///
/// ```
/// use guanxi::profile::ExternalKey;
///
/// let key = ExternalKey::new("shop", "C-17")?;
/// assert_eq!((key.system(), key.key()), ("shop", "C-17"));
/// assert_ne!(key, ExternalKey::new("shop", "c-17")?);
/// # Ok::<(), guanxi::profile::ProfileError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ExternalKey {
    system: String,
    key: String,
}

impl ExternalKey {
    /// A key and the system that gave it.
    ///
    /// # Errors
    ///
    /// When one of the texts is empty, holds a control character or is longer than
    /// [`SYSTEM_BYTES_MAX`] or [`KEY_BYTES_MAX`].
    pub fn new(system: impl Into<String>, key: impl Into<String>) -> Result<Self, ProfileError> {
        Ok(Self {
            system: checked_text(ProfileInput::KeySystem, system.into(), SYSTEM_BYTES_MAX)?,
            key: checked_text(ProfileInput::Key, key.into(), KEY_BYTES_MAX)?,
        })
    }

    /// The system that gave the key.
    #[must_use]
    pub fn system(&self) -> &str {
        &self.system
    }

    /// The key, exactly as given.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Debug for ExternalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalKey").finish_non_exhaustive()
    }
}
