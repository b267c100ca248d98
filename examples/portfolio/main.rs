//! What the library makes of a purchase log: who stands where, why, and what comes next.
//!
//! ```sh
//! cargo run --release --features sqlite --example portfolio
//! cargo run --release --features sqlite --example portfolio -- --lang zh --as-of 1997-12-31 --json answers.json
//! ```
//!
//! The log is [read](log), its rows are [sorted](plan) and [imported](import) into a [database](base)
//! through [`guanxi::Crm`], as if the library had been there all along. Everybody is compared with what the
//! base says then, and reviewed where the policy wants it. What is [read back](survey) becomes a
//! [report](report) or the [explanation](explain) of one customer and, if asked for, [data](json), a
//! [table](sheet) and a [page](page).

mod answers;
mod attention;
mod base;
mod classes;
mod days;
mod explain;
mod failure;
mod files;
mod html;
mod import;
mod interrupt;
mod json;
mod log;
mod options;
mod output;
mod page;
mod plan;
mod policy;
mod progress;
mod report;
mod sheet;
mod survey;

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use guanxi::{Policy, Rulebook, Timestamp};

use base::{Base, BaseError, Sums};
use classes::Classes;
use days::Days;
use failure::Failure;
use import::{Imported, clashes, import};
use interrupt::Interrupt;
use json::{Json, Totals};
use log::Log;
use options::{HELP, Options, Request};
use output::Kind;
use page::Page;
use plan::ZONE;
use policy::{GivenPolicy, PolicyError};
use progress::{Bar, Progress};
use report::{Report, Source, Tally, Verified};
use sheet::Sheet;
use survey::{Portrait, Survey, SurveyError};

fn main() -> ExitCode {
    let done = match Options::parse(std::env::args_os().skip(1)) {
        Ok(Request::Run(options)) => run(&options).map_err(|failure| {
            // Trouble with the file itself is told in its own words, wherever it was met.
            let trouble = base::fault(&failure).and_then(|fault| base::sentence(&options, fault));
            (trouble, failure)
        }),
        Ok(Request::Help) => print(HELP).map_err(|failure| (None, failure)),
        Err(error) => Err((None, error.into())),
    };
    let Err((trouble, failure)) = done else { return ExitCode::SUCCESS };
    if let Failure::Policy(PolicyError::Faults { faults, .. }) = &failure {
        faults.iter().for_each(|fault| tell("fault", &fault.to_string()));
    }
    let what = if matches!(failure, Failure::Interrupted(_)) { "interrupted" } else { "error" };
    tell(what, &trouble.unwrap_or_else(|| sentence(&failure)));
    ExitCode::from(failure.exit())
}

fn run(options: &Options) -> Result<(), Failure> {
    output::check(options)?;
    files::check(options)?;
    let given = GivenPolicy::read(options)?;
    let given = given.as_ref();
    // A worker beside this thread, which is busy: it hears of Ctrl-C at any moment.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().map_err(Failure::Begin)?;
    let interrupt = Interrupt::watch(&runtime, options);
    print(&runtime.block_on(async {
        let alone = match options.db_alone() {
            Some(path) => Base::found(path).await?,
            None => None,
        };
        match alone {
            Some(base) => closing(base, async |base| kept(base, options, given).await).await,
            None => logged(options, given, &interrupt).await,
        }
    })?)
}

/// Does something with a database, and closes it whatever comes of it.
async fn closing<T>(mut base: Base, work: impl AsyncFnOnce(&mut Base) -> T) -> T {
    let done = work(&mut base).await;
    base.close().await;
    done
}

/// Reports of a database as it is.
async fn kept(
    base: &Base,
    options: &Options,
    given: Option<&GivenPolicy>,
) -> Result<String, Failure> {
    if let Some(given) = given {
        given.check_currency(base.currency())?;
        if !given.agrees_with(base.book()) {
            return Err(given.not_kept(options).into());
        }
    }
    let found = sums(base, options).await?;
    let nobody = || BaseError::NoneOfOurs { path: options.db_path().to_owned() };
    let days = Days::of_database(options, found.day.ok_or_else(nobody)?)?;
    let bytes = options.db_path().metadata().map_or(0, |metadata| metadata.len());
    let source = Source::of(None, base.currency(), &days);
    told(base, options, &days, &source, found, &Imported::default(), Progress::of_bytes(bytes))
        .await
}

/// Imports the log, and reports of everybody in the database.
async fn logged(
    options: &Options,
    given: Option<&GivenPolicy>,
    interrupt: &Interrupt,
) -> Result<String, Failure> {
    let bytes = options.log_path().metadata().map_or(0, |metadata| metadata.len());
    let progress = Progress::of_bytes(bytes);
    let log = read(options, bytes, &progress)?;
    let Some(last_day) = log.last_day else {
        log::write_rejects(options, &log)?;
        return Err(Failure::NothingAccepted {
            log: options.log_path().display().to_string(),
            rejects: options.rejects_path().display().to_string(),
        });
    };
    if !options.db_path().exists() {
        // What cannot be reported leaves no file behind.
        Days::of(options, last_day, None)?;
    }
    given.map_or(Ok(()), |given| given.check_currency(log.currency))?;
    let base = Base::open(options.db_path(), log.currency, given).await?;
    let work = async |base: &mut Base| {
        let found = sums(base, options).await?;
        let days = Days::of(options, last_day, found.day)?;
        if let Some(given) = given {
            base.check_adoption(given, ZONE.end_of(days.present))?;
        }
        let run = Run { options, given, days, found, interrupt, progress };
        work(base, log, run).await
    };
    closing(base, work).await
}

/// Reads the log and puts its bad rows aside.
fn read(options: &Options, bytes: u64, progress: &Progress) -> Result<Log, Failure> {
    let bar = progress.bar("reading", usize::try_from(bytes).unwrap_or(usize::MAX));
    let log = log::read(options, &mut |bytes| bar.set(bytes))?;
    Ok(plan::settle(log, options)?)
}

/// A run that imports.
struct Run<'r> {
    options: &'r Options,
    given: Option<&'r GivenPolicy>,
    days: Days,
    /// What the database held before.
    found: Sums,
    interrupt: &'r Interrupt,
    progress: Progress,
}

/// Imports a settled log, and reports of everybody in the database.
async fn work(base: &mut Base, mut log: Log, run: Run<'_>) -> Result<String, Failure> {
    let Run { options, given, days, found, interrupt, progress } = run;
    let now = ZONE.end_of(days.present);
    if let Some(warning) = Source::of(Some(&log), log.currency, &days).warning(options) {
        tell("warning", &warning);
    }
    if options.strict {
        let clashes = clashes(base, &log, now).await?;
        plan::put_aside(&mut log, &clashes);
        plan::refuse_if_strict(&log, options)?;
    }
    interrupt.begin();
    if let Some(given) = given {
        base.adopt(given, now).await?;
    }
    let imported = import(base, &log, now, interrupt, &progress).await?;
    if interrupt.end() || !imported.is_complete {
        return Err(Failure::Interrupted(report::interrupted(options, &log, &imported)));
    }
    answered(&log, &imported)?;
    plan::put_aside(&mut log, &imported.refused);
    log::write_rejects(options, &log)?;
    let source = Source::of(Some(&log), log.currency, &days);
    told(base, options, &days, &source, found, &imported, progress).await
}

/// What the database held before anything was done.
async fn sums(base: &Base, options: &Options) -> Result<Sums, Failure> {
    let found = base.sums().await;
    if found.is_err() && options.verify {
        // It says more of what cannot be read.
        verify(base, options).await?;
    }
    Ok(found?)
}

/// The report of everybody in the database, which held `found` before the import.
async fn told(
    base: &Base,
    options: &Options,
    days: &Days,
    source: &Source,
    found: Sums,
    imported: &Imported,
    progress: Progress,
) -> Result<String, Failure> {
    let mut survey = Survey::of(base, days).await?;
    let in_log = source.log.as_ref().map_or(0, |log| log.customers);
    let steps = usize::try_from(found.customers.max(in_log)).unwrap_or(usize::MAX);
    let bar = progress.bar("reporting", steps);
    let (tally, classes) = count(&mut survey, days, options, &bar).await?;
    drop(bar);
    balanced(found, survey.sums(), imported, source)?;
    let verified = if options.verify { Some(verify(base, options).await?) } else { None };
    write(options, &Totals::of(options, source, &tally, &classes, &survey), &survey).await?;
    let attention = attention::look(options, &classes, &survey).await?;
    if let Some(path) = named(options, Kind::Html) {
        let (tally, classes) = (&tally, &classes);
        let page = Page { options, source, tally, classes, attention: &attention, survey: &survey };
        page.write(path)?;
    }
    if let Some(wanted) = &options.explain {
        return Ok(explain::text(wanted, options, source, &survey).await?);
    }
    let report = Report {
        options,
        source,
        tally: &tally,
        classes: &classes,
        attention: &attention,
        imported,
        policy: (survey.book().id(), is_default(survey.book())),
        calibration: survey.calibration().map(guanxi::Calibration::id),
        customers: survey.sums().customers,
        verified,
    };
    Ok(report.text())
}

/// Counts everybody in the database.
async fn count(
    survey: &mut Survey<'_>,
    days: &Days,
    options: &Options,
    bar: &Bar,
) -> Result<(Tally, Classes), SurveyError> {
    let mut tally = Tally::new(days.as_of, options.moves);
    let mut classes = Classes::new(days.as_of);
    let add = |portrait: &Portrait<'_>| {
        tally.add(portrait);
        classes.add(portrait);
        bar.inc(1);
        Ok::<(), SurveyError>(())
    };
    survey.each(add).await?;
    Ok((tally, classes))
}

/// The file that something is written to, if it is asked for.
fn named(options: &Options, wanted: Kind) -> Option<&Path> {
    options.outputs().find(|(kind, _)| *kind == wanted).map(|(_, path)| path)
}

/// Writes what is asked for of each customer, in one more pass by key.
async fn write(options: &Options, totals: &Totals<'_>, survey: &Survey<'_>) -> Result<(), Failure> {
    let policy = survey.book().policy();
    let json =
        named(options, Kind::Json).map(|path| Json::begin(path, totals, policy)).transpose()?;
    let sheet =
        named(options, Kind::Csv).map(|path| Sheet::begin(path, policy.currency)).transpose()?;
    let (mut json, mut sheet) = (json, sheet);
    if json.is_none() && sheet.is_none() {
        return Ok(());
    }
    let each = survey.each_of(survey.known(), |portrait| {
        json.as_mut().map_or(Ok(()), |json| json.add(portrait))?;
        sheet.as_mut().map_or(Ok(()), |sheet| sheet.add(portrait))?;
        Ok::<(), Failure>(())
    });
    each.await?;
    json.map_or(Ok(()), Json::finish)?;
    sheet.map_or(Ok(()), Sheet::finish)?;
    Ok(())
}

/// Whether the customers are judged by what this version of the library brings along.
fn is_default(book: &Rulebook) -> bool {
    let default = Rulebook::new(Policy::new(book.policy().currency), Timestamp::MIN);
    default.is_ok_and(|default| default.policy() == book.policy())
}

/// Whether every purchase of the log is in the database or put aside.
fn answered(log: &Log, imported: &Imported) -> Result<(), Failure> {
    let expected = u64::try_from(log.purchases.len()).unwrap_or(u64::MAX);
    let found = imported.purchases();
    if found == expected { Ok(()) } else { Err(Failure::Unanswered { found, expected }) }
}

/// Whether the books balance to the last cent: what the database holds is what it held before and what
/// is new. While somebody else writes to it, too, nobody can tell.
fn balanced(
    before: Sums,
    after: Sums,
    imported: &Imported,
    source: &Source,
) -> Result<(), Failure> {
    let expected = before.minor.saturating_add(imported.minor_new);
    let is_ours_alone = before.entries.saturating_add(imported.entries) == after.entries;
    if after.minor == expected || !is_ours_alone {
        return Ok(());
    }
    let text = |minor| report::decimal(minor, source.currency);
    Err(Failure::Unbalanced { found: text(after.minor), expected: text(expected) })
}

/// Checks the whole database, and tells of each flaw.
async fn verify(base: &Base, options: &Options) -> Result<Verified, Failure> {
    let found = base.crm().verify().await?;
    for (id, flaw) in &found.flaws {
        tell("flaw", &format!("{}: {}", base.told(*id).await, sentence(flaw)));
    }
    if found.is_sound() {
        return Ok(Verified { customers: found.customers, entries: found.entries });
    }
    Err(Failure::Unsound { count: found.count, path: options.db_path().to_owned() })
}

/// Whoever reads only the first lines of the output, as `head` does, is not told of an error.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        Err(_) | Ok(()) => Ok(()),
    }
}

/// Beside the report, which may go to a file or a program.
pub(crate) fn tell(what: &str, sentence: &str) {
    // There is nobody left to tell if this cannot be written either.
    let _ = writeln!(io::stderr().lock(), "{what}: {sentence}");
}

/// An error with its causes.
fn sentence(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
