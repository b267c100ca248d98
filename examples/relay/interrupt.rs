//! Ctrl-C, and being asked to end: after the page in hand is delivered and noted.

use std::process;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use tokio::runtime::Runtime;

/// The exit code of a program that was interrupted.
pub(crate) const EXIT: u8 = 130;

/// Whether the program was asked to end.
pub(crate) struct Interrupt {
    asked: Receiver<()>,
    is_asked: bool,
}

impl Interrupt {
    /// Listens from now on. Asked a second time the program ends wherever it is, which does no harm: it
    /// stands that as it stands being killed.
    pub(crate) fn watch(runtime: &Runtime) -> Self {
        let (tell, asked) = mpsc::channel();
        let mut signals = {
            let _inside = runtime.enter();
            Signals::new()
        };
        runtime.spawn(async move {
            signals.next().await;
            // Nobody listens any more once the program ends by itself.
            let _ = tell.send(());
            signals.next().await;
            process::exit(EXIT.into());
        });
        Self { asked, is_asked: false }
    }

    /// Whether to stop now.
    pub(crate) fn is_asked(&mut self) -> bool {
        self.is_asked |= self.asked.try_recv().is_ok();
        self.is_asked
    }

    /// Waits so long, or until the program is asked to end.
    pub(crate) fn wait(&mut self, at_most: Duration) {
        self.is_asked |= self.asked.recv_timeout(at_most).is_ok();
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
