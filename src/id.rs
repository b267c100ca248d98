//! Identifiers: opaque, typed so that they cannot be mixed up.
//!
//! Ids of customers, tenants, commands and people are [`Uuid`]s given by the host; the library never
//! draws one, because drawing needs a clock or randomness. A host that knows a customer by a key of
//! another system derives a stable id from it with [`CustomerId::derive`]. Ids of documents
//! ([`PolicyId`], [`CalibrationId`]) are SHA-256 hashes of the stored bytes, so equal documents have
//! equal ids everywhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The text is not an id of the expected form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Not a UUID in one of the usual spellings.
    #[error("not a UUID")]
    NotUuid,
    /// Not 64 hexadecimal digits.
    #[error("not 64 hexadecimal digits")]
    NotHash,
}

/// Hashes length-prefixed fields, so that ("ab", "c") and ("a", "bc") differ.
fn digest(domain: &str, fields: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(domain.as_bytes());
    for field in fields {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field);
    }
    hasher.finalize().into()
}

/// RFC 9562 version 8 (custom): a UUID made from the first 16 bytes of a hash.
fn uuid_from_digest(hash: [u8; 32]) -> Uuid {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = hash;
    uuid::Builder::from_custom_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]).into_uuid()
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that the host gives.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdError::NotUuid)
            }
        }
    };
}

uuid_id! {
    /// One customer, within a tenant.
    ///
    /// Give new customers a time-ordered UUID (version 7). A customer known by a key of another
    /// system gets a stable id from [`derive`](Self::derive).
    ///
    /// ```
    /// use guanxi::{CustomerId, TenantId};
    ///
    /// let shop = TenantId::derive("example-shop");
    /// assert_eq!(CustomerId::derive(shop, "C-17"), CustomerId::derive(shop, "C-17"));
    /// assert_ne!(CustomerId::derive(shop, "C-17"), CustomerId::derive(shop, "C-18"));
    /// ```
    CustomerId
}

uuid_id! {
    /// One tenant: a base of customers that never sees another.
    ///
    /// ```
    /// use guanxi::TenantId;
    ///
    /// assert_ne!(TenantId::derive("north"), TenantId::derive("south"));
    /// ```
    TenantId
}

uuid_id! {
    /// One command, so that a command sent twice is carried out once.
    ///
    /// ```
    /// use guanxi::CommandId;
    ///
    /// let row = CommandId::derive("import-2026-01", "line 17");
    /// assert_eq!(row, CommandId::derive("import-2026-01", "line 17"));
    /// ```
    CommandId
}

uuid_id! {
    /// A person or service of the host, as the host knows it. Never a name.
    ///
    /// ```
    /// use guanxi::UserId;
    ///
    /// let id: UserId = "01890a5d-ac96-774b-bcce-b302099a8057".parse()?;
    /// assert_eq!(id.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
    /// # Ok::<(), guanxi::id::IdError>(())
    /// ```
    UserId
}

impl CustomerId {
    /// A stable id from a tenant and the key that another system knows the customer by.
    ///
    /// The id outlives the erasure of a profile, and a key of which there are few can be guessed from
    /// it: never derive one from an e-mail address, a telephone number or the number of a person.
    #[must_use]
    pub fn derive(tenant: TenantId, key: &str) -> Self {
        let hash = digest("guanxi.customer", &[tenant.0.as_bytes(), key.as_bytes()]);
        Self(uuid_from_digest(hash))
    }
}

impl TenantId {
    /// A stable id from a name the host chose for the tenant.
    #[must_use]
    pub fn derive(name: &str) -> Self {
        Self(uuid_from_digest(digest("guanxi.tenant", &[name.as_bytes()])))
    }
}

impl CommandId {
    /// A stable id from a source (a file, a queue, a form) and the key of one message in it, which
    /// must not be personal: the id stays in the journal.
    #[must_use]
    pub fn derive(source: &str, key: &str) -> Self {
        Self(uuid_from_digest(digest("guanxi.command", &[source.as_bytes(), key.as_bytes()])))
    }
}

/// Who caused something: an id the host knows, never a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// The host itself: a scheduler, an import, a message handler.
    System,
    /// A person or service of the host.
    User(UserId),
    /// The customer.
    Customer,
}

macro_rules! hash_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The id of a document with exactly these stored bytes.
            #[must_use]
            pub fn of_document(bytes: &[u8]) -> Self {
                Self(Sha256::digest(bytes).into())
            }

            /// The id that these stored bytes are.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes of the hash.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_hash(text).map(Self).ok_or(IdError::NotHash)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

fn parse_hash(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect::<Option<_>>()?;
    bytes.try_into().ok()
}

hash_id! {
    /// The id of a policy: the SHA-256 of its stored document.
    ///
    /// ```
    /// use guanxi::PolicyId;
    ///
    /// let id = PolicyId::of_document(b"{}");
    /// assert_eq!(id.to_string().parse(), Ok(id));
    /// ```
    PolicyId
}

hash_id! {
    /// The id of a calibration: the SHA-256 of its stored document.
    ///
    /// ```
    /// use guanxi::CalibrationId;
    ///
    /// assert_ne!(CalibrationId::of_document(b"1"), CalibrationId::of_document(b"2"));
    /// ```
    CalibrationId
}

hash_id! {
    /// The id of what a calibration was made for: the SHA-256 of those sections of a policy that its cuts
    /// depend on. A calibration holds for every policy with the same ones.
    ///
    /// ```
    /// use guanxi::{Currency, Policy};
    ///
    /// let policy = Policy::new(Currency::USD);
    /// let mut patient = policy.clone();
    /// patient.lifecycle.lapse.floor_days = 90;
    /// assert_eq!(patient.basis(), policy.basis()); // no cut depends on it
    ///
    /// let mut yearly = policy.clone();
    /// yearly.value.rfm.window = guanxi::time::Lookback::Days(365);
    /// assert_ne!(yearly.basis().value, policy.basis().value);
    /// assert_eq!(yearly.basis().tier, policy.basis().tier);
    /// ```
    BasisId
}
