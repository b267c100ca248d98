//! What types allow and no shop has: lengths of time and counts from end to end of the numbers.

use guanxi::value::lifetime::{
    AgeAtLastPurchase, BgBb, BgNbd, Boundary, Discount, FitReport, GammaGamma, MbgNbd, Nbd,
    Opportunities, OpportunityBuyers, ParetoNbd, Renewals, RepeatBuyers, RepeatBuying, RepeatModel,
    ShiftedBetaGeometric, Span, Spenders, Spending, Weeks,
};

const TIMES: [f64; 7] = [5e-324, 1e-300, 1e-9, 1.0, 1e9, 1e300, f64::MAX];
const REPEATS: [u32; 4] = [0, 1, 40_000, u32::MAX];

fn span(length: f64) -> Span<Weeks> {
    Span::new(length).unwrap()
}

/// Customers of every age who bought last at every time up to it.
fn customers() -> Vec<RepeatBuying<Weeks>> {
    let mut customers = vec![RepeatBuying::once(Span::ZERO)];
    for repeats in REPEATS {
        for (place, age) in TIMES.into_iter().enumerate() {
            if repeats == 0 {
                customers.push(RepeatBuying::once(span(age)));
                continue;
            }
            for last in &TIMES[..=place] {
                let last = AgeAtLastPurchase(span(*last));
                customers.push(RepeatBuying::new(repeats, last, span(age)).unwrap());
            }
        }
    }
    customers
}

fn assert_answers<M: RepeatModel<Weeks>>(model: &M) {
    let of = |customer: &RepeatBuying<Weeks>| format!("{} {customer:?}", M::NAME);
    for customer in &customers() {
        let alive = model.p_alive(customer);
        assert!((0.0..=1.0).contains(&alive), "{alive} {}", of(customer));
        assert!(!model.log_likelihood_of(customer).is_nan(), "{}", of(customer));
        for ahead in TIMES {
            let expected = model.expected_purchases(customer, span(ahead));
            assert!(expected.is_finite() && expected >= 0.0, "{expected} {ahead} {}", of(customer));
        }
        for rate in [0.0, 1e-300, 1e-3, 1.0, 1e300] {
            let discount = Discount::new(rate).unwrap();
            let residual = model.residual_transactions(customer, discount);
            let right = residual.is_none_or(|residual| residual.is_finite() && residual >= 0.0);
            assert!(right, "{residual:?} {rate} {}", of(customer));
        }
    }
    for time in TIMES {
        let of_new = model.expected_of_new(span(time));
        assert!(of_new.is_finite() && of_new >= 0.0, "{of_new} {time} {}", M::NAME);
        for repeats in REPEATS {
            let chance = model.p_repeats(repeats, span(time));
            assert!((0.0..=1.0).contains(&chance), "{chance} {repeats} {time} {}", M::NAME);
        }
    }
}

#[test]
fn any_customer_gets_a_number() {
    for [r, alpha, a, b] in [[0.243, 4.414, 0.793, 2.426], [1e-3, 1e3, 1.5, 1e-3]] {
        assert_answers(&BgNbd::<Weeks>::new(r, alpha, a, b).unwrap());
        assert_answers(&MbgNbd::<Weeks>::new(r, alpha, a, b).unwrap());
        assert_answers(&ParetoNbd::<Weeks>::new(r, alpha, a, b).unwrap());
        assert_answers(&Nbd::<Weeks>::new(r, alpha).unwrap());
    }
}

fn assert_no_nan(report: &FitReport) {
    let values = report.parameters.iter().map(|estimate| estimate.value);
    let errors = report.parameters.iter().filter_map(|estimate| estimate.standard_error);
    let entries = report.covariance.iter().flatten().flatten().copied();
    let rest = [report.log_likelihood, report.gradient, report.condition];
    let all = values.chain(errors).chain(entries).chain(rest);
    assert!(all.into_iter().all(|number| !number.is_nan()), "{report:?}");
    assert_eq!(report.boundary.is_none(), report.covariance.is_some(), "{report:?}");
}

fn assert_fit_ends<M: RepeatModel<Weeks>>(buyers: &RepeatBuyers<Weeks>) {
    if let Ok(fit) = M::fit(buyers) {
        assert_no_nan(&fit.report);
    }
}

/// Whatever comes of it, it comes, and is a number.
#[test]
fn any_base_has_an_end() {
    let customers = customers();
    let some = |from: usize, step| customers.iter().skip(from).step_by(step).copied().collect();
    let mut bases: Vec<RepeatBuyers<Weeks>> =
        vec![some(0, 1), some(1, 7), some(3, 11), some(5, 30)];
    bases.extend((0..customers.len() - 2).step_by(11).map(|from| {
        [customers[from], customers[from + 2], customers[1], customers[20]].into_iter().collect()
    }));
    for buyers in &bases {
        assert_fit_ends::<BgNbd<Weeks>>(buyers);
        assert_fit_ends::<MbgNbd<Weeks>>(buyers);
        assert_fit_ends::<ParetoNbd<Weeks>>(buyers);
        assert_fit_ends::<Nbd<Weeks>>(buyers);
    }
}

/// More customers than numbers count exactly: the same parameters as of one of each.
#[test]
fn counts_beyond_all_numbers() {
    let rows = [(0, 0.0), (0, 0.0), (1, 5.0), (1, 30.0), (2, 12.0), (4, 38.0), (9, 21.0)];
    let one = |(repeats, last)| {
        RepeatBuying::new(repeats, AgeAtLastPurchase(span(last)), span(39.0)).unwrap()
    };
    let few: RepeatBuyers<Weeks> = rows.into_iter().map(one).collect();
    let mut many = few.clone();
    for _ in 0..60 {
        let same = many.clone();
        many.merge(&same);
    }
    assert_eq!(many.customers(), 7 << 60);
    fn assert_same<M: RepeatModel<Weeks>>(few: &RepeatBuyers<Weeks>, many: &RepeatBuyers<Weeks>) {
        let (few, many) = (M::fit(few).unwrap().report, M::fit(many).unwrap().report);
        assert_no_nan(&many);
        let times = many.log_likelihood / few.log_likelihood / 2_f64.powi(60);
        assert!((times - 1.0).abs() < 1e-7, "{few:?} {many:?}");
        assert_eq!(few.boundary.is_none(), many.boundary.is_none(), "{few:?} {many:?}");
        for (few, many) in few.parameters.iter().zip(&many.parameters) {
            let same = many.standard_error.is_none() || (few.value / many.value - 1.0).abs() < 1e-6;
            assert!(same, "{few:?} {many:?}");
        }
    }
    assert_same::<BgNbd<Weeks>>(&few, &many);
    assert_same::<MbgNbd<Weeks>>(&few, &many);
    assert_same::<Nbd<Weeks>>(&few, &many);
    assert_same::<ParetoNbd<Weeks>>(&few, &many);
}

#[test]
fn counts_of_opportunities_renewals_and_spenders_beyond_all_numbers() {
    let mut buyers = OpportunityBuyers::default();
    for (x, last, n) in [(0, 0, 6), (1, 2, 6), (3, 6, 6), (2, 4, 5), (u16::MAX, u16::MAX, u16::MAX)]
    {
        buyers.add(Opportunities::new(x, last, n).unwrap(), u64::MAX);
    }
    if let Ok(fit) = BgBb::fit(&buyers) {
        assert_no_nan(&fit.report);
    }
    let survivors = [u64::MAX, u64::MAX / 2, u64::MAX / 3, u64::MAX / 4, 7];
    let mut renewals = Renewals::of_survivors(&survivors).unwrap();
    renewals.merge(&renewals.clone());
    if let Ok(fit) = ShiftedBetaGeometric::fit(&renewals) {
        assert_no_nan(&fit.report);
        assert_ne!(fit.report.boundary, Some(Boundary::NoDropout));
    }
    let means =
        [(1, 5e-324), (2, 1e-300), (3, 1.0), (u32::MAX, 2.0), (u32::MAX, 1e300), (1, f64::MAX)];
    for from in 0..means.len() {
        let some = means.into_iter().skip(from).chain([(1, 1.0), (2, 3.0), (5, 2.0)]);
        let mut spenders: Spenders =
            some.map(|(purchases, mean)| Spending::new(purchases, mean).unwrap()).collect();
        for _ in 0..5 {
            spenders.merge(&spenders.clone());
        }
        if let Ok(fit) = GammaGamma::fit(&spenders) {
            assert_no_nan(&fit.report);
        }
    }
}
