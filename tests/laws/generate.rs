//! Random policies and histories.
//!
//! Alphabets are small and limits are short, so that collisions are frequent: several things on one
//! day, at one instant, on the very midnight on which something falls due, or a microsecond beside it.

use guanxi::explain::BasisPoints;
use guanxi::lifecycle::{
    ContractPolicy, DeclineCause, DeclineChoice, DeclinePolicy, DeclinedFrom, Declining,
    DeliveryPolicy, DisqualifyReason, EndReason, Flag, LapsePolicy, LifecyclePolicy, LossCause,
    LoyaltyPolicy, Mode, Position, PurchaseMeasure, RecoveryPolicy, Request, SatisfactionFloor,
    SilenceUnderContract,
};
use guanxi::machine::Missing;
use guanxi::observation::Observed;
use guanxi::slot::Slot;
use guanxi::tier::Tier;
use guanxi::{Currency, Day, Money, Policy, Stage, Timestamp, Zone};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

/// So many cases, or more when `PROPTEST_CASES` asks for more. Failures are not written to files: the
/// smallest case of a bug becomes a test of its own.
pub(super) fn cases(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let usual = 256;
    let cases = if asked.cases == usual { cases } else { cases.max(asked.cases) };
    ProptestConfig { cases, ..asked }
}

/// Where in a business day something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tick {
    /// Its first instant.
    Midnight,
    /// One microsecond after.
    After,
    /// Somewhere in the middle.
    Noon,
    /// Its last instant, one microsecond before the next midnight.
    Last,
}

impl Tick {
    pub(super) fn of(self, day: Day, zone: Zone) -> Timestamp {
        let start = zone.start_of(day);
        match self {
            Self::Midnight => start,
            Self::After => start.next(),
            Self::Noon => start.saturating_add_seconds(43_200),
            Self::Last => zone.end_of(day),
        }
    }
}

/// What a step reports or asks for; purchases that are taken back are named by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Admit {
        position: Position,
        since_days: Option<i64>,
        opening: bool,
    },
    Order {
        minor: i64,
    },
    Return {
        nth: usize,
        minor: i64,
    },
    Cancel {
        nth: usize,
        minor: i64,
    },
    Accept,
    Reject,
    Score(u8),
    OpenReview,
    CloseReview,
    Contract {
        days: i64,
    },
    Observe(Observed),
    Ask(Request),
    Choose(DeclineChoice),
    Correct(Position),
    Acknowledge(Flag),
    Know {
        nth: u8,
    },
    Forget,
    /// Until so many days later.
    Override {
        tier: Tier,
        days: i64,
    },
    LiftOverride,
    Review,
    RunDue,
}

/// One step of a history.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Days after the step before.
    pub(super) gap_days: i64,
    pub(super) tick: Tick,
    /// Days from what happened to its report.
    pub(super) lag_days: i64,
    /// By how many days the host's business day differs from that of the instant.
    pub(super) shift_days: i64,
    pub(super) action: Action,
}

pub(super) fn modes() -> impl Strategy<Value = Mode> {
    prop_oneof![8 => Just(Mode::Apply), 2 => Just(Mode::Suggest), 1 => Just(Mode::Off)]
}

fn delivery() -> impl Strategy<Value = DeliveryPolicy> {
    (modes(), option::weighted(0.7, prop_oneof![Just(0_u16), 1_u16..=8]))
        .prop_map(|(mode, implied_after_days)| DeliveryPolicy { mode, implied_after_days })
}

fn loyalty() -> impl Strategy<Value = LoyaltyPolicy> {
    let floor =
        (0_u8..=80, 0_u16..=30, prop_oneof![Just(Missing::Waive), Just(Missing::Block)]).prop_map(
            |(score_min, fresh_days, missing)| SatisfactionFloor { score_min, fresh_days, missing },
        );
    (modes(), 0_u32..=4, 0_u16..=20, option::weighted(0.4, floor)).prop_map(
        |(mode, orders_min, tenure_days_min, satisfaction)| LoyaltyPolicy {
            mode,
            orders_min,
            tenure_days_min,
            satisfaction,
        },
    )
}

fn decline() -> impl Strategy<Value = DeclinePolicy> {
    let measures = prop_oneof![
        Just((PurchaseMeasure::Orders, 1_i64)),
        Just((PurchaseMeasure::PurchaseDays, 1)),
        Just((PurchaseMeasure::NetSpend, 100)),
    ];
    let windows = (1_u16..=12, 1_u16..=3);
    (modes(), modes(), measures, windows, 1_i64..=3, 0_u8..=90).prop_map(
        |(mode, rejected_delivery, (measure, unit), (window_days, baseline_windows), min, fall)| {
            DeclinePolicy {
                mode,
                rejected_delivery,
                measure,
                window_days,
                baseline_windows,
                baseline_min: min * unit,
                fall_percent: fall,
            }
        },
    )
}

fn lapse() -> impl Strategy<Value = LapsePolicy> {
    let silence =
        prop_oneof![Just(SilenceUnderContract::Ignored), Just(SilenceUnderContract::Judged)];
    let contract = (0_u16..=3, silence)
        .prop_map(|(grace_days, silence)| ContractPolicy { grace_days, silence });
    let limits = (1_u16..=40, 0_u16..=40, 0_u16..=40);
    (modes(), (100_u16..=300, 2_u16..=4), limits, contract).prop_map(
        |(mode, (cadence_percent, cadence_purchase_days_min), limits, contract)| {
            let (floor_days, above, without) = limits;
            LapsePolicy {
                mode,
                cadence_percent,
                cadence_purchase_days_min,
                floor_days,
                ceiling_days: floor_days + above,
                without_cadence_days: floor_days + without.min(above),
                contract,
            }
        },
    )
}

pub(super) fn zones() -> impl Strategy<Value = Zone> {
    prop_oneof![Just(0), Just(8 * 60), Just(-5 * 60), Just(14 * 60), Just(-12 * 60)]
        .prop_map(|minutes| Zone::fixed(minutes).unwrap())
}

/// Policies without faults, and with limits short enough that things happen.
pub(super) fn policies() -> impl Strategy<Value = Policy> {
    let stages = proptest::sample::select(&Stage::ALL[4..8]);
    let dwell = prop_oneof![3 => Just(0..1_usize), 1 => Just(1..3_usize)]
        .prop_flat_map(move |count| btree_map(stages.clone(), 1_u16..=10, count));
    let reviews = option::of(1_u16..=40);
    let dwell_and_reviews = (dwell, reviews);
    (zones(), delivery(), loyalty(), decline(), 1_u8..=40, modes(), lapse(), dwell_and_reviews)
        .prop_map(|(zone, delivery, loyalty, decline, above, recovery, lapse, (dwell, reviews))| {
            let mut policy = Policy::new(Currency::USD);
            policy.zone = zone;
            policy.review_every_days = reviews;
            policy.lifecycle.delivery = delivery;
            policy.lifecycle.loyalty = loyalty;
            policy.lifecycle.decline = decline;
            policy.lifecycle.recovery =
                RecoveryPolicy { mode: recovery, percent: decline.fall_percent + above };
            policy.lifecycle.lapse = lapse;
            policy.lifecycle.dwell_days_min = dwell;
            mend(&mut policy.lifecycle);
            policy
        })
}

/// What the lint would refuse for the sake of how limits go together.
fn mend(policy: &mut LifecyclePolicy) {
    if let Some(floor) = &mut policy.loyalty.satisfaction {
        floor.score_min = floor.score_min.max(1);
    }
    let asks = policy.loyalty.orders_min > 1
        || policy.loyalty.tenure_days_min > 0
        || policy.loyalty.satisfaction.is_some()
        || policy.dwell_days_min(Stage::Growing) > 0;
    if !asks {
        policy.loyalty.orders_min = 2;
    }
    let decline = &mut policy.decline;
    if decline.measure == PurchaseMeasure::PurchaseDays {
        let days = i64::from(decline.window_days) * i64::from(decline.baseline_windows);
        decline.baseline_min = decline.baseline_min.min(days);
    }
}

pub(super) fn requests() -> impl Strategy<Value = Request> {
    proptest::sample::select(&[
        Request::Engage,
        Request::Evaluate,
        Request::Propose,
        Request::Cool,
        // Seldom granted, so it is asked for more often.
        Request::Mature,
        Request::Mature,
        Request::Mature,
        Request::Decline,
        Request::Recover,
        Request::Lapse,
        Request::Leave { cause: LossCause::Price },
        Request::WinBack,
        Request::Disqualify { reason: DisqualifyReason::NoBudget, barred: false },
        Request::Disqualify { reason: DisqualifyReason::BackgroundCheck, barred: true },
        Request::Requalify,
        Request::End { reason: EndReason::Ceased },
    ])
}

/// Positions that a person may correct a customer to.
pub(super) fn positions() -> impl Strategy<Value = Position> {
    proptest::sample::select(&[
        Position::Prospect,
        Position::Considering,
        Position::Onboarding,
        Position::Growing,
        Position::Loyal,
        Position::Lost { cause: LossCause::Other },
        Position::Disqualified { reason: DisqualifyReason::Other, barred: true },
    ])
}

/// Figures that only the host knows, of few kinds and values, so that they meet on one day.
pub(super) fn figures() -> impl Strategy<Value = Observed> {
    let margin = |minor| Observed::Margin(Money::from_minor(minor, Currency::USD));
    let overdue = Day::from_ymd(2020, 2, 29).unwrap();
    prop_oneof![
        (-2_i64..=2).prop_map(margin),
        (0_i64..=2).prop_map(|share| Observed::Usage(BasisPoints(share))),
        (0_u32..=2).prop_map(Observed::ComplaintsOpen),
        option::of(Just(overdue)).prop_map(Observed::PaymentOverdueSince),
        any::<bool>().prop_map(Observed::SponsorGone),
        (1_u8..=2, -1_i64..=1)
            .prop_map(|(slot, value)| { Observed::Own { slot: Slot::new(slot).unwrap(), value } }),
    ]
}

pub(super) fn facts() -> impl Strategy<Value = Action> {
    let minor = prop_oneof![8 => Just(100_i64), 1 => Just(0), 1 => Just(250)];
    let part = prop_oneof![3 => Just(100_i64), 1 => Just(50)];
    prop_oneof![
        16 => minor.prop_map(|minor| Action::Order { minor }),
        2 => (0_usize..8, part.clone()).prop_map(|(nth, minor)| Action::Return { nth, minor }),
        3 => (0_usize..8, part).prop_map(|(nth, minor)| Action::Cancel { nth, minor }),
        3 => Just(Action::Accept),
        2 => Just(Action::Reject),
        2 => prop_oneof![Just(20_u8), Just(60), Just(90)].prop_map(Action::Score),
        1 => Just(Action::OpenReview),
        1 => Just(Action::CloseReview),
        2 => (0_i64..=30).prop_map(|days| Action::Contract { days }),
        2 => figures().prop_map(Action::Observe),
    ]
}

fn choices() -> impl Strategy<Value = DeclineChoice> {
    prop_oneof![Just(DeclineChoice::Reinvest), Just(DeclineChoice::LetGo)]
}

fn flags() -> impl Strategy<Value = Flag> {
    proptest::sample::select(&[
        Flag::OrderAfterEnd,
        Flag::OrderWhileBarred,
        Flag::LateOrderWhileLost,
        Flag::UnwoundWhileLost,
    ])
}

fn overrides() -> impl Strategy<Value = Action> {
    (proptest::sample::select(&Tier::ALL), 0_i64..=30)
        .prop_map(|(tier, days)| Action::Override { tier, days })
}

/// Facts and requests: everything that has an instant of its own.
pub(super) fn dated_actions() -> impl Strategy<Value = Action> {
    prop_oneof![
        24 => facts(),
        6 => requests().prop_map(Action::Ask),
        2 => choices().prop_map(Action::Choose),
    ]
}

/// Everything that can be asked of a customer.
pub(super) fn actions() -> impl Strategy<Value = Action> {
    prop_oneof![
        48 => facts(),
        12 => requests().prop_map(Action::Ask),
        4 => choices().prop_map(Action::Choose),
        2 => positions().prop_map(Action::Correct),
        2 => flags().prop_map(Action::Acknowledge),
        2 => (0_u8..3).prop_map(|nth| Action::Know { nth }),
        2 => Just(Action::Forget),
        3 => overrides(),
        1 => Just(Action::LiftOverride),
        2 => Just(Action::Review),
        12 => Just(Action::RunDue),
    ]
}

fn gaps() -> impl Strategy<Value = i64> {
    prop_oneof![6 => Just(0_i64), 12 => 1_i64..=4, 6 => 5_i64..=15, 3 => 16_i64..=60, 1 => 61_i64..=400]
}

fn ticks() -> impl Strategy<Value = Tick> {
    prop_oneof![
        4 => Just(Tick::Midnight),
        1 => Just(Tick::After),
        3 => Just(Tick::Noon),
        1 => Just(Tick::Last),
    ]
}

/// A step that is reported `lag` days after it happened.
pub(super) fn step(
    action: impl Strategy<Value = Action>,
    lag: impl Strategy<Value = i64>,
) -> impl Strategy<Value = Step> {
    let shift = prop_oneof![10 => Just(0_i64), 1 => Just(1), 1 => Just(-1)];
    (gaps(), ticks(), lag, shift, action).prop_map(
        |(gap_days, tick, lag_days, shift_days, action)| Step {
            gap_days,
            tick,
            lag_days,
            shift_days,
            action,
        },
    )
}

/// A takeover in mid-life: in any position, with or without a known start and an opening balance.
fn takeovers() -> impl Strategy<Value = Step> {
    let declining = Declining::new(DeclinedFrom::Loyal, DeclineCause::Delivery, None);
    let position = prop_oneof![
        6 => positions(),
        2 => Just(Position::Aware),
        1 => Just(Position::Deciding),
        1 => Just(Position::Declining(declining)),
    ];
    (position, option::of(0_i64..60), any::<bool>()).prop_map(|(position, since_days, opening)| {
        let action = Action::Admit { position, since_days, opening };
        Step { gap_days: 0, tick: Tick::Noon, lag_days: 0, shift_days: 0, action }
    })
}

fn begun(takeover: Option<Step>, steps: impl IntoIterator<Item = Step>) -> Vec<Step> {
    takeover.into_iter().chain(steps).collect()
}

/// Histories in which everything happens: late facts, corrections, runs of the scheduler.
pub(super) fn histories() -> impl Strategy<Value = Vec<Step>> {
    let lag = prop_oneof![8 => Just(0_i64), 2 => 1_i64..=5, 1 => 6_i64..=60];
    (option::weighted(0.3, takeovers()), vec(step(actions(), lag), 1..30))
        .prop_map(|(takeover, steps)| begun(takeover, steps))
}

/// Histories of facts and requests that are reported when they happen.
pub(super) fn prompt_histories() -> impl Strategy<Value = Vec<Step>> {
    (option::weighted(0.3, takeovers()), vec(step(dated_actions(), Just(0_i64)), 1..30))
        .prop_map(|(takeover, steps)| begun(takeover, steps))
}
