//! Laws of the ledger, over random reports in random order, against a naive model.

#![expect(clippy::arithmetic_side_effects, reason = "small numbers, and a test may panic")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::money::{Currency, Money};
use crate::time::{Day, Timestamp, Zone};

const USD: Currency = Currency::USD;

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, USD)
}

/// Few days, so that they collide, spread over three years, so that parts and gaps matter.
const DAYS: i32 = 12;

fn day(index: i32) -> Day {
    Day::from_days_since_epoch(9_800 + index * 71).unwrap()
}

/// Every day that could make a difference, the ends of the calendar, and days between rows.
fn cutoffs() -> Vec<Day> {
    let near = (0..DAYS).flat_map(|index| [day(index).saturating_add_days(-1), day(index)]);
    [Day::MIN, Day::MAX].into_iter().chain(near).collect()
}

#[derive(Clone, Copy, Debug)]
struct Step {
    kind: u8,
    day: i32,
    back: i32,
    amount: i64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..6_u8, 0..DAYS, 0..DAYS, 0..40_i64).prop_map(|(kind, day, back, amount)| Step {
        kind,
        day,
        back,
        amount,
    });
    prop::collection::vec(step, 0..60)
}

impl Step {
    fn command(self, amount: i64) -> PurchaseCommand {
        let at = Zone::UTC.start_of(day(self.day));
        let bought = day(self.day - self.back);
        match self.kind {
            0..=2 => Order::new(at, usd(amount)).into(),
            3 | 4 => Return::new(at, bought, usd(amount)).into(),
            _ => Cancel::new(at, bought, usd(amount)).into(),
        }
    }

    /// Reports, and where the amount alone was wrong, reports the amount that the refusal names.
    fn report(self, history: &PurchaseHistory) -> Option<PurchaseEvent> {
        let decide = |amount| decide(history, &self.command(amount), USD, Zone::UTC);
        match decide(self.amount) {
            Ok(event) => Some(event),
            Err(PurchaseError::CancelLeavesMoney { left }) => {
                Some(decide(self.amount + left.minor()).unwrap())
            }
            Err(PurchaseError::NothingToReturn { left, .. }) => decide(left.minor()).ok(),
            Err(_) => None,
        }
    }
}

/// Accepted events in the order they were told, and the ledger they left.
fn run(steps: &[Step], opening: Option<Opening>) -> (Vec<PurchaseEvent>, PurchaseHistory) {
    let mut history = PurchaseHistory::default();
    if let Some(opening) = opening {
        check_opening(&history, &opening, USD).unwrap();
        history.open(opening);
    }
    let mut events = Vec::new();
    for step in steps {
        if let Some(event) = step.report(&history) {
            history.apply(&event);
            events.push(event);
        }
    }
    (events, history)
}

fn ledger<'a>(events: impl IntoIterator<Item = &'a PurchaseEvent>) -> PurchaseHistory {
    let mut history = PurchaseHistory::default();
    events.into_iter().for_each(|event| history.apply(event));
    history
}

fn stored(history: &PurchaseHistory) -> BTreeMap<String, Vec<u8>> {
    history.to_parts().into_iter().map(|(part, json)| (part.to_string(), json)).collect()
}

/// What the events say, recounted from scratch for every question.
struct Model<'a>(&'a [PurchaseEvent]);

impl Model<'_> {
    /// Kept orders by day, and the money ordered, returned and cancelled, of events that count.
    fn count(&self, counts: impl Fn(&PurchaseEvent) -> bool) -> (BTreeMap<Day, u32>, [i64; 3]) {
        let mut kept = BTreeMap::new();
        let mut money = [0; 3];
        let seen = || self.0.iter().filter(|event| counts(event));
        for event in seen() {
            match event {
                PurchaseEvent::Ordered(ordered) => {
                    *kept.entry(ordered.day).or_insert(0) += 1;
                    money[0] += ordered.base.minor();
                }
                PurchaseEvent::Returned(back) => money[1] += back.base.minor(),
                PurchaseEvent::Cancelled(cancelled) => money[2] += cancelled.base.minor(),
            }
        }
        for event in seen() {
            if let PurchaseEvent::Cancelled(cancelled) = event {
                *kept.get_mut(&cancelled.purchase_day).unwrap() -= 1;
            }
        }
        kept.retain(|_, orders| *orders > 0);
        (kept, money)
    }

    fn known(&self, since: Option<Day>) -> Known {
        let (mut kept, _) = self.count(|_| true);
        kept.retain(|day, _| since.is_none_or(|since| *day >= since));
        Known {
            orders: kept.values().sum(),
            purchase_days: u32::try_from(kept.len()).unwrap(),
            first_day: kept.keys().next().copied(),
            last_day: kept.keys().next_back().copied(),
        }
    }

    fn up_to(&self, cutoff: Day) -> Summary {
        let (kept, [gross, returned, cancelled]) = self.count(|event| event.day() <= cutoff);
        Summary {
            orders: kept.values().sum(),
            purchase_days: u32::try_from(kept.len()).unwrap(),
            first_day: kept.keys().next().copied(),
            last_day: kept.keys().next_back().copied(),
            gross,
            returned,
            cancelled,
            net: gross - returned - cancelled,
        }
    }

    fn window(&self, after: Day, through: Day) -> Window {
        let inside = |day: Day| after < day && day <= through;
        let (kept, [gross, returned, cancelled]) = self.count(|event| match event {
            PurchaseEvent::Ordered(ordered) => inside(ordered.day),
            PurchaseEvent::Returned(back) => inside(back.day),
            PurchaseEvent::Cancelled(cancelled) => inside(cancelled.purchase_day),
        });
        Window {
            purchase_days: u32::try_from(kept.len()).unwrap(),
            orders: kept.values().sum(),
            gross: gross - cancelled,
            returned,
            net: gross - returned - cancelled,
        }
    }
}

proptest! {
    /// Stronger than promised: not even a reversal needs to follow its purchase.
    #[test]
    fn the_order_of_events_does_not_matter(
        (events, shuffled) in steps()
            .prop_map(|steps| run(&steps, None).0)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
    ) {
        prop_assert_eq!(ledger(&events), ledger(&shuffled));
    }

    #[test]
    fn reads_agree_with_a_recount(steps in steps()) {
        let (events, history) = run(&steps, None);
        let model = Model(&events);
        prop_assert_eq!(history.known(None), model.known(None));
        prop_assert_eq!(history.has_kept_order(), model.known(None).orders > 0);
        prop_assert_eq!(history.is_empty(), events.is_empty());
        for one in cutoffs() {
            prop_assert_eq!(history.known(Some(one)), model.known(Some(one)));
            prop_assert_eq!(history.up_to(one), model.up_to(one));
            for other in cutoffs() {
                prop_assert_eq!(history.window(one, other), model.window(one, other));
            }
        }
    }

    #[test]
    fn a_cutoff_cannot_see_the_future(steps in steps()) {
        let (events, history) = run(&steps, None);
        for cutoff in cutoffs() {
            let past = ledger(events.iter().filter(|event| event.day() <= cutoff));
            prop_assert_eq!(history.up_to(cutoff), past.up_to(Day::MAX));
            let through = history.through(cutoff);
            prop_assert_eq!((through.days(), through.reversals()), (past.days(), past.reversals()));
            prop_assert_eq!(through.known(None), past.known(None));
        }
    }

    #[test]
    fn an_earlier_ledger_has_the_opening_balance_that_a_cutoff_sees(steps in steps()) {
        let opening = Opening::new(3, 2, usd(500), Some(day(-2)), Some(day(3))).unwrap();
        let (_, history) = run(&steps, Some(opening));
        for cutoff in cutoffs() {
            let (known, seen) = (history.through(cutoff).known(None), history.up_to(cutoff));
            prop_assert_eq!((known.orders, known.purchase_days), (seen.orders, seen.purchase_days));
            prop_assert_eq!((known.first_day, known.last_day), (seen.first_day, seen.last_day));
        }
    }

    #[test]
    fn at_the_end_everything_is_seen(steps in steps()) {
        let (_, history) = run(&steps, None);
        let (known, end) = (history.known(None), history.up_to(Day::MAX));
        prop_assert_eq!(known.orders, end.orders);
        prop_assert_eq!(known.purchase_days, end.purchase_days);
        prop_assert_eq!((known.first_day, known.last_day), (end.first_day, end.last_day));
        prop_assert_eq!(history.window(Day::MIN, Day::MAX).net, end.net);
    }

    #[test]
    fn money_is_conserved(steps in steps()) {
        let (_, history) = run(&steps, None);
        for cutoff in cutoffs() {
            let Summary { gross, returned, cancelled, net, .. } = history.up_to(cutoff);
            prop_assert_eq!(net, gross - returned - cancelled);
            prop_assert!(net >= 0);
        }
    }

    #[test]
    fn windows_side_by_side_add_up(steps in steps(), split in 0..DAYS) {
        let (_, history) = run(&steps, None);
        let whole = history.window(Day::MIN, Day::MAX);
        let left = history.window(Day::MIN, day(split));
        let right = history.window(day(split), Day::MAX);
        prop_assert_eq!(whole.orders, left.orders + right.orders);
        prop_assert_eq!(whole.purchase_days, left.purchase_days + right.purchase_days);
        prop_assert_eq!(whole.net, left.net + right.net);
    }

    /// Whatever the door lets in, the loader lets in.
    #[test]
    fn stored_parts_load_to_the_same_ledger(steps in steps(), opened in any::<bool>()) {
        let opening = Opening::new(3, 2, usd(500), Some(day(-2)), Some(day(-1))).unwrap();
        let (_, history) = run(&steps, opened.then_some(opening));
        let parts = stored(&history);
        let reversed = parts.iter().rev().map(|(name, json)| (name, PURCHASE_SCHEMA, json));
        prop_assert_eq!(PurchaseHistory::from_parts(reversed), Ok(history));
    }

    #[test]
    fn an_event_touches_the_part_of_its_own_year_alone(steps in steps()) {
        let mut history = PurchaseHistory::default();
        for step in steps {
            if let Some(event) = step.report(&history) {
                let before = stored(&history);
                history.apply(&event);
                let own = PurchasePart::Year(event.year()).to_string();
                for (name, json) in stored(&history) {
                    prop_assert_eq!(before.get(&name) != Some(&json), name == own);
                }
            }
        }
    }

    #[test]
    fn an_opening_balance_is_added_whenever_it_is_set(steps in steps(), orders in 1..9_u32) {
        let opening = Opening::new(orders, 1, usd(500), None, Some(day(-1))).unwrap();
        let (events, first) = run(&steps, Some(opening));
        let mut last = ledger(&events);
        let bare = last.known(None);
        last.open(opening);
        prop_assert_eq!(&last, &first);
        prop_assert_eq!(last.known(None).orders, bare.orders + orders);
        prop_assert_eq!(last.known(None).last_day, bare.last_day.or(Some(day(-1))));
        prop_assert_eq!(last.up_to(Day::MAX).gross, ledger(&events).up_to(Day::MAX).gross + 500);
    }
}

/// Of events that `decide` never saw, only this is promised.
#[test]
fn events_that_were_never_decided_do_not_panic() {
    let (at, most) = (Timestamp::MAX, usd(i64::MAX));
    let mut history = PurchaseHistory::default();
    for amount in [most, most, usd(i64::MIN)] {
        history.apply(&PurchaseEvent::Cancelled(Cancelled::new(
            at,
            day(0),
            day(5),
            amount,
            amount,
        )));
        history.apply(&PurchaseEvent::Returned(Returned::new(at, day(0), day(9), amount, amount)));
        history.apply(&PurchaseEvent::Ordered(Ordered::new(at, Day::MAX, amount, amount)));
    }
    let _ = history.up_to(Day::MAX);
    let _ = history.window(Day::MIN, Day::MAX);
    assert_eq!(history.known(None).orders, 3);
    let parts = history.to_parts();
    let parts = parts.iter().map(|(part, json)| (part.to_string(), PURCHASE_SCHEMA, json));
    assert!(PurchaseHistory::from_parts(parts).is_err());
}
