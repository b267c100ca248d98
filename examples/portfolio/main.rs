//! What the library makes of a purchase log: who stands where, why, and what comes next.
//!
//! ```sh
//! cargo run --release --example portfolio
//! cargo run --release --example portfolio -- --lang zh --as-of 1997-12-31 --json answers.json
//! ```
//!
//! The log is [read](log), its rows are [sorted into facts](plan), and the facts are [replayed](replay)
//! through [`guanxi::Crm`] as if the library had been there all along. What is read back becomes a
//! [report](report) and, if asked for, [data](json).

mod json;
mod log;
mod options;
mod plan;
mod progress;
mod replay;
mod report;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use guanxi::Day;

use json::JsonError;
use log::LogError;
use options::{HELP, OptionError, Options, Request};
use progress::Progress;
use replay::{Replay, ReplayError};
use report::{Report, Source, Tally};

/// There is no report. Each is one sentence.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Options(#[from] OptionError),
    #[error(transparent)]
    Log(#[from] LogError),
    /// Nobody said which day it is, so it is the log's last one.
    #[error(
        "`--as-of` {as_of} is after today; the log ends on {last_day}, give `--today {as_of}` as well"
    )]
    AsOfAfterLog { as_of: Day, last_day: Day },
    #[error("every row of `{log}` was rejected; the reasons are in `{rejects}`")]
    NothingAccepted { log: String, rejects: String },
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A fault of this program or of the library, never of the log.
    #[error("the customers' purchases come to {found} and the log's to {expected}")]
    Unbalanced { found: String, expected: String },
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("cannot write the report")]
    Output(#[source] io::Error),
}

impl Failure {
    const fn exit(&self) -> u8 {
        match self {
            Self::Options(_) | Self::AsOfAfterLog { .. } | Self::Json(JsonError::Dash) => {
                OptionError::EXIT
            }
            Self::Log(_)
            | Self::NothingAccepted { .. }
            | Self::Replay(_)
            | Self::Unbalanced { .. }
            | Self::Json(_)
            | Self::Output(_) => 1,
        }
    }
}

fn main() -> ExitCode {
    let done = match Options::parse(std::env::args_os().skip(1)) {
        Ok(Request::Run(options)) => run(&options),
        Ok(Request::Help) => print(HELP),
        Err(error) => Err(error.into()),
    };
    let Err(failure) = done else { return ExitCode::SUCCESS };
    tell("error", &sentence(&failure));
    ExitCode::from(failure.exit())
}

fn run(options: &Options) -> Result<(), Failure> {
    json::check(options)?;
    let bytes = options.log_path().metadata().map_or(0, |metadata| metadata.len());
    let progress = Progress::of_bytes(bytes);
    let log = read(options, bytes, &progress)?;
    let Some(last_day) = log.last_day else {
        return Err(Failure::NothingAccepted {
            log: options.log_path().display().to_string(),
            rejects: options.rejects_path().display().to_string(),
        });
    };
    let today = options.today.unwrap_or(last_day);
    let source = Source::of(&log, today, as_of(options, today)?);
    if let Some(warning) = source.warning(options) {
        tell("warning", &warning);
    }
    let replay = Replay::of(log, source.currency, today, &progress)?;

    let mut tally = Tally::new(source.as_of, options.moves);
    let bar = progress.bar("reporting", replay.len());
    replay.each(source.as_of, |portrait| {
        tally.add(portrait);
        bar.inc(1);
        Ok::<(), ReplayError>(())
    })?;
    drop(bar);
    balanced(&tally, &source)?;
    json::write(options, &source, &tally, &replay)?;
    let (policy, customers_in_log) = (replay.book().id(), replay.len());
    let report = Report { options, source: &source, tally: &tally, policy, customers_in_log };
    print(&report.text())
}

/// Reads the log and puts its bad rows aside.
fn read(options: &Options, bytes: u64, progress: &Progress) -> Result<log::Log, Failure> {
    let bar = progress.bar("reading", usize::try_from(bytes).unwrap_or(usize::MAX));
    let log = log::read(options, &mut |bytes| bar.set(bytes))?;
    let log = plan::settle(log, options)?;
    log::write_rejects(options, &log)?;
    Ok(log)
}

/// If today was given, the options have been compared already.
fn as_of(options: &Options, today: Day) -> Result<Day, Failure> {
    match options.as_of {
        Some(as_of) if as_of > today => Err(Failure::AsOfAfterLog { as_of, last_day: today }),
        Some(as_of) => Ok(as_of),
        None => Ok(today),
    }
}

/// Whether the books balance: what the library holds, and what the log says, to the last cent.
fn balanced(tally: &Tally, source: &Source) -> Result<(), Failure> {
    if tally.minor == source.known_minor {
        return Ok(());
    }
    let text = |minor| report::decimal(minor, source.currency);
    Err(Failure::Unbalanced { found: text(tally.minor), expected: text(source.known_minor) })
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
fn tell(what: &str, sentence: &str) {
    // There is nobody left to tell if this cannot be written either.
    let _ = writeln!(io::stderr().lock(), "{what}: {sentence}");
}

/// A failure with its causes.
fn sentence(failure: &Failure) -> String {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
