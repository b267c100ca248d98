//! The generators reach everything: laws over histories in which nothing happens are worthless.

use std::collections::{BTreeMap, BTreeSet};

use guanxi::explain::Rule as _;
use guanxi::lifecycle::{
    CorrectionReason, Flag, LifecycleError, LifecycleEvent, LifecycleRule, Mover,
};
use guanxi::tier::TierEvent;
use guanxi::{DecideError, Event, Outcome, Stage, Trigger};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::generate::{histories, policies, prompt_histories};
use super::run::{Run, books, tasks};

/// How often each thing happened.
type Counts = BTreeMap<String, usize>;

fn count(counts: &mut Counts, what: impl Into<String>) {
    *counts.entry(what.into()).or_insert(0) += 1;
}

fn mover(mover: Mover) -> &'static str {
    match mover {
        Mover::Policy => "policy",
        Mover::Fact => "fact",
        Mover::Request { .. } => "request",
        Mover::Admission | Mover::Correction(_) => "other",
        _ => "new",
    }
}

fn observe(counts: &mut Counts, event: &Event) {
    match event {
        Event::Lifecycle(LifecycleEvent::Moved(moved)) => {
            count(counts, format!("stage {}", moved.to.stage()));
            count(counts, format!("trigger {} by {}", moved.trigger, mover(moved.mover)));
            for reason in &moved.reasons {
                count(counts, format!("reason {}", reason.rule.code()));
            }
            if moved.at.as_micros() % 86_400_000_000 % 3_600_000_000 == 0 {
                count(counts, "a move on the hour");
            }
        }
        Event::Lifecycle(LifecycleEvent::Flagged { flag, .. }) => {
            count(counts, format!("flag {flag:?}"));
        }
        Event::Lifecycle(LifecycleEvent::Corrected(_)) => count(counts, "corrected"),
        Event::Lifecycle(LifecycleEvent::Chose { .. }) => count(counts, "chose"),
        Event::Lifecycle(LifecycleEvent::Acknowledged { .. }) => count(counts, "acknowledged"),
        Event::Observed(event) => count(counts, format!("observed {}", event.kind())),
        Event::Profile(_) => count(counts, "profile"),
        Event::Reviewed(_) => count(counts, "reviewed"),
        Event::Tier(TierEvent::Overridden(_)) => count(counts, "overridden"),
        Event::Tier(TierEvent::Lifted { .. }) => count(counts, "lifted"),
        Event::Tier(TierEvent::Expired { .. }) => count(counts, "expired"),
        _ => {}
    }
}

fn sample(strategy: impl Strategy<Value = Vec<super::generate::Step>>, cases: usize) -> Counts {
    let mut runner = TestRunner::deterministic();
    let mut counts = Counts::new();
    for _ in 0..cases {
        let policy = policies().new_tree(&mut runner).unwrap().current();
        let steps = strategy.new_tree(&mut runner).unwrap().current();
        let mut run = Run::new(books(&policy));
        for task in tasks(&steps, policy.zone) {
            let advanced_to = run.customer.advanced_to();
            let late = task.occurred_at().zip(advanced_to).map(|(at, to)| at.cmp(&to));
            match run.carry_out(&task) {
                Ok(Outcome::Changed(change)) => {
                    change.entry.events.iter().for_each(|event| observe(&mut counts, event));
                    count(&mut counts, format!("met {late:?}"));
                }
                Ok(Outcome::Unchanged) => count(&mut counts, "unchanged"),
                Err(DecideError::Lifecycle(LifecycleError::Refused { refusal, .. })) => {
                    count(&mut counts, format!("refused {refusal:?}"));
                }
                Err(DecideError::Lifecycle(LifecycleError::Blocked { .. })) => {
                    count(&mut counts, "blocked");
                }
                Err(DecideError::Purchase(_)) => count(&mut counts, "purchase refused"),
                Err(_) => count(&mut counts, "other refusal"),
            }
        }
        if run.customer.lifecycle().episode().number > 2 {
            count(&mut counts, "three episodes");
        }
    }
    counts
}

fn expected() -> BTreeSet<String> {
    let mut expected: BTreeSet<String> = Stage::ALL.map(|stage| format!("stage {stage}")).into();
    let by_policy =
        [Trigger::Deliver, Trigger::Mature, Trigger::Decline, Trigger::Recover, Trigger::Lapse];
    let by_fact = [Trigger::Purchase, Trigger::Unwind];
    expected.extend(by_policy.map(|trigger| format!("trigger {trigger} by policy")));
    expected.extend(by_fact.map(|trigger| format!("trigger {trigger} by fact")));
    let not_asked_for = [Trigger::Deliver, Trigger::Purchase, Trigger::Unwind];
    let asked = Trigger::ALL.into_iter().filter(|trigger| !not_asked_for.contains(trigger));
    expected.extend(asked.map(|trigger| format!("trigger {trigger} by request")));
    // Running contracts and unmet limits stand in refusals, not in moves; nobody stalls here.
    let unmoving = [
        LifecycleRule::ContractRunning,
        LifecycleRule::DeliveryPending,
        LifecycleRule::Barred,
        LifecycleRule::Stalled,
        LifecycleRule::NoBaseline,
        LifecycleRule::NoPurchase,
        LifecycleRule::Corrected(CorrectionReason::Other),
    ];
    let rules = LifecycleRule::ALL.into_iter().filter(|rule| !unmoving.contains(rule));
    expected.extend(rules.map(|rule| format!("reason {}", rule.code())));
    expected.extend(
        ["a move on the hour", "blocked", "chose", "purchase refused", "unchanged"]
            .map(str::to_owned),
    );
    let figures = ["margin", "usage", "complaints_open", "payment_overdue_since", "own 2"];
    expected.extend(figures.map(|kind| format!("observed {kind}")));
    expected.extend(["OutOfOrder", "Terminal"].map(|refusal| format!("refused {refusal}")));
    expected.extend(["met Some(Equal)", "met Some(Greater)", "three episodes"].map(str::to_owned));
    expected.extend(
        [Flag::OrderAfterEnd, Flag::OrderWhileBarred, Flag::UnwoundWhileLost]
            .map(|flag| format!("flag {flag:?}")),
    );
    expected
}

/// Things that happen less than so often in that many histories count as missing.
const OFTEN: usize = 2;

fn rare(counts: &Counts, expected: &BTreeSet<String>) -> Vec<(String, usize)> {
    expected
        .iter()
        .map(|what| (what.clone(), counts.get(what).copied().unwrap_or(0)))
        .filter(|(_, count)| *count < OFTEN)
        .collect()
}

#[test]
fn everything_happens_in_generated_histories() {
    let counts = sample(histories(), 1_000);
    let mut expected = expected();
    expected.extend(["acknowledged", "corrected", "profile", "met Some(Less)"].map(str::to_owned));
    expected.extend(["reviewed", "overridden", "lifted", "expired"].map(str::to_owned));
    expected.insert(format!("flag {:?}", Flag::LateOrderWhileLost));
    assert_eq!(rare(&counts, &expected), [], "{counts:#?}");
}

#[test]
fn everything_but_lateness_happens_in_prompt_histories() {
    let counts = sample(prompt_histories(), 600);
    let mut expected = expected();
    expected.remove(&format!("reason {}", LifecycleRule::LateFact.code()));
    assert_eq!(rare(&counts, &expected), [], "{counts:#?}");
}
