//! What customers are worth: a model of repeat buying fitted to a purchase log, held to what it has not seen.
//!
//! ```sh
//! cargo run --release --example clv
//! cargo run --release --example clv -- log.csv --calibration-end 2024-12-31 --html page.html
//! ```
//!
//! The log is [read](log), and the library makes [answers](answers) of it. They become a [report](report) and,
//! if asked for, [data](json) and a [page](page).

mod answers;
mod failure;
mod json;
mod log;
mod notes;
mod options;
mod output;
mod page;
mod report;
mod words;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use failure::Failure;
use options::{HELP, Options, Request};

fn main() -> ExitCode {
    let done = match Options::parse(std::env::args_os().skip(1)) {
        Ok(Request::Run(options)) => run(&options),
        Ok(Request::Help) => print(HELP),
        Err(error) => Err(error.into()),
    };
    let Err(failure) = done else { return ExitCode::SUCCESS };
    // There is nobody left to tell if this cannot be written either.
    let _ = writeln!(io::stderr().lock(), "error: {}", sentence(&failure));
    ExitCode::from(failure.exit())
}

fn run(options: &Options) -> Result<(), Failure> {
    output::check(options)?;
    let log = log::read(options.log_path())?;
    let answers = answers::answers(&log, options)?;
    if let Some(path) = &options.json {
        output::write(path, |file| json::write(file, &answers, options))?;
    }
    if let Some(path) = &options.html {
        let page = page::page(&log, &answers, options)?;
        output::write(path, |file| file.write_all(page.as_bytes()))?;
    }
    print(&report::text(&log, &answers, options))
}

/// Whoever reads only the first lines of the output, as `head` does, is not told of an error.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Report(error)),
        Err(_) | Ok(()) => Ok(()),
    }
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
