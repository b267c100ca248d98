//! The lifecycle of one customer: its track, its episode, and what the progression remembers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::{Corrected, Flag, LifecycleEvent, Moved, Mover};
use super::position::{DeclineChoice, Position};
use super::rule::LifecycleRule;
use super::signal::Signals;
use super::stage::Stage;
use super::track::{Since, Track, Visit};
use crate::explain::{Measure, Reason};
use crate::id::Actor;
use crate::time::{Day, Timestamp};

/// One run of a customer relationship: from the first purchase, or from coming back after a loss.
///
/// ```
/// use guanxi::Day;
/// use guanxi::customer::derive_track;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// // A customer who stayed away for two years, then came back.
/// let orders = [order("2023-01-10T12:00:00Z"), order("2025-03-02T12:00:00Z")];
/// let derived = derive_track(&orders, &books, "2025-03-02T12:00:00Z".parse()?);
/// let episode = derived.customer.lifecycle().episode();
/// assert_eq!((episode.number, episode.since), (2, Some(Day::from_ymd(2025, 3, 2)?)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Episode {
    /// Counts from 1.
    pub number: u32,
    /// Its first business day. `None` for the first episode: it takes in everything known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
}

impl Default for Episode {
    fn default() -> Self {
        Self { number: 1, since: None }
    }
}

/// When a flag was raised, and how often.
///
/// [`Flag`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Raised {
    /// How often since it was last acknowledged.
    pub count: u32,
    /// The last time.
    pub last_at: Timestamp,
}

/// The lifecycle of one customer.
///
/// Part of a [`Customer`](crate::Customer), and changed through it alone.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::Position;
/// use guanxi::Stage;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// let derived = derive_track(
///     &[order("2026-01-10T12:00:00Z"), order("2026-03-02T12:00:00Z")],
///     &books,
///     "2026-03-02T12:00:00Z".parse()?,
/// );
/// let lifecycle = derived.customer.lifecycle();
/// assert_eq!(lifecycle.position(), Position::Growing);
/// assert_eq!(lifecycle.episode().number, 1);
/// assert!(lifecycle.track().ever(Stage::Onboarding, "2026-02-01T00:00:00Z".parse()?));
/// assert_eq!(lifecycle.flags().count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    track: Track,
    #[serde(default)]
    episode: Episode,
    #[serde(default)]
    signals: Signals,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    flags: BTreeMap<Flag, Raised>,
}

impl Lifecycle {
    /// Every decision about the position.
    #[must_use]
    pub const fn track(&self) -> &Track {
        &self.track
    }

    /// The current run of the relationship.
    #[must_use]
    pub const fn episode(&self) -> Episode {
        self.episode
    }

    /// The latest facts beside purchases.
    #[must_use]
    pub const fn signals(&self) -> &Signals {
        &self.signals
    }

    /// What needs attention.
    pub fn flags(&self) -> impl Iterator<Item = (Flag, Raised)> + '_ {
        self.flags.iter().map(|(flag, raised)| (*flag, *raised))
    }

    /// The position by everything recorded; [`Position::Prospect`] before admission.
    #[must_use]
    pub fn position(&self) -> Position {
        self.track.current().map_or(Position::Prospect, |visit| visit.position)
    }

    /// The stage by everything recorded.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.position().stage()
    }

    pub(crate) fn admit(&mut self, visit: Visit) {
        self.track.push(visit);
    }

    pub(crate) fn apply(&mut self, event: &LifecycleEvent, actor: Actor, recorded_at: Timestamp) {
        match event {
            LifecycleEvent::Signalled(fact) => {
                self.signals.apply(fact.occurred_at, fact.day, fact.signal);
            }
            LifecycleEvent::Moved(moved) => self.moved(moved, actor, recorded_at),
            LifecycleEvent::Corrected(corrected) => {
                self.corrected(corrected, actor, recorded_at);
            }
            LifecycleEvent::Chose { choice, .. } => self.chose(*choice),
            LifecycleEvent::Flagged { at, flag } => {
                let raised = self.flags.entry(*flag).or_insert(Raised { count: 0, last_at: *at });
                raised.count = raised.count.saturating_add(1);
                raised.last_at = raised.last_at.max(*at);
            }
            LifecycleEvent::Acknowledged { flag } => {
                self.flags.remove(flag);
            }
        }
    }

    fn moved(&mut self, moved: &Moved, actor: Actor, recorded_at: Timestamp) {
        if let Some(since) = moved.episode_since {
            let number = self.episode.number.saturating_add(1);
            self.episode = Episode { number, since: Some(since) };
        }
        self.track.push(Visit {
            position: moved.to,
            at: moved.at,
            since: Since::Known(moved.at),
            recorded_at,
            mover: moved.mover,
            trigger: Some(moved.trigger),
            actor,
            reasons: moved.reasons.clone(),
        });
    }

    fn corrected(&mut self, corrected: &Corrected, actor: Actor, recorded_at: Timestamp) {
        self.track.push(Visit {
            position: corrected.to,
            at: corrected.at,
            since: Since::Known(corrected.at),
            recorded_at,
            mover: Mover::Correction(corrected.reason),
            trigger: None,
            actor,
            reasons: vec![Reason::new(
                LifecycleRule::Corrected(corrected.reason),
                Measure::Missing,
                Measure::Missing,
            )],
        });
    }

    fn chose(&mut self, choice: DeclineChoice) {
        let mut position = self.position();
        if let Position::Declining(declining) = &mut position {
            declining.choice = Some(choice);
        }
        self.track.replace_current(position);
    }
}
