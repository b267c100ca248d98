//! A server of a test's own.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use guanxi::store::postgres::sqlx::PgPool;
use guanxi::store::postgres::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::binaries::{self, User};

/// How long a server may take to start: it may have to recover.
const START_MAX: Duration = Duration::from_secs(30);

const LOOK_EVERY: Duration = Duration::from_millis(10);

/// How long a pool waits for a connection, on a machine that is busy with other things.
const ACQUIRE_MAX: Duration = Duration::from_secs(30);

/// Stopped and removed when it is dropped.
pub(super) struct Server {
    bin: &'static Path,
    folder: PathBuf,
    user: Option<User>,
    port: u16,
    settings: Vec<String>,
    process: Option<Child>,
}

impl Server {
    /// Starts a server for the test of this name; `None` if there are no programs for one.
    pub(super) fn start(test: &str) -> Option<Self> {
        let mut server = Self::make(test)?;
        server.start_again();
        Some(server)
    }

    /// Makes what a server needs, and leaves it to be [started](Self::start_again).
    pub(super) fn make(test: &str) -> Option<Self> {
        let server = Self::prepare(test)?;
        server.init(&[]);
        Some(server)
    }

    /// Makes a folder for a server, and leaves it to be [filled](Self::init).
    pub(super) fn prepare(test: &str) -> Option<Self> {
        let bin = binaries::folder()?;
        let name = format!("guanxi-faults-{}-{test}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        let is_root = folder.metadata().unwrap().uid() == 0;
        let user = is_root.then(User::other);
        let server =
            Self { bin, folder, user, port: free_port(), settings: Vec::new(), process: None };
        server.give(&server.folder);
        Some(server)
    }

    /// Makes an empty cluster.
    pub(super) fn init(&self, arguments: &[&str]) {
        let mut initdb = self.command("initdb");
        initdb.arg("-D").arg(self.data()).args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
        initdb.args(["--locale=C", "--no-sync"]).args(arguments);
        self.check(initdb);
    }

    /// A setting of the server, from its next start on.
    pub(super) fn set(&mut self, setting: &str) {
        self.settings.push(setting.to_owned());
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Makes a file or folder one of the server's own, for nobody else.
    pub(super) fn give(&self, path: &Path) {
        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        if let Some(User { user, group }) = self.user {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }

    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = match self.user {
            Some(user) => user.command(&program),
            None => Command::new(program),
        };
        // Whoever it runs as may not look into the folder that the test runs in.
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    fn check(&self, mut command: Command) {
        let done = command.output().unwrap();
        assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Starts the server and waits until it answers.
    pub(super) fn start_again(&mut self) {
        assert!(self.process.is_none(), "it runs already");
        let log = File::options().create(true).append(true).open(self.folder.join("log")).unwrap();
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(self.data()).arg("-p").arg(self.port.to_string());
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=on",
            "synchronous_commit=on",
            "max_connections=50",
            "shared_buffers=16MB",
        ];
        for setting in settings.into_iter().chain(self.settings.iter().map(String::as_str)) {
            postgres.args(["-c", setting]);
        }
        postgres.stdout(Stdio::null()).stderr(log);
        self.process = Some(postgres.spawn().unwrap());
        self.wait();
    }

    fn wait(&mut self) {
        let mut looks_left = START_MAX.as_millis() / LOOK_EVERY.as_millis();
        while !self.is_ready() {
            let ended = self.process.as_mut().and_then(|process| process.try_wait().unwrap());
            looks_left -= 1;
            if ended.is_some() || looks_left == 0 {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("the server does not start: {log}");
            }
            sleep(LOOK_EVERY);
        }
    }

    /// By the file that tells `pg_ctl` as well: who the server is comes first, and how it is last.
    fn is_ready(&self) -> bool {
        let told = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let id = self.process.as_ref().unwrap().id().to_string();
        told.lines().next() == Some(id.as_str())
            && told.lines().last().is_some_and(|status| status.trim() == "ready")
    }

    /// Stops the server as if it had crashed: nobody is waited for, nothing is written.
    pub(super) fn stop_at_once(&mut self) {
        self.check(self.stop());
        self.process.take().unwrap().wait().unwrap();
    }

    /// The same for a server that may have ended by itself.
    pub(super) fn stop_if_it_runs(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        // Of a server that has just ended it says that there is none.
        if !self.stop().output().is_ok_and(|done| done.status.success()) {
            let _ = process.kill();
        }
        let _ = process.wait();
    }

    fn stop(&self) -> Command {
        let mut stop = self.command("pg_ctl");
        stop.arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]);
        stop
    }

    #[cfg(feature = "postgres-tls")]
    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn options(&self) -> PgConnectOptions {
        let options = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(self.port);
        options.username("postgres").database("postgres")
    }

    /// A pool as a host has one.
    pub(super) fn pool(&self, connections_max: u32) -> PgPool {
        pool_of(self.options(), connections_max)
    }
}

pub(super) fn pool_of(options: PgConnectOptions, connections_max: u32) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(connections_max).test_before_acquire(false);
    pool.acquire_timeout(ACQUIRE_MAX).connect_lazy_with(options)
}

/// A pool that soon says so if there is no connection.
pub(super) fn hasty_pool(options: PgConnectOptions, connections_max: u32) -> PgPool {
    const ACQUIRE_MAX: Duration = Duration::from_millis(200);
    let pool = PgPoolOptions::new().max_connections(connections_max).test_before_acquire(false);
    pool.acquire_timeout(ACQUIRE_MAX).connect_lazy_with(options)
}

/// A port that nobody listens at now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_if_it_runs();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
