//! Models of lifetime value beside Lifetimes, the Python package, on the same customers in one run.
//!
//! Not by criterion, because the other side is another program; both are timed inside their own, on one core, and
//! the table has the medians. Without a Python that has the package only this side is measured.
//! `benches/README.md` says how to install it.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use guanxi::value::lifetime::{
    BgNbd, Forecast, GammaGamma, Horizon, RepeatBuyers, RepeatBuying, RepeatModel, Span, Spenders,
    Spending, Weeks,
};
use guanxi_peers::files::Files;
use guanxi_peers::shoppers::{self, Shopper};
use serde::Deserialize;

/// Customers of the large base unless an argument says another number.
const CUSTOMERS_UNLESS_TOLD: usize = 1_000_000;
/// How many times each line is measured; what takes less than a hundredth of a second ten times as often.
const RUNS: usize = 9;
/// Names the Python that has the package.
const PYTHON: &str = "GUANXI_BENCH_PYTHON";
/// So far, relatively, what Lifetimes finds may be off: its search stops early, and its expected purchases near
/// a = 1 are not exact.
const AGREE: f64 = 1e-3;

/// What Lifetimes took, and what it found.
#[derive(Deserialize)]
struct Lifetimes {
    seconds: BTreeMap<String, f64>,
    cdnow: BTreeMap<String, f64>,
    million: BTreeMap<String, f64>,
    million_each: BTreeMap<String, f64>,
    spending: BTreeMap<String, f64>,
    alive: f64,
    purchases: f64,
    value: f64,
}

/// A line of the table: what it is called here and there, and how long it took here.
struct Line {
    name: &'static str,
    theirs: &'static [&'static str],
    seconds: f64,
}

/// What was found here.
struct Found {
    cdnow: BgNbd<Weeks>,
    million: BgNbd<Weeks>,
    spending: GammaGamma,
    alive: f64,
    purchases: f64,
    value: f64,
}

#[expect(clippy::disallowed_methods, reason = "what takes no clock cannot be measured")]
fn median_of_runs<T>(name: &str, mut work: impl FnMut() -> T) -> (T, f64) {
    let mut seconds = Vec::new();
    loop {
        let start = Instant::now();
        let made = black_box(work());
        seconds.push(start.elapsed().as_secs_f64());
        let runs = if seconds[0] < 0.01 { 10 * RUNS } else { RUNS };
        if seconds.len() >= runs {
            seconds.sort_unstable_by(f64::total_cmp);
            let median = seconds[seconds.len() / 2];
            eprintln!("  {name}: {median:.4} s, from {:.4} s", seconds[0]);
            return (made, median);
        }
    }
}

fn buying(shoppers: &[Shopper]) -> Vec<RepeatBuying<Weeks>> {
    shoppers.iter().map(Shopper::buying).collect()
}

fn fit(customers: &[RepeatBuying<Weeks>]) -> BgNbd<Weeks> {
    let buyers: RepeatBuyers<Weeks> = customers.iter().copied().collect();
    BgNbd::fit(&buyers).expect("a maximum").model
}

/// What every customer is worth in a year of months, discounted by 1 % a month.
fn worth(
    model: &BgNbd<Weeks>,
    spending: &GammaGamma,
    customers: &[RepeatBuying<Weeks>],
    spent: &[Option<Spending>],
) -> Vec<f64> {
    let month = Span::new(4.345).expect("a length");
    let year = Horizon::new(12, month, 0.01).expect("a rate");
    let forecast = Forecast::of(model, customers, &[year.into()]);
    let usual = spending.population_mean().expect("a mean");
    let of = |(purchases, spent): (&f64, &Option<Spending>)| {
        let known = spent.as_ref().map(|spent| spending.expected_spend(spent).expect("a mean"));
        purchases * known.unwrap_or(usual)
    };
    forecast.purchases(0).iter().zip(spent).map(of).collect()
}

fn ours(cdnow: &[Shopper], million: &[Shopper]) -> (Vec<Line>, Found) {
    let mut lines = Vec::new();
    let mut line = |name, theirs, seconds| lines.push(Line { name, theirs, seconds });
    eprintln!("guanxi:");
    let (few, many) = (buying(cdnow), buying(million));
    let spent: Vec<Option<Spending>> = million.iter().map(Shopper::spending).collect();

    let (small, seconds) = median_of_runs("fit of CDNOW", || fit(&few));
    line("fit of CDNOW", &["fit_cdnow"][..], seconds);
    let (large, seconds) = median_of_runs("fit of the large base", || fit(&many));
    line("fit of the large base", &["fit_each", "fit_grouped"], seconds);
    let year = Span::whole(52);
    let (forecast, seconds) =
        median_of_runs("P(alive), purchases", || Forecast::of(&large, &many, &[year.into()]));
    line("P(alive) and purchases in 52 weeks of it", &["predict"], seconds);
    let (spending, fit_spending) = median_of_runs("fit of spending", || {
        let spenders: Spenders = spent.iter().flatten().copied().collect();
        GammaGamma::fit(&spenders).expect("a maximum").model
    });
    let (value, seconds) =
        median_of_runs("value", || worth(&large, &spending, &many, &spent).iter().sum());
    line("value of 12 months of it", &["value"], seconds);
    line("fit of Gamma-Gamma to it", &["fit_spending"], fit_spending);

    let alive = forecast.p_alive().iter().sum();
    let purchases = forecast.purchases(0).iter().sum();
    (lines, Found { cdnow: small, million: large, spending, alive, purchases, value })
}

/// Runs the other side.
fn theirs(python: &Path, cdnow: &Path, million: &Path) -> Lifetimes {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/lifetime.py");
    eprintln!("Lifetimes:");
    let output = Command::new(python)
        .args([&script, cdnow, million])
        .stderr(Stdio::inherit())
        .output()
        .expect("the Python that is named starts");
    assert!(output.status.success(), "the Python that is named has not done its part");
    serde_json::from_slice(&output.stdout).expect("times and parameters")
}

/// Both did the same work, or there is nothing to compare.
fn assert_same(ours: &Found, theirs: &Lifetimes) {
    let close = |what: &str, ours: f64, theirs: f64| {
        let off = (ours - theirs).abs() / ours.abs();
        eprintln!("  {what}: {ours:.6} here, {theirs:.6} there, {off:.1e} apart");
        assert!(off < AGREE, "{what}: {ours} here, {theirs} there");
    };
    let repeat = |what: &str, model: &BgNbd<Weeks>, theirs: &BTreeMap<String, f64>| {
        for (name, value) in model.parameters() {
            close(&format!("{what}, {name}"), value, theirs[name]);
        }
    };
    repeat("CDNOW", &ours.cdnow, &theirs.cdnow);
    repeat("large base, each row", &ours.million, &theirs.million_each);
    repeat("large base, grouped", &ours.million, &theirs.million);
    for (name, value) in ours.spending.parameters() {
        close(&format!("spending, {name}"), value, theirs.spending[name]);
    }
    close("sum of P(alive)", ours.alive, theirs.alive);
    close("sum of purchases", ours.purchases, theirs.purchases);
    close("sum of values", ours.value, theirs.value);
}

fn print(lines: &[Line], theirs: Option<&Lifetimes>) {
    println!("| what | guanxi | Lifetimes | times |");
    println!("|---|---|---|---|");
    for line in lines {
        let Some(theirs) = theirs else {
            println!("| {} | {} | - | - |", line.name, duration(line.seconds));
            continue;
        };
        let seconds: Vec<f64> = line.theirs.iter().map(|name| theirs.seconds[*name]).collect();
        let each = |of: &dyn Fn(f64) -> String| {
            seconds.iter().map(|one| of(*one)).collect::<Vec<_>>().join("; grouped ")
        };
        println!(
            "| {} | {} | {} | {} |",
            line.name,
            duration(line.seconds),
            each(&|theirs| duration(theirs)),
            each(&|theirs| format!("{:.0}", theirs / line.seconds))
        );
    }
}

fn duration(seconds: f64) -> String {
    if seconds < 0.1 { format!("{:.2} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

#[expect(clippy::disallowed_methods, reason = "where Python is, must be told")]
fn python() -> Option<PathBuf> {
    std::env::var(PYTHON).ok().map(PathBuf::from)
}

fn main() {
    // Cargo adds arguments of its own.
    let told = std::env::args().find_map(|argument| argument.parse().ok());
    let (cdnow, million) =
        (shoppers::cdnow(), shoppers::simulated(told.unwrap_or(CUSTOMERS_UNLESS_TOLD)));
    let (lines, found) = ours(&cdnow, &million);
    let theirs = python().map(|python| {
        let files = Files::new(Path::new(env!("CARGO_TARGET_TMPDIR")), "lifetime");
        let [small, large] = ["cdnow.csv", "million.csv"].map(|name| files.path(name));
        shoppers::write(&cdnow, &small).expect("our folder");
        shoppers::write(&million, &large).expect("our folder");
        theirs(&python, &small, &large)
    });
    match &theirs {
        Some(theirs) => assert_same(&found, theirs),
        None => eprintln!("\n*** NOT MEASURED: Lifetimes. {PYTHON} names no Python that has it.\n"),
    }
    print(&lines, theirs.as_ref());
}
