//! What can be wrong with the `lifecycle` section of a policy.

use super::guard::Condition;
use super::policy::{LifecyclePolicy, Mode};
use super::position::PurchaseMeasure;
use super::stage::Stage;
use super::table::edge;
use super::trigger::Trigger;
use crate::lint::Fault;
use crate::machine::{Edge, Missing};

/// Notes a fault unless what it is told is sound: path, problem, remedy.
type Check<'a> = dyn FnMut(bool, &str, &'static str, &'static str) + 'a;

impl LifecyclePolicy {
    /// Every fault of this section, with paths under `prefix`.
    ///
    /// ```
    /// use guanxi::lifecycle::LifecyclePolicy;
    ///
    /// let mut policy = LifecyclePolicy::default();
    /// policy.lapse.ceiling_days = 30;
    /// let faults = policy.lint("lifecycle");
    /// assert_eq!(faults[0].path, "lifecycle.lapse.ceiling_days");
    /// assert_eq!(faults[0].problem, "the ceiling lies below the floor");
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |sound: bool, path: &str, problem, remedy| {
            if !sound {
                faults.push(Fault::new(format!("{prefix}.{path}"), problem, remedy));
            }
        };
        self.check_loyalty_and_decline(&mut check);
        self.check_lapse(&mut check);
        self.check_stages(&mut check);
        self.check_reach(&mut check);
        faults
    }

    fn check_loyalty_and_decline(&self, check: &mut Check<'_>) {
        let (decline, recovery) = (&self.decline, &self.recovery);
        check(
            self.loyalty.satisfaction.is_none_or(|floor| floor.score_min <= 100),
            "loyalty.satisfaction.score_min",
            "a score lies between 0 and 100",
            "choose a floor of at most 100",
        );
        check(
            decline.window_days > 0,
            "decline.window_days",
            "a window without days holds no purchases",
            "choose at least 1 day",
        );
        check(
            decline.baseline_windows > 0,
            "decline.baseline_windows",
            "a baseline without windows compares with nothing",
            "choose at least 1 window",
        );
        check(
            decline.baseline_min > 0,
            "decline.baseline_min",
            "a baseline of nothing can only rise",
            "choose at least 1",
        );
        check(
            decline.fall_percent < 100,
            "decline.fall_percent",
            "an unchanged customer would count as fallen",
            "choose less than 100",
        );
        check(
            recovery.percent > decline.fall_percent,
            "recovery.percent",
            "recovery is not stricter than decline, so a customer could be both at once",
            "choose more than decline.fall_percent",
        );
    }

    fn check_lapse(&self, check: &mut Check<'_>) {
        let lapse = &self.lapse;
        check(
            lapse.cadence_percent >= 100,
            "lapse.cadence_percent",
            "a customer would be lost before its own next purchase is due",
            "choose at least 100",
        );
        check(
            lapse.cadence_purchase_days_min >= 2,
            "lapse.cadence_purchase_days_min",
            "one purchase day has no gap to measure",
            "choose at least 2",
        );
        check(
            lapse.floor_days > 0,
            "lapse.floor_days",
            "a customer would be lost on the day after a purchase",
            "choose at least 1 day",
        );
        check(
            lapse.floor_days <= lapse.ceiling_days,
            "lapse.ceiling_days",
            "the ceiling lies below the floor",
            "choose at least lapse.floor_days",
        );
        check(
            (lapse.floor_days..=lapse.ceiling_days).contains(&lapse.without_cadence_days)
                || lapse.floor_days > lapse.ceiling_days,
            "lapse.without_cadence_days",
            "lies outside the floor and the ceiling",
            "choose a value between lapse.floor_days and lapse.ceiling_days",
        );
    }

    fn check_stages(&self, check: &mut Check<'_>) {
        for (stage, limit) in &self.stalled_after_days {
            check(
                *limit > 0,
                &format!("stalled_after_days.{stage}"),
                "everybody would be stalled on arrival",
                "choose at least 1 day, or leave the stage out",
            );
            check(
                self.dwell_days_min(*stage) <= *limit,
                &format!("dwell_days_min.{stage}"),
                "the policy holds customers back for longer than it takes to call them stalled",
                "choose at most stalled_after_days of the same stage",
            );
        }
    }

    /// Rules that can never speak, that always do, and stages that nobody could enter or leave.
    fn check_reach(&self, check: &mut Check<'_>) {
        self.check_loyalty_asks(check);
        self.check_decline_reach(check);
        for stage in self.dwell_days_min.keys() {
            check(
                moved_by_policy(*stage),
                &format!("dwell_days_min.{stage}"),
                "the policy moves nobody out of this stage, so there is nothing to hold back",
                "leave the stage out",
            );
        }
        for stage in self.stalled_after_days.keys() {
            check(
                can_be_left(*stage),
                &format!("stalled_after_days.{stage}"),
                "nobody ever leaves this stage, so everybody would be stalled in the end",
                "leave the stage out",
            );
        }
    }

    fn check_loyalty_asks(&self, check: &mut Check<'_>) {
        let loyalty = &self.loyalty;
        check(
            !loyalty
                .satisfaction
                .is_some_and(|floor| floor.score_min == 0 && floor.missing == Missing::Waive),
            "loyalty.satisfaction.score_min",
            "every score passes, and none passes as well",
            "choose at least 1, or null for satisfaction",
        );
        check(
            i64::from(loyalty.tenure_days_min) <= TENURE_DAYS_MAX,
            "loyalty.tenure_days_min",
            "nobody lives to be loyal",
            "choose at most a century, 36525",
        );
        let asks = loyalty.orders_min > 1
            || loyalty.tenure_days_min > 0
            || loyalty.satisfaction.is_some()
            || self.dwell_days_min(Stage::Growing) > 0;
        check(
            loyalty.mode != Mode::Apply || asks,
            "loyalty",
            "every customer served is loyal at once, so nobody is growing",
            "ask for more than one order, for days or for satisfaction, or choose mode off",
        );
    }

    /// Days with a purchase are bounded by the days there are. Orders and money are not.
    fn check_decline_reach(&self, check: &mut Check<'_>) {
        let (decline, recovery) = (&self.decline, &self.recovery);
        if decline.measure != PurchaseMeasure::PurchaseDays || decline.mode == Mode::Off {
            return;
        }
        let (days, windows) =
            (i128::from(decline.window_days), i128::from(decline.baseline_windows));
        let baseline_min = i128::from(decline.baseline_min);
        let reached = baseline_min <= days.saturating_mul(windows);
        check(
            reached || days == 0 || windows == 0,
            "decline.baseline_min",
            "the baseline has fewer days than that, so nobody ever declines",
            "choose at most decline.window_days times decline.baseline_windows",
        );
        // The window of a recovery has the day it is judged on, and the day after in the zone of a shop.
        let most = days.saturating_add(2).saturating_mul(windows).saturating_mul(100);
        check(
            !reached || baseline_min.saturating_mul(i128::from(recovery.percent)) <= most,
            "recovery.percent",
            "a window has too few days for it, so nobody ever recovers",
            "choose a smaller share, or a longer decline.window_days",
        );
    }
}

/// A century: nobody is a customer for longer.
const TENURE_DAYS_MAX: i64 = 36_525;

/// Whether the policy moves customers out of a stage by itself, and waits for the least dwell there.
fn moved_by_policy(stage: Stage) -> bool {
    Trigger::ALL.iter().any(|trigger| match edge(stage, *trigger) {
        Edge::To { guards, .. } => guards.contains(&Condition::Dwelt),
        Edge::Stay | Edge::Refused(_) => false,
    })
}

fn can_be_left(stage: Stage) -> bool {
    Trigger::ALL.iter().any(|trigger| matches!(edge(stage, *trigger), Edge::To { .. }))
}
