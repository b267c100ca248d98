//! The answers as data, by the schema of `docs/portfolio-json.md`.
//!
//! Customers are written one by one, so a million of them need no memory.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use guanxi::explain::{ENGINE, Language, Measure, Reason, Rule as _, Speak as _};
use guanxi::lifecycle::{Due, LifecycleRule, Mover, Since, Visit};
use guanxi::{Currency, Day, Stage, Timestamp, Trigger};
use serde::{Serialize, Serializer};

use crate::files::{half_written, resolved};
use crate::options::Options;
use crate::report::{LogSums, Source, Tally, decimal};
use crate::survey::{Portrait, Survey, SurveyError};

/// The data cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum JsonError {
    /// The file cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Two runs would write to one file at the same time.
    #[error("another run is writing `{}`", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Standard output has the report.
    #[error("`--json -` names no file, and standard output has the report; `./-` is a file's name")]
    Dash,
    /// A customer cannot be read.
    #[error(transparent)]
    Survey(#[from] SurveyError),
}

#[derive(Serialize)]
struct Totals<'t> {
    customers: u64,
    customers_in_log: Option<u64>,
    rows: Option<u64>,
    accepted: Option<u64>,
    rejected: Option<u64>,
    orders: u64,
    purchase_days: u64,
    monetary: String,
    monetary_minor: i128,
    monetary_in_log: Option<String>,
    monetary_rejected: Option<String>,
    currency: Currency,
    first_day: Option<Day>,
    last_day: Option<Day>,
    today: Day,
    as_of: Day,
    language: Language,
    policy: String,
    engine: u16,
    stages: Stages<'t>,
}

/// Customers by stage, in the order of the journey.
struct Stages<'t>(&'t Tally);

impl Serialize for Stages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Stage::ALL.map(|stage| (stage.code(), self.0.in_stage(stage))))
    }
}

#[derive(Serialize)]
struct CustomerRow<'a> {
    customer_id: &'a str,
    id: String,
    stage: &'static str,
    since_known: bool,
    entered_at: Option<Timestamp>,
    orders: u32,
    purchase_days: u32,
    monetary: String,
    monetary_minor: i64,
    first_day: Option<Day>,
    last_day: Option<Day>,
    recency_days: Option<i64>,
    revision: u64,
    history: Vec<StayRow>,
    reasons: Vec<ReasonRow>,
    next: Option<DueRow>,
    suggestion: Option<DueRow>,
}

#[derive(Serialize)]
struct StayRow {
    stage: &'static str,
    entered_at: Option<Timestamp>,
    left_at: Option<Timestamp>,
    days: Option<i64>,
    trigger: Option<Trigger>,
    mover: Mover,
    recorded_at: Timestamp,
    reasons: Vec<ReasonRow>,
}

#[derive(Serialize)]
struct DueRow {
    at: Timestamp,
    trigger: Trigger,
    to: &'static str,
    reasons: Vec<ReasonRow>,
}

#[derive(Serialize)]
struct ReasonRow {
    rule: &'static str,
    text: String,
    observed: Option<Measure>,
    limit: Option<Measure>,
}

/// Refuses a name for the data that means no file.
///
/// # Errors
///
/// [`JsonError::Dash`] for what other programs take for standard output.
pub(crate) fn check(options: &Options) -> Result<(), JsonError> {
    if options.json.as_deref() == Some(Path::new("-")) {
        return Err(JsonError::Dash);
    }
    Ok(())
}

/// Writes the data to the file that the options name, if they name one: to a file beside it first,
/// which takes its place when it is complete.
///
/// # Errors
///
/// [`JsonError`]; the file is as it was then.
pub(crate) async fn write(
    options: &Options,
    source: &Source,
    tally: &Tally,
    survey: &Survey<'_>,
) -> Result<(), JsonError> {
    let Some(path) = options.json.as_deref() else { return Ok(()) };
    let failed = |source| JsonError::Write { path: path.to_owned(), source };
    let explained = |error| match error {
        Failed::Write(error) => failed(error),
        Failed::Survey(error) => error.into(),
    };
    let target = resolved(path);
    // A pipe or a device has no place that another file could take.
    if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let file = File::options().write(true).open(&target).map_err(failed)?;
        return write_to(&file, options, source, tally, survey).await.map_err(explained);
    }
    let beside = half_written(&target);
    let file = locked(&beside).map_err(|error| match error {
        error if error.kind() == io::ErrorKind::WouldBlock => {
            JsonError::Busy { path: path.to_owned() }
        }
        error => failed(error),
    })?;
    let written = write_to(&file, options, source, tally, survey).await;
    let written =
        written.map_err(explained).and_then(|()| fs::rename(&beside, &target).map_err(failed));
    if written.is_err() {
        // Half a document is of no use to anybody, and a failure to remove it is no news.
        let _ = fs::remove_file(&beside);
    }
    written
}

enum Failed {
    Write(io::Error),
    Survey(SurveyError),
}

impl From<SurveyError> for Failed {
    fn from(error: SurveyError) -> Self {
        Self::Survey(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

async fn write_to(
    file: &File,
    options: &Options,
    source: &Source,
    tally: &Tally,
    survey: &Survey<'_>,
) -> Result<(), Failed> {
    let file = &mut BufWriter::new(file);
    write!(file, "{{\n\"totals\": ")?;
    json(file, &totals(options, source, tally, survey))?;
    write!(file, ",\n\"customers\": [")?;
    let mut separator = "\n";
    let each = survey.each_by_key(|portrait| {
        file.write_all(separator.as_bytes())?;
        separator = ",\n";
        json(file, &row(portrait, options.language, source.currency)).map_err(Failed::Write)
    });
    each.await?;
    file.write_all(b"\n]\n}\n")?;
    file.flush()?;
    Ok(())
}

fn json(file: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(file, value).map_err(io::Error::from)
}

fn totals<'t>(
    options: &Options,
    source: &Source,
    tally: &'t Tally,
    survey: &Survey<'_>,
) -> Totals<'t> {
    let (currency, log) = (source.currency, source.log.as_ref());
    Totals {
        customers: tally.customers,
        customers_in_log: log.map(|log| log.customers),
        rows: log.map(|log| log.rows),
        accepted: log.map(LogSums::accepted),
        rejected: log.map(|log| log.rejected),
        orders: tally.orders,
        purchase_days: tally.purchase_days,
        monetary: decimal(tally.minor, currency),
        monetary_minor: tally.minor,
        monetary_in_log: log.map(|log| decimal(log.accepted_minor, currency)),
        monetary_rejected: log.map(|log| decimal(log.rejected_minor, currency)),
        currency,
        first_day: log.and_then(|log| log.first_day),
        last_day: log.and_then(|log| log.last_day),
        today: source.today,
        as_of: source.as_of,
        language: options.language,
        policy: survey.base().book().id().to_string(),
        engine: ENGINE,
        stages: Stages(tally),
    }
}

fn row<'a>(portrait: &Portrait<'a>, language: Language, currency: Currency) -> CustomerRow<'a> {
    let Portrait { key, id, revision, view, assessment, .. } = portrait;
    let visit = view.visit();
    let purchases = view.purchases();
    let reasons = |reasons: &[_]| reason_rows(reasons, language);
    let due = |due: &Due| DueRow {
        at: due.at,
        trigger: due.trigger,
        to: due.to.stage().code(),
        reasons: reasons(&due.reasons),
    };
    let stay = |(visit, left_at): (&Visit, _)| StayRow {
        stage: visit.stage().code(),
        entered_at: known(visit),
        left_at,
        days: portrait.days(visit, left_at),
        trigger: visit.trigger,
        mover: visit.mover,
        recorded_at: visit.recorded_at,
        reasons: reasons(&visit.reasons),
    };
    let entered_at = visit.and_then(known);
    CustomerRow {
        customer_id: key,
        id: id.to_string(),
        stage: visit.map_or_else(|| assessment.position.stage(), Visit::stage).code(),
        since_known: entered_at.is_some(),
        entered_at,
        orders: purchases.orders,
        purchase_days: purchases.purchase_days,
        monetary: decimal(purchases.net.into(), currency),
        monetary_minor: purchases.net,
        first_day: purchases.first_day,
        last_day: purchases.last_day,
        recency_days: view.recency_days(),
        revision: *revision,
        history: view.stays().map(stay).collect(),
        reasons: visit.map_or_else(Vec::new, |visit| reasons(&visit.reasons)),
        next: assessment.next.as_ref().map(due),
        suggestion: assessment.suggestion.as_ref().map(due),
    }
}

fn known(visit: &Visit) -> Option<Timestamp> {
    match visit.since {
        Since::Known(since) => Some(since),
        Since::Unknown => None,
    }
}

fn reason_rows(reasons: &[Reason<LifecycleRule>], language: Language) -> Vec<ReasonRow> {
    let measure = |measure| (measure != Measure::Missing).then_some(measure);
    let row = |reason: &Reason<LifecycleRule>| ReasonRow {
        rule: reason.rule.code(),
        text: reason.text(language),
        observed: measure(reason.observed),
        limit: measure(reason.limit),
    };
    reasons.iter().map(row).collect()
}

/// The file of this name, empty. It is ours until it is closed: of two runs at the same time one would
/// rename what the other has half written. The system frees it when a run is interrupted.
fn locked(path: &Path) -> io::Result<File> {
    if path.is_symlink() {
        fs::remove_file(path)?;
    }
    let file = File::options().write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        // Not every file system has locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        tried => tried?,
    }
    file.set_len(0)?;
    Ok(file)
}
