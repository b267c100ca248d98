//! The track: every decision about a customer's position, in the order it takes effect.

use serde::{Deserialize, Serialize};

use super::event::{CorrectionReason, Mover};
use super::position::Position;
use super::rule::LifecycleRule;
use super::stage::Stage;
use super::trigger::Trigger;
use crate::explain::Reason;
use crate::id::Actor;
use crate::time::{Timestamp, Zone};

/// Since when something holds. An unknown start stays unknown; it is never invented.
///
/// ```
/// use guanxi::customer::{Admit, derive_track};
/// use guanxi::lifecycle::{Position, Since};
/// use guanxi::{Command, Timestamp, Zone, Stage};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// // Taken over as a loyal customer; nobody knows since when.
/// let at: Timestamp = "2026-01-01T00:00:00Z".parse()?;
/// let admit = Command::Admit(Admit::new(at, Position::Loyal));
/// let derived = derive_track(&[admit], &books, "2026-03-01T00:00:00Z".parse()?);
/// assert_eq!(derived.track().visits()[0].since, Since::Unknown);
///
/// // So nobody knows for how long, either.
/// let dwell = derived.track().dwell(Stage::Loyal, "2026-03-01T00:00:00Z".parse()?, Zone::UTC);
/// assert_eq!((dwell.latest_days, dwell.unknown_visits), (None, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// Since this instant.
    Known(Timestamp),
    /// Since some instant before the customer became known.
    Unknown,
}

/// One stay in a stage: a decision, from when it takes effect until the next one does.
///
/// [`Track`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Visit {
    /// Where the customer stood.
    pub position: Position,
    /// When the decision takes effect. For an admission of unknown start: when it was admitted.
    pub at: Timestamp,
    /// Since when the customer stood there, if that is known.
    pub since: Since,
    /// When the decision was recorded.
    pub recorded_at: Timestamp,
    /// What brought it about.
    pub mover: Mover,
    /// The trigger of the table; `None` for admissions and corrections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// Who caused it, or ran the policy.
    pub actor: Actor,
    /// Why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason<LifecycleRule>>,
}

impl Visit {
    /// The stay that a customer is taken over in.
    pub(crate) fn admission(
        position: Position,
        at: Timestamp,
        since: Since,
        recorded_at: Timestamp,
        actor: Actor,
    ) -> Self {
        let (mover, trigger, reasons) = (Mover::Admission, None, Vec::new());
        Self { position, at, since, recorded_at, mover, trigger, actor, reasons }
    }

    /// The stage.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.position.stage()
    }

    /// The reason of the correction, if it was one.
    #[must_use]
    pub const fn correction(&self) -> Option<CorrectionReason> {
        match self.mover {
            Mover::Correction(reason) => Some(reason),
            Mover::Admission | Mover::Policy | Mover::Fact | Mover::Request { .. } => None,
        }
    }
}

/// How long a customer stood in a stage, in whole business days.
///
/// [`Track`] has an example, [`Since`] one of an unknown start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Dwell {
    /// How many visits.
    pub visits: u32,
    /// Days of the latest visit; `None` when its start is unknown, or there was none.
    pub latest_days: Option<i64>,
    /// Days of all visits with a known start.
    pub known_days: i64,
    /// Visits whose start is unknown, and whose days are therefore in no sum.
    pub unknown_visits: u32,
}

/// The track of one customer: at least one visit once it is admitted, in the order of effect.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::Visit;
/// use guanxi::{Language, Stage, Timestamp, Zone, explain};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// // One order in January, then silence.
/// let now: Timestamp = "2026-12-01T00:00:00Z".parse()?;
/// let derived = derive_track(&[order("2026-01-10T12:00:00Z")], &books, now);
/// let track = derived.track();
///
/// let stages: Vec<Stage> = track.visits().iter().map(Visit::stage).collect();
/// assert_eq!(stages, [Stage::Prospect, Stage::Onboarding, Stage::Growing, Stage::Lost]);
///
/// let visit = track.at("2026-03-01T00:00:00Z".parse()?).expect("known by then");
/// assert_eq!(visit.stage(), Stage::Growing);
/// assert_eq!(
///     explain::join(&visit.reasons, Language::English),
///     "14 days since the order, delivery implied after 14 days"
/// );
///
/// // Growing from 24 January, lost on 10 July.
/// assert_eq!(track.dwell(Stage::Growing, now, Zone::UTC).latest_days, Some(167));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Track {
    visits: Vec<Visit>,
}

impl Track {
    pub(crate) fn push(&mut self, visit: Visit) {
        self.visits.push(visit);
    }

    /// Changes the data of the position that holds, not the stage.
    pub(crate) fn replace_current(&mut self, position: Position) {
        if let Some(visit) = self.visits.last_mut() {
            visit.position = position;
        }
    }

    /// Every visit, in the order of effect.
    #[must_use]
    pub fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// The visit that holds by everything recorded; `None` before admission.
    #[must_use]
    pub fn current(&self) -> Option<&Visit> {
        self.visits.last()
    }

    /// The visit in force at `at`, by what is recorded; `None` when nothing is known of that time.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> Option<&Visit> {
        let count = self.visits.partition_point(|visit| visit.at <= at);
        match count.checked_sub(1) {
            Some(index) => self.visits.get(index),
            // Taken over later, but known to have stood there by then.
            None => self.visits.first().filter(|visit| match visit.since {
                Since::Known(since) => since <= at,
                Since::Unknown => false,
            }),
        }
    }

    /// The visits with the instant each was left; `None` for the one that still holds.
    pub fn stays(&self) -> impl Iterator<Item = (&Visit, Option<Timestamp>)> {
        let left = self.visits.iter().skip(1).map(|next| Some(next.at)).chain([None]);
        self.visits.iter().zip(left)
    }

    /// Whether `stage` was entered at exactly this instant.
    #[must_use]
    pub fn entered_at(&self, stage: Stage, at: Timestamp) -> bool {
        let recent = self.visits.iter().rev().take_while(|visit| visit.at >= at);
        recent.into_iter().any(|visit| visit.at == at && visit.stage() == stage)
    }

    /// When `stage` can be entered, at the earliest at `at`: no stage is entered twice at one instant,
    /// so a second entry takes effect one tick later.
    pub(crate) fn free_instant(&self, stage: Stage, at: Timestamp) -> Timestamp {
        if self.entered_at(stage, at) { at.next() } else { at }
    }

    /// Whether the customer was ever in `stage` until `at`.
    #[must_use]
    pub fn ever(&self, stage: Stage, at: Timestamp) -> bool {
        self.visits.iter().take_while(|visit| visit.at <= at).any(|visit| visit.stage() == stage)
    }

    /// How long the customer stood in `stage`, seen at `at`. A day counts when it begins within the
    /// stay, so the days of all stays add up to the days of the whole track.
    #[must_use]
    pub fn dwell(&self, stage: Stage, at: Timestamp, zone: Zone) -> Dwell {
        let mut dwell = Dwell::default();
        for (visit, left) in self.stays() {
            if visit.stage() != stage || visit.at > at {
                continue;
            }
            dwell.visits = dwell.visits.saturating_add(1);
            let until = left.map_or(at, |left| left.min(at));
            match visit.since {
                Since::Known(since) => {
                    let days = zone.day_of(until).days_since(zone.day_of(since));
                    dwell.latest_days = Some(days);
                    dwell.known_days = dwell.known_days.saturating_add(days);
                }
                Since::Unknown => {
                    dwell.latest_days = None;
                    dwell.unknown_visits = dwell.unknown_visits.saturating_add(1);
                }
            }
        }
        dwell
    }
}
