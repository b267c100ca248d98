//! An outbox relay: gives what is recorded of a tenant's customers on to somebody else, entry by entry.
//!
//! ```sh
//! cargo run --release --features sqlite --example relay
//! cargo run --release --features sqlite --example relay -- --db crm.db --tenant my-shop --to outbox.jsonl --follow
//! ```
//!
//! It reads the [feed](guanxi::store::Feed) of a [base](base) page by page, hands each page to a [sink](sink),
//! and notes the [place](place) that it has come to after the sink has it for good. So it can be killed at any
//! moment: begun again it goes on from the place noted, and what it delivered since then it delivers
//! again. Every entry arrives at least once, those of one customer in the order of their revisions, and
//! customer and revision tell who has seen an entry before.
//!
//! It needs no rulebook and judges nothing, so it can run beside any number of hosts, as a process of its
//! own. Events never hold personal data, so a sink has nothing to erase.

mod base;
mod demo;
mod failure;
mod interrupt;
mod message;
mod options;
mod place;
mod relay;
mod sink;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use guanxi::store::Feed;
use tokio::runtime::Runtime;

use base::Base;
use failure::Failure;
use interrupt::Interrupt;
use options::{HELP, Options, Request, Target};
use place::PlaceFile;
use relay::Relay;
use sink::{FileSink, Sink, StreamSink};

fn main() -> ExitCode {
    let (done, is_a_look) = match Options::parse(std::env::args_os().skip(1)) {
        Ok(Request::Run(options)) => {
            (run(&options), options.cursor.is_none() && !options.is_following)
        }
        Ok(Request::Help) => (print(HELP), true),
        Err(error) => (Err(error.into()), false),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever looks at the first lines only, as `head` does, is not told of an error. Who notes what
        // has arrived, or waits for more, must be.
        Err(failure) if is_a_look && failure.is_end_of_reader() => ExitCode::SUCCESS,
        Err(failure) => {
            let is_interrupted = matches!(failure, Failure::Interrupted { .. });
            tell(if is_interrupted { "interrupted" } else { "error" }, &sentence(&failure));
            ExitCode::from(failure.exit())
        }
    }
}

fn run(options: &Options) -> Result<(), Failure> {
    // A worker beside this thread, which waits: it hears of Ctrl-C at any moment.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().map_err(Failure::Begin)?;
    let mut interrupt = Interrupt::watch(&runtime);
    match runtime.block_on(Base::open(options))? {
        Base::Sqlite(store) => {
            let done = to_target(options, &runtime, &mut interrupt, &*store);
            runtime.block_on(store.close());
            done
        }
        #[cfg(feature = "postgres")]
        Base::Postgres(store) => {
            let done = to_target(options, &runtime, &mut interrupt, &store);
            runtime.block_on(store.pool().close());
            done
        }
    }
}

/// Relays to whatever the command line names.
fn to_target(
    options: &Options,
    runtime: &Runtime,
    interrupt: &mut Interrupt,
    store: &impl Feed,
) -> Result<(), Failure> {
    match &options.to {
        Target::Output => {
            let sink = StreamSink::new("standard output", Box::new(io::stdout()));
            relayed(options, runtime, interrupt, store, sink)
        }
        Target::File(path) => match StreamSink::at(path)? {
            Some(sink) => relayed(options, runtime, interrupt, store, sink),
            None => {
                let sink = FileSink::open(path, options.tenant)?;
                relayed(options, runtime, interrupt, store, sink)
            }
        },
    }
}

/// Relays all there is, and goes on as it comes if that is asked for.
fn relayed(
    options: &Options,
    runtime: &Runtime,
    interrupt: &mut Interrupt,
    store: &impl Feed,
    sink: impl Sink,
) -> Result<(), Failure> {
    let file = options.cursor.as_deref().map(PlaceFile::new).transpose()?;
    let mut relay = runtime.block_on(Relay::begin(store, options, sink, file))?;
    if options.is_following {
        let interval = options.interval;
        tell("following", &format!("looks every {} ms; Ctrl-C ends it", interval.as_millis()));
    }
    loop {
        match runtime.block_on(relay.page()) {
            Ok(0) if !options.is_following => break,
            Ok(0) => interrupt.wait(options.interval),
            Ok(_) => {}
            // A database that restarts is no reason to end.
            Err(failure) if options.is_following && failure.is_transient() => {
                tell("warning", &format!("{}; goes on trying", sentence(&failure)));
                interrupt.wait(options.interval);
            }
            Err(failure) => return Err(failure),
        }
        if interrupt.is_asked() {
            if !options.is_following {
                let is_noted = options.cursor.is_some();
                return Err(Failure::Interrupted { delivered: relay.delivered(), is_noted });
            }
            break;
        }
    }
    tell("done", &relay.summary());
    Ok(())
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
}

/// Beside the entries, which may go to standard output.
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
