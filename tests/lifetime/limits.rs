//! Fits of bases that tell little, or that are at a limit of a model: an answer always, and never one that
//! passes for an ordinary fit.

use guanxi::value::lifetime::{
    BgBb, BgNbd, Boundary, Fit, FitError, FitReport, GammaGamma, MbgNbd, Nbd, Opportunities,
    OpportunityBuyers, ParetoNbd, Renewals, RepeatBuyers, RepeatModel, ShiftedBetaGeometric,
    Spenders, Spending, Weeks,
};

use super::data::{bought, span};

/// A sequence of numbers that looks random and is the same everywhere (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(end)).unwrap()
    }

    fn uniform(&mut self) -> f64 {
        (f64::from(self.below(1 << 30)) + 0.5) / f64::from(1 << 30)
    }

    fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }
}

/// Only for what nobody could fit a model to.
#[track_caller]
fn refused(error: FitError) {
    use FitError::{NoCustomers, NoTime, NothingRepeats, TooFewDistinct};
    let known = matches!(error, NoCustomers | NoTime | NothingRepeats | TooFewDistinct { .. });
    assert!(known, "{error:?}");
}

/// An ordinary fit has a covariance; any other names its limit. `whole` is the likelihood, customer by customer.
#[track_caller]
fn honest(report: &FitReport, whole: f64) {
    let off = (whole - report.log_likelihood).abs();
    assert!(off <= 1e-7 * whole.abs().max(1.0), "{whole} {report:?}");
    assert_eq!(report.boundary.is_none(), report.covariance.is_some(), "{report:?}");
    assert!(report.parameters.iter().all(|estimate| {
        estimate.value > 0.0
            && estimate.value.is_finite()
            && estimate.standard_error.is_none_or(|error| error > 0.0 && error.is_finite())
    }));
    if report.boundary.is_none() {
        assert!(report.condition < 1e12 && report.gradient < 1e-6, "{report:?}");
    }
}

#[track_caller]
fn ends<M: RepeatModel<Weeks>>(buyers: &RepeatBuyers<Weeks>) -> Option<Fit<M>> {
    let fit = M::fit(buyers).map_err(refused).ok()?;
    honest(&fit.report, fit.model.log_likelihood(buyers));
    for row in buyers.rows() {
        let alive = fit.model.p_alive(&row.buying);
        assert!((0.0..=1.0).contains(&alive), "{alive} {:?}", fit.report);
        let expected = fit.model.expected_purchases(&row.buying, span(52.0));
        assert!(expected.is_finite() && expected >= 0.0, "{expected} {:?}", fit.report);
    }
    // Dropout explains no less than none; and who explains no more has none.
    let never = Nbd::fit(buyers).unwrap().report.log_likelihood;
    let more = fit.report.log_likelihood - never;
    assert!(more > -1e-6, "{more} {:?}", fit.report);
    if fit.model.parameters().len() == 4 {
        let nobody_leaves = fit.report.boundary == Some(Boundary::NoDropout);
        assert!(nobody_leaves == (more < 1e-7), "{more} {:?}", fit.report);
    }
    Some(fit)
}

fn base(rows: &[(u32, u32, u32)]) -> RepeatBuyers<Weeks> {
    let customer = |&(x, last, age): &(u32, u32, u32)| bought(x, f64::from(last), f64::from(age));
    rows.iter().map(customer).collect()
}

fn small(random: &mut Random) -> Vec<(u32, u32, u32)> {
    let row = |random: &mut Random| {
        let (age, x) = (1 + random.below(8), random.below(5));
        (x, if x == 0 { 0 } else { 1 + random.below(age) }, age)
    };
    (0..1 + random.below(6)).map(|_| row(random)).collect()
}

#[test]
fn small_bases_have_honest_fits() {
    for seed in 0..250 {
        let buyers = base(&small(&mut Random(seed)));
        ends::<BgNbd<Weeks>>(&buyers);
        ends::<MbgNbd<Weeks>>(&buyers);
        ends::<ParetoNbd<Weeks>>(&buyers);
        ends::<Nbd<Weeks>>(&buyers);
    }
}

/// The smallest bases that once ended in noise, or nowhere.
#[test]
fn ridges_are_left_at_their_limits() {
    let boundary = |rows: &[(u32, u32, u32)]| {
        let buyers = base(rows);
        let report = ends::<ParetoNbd<Weeks>>(&buyers).unwrap().report;
        [
            ends::<BgNbd<Weeks>>(&buyers).unwrap().report.boundary,
            ends::<MbgNbd<Weeks>>(&buyers).unwrap().report.boundary,
            report.boundary,
        ]
    };
    for rows in [
        &[(1, 1, 1), (0, 0, 1)][..],
        &[(0, 0, 2), (1, 5, 7)],
        &[(1, 6, 8), (1, 2, 7), (1, 4, 5), (0, 0, 7), (4, 1, 1)],
        &[(3, 1, 2), (4, 7, 7), (0, 0, 4), (4, 1, 1), (0, 0, 1)],
        &[(4, 3, 3), (0, 0, 8), (0, 0, 2), (2, 2, 3)],
    ] {
        boundary(rows);
    }
    // Some were gone at once and the others never: by a rate of leaving that is next to 0 or without bounds.
    let extreme = Some(Boundary::ExtremeDropout);
    for rows in [
        &[(0, 0, 1), (0, 0, 6), (3, 6, 7), (4, 3, 3)][..],
        &[(4, 2, 4), (3, 5, 6), (4, 2, 2), (0, 0, 4), (0, 0, 7)],
        &[(2, 3, 3), (4, 1, 1), (4, 1, 1), (4, 1, 1), (0, 0, 8)],
    ] {
        assert_eq!(boundary(rows)[2], extreme, "{rows:?}");
    }
}

/// Customers who buy steadily to the end, some of whom never did again.
#[test]
fn steady_bases_have_next_to_no_dropout() {
    let mut met = [0; 3];
    for seed in 0..12 {
        let mut random = Random(seed);
        let never_again = 0.3 * f64::from(random.below(3));
        let mut customer = |k: u32| {
            let age = 20.0 + f64::from(k % 20);
            let rate = 0.2 * random.exponential();
            let (mut x, mut last, mut now) = (0, 0.0, random.exponential() / rate);
            let end = if random.uniform() < never_again { 0.0 } else { age };
            while now < end {
                (x, last) = (x + 1, now);
                now += random.exponential() / rate;
            }
            bought(x, last, age)
        };
        let buyers: RepeatBuyers<Weeks> = (0..200).map(&mut customer).collect();
        let boundaries = [
            ends::<BgNbd<Weeks>>(&buyers).unwrap().report.boundary,
            ends::<MbgNbd<Weeks>>(&buyers).unwrap().report.boundary,
            ends::<ParetoNbd<Weeks>>(&buyers).unwrap().report.boundary,
        ];
        for boundary in boundaries {
            met[0] += usize::from(boundary == Some(Boundary::NoDropout));
            met[1] += usize::from(boundary == Some(Boundary::ExtremeDropout));
            met[2] += usize::from(boundary.is_none());
        }
    }
    assert!(met[0] > 10 && met[1] > 2, "{met:?}");
}

#[test]
fn small_bases_of_opportunities_have_honest_fits() {
    for seed in 0..250 {
        let rows = small(&mut Random(seed));
        let customer = |&(x, last, n): &(u32, u32, u32)| {
            let short = |number: u32| u16::try_from(number).unwrap();
            Opportunities::new(short(x.min(last)), short(last), short(n)).unwrap()
        };
        let buyers: OpportunityBuyers = rows.iter().map(customer).collect();
        match BgBb::fit(&buyers) {
            Ok(fit) => honest(&fit.report, fit.model.log_likelihood(&buyers)),
            Err(error) => refused(error),
        }
    }
}

#[test]
fn small_bases_of_spenders_have_honest_fits() {
    for seed in 0..250 {
        let mut random = Random(seed);
        let one = |random: &mut Random| {
            Spending::new(1 + random.below(4), f64::from(1 + random.below(9))).unwrap()
        };
        let spenders: Spenders = (0..1 + random.below(6)).map(|_| one(&mut random)).collect();
        match GammaGamma::fit(&spenders) {
            Ok(fit) => honest(&fit.report, fit.model.log_likelihood(&spenders)),
            Err(error) => refused(error),
        }
    }
}

#[test]
fn small_cohorts_have_honest_fits() {
    for seed in 0..250 {
        let mut random = Random(seed);
        let mut survivors = vec![u64::from(1 + random.below(9))];
        for _ in 0..1 + random.below(5) {
            let lost = u64::from(random.below(3));
            survivors.push(survivors[survivors.len() - 1].saturating_sub(lost));
        }
        let renewals = Renewals::of_survivors(&survivors).unwrap();
        match ShiftedBetaGeometric::fit(&renewals) {
            Ok(fit) => honest(&fit.report, fit.model.log_likelihood(&renewals)),
            Err(error) => refused(error),
        }
    }
}
