//! Places for what only the host can measure.

use serde::{Deserialize, Serialize};

/// The place of one of the host's own measures, from 1 to [`Slot::COUNT`]. It is stored with what it
/// means, and stays the same for ever.
///
/// ```
/// use guanxi::slot::Slot;
///
/// let slot: Slot = serde_json::from_str("3")?;
/// assert_eq!((slot.number(), slot.index()), (3, 2));
/// assert_eq!((Slot::FIRST.number(), Slot::COUNT), (1, 8));
/// assert!(serde_json::from_str::<Slot>("9").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Slot(u8);

impl Slot {
    /// How many measures of its own a host can have.
    pub const COUNT: usize = 8;
    /// The first.
    pub const FIRST: Self = Self(1);
    /// Every one.
    pub const ALL: [Self; Self::COUNT] =
        [Self(1), Self(2), Self(3), Self(4), Self(5), Self(6), Self(7), Self(8)];

    /// `None` outside 1 to 8.
    ///
    /// ```
    /// use guanxi::slot::Slot;
    ///
    /// assert_eq!(Slot::new(8).map(Slot::number), Some(8));
    /// assert_eq!((Slot::new(0), Slot::new(9)), (None, None));
    /// ```
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if number >= 1 && number <= 8 { Some(Self(number)) } else { None }
    }

    /// The number, from 1.
    ///
    /// [`Slot`] has an example.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its place in an array of [`Slot::COUNT`], from 0.
    ///
    /// [`Slot`] has an example.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0).saturating_sub(1)
    }
}

impl TryFrom<u8> for Slot {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::new(number).ok_or("a slot lies between 1 and 8")
    }
}

impl From<Slot> for u8 {
    fn from(slot: Slot) -> Self {
        slot.0
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Slot {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Slot".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 1, "maximum": 8 })
    }
}
