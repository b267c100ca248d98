//! The cells of the table: a phase, a tier and a value type, and the ways to name several at once.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::phase::Phase;
use crate::lifecycle::Stage;
use crate::tier::Tier;
use crate::value::Treatment;

/// The tier of a customer, or that there is none yet.
///
/// ```
/// use guanxi::strategy::StrategyTier;
/// use guanxi::tier::Tier;
///
/// assert_eq!(StrategyTier::of(Some(Tier::B)), StrategyTier::B);
/// assert_eq!(StrategyTier::of(None), StrategyTier::Unrated);
/// assert_eq!(serde_json::to_string(&StrategyTier::A)?, r#""a""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StrategyTier {
    /// [`Tier::A`].
    A,
    /// [`Tier::B`].
    B,
    /// [`Tier::C`].
    C,
    /// No tier yet.
    Unrated,
}

impl StrategyTier {
    /// Every one, the best first.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::Unrated];

    /// The side of the table for a tier.
    #[must_use]
    pub const fn of(tier: Option<Tier>) -> Self {
        match tier {
            Some(Tier::A) => Self::A,
            Some(Tier::B) => Self::B,
            Some(Tier::C) => Self::C,
            None => Self::Unrated,
        }
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::C => "c",
            Self::Unrated => "unrated",
        }
    }
}

/// The measure that the value type of a customer asks for, or that it is unknown.
///
/// ```
/// use guanxi::strategy::StrategyValue;
/// use guanxi::value::Treatment;
///
/// assert_eq!(StrategyValue::of(Some(Treatment::LetGo)), StrategyValue::LetGo);
/// assert_eq!(StrategyValue::of(None), StrategyValue::Unknown);
/// assert_eq!(serde_json::to_string(&StrategyValue::LetGo)?, r#""let_go""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StrategyValue {
    /// [`Treatment::Keep`]: high value, high potential.
    Keep,
    /// [`Treatment::Develop`]: low value, high potential.
    Develop,
    /// [`Treatment::Harvest`]: high value, low potential.
    Harvest,
    /// [`Treatment::LetGo`]: low value, low potential.
    LetGo,
    /// No value type is known.
    Unknown,
}

impl StrategyValue {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Keep, Self::Develop, Self::Harvest, Self::LetGo, Self::Unknown];

    /// The side of the table for a value type's measure.
    #[must_use]
    pub const fn of(treatment: Option<Treatment>) -> Self {
        match treatment {
            Some(Treatment::Keep) => Self::Keep,
            Some(Treatment::Develop) => Self::Develop,
            Some(Treatment::Harvest) => Self::Harvest,
            Some(Treatment::LetGo) => Self::LetGo,
            None => Self::Unknown,
        }
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Develop => "develop",
            Self::Harvest => "harvest",
            Self::LetGo => "let_go",
            Self::Unknown => "unknown",
        }
    }
}

/// One cell of the table.
///
/// ```
/// use guanxi::Stage;
/// use guanxi::strategy::{Cell, Phase, StrategyTier, StrategyValue};
/// use guanxi::tier::Tier;
///
/// let cell = Cell::of(Stage::Loyal, Some(Tier::A), None);
/// assert_eq!(cell.phase, Phase::Loyal);
/// assert_eq!((cell.tier, cell.value), (StrategyTier::A, StrategyValue::Unknown));
/// assert_eq!(cell.to_string(), "phase loyal, tier a, value unknown");
/// assert_eq!(Cell::all().count(), 140);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The phase of the lifecycle.
    pub phase: Phase,
    /// The tier.
    pub tier: StrategyTier,
    /// The value type.
    pub value: StrategyValue,
}

impl Cell {
    /// The cell of a customer.
    #[must_use]
    pub const fn of(stage: Stage, tier: Option<Tier>, treatment: Option<Treatment>) -> Self {
        Self {
            phase: Phase::of(stage),
            tier: StrategyTier::of(tier),
            value: StrategyValue::of(treatment),
        }
    }

    /// Every cell: by phase, within it by tier, within that by value.
    pub fn all() -> impl Iterator<Item = Self> {
        Phase::ALL.into_iter().flat_map(|phase| {
            StrategyTier::ALL.into_iter().flat_map(move |tier| {
                StrategyValue::ALL.into_iter().map(move |value| Self { phase, tier, value })
            })
        })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tier, value) = (self.tier.code(), self.value.code());
        write!(f, "phase {}, tier {tier}, value {value}", self.phase)
    }
}

/// A side of the table: [`Phase`], [`StrategyTier`] or [`StrategyValue`].
///
/// ```
/// use guanxi::strategy::{Axis, Phase};
///
/// assert_eq!(Phase::Growing.code(), "growing");
/// assert_eq!(<Phase as Axis>::EVERY.len(), 7);
/// ```
pub trait Axis: Copy + Eq + fmt::Debug + Serialize + DeserializeOwned + 'static {
    /// Every place on it; at most eight.
    const EVERY: &'static [Self];

    /// One bit for each place, in their order.
    fn bit(self) -> u8;
}

impl Axis for Phase {
    const EVERY: &'static [Self] = &Self::ALL;

    fn bit(self) -> u8 {
        match self {
            Self::Acquisition => 1,
            Self::Onboarding => 1 << 1,
            Self::Growing => 1 << 2,
            Self::Loyal => 1 << 3,
            Self::Declining => 1 << 4,
            Self::Recovery => 1 << 5,
            Self::Closed => 1 << 6,
        }
    }
}

impl Axis for StrategyTier {
    const EVERY: &'static [Self] = &Self::ALL;

    fn bit(self) -> u8 {
        match self {
            Self::A => 1,
            Self::B => 1 << 1,
            Self::C => 1 << 2,
            Self::Unrated => 1 << 3,
        }
    }
}

impl Axis for StrategyValue {
    const EVERY: &'static [Self] = &Self::ALL;

    fn bit(self) -> u8 {
        match self {
            Self::Keep => 1,
            Self::Develop => 1 << 1,
            Self::Harvest => 1 << 2,
            Self::LetGo => 1 << 3,
            Self::Unknown => 1 << 4,
        }
    }
}

/// Any of several places on one side of the table; in a document a list of names, and left out for all.
///
/// ```
/// use guanxi::strategy::{AnyOf, StrategyTier};
///
/// let key: AnyOf<StrategyTier> = serde_json::from_str(r#"["a", "b"]"#)?;
/// assert_eq!(key, AnyOf::of([StrategyTier::A, StrategyTier::B]));
/// assert!(key.contains(StrategyTier::A) && !key.contains(StrategyTier::Unrated));
/// assert_eq!(AnyOf::<StrategyTier>::default(), AnyOf::of(StrategyTier::ALL));
///
/// // A name written twice is a slip of the pen.
/// assert!(serde_json::from_str::<AnyOf<StrategyTier>>(r#"["a", "a"]"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AnyOf<T> {
    bits: u8,
    of: PhantomData<T>,
}

impl<T: Axis> AnyOf<T> {
    /// Any of these.
    #[must_use]
    pub fn of(places: impl IntoIterator<Item = T>) -> Self {
        let bits = places.into_iter().fold(0, |bits, place| bits | place.bit());
        Self { bits, of: PhantomData }
    }

    /// Whether it names this place.
    #[must_use]
    pub fn contains(self, place: T) -> bool {
        self.bits & place.bit() != 0
    }

    /// Whether it names every place there is.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it names none, which no rule can mean.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The places it names, in their order.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::EVERY.iter().copied().filter(move |place| self.contains(*place))
    }
}

impl<T: Axis> Default for AnyOf<T> {
    fn default() -> Self {
        Self::of(T::EVERY.iter().copied())
    }
}

impl<T: Axis> Serialize for AnyOf<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, T: Axis> Deserialize<'de> for AnyOf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut all = Self::of([]);
        for place in Vec::<T>::deserialize(deserializer)? {
            if all.contains(place) {
                return Err(D::Error::custom("a name is written twice"));
            }
            all.bits |= place.bit();
        }
        Ok(all)
    }
}

#[cfg(feature = "schema")]
impl<T: Axis + schemars::JsonSchema> schemars::JsonSchema for AnyOf<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("AnyOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Any of these; left out for all.",
            "type": "array",
            "items": generator.subschema_for::<T>(),
            "minItems": 1,
            "uniqueItems": true,
        })
    }
}
