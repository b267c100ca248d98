//! What relationships are worth: models fitted to a base through the hall, asked about one customer.

use guanxi::churn::ChurnRule;
use guanxi::explain::{BasisPoints, Flip, Measure, Speak};
use guanxi::portfolio::Portfolio;
use guanxi::rulebook::Calibration;
use guanxi::value::lifetime::{
    AgeAtLastPurchase, AnyRepeatModel, Days, MbgNbd, RepeatBuyers, RepeatBuying, RepeatModel, Span,
};
use guanxi::value::{
    Fitted, FittedModel, Potential, PotentialMissing, Worth, WorthAnswer, WorthBase,
    WorthCalibration, WorthFacts, WorthLack, WorthModel, WorthOutside, WorthPolicy, WorthRule,
    judge_worth,
};
use guanxi::{Currency, Customer, Day, Language, Policy, Rulebooks, Timestamp, Zone};

use super::answers::{base_until, book};
use super::cdnow;

/// The end of the calibration in the papers: 39 weeks after the first day of 1997.
fn calibration_end() -> Day {
    Day::from_ymd(1997, 9, 30).unwrap()
}

fn at(day: Day) -> Timestamp {
    Zone::UTC.end_of(day)
}

fn policy(model: WorthModel) -> Policy {
    let mut policy = Policy::new(Currency::USD);
    policy.value.worth.model = model;
    policy
}

struct Shop {
    books: Rulebooks,
    calibration: Calibration,
    customers: Vec<Customer>,
}

/// CDNOW, measured at the end of its calibration.
fn shop(policy: Policy) -> Shop {
    let book = book(policy);
    let books = Rulebooks::from(book.clone());
    let customers = base_until(calibration_end(), &books);
    let mut portfolio = Portfolio::new(&book, at(calibration_end()));
    customers.iter().for_each(|customer| portfolio.add(customer));
    let calibration = portfolio.calibrate();
    Shop { books: books.with_calibration(calibration.clone()), calibration, customers }
}

fn fitted(worth: &WorthCalibration) -> &FittedModel<AnyRepeatModel<Days>> {
    match &worth.buying {
        Fitted::By(fitted) => fitted,
        Fitted::Lacking(lack) => panic!("{lack:?}"),
    }
}

/// How the customers bought until the end of the calibration, counted from the log.
fn buyers() -> RepeatBuyers<Days> {
    let end = calibration_end();
    let span = |days: i64| Span::whole(u32::try_from(days).unwrap());
    let buying = |shopper: cdnow::Shopper| {
        let days: Vec<Day> = shopper.days.into_iter().filter(|day| *day <= end).collect();
        let (first, last) = (days[0], days[days.len() - 1]);
        let repeats = u32::try_from(days.len() - 1).unwrap();
        let last = AgeAtLastPurchase(span(last.days_since(first)));
        RepeatBuying::new(repeats, last, span(end.days_since(first))).unwrap()
    };
    cdnow::shoppers().into_iter().map(buying).collect()
}

#[test]
fn the_ledger_fits_the_model_that_the_log_fits() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let worth = &shop.calibration.value().worth;
    let direct = MbgNbd::<Days>::fit(&buyers()).unwrap();
    let through = fitted(worth);
    assert_eq!(through.model, AnyRepeatModel::MbgNbd(direct.model), "to the last bit");
    assert_eq!(through.log_likelihood, direct.report.log_likelihood);
    assert_eq!((through.customers, through.boundary), (2_357, None));
    assert_eq!(worth.through, Some(calibration_end()));
    assert_eq!(through.standard_errors.len(), 4);
    // The published fit of repeat spending, in cents; with the first purchases in it, p would be 3.3.
    let spending = worth.spending.model().unwrap();
    let close = |value: f64, published: f64| (value / published - 1.0).abs() < 1e-3;
    assert!(close(spending.p(), 6.25) && close(spending.q(), 3.744), "{spending:?}");
    assert!(close(spending.v(), 1_544.4), "{spending:?}");

    // Stored and read again, it is the same to the last bit.
    let read = Calibration::from_document(shop.calibration.document().to_vec()).unwrap();
    assert_eq!((read.id(), &read), (shop.calibration.id(), &shop.calibration));
}

#[test]
fn parts_of_a_base_tell_what_the_whole_tells() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let (rules, end) = (&shop.books.latest().policy().value.worth, at(calibration_end()));
    let policy = shop.books.latest().policy();
    let facts = |customer: &Customer| customer.measured(end, policy).worth;
    let mut parts: [WorthBase; 3] = Default::default();
    for (place, customer) in shop.customers.iter().enumerate() {
        parts[place % 3].add(&facts(customer));
    }
    let [mut whole, second, third] = parts;
    whole.merge(third);
    whole.merge(second);
    assert_eq!(whole.calibration(rules, calibration_end()), shop.calibration.value().worth);
}

#[test]
fn an_answer_is_the_models_in_steps() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let worth = &shop.calibration.value().worth;
    let (model, spending) = (&fitted(worth).model, worth.spending.model().unwrap());
    let now = at(calibration_end());
    let policy = shop.books.latest().policy();
    let year = Span::<Days>::whole(365);
    let mut alive = 0;
    for customer in &shop.customers {
        let answer = customer.worth(now, &shop.books).unwrap().value().unwrap();
        let facts = customer.measured(now, policy).worth;
        let buying = facts.buying().unwrap();
        let chance = model.p_alive(&buying) * 10_000.0;
        assert!((0.0..1.0).contains(&(chance - answer.alive.0 as f64)), "rounded down");
        let expected = model.expected_purchases(&buying, year) * 1_000.0;
        assert!((expected - answer.purchases.0 as f64).abs() <= 0.5);
        let spend = facts
            .spending()
            .map_or(spending.population_mean(), |spending_| spending.expected_spend(&spending_));
        assert!((spend.unwrap() - answer.spend.unwrap().minor() as f64).abs() <= 0.5);
        let assessed = customer.assess(now, &shop.books).unwrap();
        assert_eq!(assessed.worth.value, WorthAnswer::At(answer));
        alive += answer.alive.0;
    }
    // The mean chance of the whole base.
    let mean = alive as f64 / 10_000.0 / shop.customers.len() as f64;
    assert!((mean - 0.5).abs() < 0.1, "{mean}");
}

#[test]
fn what_is_earned_is_spend_times_margin_times_purchases_each_at_its_price() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let worth = &shop.calibration.value().worth;
    let (model, spending) = (&fitted(worth).model, worth.spending.model().unwrap());
    let customers = shop.customers.iter().step_by(97);
    let of = |customer: &Customer| {
        customer.measured(at(calibration_end()), shop.books.latest().policy()).worth
    };
    for (facts, horizon_days) in
        customers.map(of).flat_map(|facts| [1, 30, 31, 365, 3_660].map(|days: u16| (facts, days)))
    {
        for (yearly_interest, margin) in [(0, 10_000), (1_000, 3_500), (90_000, 1)] {
            let policy = WorthPolicy {
                horizon_days,
                yearly_interest: BasisPoints(yearly_interest),
                margin: BasisPoints(margin),
                ..WorthPolicy::default()
            };
            let answer = judge_worth(&facts, &policy, worth.into()).value().unwrap();
            let buying = facts.buying().unwrap();
            let until = |days: f64| model.expected_purchases(&buying, Span::new(days).unwrap());
            let steps = f64::from(horizon_days.div_ceil(30));
            let step = f64::from(horizon_days) / steps;
            let yearly = 1.0 + yearly_interest as f64 / 10_000.0;
            let mut present = 0.0;
            for end in (1..=horizon_days.div_ceil(30)).map(|place| f64::from(place) * step) {
                let bought = until(end) - until((end - step).max(0.0));
                present += bought / yearly.powf(end / 365.2425);
            }
            let spend = facts.spending().map_or_else(
                || spending.population_mean().unwrap(),
                |spent| spending.expected_spend(&spent).unwrap(),
            );
            let earned = present * spend * margin as f64 / 10_000.0;
            let off = (answer.value.unwrap().minor() as f64 - earned).abs();
            assert!(off <= 0.5 + 1e-9 * earned, "{policy:?}: {answer:?} is not {earned}");
        }
    }
}

#[test]
fn a_model_that_silence_tells_nothing_is_not_believed() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let document = serde_json::to_value(&shop.calibration.value().worth).unwrap();
    for model in ["bgnbd", "nbd"] {
        let mut document = document.clone();
        let parameters = &mut document["buying"]["by"]["model"];
        *parameters = match model {
            "nbd" => serde_json::json!({ "model": model, "r": 0.4, "alpha": 30.0 }),
            _ => serde_json::json!({ "model": model, "r": 0.4, "alpha": 30.0, "a": 0.8, "b": 2.4 }),
        };
        let calibration: WorthCalibration = serde_json::from_value(document).unwrap();
        let policy = shop.books.latest().policy();
        let facts = shop.customers[0].measured(at(calibration_end()), policy).worth;
        let answer = judge_worth(&facts, &policy.value.worth, (&calibration).into());
        let outside = WorthOutside::NotFitted(WorthLack::NobodyLeft);
        assert_eq!(answer, WorthAnswer::Outside(outside), "{model}");
    }
}

#[test]
fn who_is_inactive_from_the_first_day_has_no_silence_that_would_do() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let worth = &shop.calibration.value().worth;
    let once = shop.customers.iter().find_map(|customer| {
        let tally =
            customer.measured(at(calibration_end()), shop.books.latest().policy()).worth.tally;
        tally.filter(|tally| tally.purchase_days == 1)
    });
    let once = once.unwrap();
    for (active_min, has_one) in [(5_000, true), (7_000, false), (9_900, false)] {
        let active_min = BasisPoints(active_min);
        let policy = WorthPolicy { active_min, ..WorthPolicy::default() };
        for silence in [0, 100] {
            let day = once.last_day.saturating_add_days(silence);
            let facts = WorthFacts::new(day, Currency::USD, Some(once));
            let now = at(day);
            let ids = guanxi::explain::Ids::of_policy(guanxi::PolicyId::of_document(b"{}"));
            let answer = guanxi::value::worth(&facts, &policy, worth.into(), ids, now);
            let days = answer.flip.map(|flip| match flip {
                Flip::Measure(reason) => reason.limit,
                other => panic!("{other:?}"),
            });
            assert_eq!(days.is_some(), has_one, "{days:?} at {active_min}");
            assert!(days.is_none_or(|days| matches!(days, Measure::Days(1..))), "{days:?}");
        }
    }
}

#[test]
fn nobody_silent_is_surely_there_and_silence_only_lowers_the_chance() {
    for model in [WorthModel::Best, WorthModel::MbgNbd, WorthModel::ParetoNbd] {
        let shop = shop(policy(model));
        let mut once = 0;
        for customer in shop.customers.iter().step_by(7) {
            let mut before = None;
            let silent_since =
                customer.measured(at(calibration_end()), shop.books.latest().policy());
            let last = silent_since.worth.tally.unwrap();
            for days in [0, 1, 10, 60, 200, 1_000, 20_000] {
                // What was bought after the calibration is not looked at here.
                let day = last.last_day.saturating_add_days(days);
                let facts = WorthFacts::new(day, Currency::USD, Some(last));
                let policy = WorthPolicy { model, ..WorthPolicy::default() };
                let calibration = &shop.calibration.value().worth;
                let answer = judge_worth(&facts, &policy, calibration.into());
                let worth = answer.value().unwrap();
                assert!(before.is_none_or(|before: Worth| worth.alive <= before.alive));
                if days > 0 && last.purchase_days == 1 {
                    once += 1;
                    assert!(worth.alive < BasisPoints(10_000), "{worth:?} after {days} days");
                }
                before = Some(worth);
            }
            assert!(before.unwrap().alive < BasisPoints(2_500), "after fifty years");
        }
        assert!(once > 500);
    }
}

#[test]
fn the_counterfactual_holds_on_its_day_and_not_one_day_before() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let (now, active_min) = (at(calibration_end()), BasisPoints(5_000));
    let (mut inactive, mut active) = (0, 0);
    for customer in &shop.customers {
        let answer = customer.assess(now, &shop.books).unwrap().worth;
        let Some(Flip::Measure(reason)) = answer.flip else { continue };
        let tally = customer.measured(now, shop.books.latest().policy()).worth.tally.unwrap();
        let (Measure::Days(silence), Measure::Days(target)) = (reason.observed, reason.limit)
        else {
            panic!("{reason:?}")
        };
        let is_active = |silence: i64| {
            let day = tally.last_day.saturating_add_days(silence);
            let facts = WorthFacts::new(day, Currency::USD, Some(tally));
            let calibration = &shop.calibration.value().worth;
            let policy = &shop.books.latest().policy().value.worth;
            let worth = judge_worth(&facts, policy, calibration.into());
            worth.value().unwrap().alive >= active_min
        };
        match reason.rule {
            WorthRule::InactiveTarget => {
                inactive += 1;
                assert!(is_active(silence) && is_active(target - 1) && !is_active(target));
            }
            WorthRule::ActiveTarget => {
                active += 1;
                assert!(!is_active(silence) && is_active(target) && !is_active(target + 1));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(inactive > 300 && active > 300, "{inactive} {active}");
}

#[test]
fn churn_risk_weighs_the_chance_and_says_so() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let alone = Rulebooks::from(shop.books.latest().clone());
    let now = at(calibration_end());
    let (mut cited, mut moved) = (0, 0);
    for customer in shop.customers.iter().step_by(5) {
        let answer = customer.assess(now, &shop.books).unwrap();
        let inactive = answer.worth.value.value().unwrap().inactive();
        let reasons = answer.risk.reasons.iter();
        let mut chances = reasons.filter(|reason| reason.rule == ChurnRule::InactiveChance);
        let reason = chances.next().expect("the default policy weighs it");
        assert_eq!(reason.observed, Measure::Share(inactive));
        assert!(
            reason.text(Language::English).starts_with("has left without a word with a chance")
        );
        cited += 1;
        // The verdict is the same, and without a calibration the risk is another.
        let verdict = customer.verdict(now, &shop.books).unwrap();
        assert_eq!(verdict.risk, answer.risk.value);
        moved += u32::from(customer.verdict(now, &alone).unwrap().risk.risk != verdict.risk.risk);
    }
    assert!(cited > 400 && moved > 300, "{cited} {moved}");
}

#[test]
fn potential_can_be_what_is_expected_to_be_earned() {
    let mut policy = policy(WorthModel::MbgNbd);
    let (high_min, missing) = (2_000, PotentialMissing::Outside);
    policy.value.value_type.potential = Potential::Worth { high_min, missing };
    assert_eq!(policy.lint(), []);
    let shop = shop(policy);
    let now = at(calibration_end());
    let (mut high, mut low) = (0, 0);
    for customer in shop.customers.iter().step_by(3) {
        let answer = customer.assess(now, &shop.books).unwrap();
        let earned = answer.worth.value.value().unwrap().value.unwrap().minor();
        let kind = answer.value_type.value.value().expect("its worth is known");
        let is_high = kind.potential == guanxi::value::Level::High;
        assert_eq!(is_high, earned >= high_min, "{earned}");
        assert_eq!(customer.verdict(now, &shop.books).unwrap().value_type.value(), Some(kind));
        if is_high { high += 1 } else { low += 1 }
    }
    assert!(high > 50 && low > 50, "{high} {low}");
    // Before the base was measured nothing is expected.
    let alone = Rulebooks::from(shop.books.latest().clone());
    assert_eq!(shop.customers[0].verdict(now, &alone).unwrap().value_type.value(), None);
}

#[test]
fn what_cannot_be_told_is_said() {
    let shop = shop(policy(WorthModel::MbgNbd));
    let (end, customer) = (calibration_end(), &shop.customers[0]);
    let outside =
        |customer: &Customer, day, books: &Rulebooks| match customer.worth(at(day), books).unwrap()
        {
            WorthAnswer::Outside(outside) => Some(outside),
            WorthAnswer::At(_) => None,
        };
    assert_eq!(outside(customer, end, &shop.books), None);
    // An answer about an earlier day does not see what the base said later.
    let earlier = end.saturating_add_days(-1);
    let early = &base_until(earlier, &shop.books)[0];
    assert_eq!(outside(early, earlier, &shop.books), Some(WorthOutside::NotCalibrated));
    let nobody = WorthFacts::new(end, Currency::USD, None);
    let calibration = &shop.calibration.value().worth;
    let answer = judge_worth(&nobody, &WorthPolicy::default(), calibration.into());
    assert_eq!(answer, WorthAnswer::Outside(WorthOutside::NoPurchase));
    // The cuts of the base still hold for another model, but that model was not fitted.
    let other = Rulebooks::from(book(policy(WorthModel::ParetoNbd)));
    let customer = &base_until(end, &other)[0];
    let other = other.with_calibration(shop.calibration.clone());
    assert_eq!(outside(customer, end, &other), Some(WorthOutside::OtherPolicy));
    assert!(customer.verdict(at(end), &other).unwrap().rfm.value().is_some());
}

#[test]
fn a_base_that_tells_nothing_says_why() {
    let policy = WorthPolicy::default();
    let day = |number: i64| calibration_end().saturating_add_days(number);
    let lack = |days: &[&[i64]]| {
        let mut base = WorthBase::default();
        for days in days {
            let mut history = guanxi::purchase::PurchaseHistory::default();
            for on in *days {
                let paid = super::run::usd(1_000 + on);
                let order = guanxi::purchase::Ordered::new(at(day(*on)), day(*on), paid, paid);
                history.apply(&guanxi::purchase::PurchaseEvent::Ordered(order));
            }
            base.add(&WorthFacts::new(day(0), Currency::USD, history.tally()));
        }
        match base.calibration(&policy, day(0)).buying {
            Fitted::Lacking(lack) => lack,
            Fitted::By(fitted) => panic!("{fitted:?}"),
        }
    };
    assert_eq!(lack(&[]), WorthLack::TooFew);
    assert_eq!(lack(&[&[-30]]), WorthLack::NobodyRepeats);
    let once: Vec<[i64; 1]> = (1..60).map(|age| [-age * 5]).collect();
    let once: Vec<&[i64]> = once.iter().map(|days| &days[..]).collect();
    assert_eq!(lack(&once), WorthLack::NobodyRepeats);
    // Everybody bought on the very last day: nobody seems to have left.
    let loyal: Vec<Vec<i64>> =
        (1..60).map(|age| (0..=age).step_by(3).map(|ago| -ago).collect()).collect();
    let loyal: Vec<&[i64]> = loyal.iter().map(|days| &days[..]).collect();
    assert_eq!(lack(&loyal), WorthLack::NobodyLeft);
}
