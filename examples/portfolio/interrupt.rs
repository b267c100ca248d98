//! Ctrl-C, and being asked to end: at once where nothing is at stake, else after the running batch.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use guanxi::explain::Language;
use tokio::runtime::Runtime;

use crate::options::Options;
use crate::report::{again, pick};
use crate::tell;

/// The exit code of a program that was interrupted.
pub(crate) const EXIT: u8 = 130;

/// Where the program is.
mod phase {
    /// Nothing has been imported.
    pub(super) const BEFORE: u8 = 0;
    /// A batch may be on its way.
    pub(super) const DURING: u8 = 1;
    /// The same, and whoever runs it wants it to end.
    pub(super) const ENDING: u8 = 2;
    /// Everything is imported.
    pub(super) const AFTER: u8 = 3;
}

/// Whether the program was asked to end.
pub(crate) struct Interrupt {
    phase: Arc<AtomicU8>,
}

impl Interrupt {
    /// Listens from now on. Before and after the import the program ends at once; during it the first
    /// time [is asked for](Self::is_asked), and the second ends it wherever it is: the database stands
    /// that as it stands any crash.
    pub(crate) fn watch(runtime: &Runtime, options: &Options) -> Self {
        let phase = Arc::new(AtomicU8::new(phase::BEFORE));
        let seen = Arc::clone(&phase);
        let (language, again) = (options.language, again(options, options.language));
        let mut asked = {
            let _inside = runtime.enter();
            Signals::new()
        };
        runtime.spawn(async move {
            loop {
                asked.next().await;
                let (during, ending) = (phase::DURING, phase::ENDING);
                let asked =
                    seen.compare_exchange(during, ending, Ordering::SeqCst, Ordering::SeqCst);
                if let Err(found) = asked {
                    tell(
                        pick(language, "interrupted", "已中断"),
                        &at_once(found, language, &again),
                    );
                    process::exit(EXIT.into());
                }
            }
        });
        Self { phase }
    }

    /// From here on something is at stake.
    pub(crate) fn begin(&self) {
        self.phase.store(phase::DURING, Ordering::SeqCst);
    }

    /// Whether to stop at the next opportunity.
    pub(crate) fn is_asked(&self) -> bool {
        self.phase.load(Ordering::SeqCst) == phase::ENDING
    }

    /// Everything is imported, unless the answer is that somebody asked to end until then.
    pub(crate) fn end(&self) -> bool {
        let (during, after) = (phase::DURING, phase::AFTER);
        self.phase.compare_exchange(during, after, Ordering::SeqCst, Ordering::SeqCst).is_err()
    }
}

fn at_once(found: u8, language: Language, again: &str) -> String {
    match found {
        phase::BEFORE => pick(language, "nothing was imported", "尚未导入任何数据").to_owned(),
        phase::AFTER => pick(
            language,
            "everything is imported, and the same command shows the report",
            "数据已全部导入；再次运行同一命令即可查看报告",
        )
        .to_owned(),
        _ => pick(
            language,
            format!("what was imported until now stays, and {again} goes on from there"),
            format!("已导入的数据保留；再次运行{again}即可继续"),
        ),
    }
}

/// What the system sends to end a program.
#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    /// One that cannot be listened to ends the program as it always does.
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        Self(kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect())
    }

    async fn next(&mut self) {
        std::future::poll_fn(|context| {
            let mut signals = self.0.iter_mut();
            let any = signals.any(|signal| signal.poll_recv(context).is_ready());
            if any { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }
}

/// What the system sends to end a program.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    const fn new() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
