//! The smallest case of every fault that was found and mended.

use guanxi::crm::{CrmError, Executed};
use guanxi::customer::{Admit, Fact, PartName, derive_track};
use guanxi::lifecycle::{Flag, LossCause, Mode, Position, Request, Signal};
use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::purchase::{Cancel, Opening, Order};
use guanxi::store::{CommitError, MemoryStore, PageSize, StoreError, StoreErrorKind};
use guanxi::{
    Actor, Command, CommandId, Context, Crm, Currency, Customer, CustomerId, DecideError, Outcome,
    Policy, Rulebook, Rulebooks, Stage, TenantId, Timestamp, Zone,
};
use pollster::block_on;

use super::run::usd;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn order(occurred_at: &str) -> Command {
    Order::new(at(occurred_at), usd(100)).into()
}

fn context(now: &str, key: &str) -> Context {
    Context::new(at(now), Actor::System, CommandId::derive("mended", key))
}

fn books() -> Rulebooks {
    Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN).unwrap().into()
}

fn shop() -> TenantId {
    TenantId::derive("shop")
}

fn id() -> CustomerId {
    CustomerId::derive(shop(), "x")
}

fn request(occurred_at: &str, request: Request) -> Command {
    request.at(at(occurred_at)).into()
}

fn told(commands: &[(&str, Command)], books: &Rulebooks) -> Customer {
    let mut customer = Customer::unknown(id());
    for (now, command) in commands {
        let outcome = customer.decide(command, &context(now, now), books).unwrap();
        assert!(matches!(outcome, Outcome::Changed(_)));
    }
    customer
}

fn track(customer: &Customer) -> Vec<(Stage, String)> {
    let visits = customer.lifecycle().track().visits().iter();
    visits.map(|visit| (visit.stage(), visit.at.to_string())).collect()
}

#[test]
fn a_command_that_would_be_refused_or_idle_now_is_replayed_when_sent_again() {
    let crm = Crm::new(MemoryStore::default(), shop(), books());
    let admit = Command::Admit(Admit::new(at("2026-01-01T00:00:00Z"), Position::Growing));
    let bought = Zone::UTC.day_of(at("2026-01-02T00:00:00Z"));
    let cancel = Cancel::new(at("2026-01-03T00:00:00Z"), bought, usd(100)).into();
    let leave = request("2026-01-04T00:00:00Z", Request::Leave { cause: LossCause::Price });
    let sent = [
        (admit, "2026-01-01T00:00:00Z"),
        (order("2026-01-02T00:00:00Z"), "2026-01-02T00:00:00Z"),
        (cancel, "2026-01-03T00:00:00Z"),
        (leave, "2026-01-04T00:00:00Z"),
    ];
    for (command, now) in &sent {
        let recorded = block_on(crm.execute(id(), command, &context(now, now))).unwrap();
        assert!(matches!(recorded, Executed::Recorded(_)));
    }
    for (revision, (command, now)) in (1..).zip(&sent) {
        let again = block_on(crm.execute(id(), command, &context(now, now))).unwrap();
        assert_eq!(again, Executed::Replayed { revision });
    }
    // Other content under a used id is refused, even where it would change nothing.
    let used = block_on(crm.execute(id(), &sent[0].0, &context(sent[1].1, sent[1].1)));
    assert!(matches!(used, Err(CrmError::Commit(CommitError::CommandReused))), "{used:?}");
}

#[test]
fn a_profile_leaves_the_past_and_a_takeover_open_whatever_rulebooks_follow() {
    let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN).unwrap();
    let mut policy = Policy::new(Currency::USD);
    policy.lifecycle.loyalty.orders_min = 3;
    let second = Rulebook::new(policy, at("2026-01-01T00:00:00Z")).unwrap();
    let crm =
        Crm::new(MemoryStore::default(), shop(), Rulebooks::new(vec![first, second]).unwrap());
    let link = ProfileCommand::LinkKey(ExternalKey::new("s", "1").unwrap()).into();
    let registered = context("2026-02-01T00:00:00Z", "profile");
    block_on(crm.execute(id(), &link, &registered)).unwrap();
    let now = context("2026-02-03T00:00:00Z", "later");
    let run = block_on(crm.run_due(now.now, None, PageSize::MAX, &now)).unwrap();
    assert_eq!((run.seen, run.changed), (0, 0));

    let customer = block_on(crm.customer(id())).unwrap().unwrap();
    assert!(customer.is_known() && !customer.is_admitted());
    assert_eq!(customer.at(at("1990-01-01T00:00:00Z"), Zone::UTC).stage(), None);
    assert_eq!(customer.assess(now.now, crm.books()).unwrap().stage.value, Stage::Prospect);

    let past = Command::Import(vec![Fact::Purchase(
        Order::new(at("2025-06-01T00:00:00Z"), usd(1)).into(),
    )]);
    block_on(crm.execute(id(), &past, &now)).unwrap();
    let customer = block_on(crm.customer(id())).unwrap().unwrap();
    assert_eq!(track(&customer)[1], (Stage::Onboarding, "2025-06-01T00:00:00Z".to_owned()));
    assert_eq!(block_on(crm.find(&ExternalKey::new("s", "1").unwrap())).unwrap(), Some(id()));
}

#[test]
fn a_late_order_says_nothing_against_the_customers_own_word() {
    let leave = request("2026-06-01T00:00:00Z", Request::Leave { cause: LossCause::Competitor });
    let customer = told(
        &[
            ("2026-05-01T00:00:00Z", order("2026-05-01T00:00:00Z")),
            ("2026-06-01T00:00:00Z", leave),
            ("2026-06-03T00:00:00Z", order("2026-05-28T00:00:00Z")),
        ],
        &books(),
    );
    assert_eq!(customer.stage(), Stage::Lost);
    assert_eq!(customer.lifecycle().flags().next().unwrap().0, Flag::LateOrderWhileLost);
    assert_eq!(customer.purchases().known(None).orders, 2);
}

#[test]
fn an_old_late_order_does_not_bring_a_silent_customer_back() {
    let books = books();
    let days = ["2026-01-01T12:00:00Z", "2026-01-31T12:00:00Z", "2026-03-02T12:00:00Z"];
    let mut customer = told(&days.map(|day| (day, order(day))), &books);
    let run = context("2026-06-10T00:00:00Z", "run");
    let _ = customer.advance_to(run.now, &run, &books).unwrap();
    assert_eq!(customer.stage(), Stage::Lost);
    let late = context("2026-06-15T00:00:00Z", "late");
    let _ = customer.decide(&order("2026-02-20T12:00:00Z"), &late, &books).unwrap();
    assert_eq!((customer.stage(), customer.lifecycle().episode().number), (Stage::Lost, 1));
    assert_eq!(customer.lifecycle().flags().next().unwrap().0, Flag::LateOrderWhileLost);
}

#[test]
fn what_a_person_asked_for_is_not_undone_in_the_same_commit() {
    let mut policy = Policy::new(Currency::USD);
    policy.lifecycle.decline.rejected_delivery = Mode::Apply;
    let books: Rulebooks = Rulebook::new(policy, Timestamp::MIN).unwrap().into();
    let rejected = super::stories::report(at("2026-01-02T00:00:00Z"), Signal::DeliveryRejected);
    let mut customer = told(
        &[
            ("2026-01-01T00:00:00Z", order("2026-01-01T00:00:00Z")),
            ("2026-01-02T00:00:00Z", rejected.clone()),
            ("2026-01-04T00:00:00Z", request("2026-01-04T00:00:00Z", Request::Recover)),
        ],
        &books,
    );
    assert_eq!(customer.stage(), Stage::Onboarding);
    let run = context("2026-01-20T00:00:00Z", "run");
    let _ = customer.advance_to(run.now, &run, &books).unwrap();
    assert_eq!(customer.stage(), Stage::Onboarding);
    // The next fact opens the position to the policy again.
    let heard = context("2026-01-21T00:00:00Z", "heard");
    let again = super::stories::report(at("2026-01-21T00:00:00Z"), Signal::ReviewOpened);
    let _ = customer.decide(&again, &heard, &books).unwrap();
    assert_eq!(customer.stage(), Stage::Declining);
}

#[test]
fn an_import_is_derived_fact_by_fact() {
    let days = ["2025-06-01T00:00:00Z", "2025-07-01T00:00:00Z", "2025-09-01T00:00:00Z"];
    let fact = |day: &str| Fact::Purchase(Order::new(at(day), usd(1)).into());
    let import = Command::Import(days.into_iter().map(fact).collect());
    let derived = derive_track(&[import], &books(), at("2025-08-01T00:00:00Z"));
    assert_eq!(derived.refused, []);
    assert_eq!(derived.customer.purchases().known(None).orders, 2);
    assert_eq!(derived.customer.stage(), Stage::Growing);
}

#[test]
fn what_falls_due_between_two_runs_of_one_id_is_made_by_the_second() {
    let crm = Crm::new(MemoryStore::default(), shop(), books());
    let tell = |command: &Command, now: &str| {
        block_on(crm.execute(id(), command, &context(now, now))).unwrap();
    };
    let (until, run) = (at("2026-03-01T00:00:00Z"), context("2026-03-01T00:00:00Z", "run"));
    let due = || block_on(crm.run_due(until, None, PageSize::MAX, &run)).unwrap().changed;
    tell(&order("2026-01-01T12:00:00Z"), "2026-01-01T12:00:00Z");
    assert_eq!(due(), 1);
    let bought = Zone::UTC.day_of(at("2026-01-01T12:00:00Z"));
    let cancel = Cancel::new(at("2026-02-01T00:00:00Z"), bought, usd(100)).into();
    tell(&cancel, "2026-03-01T00:00:01Z");
    tell(&order("2026-02-02T00:00:00Z"), "2026-03-01T00:00:02Z");
    assert_eq!(due(), 1);
    assert_eq!(due(), 0);
    let customer = block_on(crm.customer(id())).unwrap().unwrap();
    assert_eq!(track(&customer).last().unwrap().1, "2026-02-16T00:00:00Z");
}

#[test]
fn a_policy_that_comes_back_is_another_rulebook() {
    let mut strict = Policy::new(Currency::USD);
    strict.lifecycle.lapse.without_cadence_days = 60;
    let usual = Policy::new(Currency::USD);
    let succession = [
        (usual.clone(), Timestamp::MIN),
        (strict, at("2026-03-01T00:00:00Z")),
        (usual, at("2026-05-01T00:00:00Z")),
    ];
    let books = succession.map(|(policy, from)| Rulebook::new(policy, from).unwrap());
    let crm = Crm::new(MemoryStore::default(), shop(), Rulebooks::new(books.into()).unwrap());
    let bought = context("2026-02-01T12:00:00Z", "order");
    block_on(crm.execute(id(), &order("2026-02-01T12:00:00Z"), &bought)).unwrap();
    let early = context("2026-02-20T00:00:00Z", "early");
    let run = block_on(crm.run_due(early.now, None, PageSize::MAX, &early)).unwrap();
    assert_eq!((run.seen, run.changed), (1, 1));
    // Nobody ran while the strict policy was in force; it counts all the same.
    let now = context("2026-06-01T00:00:00Z", "run");
    let run = block_on(crm.run_due(now.now, None, PageSize::MAX, &now)).unwrap();
    assert_eq!((run.seen, run.changed), (1, 1));
    let customer = block_on(crm.customer(id())).unwrap().unwrap();
    assert_eq!(track(&customer).last().unwrap(), &(Stage::Lost, "2026-04-03T00:00:00Z".to_owned()));
}

#[test]
fn an_opening_balance_knows_nothing_of_the_time_after_the_takeover() {
    let day = |text: &str| text.parse().unwrap();
    let admit = |last: &str| {
        let opening = Opening::new(7, 6, usd(500), Some(day("2021-01-01")), Some(day(last)));
        let admit = Admit::new(at("2026-01-01T00:00:00Z"), Position::Loyal);
        let command = Command::Admit(admit.with_opening(opening.unwrap()));
        let now = context("2026-01-01T00:00:00Z", "admit");
        Customer::unknown(id()).decide(&command, &now, &books())
    };
    assert!(matches!(admit("2026-01-01"), Ok(Outcome::Changed(_))));
    let (last, taken_over) = (day("2026-01-02"), day("2026-01-01"));
    let refused = Err(DecideError::OpeningAfterAdmission { last, day: taken_over });
    assert_eq!(admit("2026-01-02"), refused);
}

#[test]
fn a_fact_of_the_very_instant_of_requests_is_on_time() {
    let noon = "2026-01-01T10:00:00Z";
    let customer = told(
        &[
            ("2026-01-01T10:00:00Z", request(noon, Request::Engage)),
            // Back in the stage of the same instant: it is entered one tick later.
            ("2026-01-01T10:00:01Z", request(noon, Request::Cool)),
            ("2026-02-01T00:00:00Z", order(noon)),
        ],
        &books(),
    );
    assert_eq!(customer.advanced_to(), Some(at(noon)));
    assert_eq!(track(&customer).last().unwrap().1, "2026-01-01T10:00:00.000001Z");
}

#[test]
fn a_cancellation_waits_for_the_late_order_it_may_take_back() {
    let three = Order::new(at("2026-01-01T10:00:00Z"), usd(300)).into();
    let day = Zone::UTC.day_of(at("2026-01-01T10:00:00Z"));
    let import = Command::Import(vec![
        Fact::Purchase(Order::new(at("2026-01-01T09:00:00Z"), usd(200)).into()),
        Fact::Purchase(Cancel::new(at("2026-01-02T09:00:00Z"), day, usd(200)).into()),
    ]);
    let customer =
        told(&[("2026-01-01T10:00:00Z", three), ("2026-01-03T00:00:00Z", import)], &books());
    assert_eq!(customer.purchases().known(None).orders, 1);
}

#[test]
fn a_misspelt_field_of_a_command_is_refused() {
    let opening = Opening::new(7, 6, usd(500), None, None).unwrap();
    let admit = Admit::new(at("2026-01-01T00:00:00Z"), Position::Loyal).with_opening(opening);
    let json = serde_json::to_string(&Command::Admit(admit)).unwrap();
    assert!(serde_json::from_str::<Command>(&json).is_ok());
    let misspelt = json.replace("\"opening\"", "\"opening_balance\"");
    assert!(serde_json::from_str::<Command>(&misspelt).is_err());
}

#[test]
fn a_part_of_a_newer_schema_is_newer_not_malformed() {
    let customer = told(&[("2026-01-01T12:00:00Z", order("2026-01-01T12:00:00Z"))], &books());
    for name in customer.to_parts().iter().map(|part| part.name) {
        let mut parts = customer.to_parts();
        parts.iter_mut().filter(|part| part.name == name).for_each(|part| part.schema += 1);
        let error: StoreError = Customer::from_parts(id(), 1, &parts).unwrap_err().into();
        assert_eq!(error.kind(), StoreErrorKind::Newer, "{name}");
    }
    assert!(customer.to_parts().iter().any(|part| matches!(part.name, PartName::Purchase(_))));
}

#[test]
fn a_clock_a_little_behind_can_still_read() {
    let books = books();
    let customer = told(&[("2026-01-01T12:00:00Z", order("2026-01-01T12:00:02Z"))], &books);
    let assessment = customer.assess(at("2026-01-01T12:00:01Z"), &books).unwrap();
    assert_eq!(assessment.stage.at, at("2026-01-01T12:00:02Z"));
    let too_early = at("2026-01-01T11:55:01.999999Z");
    assert!(matches!(customer.assess(too_early, &books), Err(DecideError::AlreadyDecided { .. })));
}

#[test]
fn one_store_serves_several_tenants() {
    let store = std::sync::Arc::new(MemoryStore::default());
    let tenants = ["north", "south"].map(TenantId::derive);
    for tenant in tenants {
        let crm = Crm::new(store.clone(), tenant, books());
        let now = context("2026-01-01T12:00:00Z", "order");
        block_on(crm.execute(id(), &order("2026-01-01T12:00:00Z"), &now)).unwrap();
        assert_eq!(block_on(crm.scan(None, PageSize::MAX)).unwrap().len(), 1);
        let borrowed = Crm::new(&*store, tenant, books());
        assert!(block_on(borrowed.customer(id())).unwrap().is_some());
    }
}
