//! A bar on standard error, on long work and for people only.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Below this many bytes of log, about 50,000 rows, nobody has to wait.
const LONG_BYTES: u64 = 1_500_000;

/// Whether there are bars at all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    shown: bool,
}

impl Progress {
    /// For work on a log of so many bytes.
    pub(crate) fn of_bytes(bytes: u64) -> Self {
        Self { shown: bytes >= LONG_BYTES && io::stderr().is_terminal() }
    }

    /// A bar of so many steps, which goes away when it is dropped.
    pub(crate) fn bar(self, what: &'static str, steps: usize) -> Bar {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        let target =
            if self.shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(steps), target).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg:>10} {wide_bar} {percent:>3} %") {
            bar.set_style(style);
        }
        Bar(bar)
    }
}

/// A bar that goes away when it is dropped.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// So many steps more.
    pub(crate) fn inc(&self, steps: u64) {
        self.0.inc(steps);
    }

    /// So many steps in all.
    pub(crate) fn set(&self, steps: u64) {
        self.0.set_position(steps);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
