//! C12: who is due, in order.

use super::super::check::{Deviation, same};
use super::super::expect::{fits, rows};
use super::super::harness::Harness;
use super::super::subject::{Trial, key};
use crate::customer::Customer;
use crate::id::PolicyId;
use crate::rulebook::RulebookRef;
use crate::store::{Agenda, Commit, PAGE_ROWS_MAX, PageSize, Waking};
use crate::time::Timestamp;

/// How many customers one commit may make where a check needs very many.
const MADE_AT_ONCE: usize = 50;

/// More rulebooks than a statement names without thinking of it.
const RULEBOOKS: u8 = 130;

/// What a check writes into the columns that the agenda is answered from.
#[derive(Clone, Copy)]
pub(in super::super) struct Schedule {
    pub(in super::super) wake_at: Option<Timestamp>,
    pub(in super::super) judged_by: RulebookRef,
}

impl Schedule {
    pub(in super::super) fn at(wake_at: Timestamp) -> Self {
        Self { wake_at: Some(wake_at), judged_by: rulebook(1, 0) }
    }

    /// Where this puts a customer on the agenda.
    pub(in super::super) fn waking(self, customer: &Customer) -> Waking {
        Waking { wake_at: self.wake_at.unwrap_or(Timestamp::MAX), id: customer.id() }
    }
}

/// A rulebook that nobody has read: an agenda knows them by their references.
pub(in super::super) fn rulebook(policy: u8, in_force_from: i64) -> RulebookRef {
    RulebookRef::new(PolicyId::from_bytes([policy; 32]), second(in_force_from))
}

/// An instant so many seconds after the first.
pub(in super::super) fn second(nth: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.saturating_add_seconds(nth)
}

impl<H: Harness<Store: Agenda>> Trial<'_, H> {
    /// The commit that puts a customer on the agenda so.
    pub(in super::super) fn scheduling(
        &self,
        customer: &mut Customer,
        schedule: Schedule,
        command: &str,
    ) -> Result<Commit, Deviation> {
        let commit = self.order(customer, customer.revision().saturating_add(1), command)?;
        Ok(commit.altered(|change| {
            change.index.wake_at = schedule.wake_at;
            change.index.rulebook = Some(schedule.judged_by);
        }))
    }

    /// Makes a customer that is on the agenda so.
    pub(in super::super) fn scheduled(
        &self,
        name: &str,
        schedule: Schedule,
    ) -> Result<(Customer, Waking), Deviation> {
        let mut customer = self.customer(name);
        let command = format!("schedule {name}");
        self.accepts(&self.scheduling(&mut customer, schedule, &command)?)?;
        let waking = schedule.waking(&customer);
        Ok((customer, waking))
    }

    /// Who is due, in pages of this size, to the end: a page that is not full.
    pub(in super::super) fn agenda(
        &self,
        until: Timestamp,
        judged_by: RulebookRef,
        size: PageSize,
    ) -> Result<Vec<Waking>, Deviation> {
        let mut due: Vec<Waking> = Vec::new();
        loop {
            let after = due.last().copied();
            let ask = || self.store.due(self.tenant, until, judged_by, after, size);
            let page = self.ask("a page of the agenda", ask)?;
            fits("a page of the agenda", page.len(), size)?;
            for waking in &page {
                // Pages that do not come forward would never end, either.
                if due.last().is_some_and(|last| waking <= last) {
                    let expected = format!("the next of the agenda to come after {:?}", due.last());
                    return Err(Deviation::new(expected, format!("{waking:?}")));
                }
                due.push(*waking);
            }
            if page.len() < size.rows() {
                return Ok(due);
            }
        }
    }

    /// Exactly these are due, in pages of any of these sizes.
    pub(in super::super) fn has_due(
        &self,
        until: Timestamp,
        judged_by: RulebookRef,
        expected: &[Waking],
    ) -> Result<(), Deviation> {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        for size in [1, 2, 3, PAGE_ROWS_MAX] {
            let saw = self.agenda(until, judged_by, rows(size))?;
            same(&format!("who is due, in pages of {size}"), &expected, &saw)?;
        }
        Ok(())
    }
}

pub(super) fn c12_nobody_is_due_where_nobody_is<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    trial.has_due(Timestamp::MAX, rulebook(1, 0), &[])?;
    trial.has_due(Timestamp::MIN, rulebook(1, 0), &[])
}

pub(super) fn c12_earliest_come_first<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    // Neither in the order of instants nor of ids; before 1970, and at the ends of time.
    let instants = [
        second(50),
        second(-50),
        Timestamp::MIN,
        second(50).next(),
        second(0),
        Timestamp::MAX,
        second(50).previous(),
        second(7_000_000_000),
        second(-7_000_000_000),
    ];
    let mut due = Vec::new();
    for (nth, at) in instants.into_iter().enumerate() {
        due.push(trial.scheduled(&format!("waking {nth}"), Schedule::at(at))?.1);
    }
    trial.has_due(Timestamp::MAX, rulebook(1, 0), &due)
}

pub(super) fn c12_those_of_one_instant_come_by_id<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut due = Vec::new();
    for nth in 0..9 {
        // Of three instants, written in turn.
        let schedule = Schedule::at(second(nth % 3));
        due.push(trial.scheduled(&format!("waking {nth}"), schedule)?.1);
    }
    trial.has_due(second(2), rulebook(1, 0), &due)
}

pub(super) fn c12_until_is_the_last_instant_that_counts<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut due = Vec::new();
    for (name, at) in [
        ("before 1970", second(-10).next()),
        ("between seconds", second(10).next()),
        ("later", second(20)),
    ] {
        let waking = trial.scheduled(name, Schedule::at(at))?.1;
        trial.has_due(at.previous(), rulebook(1, 0), &due)?;
        due.push(waking);
        trial.has_due(at, rulebook(1, 0), &due)?;
        trial.has_due(at.next(), rulebook(1, 0), &due)?;
    }
    Ok(())
}

pub(super) fn c12_those_of_other_rulebooks_are_due_at_any_time<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (now, later) = (second(100), Some(second(10_000)));
    let books = [
        ("another policy", rulebook(2, 0)),
        ("another policy later", rulebook(2, 5)),
        ("the same policy earlier", rulebook(1, -5)),
        ("the same policy later", rulebook(1, 5)),
        (
            "the same policy a moment later",
            RulebookRef::new(rulebook(1, 0).policy, second(0).next()),
        ),
    ];
    let mut due = Vec::new();
    for (name, judged_by) in books {
        for wake_at in [Some(second(50)), later, Some(Timestamp::MAX), None] {
            let schedule = Schedule { wake_at, judged_by };
            due.push(trial.scheduled(&format!("{name}, {wake_at:?}"), schedule)?.1);
        }
    }
    // By the rulebook that is asked for: who wakes until then, and nobody else.
    let (now_due, current) = (second(100), rulebook(1, 0));
    due.push(trial.scheduled("now", Schedule::at(now_due))?.1);
    let whenever = [
        trial.scheduled("later", Schedule { wake_at: later, judged_by: current })?.1,
        trial.scheduled("never", Schedule { wake_at: None, judged_by: current })?.1,
    ];
    trial.has_due(now, current, &due)?;
    // And by one that judged nobody everybody is due, however early it is.
    due.extend(whenever);
    trial.has_due(Timestamp::MIN, rulebook(3, 0), &due)
}

pub(super) fn c12_many_rulebooks_are_one_agenda<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut due = Vec::new();
    for number in 1..=RULEBOOKS {
        // Against the order of the rulebooks, two by two of one instant, every seventh never.
        let from = i64::from(number % 11);
        let at = second(i64::from(RULEBOOKS.saturating_sub(number) / 2));
        let wake_at = (number % 7 > 0).then_some(at);
        let schedule = Schedule { wake_at, judged_by: rulebook(number, from) };
        due.push(trial.scheduled(&format!("judged by {number}"), schedule)?.1);
    }
    due.sort_unstable();
    for size in [10, 64, PAGE_ROWS_MAX] {
        let saw = trial.agenda(Timestamp::MIN, rulebook(0, 0), rows(size))?;
        same(&format!("those judged by {RULEBOOKS} rulebooks, in pages of {size}"), &due, &saw)?;
    }
    Ok(())
}

pub(super) fn c12_full_page_is_followed_by_an_empty_one<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut due = Vec::new();
    for nth in 0..3 {
        due.push(trial.scheduled(&format!("waking {nth}"), Schedule::at(second(nth)))?.1);
    }
    // Right after the last of those due, and after whoever would be.
    let last = due.last().copied();
    let beyond = last.map(|last| Waking { wake_at: Timestamp::MAX, ..last });
    for after in [last, beyond] {
        for size in [rows(1), rows(3), PageSize::MAX] {
            let ask = || trial.store.due(trial.tenant, second(9), rulebook(1, 0), after, size);
            let left = trial.ask("a page of the agenda", ask)?;
            same("who is due after the last one", &Vec::new(), &left)?;
        }
    }
    let saw = trial.agenda(second(9), rulebook(1, 0), rows(3))?;
    same("who is due, in one full page", &due, &saw)
}

pub(super) fn c12_longest_page_is_filled<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    // One more than it takes, so that who stops short is not taken for the end.
    let numbers: Vec<u16> = (0..=PAGE_ROWS_MAX).collect();
    let mut due = Vec::new();
    for numbers in numbers.chunks(MADE_AT_ONCE) {
        let mut made: Option<Commit> = None;
        for number in numbers {
            let schedule = Schedule::at(second(i64::from(*number)));
            let mut customer = trial.customer(&format!("waking {number}"));
            let command = format!("schedule from {:?}", numbers.first());
            let commit = trial.scheduling(&mut customer, schedule, &command)?;
            due.push(schedule.waking(&customer));
            made = Some(match made {
                Some(before) => before.joined(commit),
                None => commit,
            });
        }
        made.iter().try_for_each(|commit| trial.accepts(commit))?;
    }
    let saw = trial.agenda(Timestamp::MAX, rulebook(1, 0), PageSize::MAX)?;
    same("how many are due, in the longest pages", &due.len(), &saw.len())?;
    same("who is due, in the longest pages", &due, &saw)
}

pub(super) fn c12_unjudged_customers_are_never_due<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.customer("of a profile alone");
    trial.accepts(&trial.link(&mut known, &key("known")?, "link")?)?;
    let (_, judged) = trial.scheduled("judged", Schedule::at(second(5)))?;
    trial.has_due(Timestamp::MAX, rulebook(2, 0), &[judged])?;
    trial.has_due(second(5), rulebook(1, 0), &[judged])?;
    trial.has_due(Timestamp::MIN, rulebook(1, 0), &[])
}

pub(super) fn c9_tenants_are_due_apart<H: Harness<Store: Agenda>>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let (_, ours) = here.scheduled("same id", Schedule::at(second(1)))?;
    let other_book = Schedule { wake_at: None, judged_by: rulebook(2, 0) };
    let (_, our_other) = here.scheduled("of another rulebook", other_book)?;
    there.has_due(Timestamp::MAX, rulebook(1, 0), &[])?;
    let (_, theirs) = there.scheduled("same id", Schedule::at(second(2)))?;
    here.has_due(second(9), rulebook(1, 0), &[ours, our_other])?;
    there.has_due(second(9), rulebook(1, 0), &[theirs])
}
