//! Reading the host's figures as of a day.

use super::kind::ObservationKind;
use super::observed::Observed;
use super::state::Observations;
use crate::explain::BasisPoints;
use crate::money::Money;
use crate::slot::Slot;
use crate::time::Day;

impl Observations {
    /// The last figure of a kind that is of a day not after `as_of`, with that day.
    ///
    /// `None` when none is known, and when `as_of` lies before the days that are
    /// [kept](super::OBSERVATIONS_KEPT): then [`Customer::as_of`](crate::Customer::as_of) reads the
    /// journal as it stood.
    ///
    /// ```
    /// use guanxi::observation::{ObservationEvent, ObservationKind, Observations, Observed};
    /// use guanxi::{Day, Timestamp};
    ///
    /// let day = Day::from_ymd(1970, 1, 1)?;
    /// let gone = Observed::SponsorGone(true);
    /// let mut observations = Observations::default();
    /// observations.apply(&ObservationEvent::new(Timestamp::UNIX_EPOCH, day, gone));
    ///
    /// let latest = |day| observations.latest(ObservationKind::SponsorGone, day);
    /// assert_eq!(latest(Day::MAX), Some((gone, day)));
    /// assert_eq!(latest(Day::MIN), None);
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn latest(&self, kind: ObservationKind, as_of: Day) -> Option<(Observed, Day)> {
        self.last(kind, as_of).map(|event| (event.observed, event.day))
    }
}

macro_rules! readers {
    ($($name:ident: $kind:ident -> $value:ty;)+) => {
        impl Observations {
            $(
                #[doc = concat!(
                    "The last [`", stringify!($kind), "`](Observed::", stringify!($kind),
                    ") of a day not after `as_of`, with that day; `None` as for [`latest`](Self::latest)."
                )]
                #[must_use]
                pub fn $name(&self, as_of: Day) -> Option<($value, Day)> {
                    let (Observed::$kind(value), day) =
                        self.latest(ObservationKind::$kind, as_of)?
                    else {
                        return None;
                    };
                    Some((value, day))
                }
            )+
        }
    };
}

readers! {
    margin: Margin -> Money;
    cost_to_serve: CostToServe -> Money;
    referred_revenue: ReferredRevenue -> Money;
    referrals: Referrals -> u32;
    business_size: BusinessSize -> i64;
    potential: Potential -> u8;
    usage: Usage -> BasisPoints;
    usage_trend: UsageTrend -> BasisPoints;
    complaints_open: ComplaintsOpen -> u32;
    payment_overdue_since: PaymentOverdueSince -> Option<Day>;
    failed_payments: FailedPayments -> u32;
    sponsor_gone: SponsorGone -> bool;
}

impl Observations {
    /// The last measure of the host's own in a slot, of a day not after `as_of`, with that day; `None`
    /// as for [`latest`](Self::latest).
    ///
    /// ```
    /// use guanxi::observation::{ObservationEvent, Observations, Observed};
    /// use guanxi::slot::Slot;
    /// use guanxi::{Day, Timestamp};
    ///
    /// let (day, slot) = (Day::from_ymd(1970, 1, 1)?, Slot::FIRST);
    /// let mut observations = Observations::default();
    /// let seats = Observed::Own { slot, value: 250 };
    /// observations.apply(&ObservationEvent::new(Timestamp::UNIX_EPOCH, day, seats));
    /// assert_eq!(observations.own(slot, day), Some((250, day)));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn own(&self, slot: Slot, as_of: Day) -> Option<(i64, Day)> {
        let (Observed::Own { value, .. }, day) = self.latest(ObservationKind::Own(slot), as_of)?
        else {
            return None;
        };
        Some((value, day))
    }
}
