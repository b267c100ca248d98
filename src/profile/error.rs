//! Why a profile refuses an input or a stored document. No message holds a value.

use std::fmt;

/// The input that a [`ProfileError`] speaks of.
///
/// Finer than [`ProfileField`](super::ProfileField), which is what the journal keeps: a form wants to
/// mark the very box that was filled in wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProfileInput {
    /// The name of an organisation or person.
    Name,
    /// The industry of an organisation.
    Industry,
    /// The country of an organisation.
    Country,
    /// The occupation of a person.
    Occupation,
    /// One interest of a person, or their list.
    Interests,
    /// The value of a contact point: the address or number.
    ContactValue,
    /// The label of a contact point.
    ContactLabel,
    /// The list of contact points.
    Contacts,
    /// The system of an external key.
    KeySystem,
    /// The key of an external key.
    Key,
    /// The list of external keys.
    ExternalKeys,
}

impl ProfileInput {
    /// The name of the input, in lower case, as error messages give it.
    ///
    /// ```
    /// use guanxi::profile::ProfileInput;
    ///
    /// assert_eq!(ProfileInput::ContactValue.name(), "contact value");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Industry => "industry",
            Self::Country => "country",
            Self::Occupation => "occupation",
            Self::Interests => "interests",
            Self::ContactValue => "contact value",
            Self::ContactLabel => "contact label",
            Self::Contacts => "contacts",
            Self::KeySystem => "key system",
            Self::Key => "key",
            Self::ExternalKeys => "external keys",
        }
    }
}

impl fmt::Display for ProfileInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why an input may not stand in a profile.
///
/// It names the input and the limit and never holds the value, so it can be logged and shown.
///
/// ```
/// use guanxi::profile::{Person, ProfileError, ProfileInput};
///
/// let error = Person::new("  ").unwrap_err();
/// assert_eq!(error, ProfileError::Empty { input: ProfileInput::Name });
/// assert_eq!(error.to_string(), "name is empty");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The text is empty or holds white space only.
    #[error("{input} is empty")]
    Empty {
        /// Which input.
        input: ProfileInput,
    },
    /// The text is longer than its limit.
    #[error("{input} has {bytes} bytes, more than {bytes_max}")]
    TooLong {
        /// Which input.
        input: ProfileInput,
        /// Length of the text in bytes of UTF-8.
        bytes: usize,
        /// The limit, in bytes of UTF-8.
        bytes_max: usize,
    },
    /// The list would hold more entries than its limit.
    #[error("more than {count_max} {input}")]
    TooMany {
        /// Which list.
        input: ProfileInput,
        /// The limit, in entries.
        count_max: usize,
    },
    /// The text holds a control character: a line break, a tab, a NUL.
    #[error("{input} holds a control character")]
    ControlCharacter {
        /// Which input.
        input: ProfileInput,
    },
    /// A country is not written as two capital letters.
    #[error("country is not two capital letters")]
    NotCountryCode,
}

impl ProfileError {
    /// The input that was refused.
    ///
    /// ```
    /// use guanxi::profile::{ContactKind, ContactPoint, ProfileInput};
    ///
    /// let error = ContactPoint::new(ContactKind::Email, "a\0b").unwrap_err();
    /// assert_eq!(error.input(), ProfileInput::ContactValue);
    /// ```
    #[must_use]
    pub const fn input(self) -> ProfileInput {
        match self {
            Self::Empty { input }
            | Self::TooLong { input, .. }
            | Self::TooMany { input, .. }
            | Self::ControlCharacter { input } => input,
            Self::NotCountryCode => ProfileInput::Country,
        }
    }
}

/// Why a stored profile cannot be read.
///
/// It says nothing of the content, because the content is personal.
///
/// ```
/// use guanxi::profile::{PROFILE_SCHEMA, Profile, ProfileDocumentError};
///
/// let newer = Profile::from_document(PROFILE_SCHEMA + 1, b"{}");
/// assert_eq!(newer, Err(ProfileDocumentError::UnknownSchema { schema: PROFILE_SCHEMA + 1 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileDocumentError {
    /// Written under a schema this version does not know, most likely by a newer one.
    #[error("profile document of unknown schema {schema}")]
    UnknownSchema {
        /// The schema the document says it has.
        schema: u16,
    },
    /// Not a profile document of the schema it says it has.
    #[error("malformed profile document")]
    Malformed,
}
