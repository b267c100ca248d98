//! Policies, bases and customers at random, from a number alone.

use guanxi::churn::{
    Bands, Bound, ChurnCalibration, ChurnFacts, ChurnGroup, ChurnPolicy, ChurnSignals, Combination,
    Comparison, CustomIndicator, CustomUnit, Direction, FirstReturns, GroupPolicy, Indicator,
    InterpurchaseTimes, Observation, Returns, RiskBand, RiskState, Staleness, WeighedIndicator,
    WhenMissing,
};
use guanxi::explain::BasisPoints;
use guanxi::scale::{Corner, Scale};
use guanxi::slot::Slot;
use guanxi::{Currency, Day, Timestamp};

use super::super::random::Random;

/// Draws what a case needs from the number of the case.
pub(crate) struct Dice(Random);

impl Dice {
    pub(crate) const fn new(case: u64) -> Self {
        Self(Random(case))
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0.bits()
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.bits() % end
    }

    pub(super) fn from(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).unwrap();
        low + i64::try_from(self.below(width)).unwrap()
    }

    pub(super) fn small(&mut self, low: u8, high: u8) -> u8 {
        u8::try_from(self.from(low.into(), high.into())).unwrap()
    }

    pub(super) fn days(&mut self, high: u16) -> u16 {
        u16::try_from(self.below(u64::from(high) + 1)).unwrap()
    }

    pub(super) fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.one_in(4) { None } else { Some(make(self)) }
    }
}

/// All indicators, both slots that random policies declare included.
fn indicators() -> Vec<Indicator> {
    let second = Indicator::Custom(Slot::new(2).unwrap());
    Indicator::ALL.into_iter().chain([second]).collect()
}

/// Values that make a difference to an indicator.
fn span(indicator: Indicator) -> (i64, i64) {
    match indicator {
        Indicator::SilenceByBase | Indicator::ReturnChance | Indicator::InactiveChance => {
            (0, 10_000)
        }
        Indicator::SilenceByCadence => (0, 60_000),
        Indicator::Silence | Indicator::Tenure => (0, 800),
        Indicator::Orders | Indicator::Returns | Indicator::Usage | Indicator::UsageTrend => {
            (0, 20_000)
        }
        Indicator::Spend | Indicator::OrderValue => (-5_000, 20_000),
        Indicator::Complaints | Indicator::FailedPayments => (0, 9),
        Indicator::Satisfaction => (0, 100),
        Indicator::PaymentOverdue => (0, 200),
        Indicator::SponsorGone => (0, 1),
        Indicator::ContractEnd => (-100, 400),
        _ => (-50, 50),
    }
}

/// A policy without faults.
pub(crate) fn policy(dice: &mut Dice) -> ChurnPolicy {
    let mut policy = ChurnPolicy::default();
    policy.window_days = 1 + dice.days(100);
    policy.cadence_purchase_days_min = 2 + dice.days(3);
    policy.base_count_min = 1 + u32::from(dice.days(20));
    policy.combine = combination(dice);
    policy.groups.clear();
    policy.floors.clear();
    policy.bands = bands(dice);
    policy.custom = vec![
        custom(1, Direction::HigherIsRiskier, CustomUnit::Days),
        custom(2, Direction::LowerIsRiskier, CustomUnit::Share),
    ];
    let mut left = indicators();
    for name in ChurnGroup::ALL.into_iter().take(1 + usize::from(dice.small(0, 4))) {
        let count = 1 + usize::from(dice.small(0, 4));
        let mut group: Vec<WeighedIndicator> = Vec::new();
        while group.len() < count && !left.is_empty() {
            let at = usize::try_from(dice.below(left.len() as u64)).unwrap();
            let indicator = left.swap_remove(at);
            group.push(weighed(dice, &policy, indicator));
        }
        if group.is_empty() {
            break;
        }
        for (indicator, weight) in group.iter_mut().zip(weights(dice, count)) {
            indicator.weight = weight;
        }
        spend_all(group.iter_mut().map(|indicator| &mut indicator.weight));
        let combine = combination(dice);
        let mut group = GroupPolicy::new(name, BasisPoints(0), group);
        group.combine = combine;
        policy.groups.push(group);
    }
    let weights = weights(dice, policy.groups.len());
    for (group, weight) in policy.groups.iter_mut().zip(weights) {
        group.weight = weight;
    }
    policy.custom.retain(|custom| !left.contains(&Indicator::Custom(custom.slot)));
    bind(dice, &mut policy);
    assert_eq!(policy.lint("churn"), []);
    policy
}

fn combination(dice: &mut Dice) -> Combination {
    if dice.one_in(3) { Combination::WorstOf } else { Combination::Weighted }
}

fn custom(slot: u8, direction: Direction, unit: CustomUnit) -> CustomIndicator {
    let (english, chinese) = (format!("own indicator {slot}"), format!("指标{slot}"));
    let slot = Slot::new(slot).unwrap();
    let mut custom = CustomIndicator::new(slot, &english, direction);
    (custom.unit, custom.chinese) = (unit, chinese);
    custom
}

/// Weights that add up to the whole.
fn weights(dice: &mut Dice, count: usize) -> Vec<BasisPoints> {
    let mut left = 10_000;
    let mut weights = Vec::new();
    for others in (0..i64::try_from(count).unwrap()).rev() {
        let weight = if others == 0 { left } else { dice.from(1, left - others) };
        left -= weight;
        weights.push(BasisPoints(weight));
    }
    weights
}

/// Gives what is left of the whole to the last, where fewer indicators were left than weights
/// drawn.
fn spend_all<'a>(weights: impl Iterator<Item = &'a mut BasisPoints>) {
    let mut weights: Vec<_> = weights.collect();
    let sum: i64 = weights.iter().map(|weight| weight.0).sum();
    weights.last_mut().unwrap().0 += 10_000 - sum;
}

fn weighed(dice: &mut Dice, policy: &ChurnPolicy, indicator: Indicator) -> WeighedIndicator {
    let (low, high) = span(indicator);
    let mut at: Vec<i64> = (0..2 + dice.below(4)).map(|_| dice.from(low, high)).collect();
    at.extend([low, high]);
    at.sort_unstable();
    at.dedup();
    let mut points: Vec<u8> = at.iter().map(|_| dice.small(0, 100)).collect();
    points.sort_unstable();
    points[0] = points[0].min(99);
    *points.last_mut().unwrap() = 100;
    if policy.direction(indicator) == Some(Direction::LowerIsRiskier) {
        points.reverse();
    }
    let corners = at.into_iter().zip(points).map(|(at, points)| Corner { at, points });
    let staleness = match dice.below(3) {
        _ if !indicator.is_told() => Staleness::Never,
        0 => Staleness::Never,
        1 => Staleness::Missing { after_days: dice.days(60) },
        _ => {
            let after_days = dice.days(60);
            Staleness::Fades { after_days, gone_days: after_days + 1 + dice.days(60) }
        }
    };
    let missing = match dice.below(6) {
        0 => WhenMissing::Neutral(dice.small(0, 100)),
        1 => WhenMissing::Worst,
        _ => WhenMissing::Skip,
    };
    let scale = Scale(corners.collect());
    WeighedIndicator::new(indicator, BasisPoints(0), scale)
        .with_staleness(staleness)
        .with_missing(missing)
}

fn bands(dice: &mut Dice) -> Bands {
    let medium_from = dice.small(1, 40);
    let high_from = medium_from + dice.small(1, 30);
    let critical_from = high_from + dice.small(1, 30);
    let narrowest = medium_from.min(high_from - medium_from).min(critical_from - high_from);
    let down_margin = dice.small(0, narrowest - 1);
    let mut bands = Bands::default();
    (bands.medium_from, bands.high_from) = (medium_from, high_from);
    (bands.critical_from, bands.down_margin) = (critical_from, down_margin);
    bands
}

/// Floors and caps, as far as the lint finds nothing to say against them.
fn bind(dice: &mut Dice, policy: &mut ChurnPolicy) {
    let read: Vec<Indicator> = policy
        .groups
        .iter()
        .flat_map(|group| &group.indicators)
        .map(|indicator| indicator.indicator)
        .collect();
    for _ in 0..dice.below(4) {
        let indicator = dice.pick(&read);
        let (low, high) = span(indicator);
        let bound = Bound::new(indicator, dice.from(low, high), dice.small(1, 99));
        let is_floor = dice.one_in(2);
        if is_floor {
            policy.floors.push(bound);
        } else {
            policy.caps.push(bound);
        }
        if !policy.lint("churn").is_empty() {
            let _ = if is_floor { policy.floors.pop() } else { policy.caps.pop() };
        }
    }
}

/// What a base says; nothing at all now and then.
pub(super) fn base(dice: &mut Dice) -> ChurnCalibration {
    let mut base = ChurnCalibration::default();
    if dice.one_in(5) {
        return base;
    }
    let mut days = |count: u64, most: u16| -> Vec<u32> {
        (0..count).map(|_| 1 + u32::from(dice.days(most))).collect()
    };
    let (waits, returned) = (days(60, 120), days(25, 200));
    base.interpurchase_times = InterpurchaseTimes::from_gaps(waits).unwrap();
    let observed = 1 + dice.below(300);
    let others = vec![None; usize::try_from(dice.below(60)).unwrap()];
    let buyers = returned.into_iter().map(Some).chain(others).map(|second| (300, second));
    base.first_returns = FirstReturns::of(u32::try_from(observed).unwrap(), buyers).unwrap();
    base
}

fn comparison(dice: &mut Dice, most: i64) -> Comparison {
    let windows = 1 + dice.days(3);
    Comparison { recent: dice.from(-most / 10, most), before: dice.from(0, 3 * most), windows }
}

/// Somebody's facts, with holes.
pub(super) fn facts(dice: &mut Dice) -> ChurnFacts {
    let today = Day::from_ymd(2026, 3, 31).unwrap();
    let mut facts = ChurnFacts::new(today, Currency::USD);
    facts.purchase_days = u32::from(dice.days(8));
    facts.silence_days = dice.maybe(|dice| dice.days(400).into());
    facts.usual_gap_days = dice.maybe(|dice| dice.days(90).into());
    facts.tenure_days = dice.maybe(|dice| dice.days(900).into());
    facts.inactive_chance = dice.maybe(|dice| BasisPoints(dice.from(0, 10_000)));
    facts.orders = dice.maybe(|dice| comparison(dice, 12));
    facts.spend = dice.maybe(|dice| comparison(dice, 90_000));
    facts.order_value = dice.maybe(|dice| comparison(dice, 9_000));
    facts.returns =
        dice.maybe(|dice| Returns { returned: dice.from(0, 900), gross: dice.from(0, 900) });
    facts.signals = signals(dice, today);
    facts
}

fn signals(dice: &mut Dice, today: Day) -> ChurnSignals {
    fn told<T>(dice: &mut Dice, today: Day, value: T) -> Option<Observation<T>> {
        let age = dice.from(-2, 150);
        dice.maybe(|_| Observation::new(value, today.saturating_add_days(-age)))
    }
    let mut signals = ChurnSignals::default();
    let share = BasisPoints(dice.from(0, 12_000));
    signals.usage = told(dice, today, share);
    let share = BasisPoints(dice.from(0, 20_000));
    signals.usage_trend = told(dice, today, share);
    let count = dice.days(6).into();
    signals.complaints_open = told(dice, today, count);
    let score = dice.small(0, 110);
    signals.satisfaction = told(dice, today, score);
    let since = today.saturating_add_days(-dice.from(-5, 150));
    let since = if dice.one_in(4) { None } else { Some(since) };
    signals.payment_overdue_since = told(dice, today, since);
    let count = dice.days(6).into();
    signals.failed_payments = told(dice, today, count);
    let gone = dice.one_in(2);
    signals.sponsor_gone = told(dice, today, gone);
    let ends = today.saturating_add_days(dice.from(-60, 300));
    signals.contract_ends = told(dice, today, ends);
    for place in signals.custom.iter_mut().take(3) {
        let value = dice.from(-60, 60);
        *place = told(dice, today, value);
    }
    signals
}

/// What the last review left, if there was one.
pub(super) fn last(dice: &mut Dice) -> Option<RiskState> {
    dice.maybe(|dice| RiskState::new(dice.pick(&RiskBand::ALL), Timestamp::UNIX_EPOCH))
}
