//! A relay that is killed at any moment, and begun again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use super::base::{journals, open, order, run};
use super::program::{Folder, RELAY, Ran};
use super::received::check;

const KILLS: u32 = 60;

/// Records orders until it is told to stop. Gives how many.
fn write(folder: &Folder, stop: &Arc<AtomicBool>) -> thread::JoinHandle<u64> {
    let (file, stop) = (folder.path("crm.db"), Arc::clone(stop));
    thread::spawn(move || {
        run(async {
            let crm = open(&file).await;
            let mut nth = 0;
            while !stop.load(Ordering::Relaxed) {
                order(&crm, nth).await;
                nth += 1;
            }
            crm.store().close().await;
            nth
        })
    })
}

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn killed_at_any_moment_it_delivers_every_entry_and_those_of_a_customer_in_order() {
    let folder = Folder::new("killed");
    // So that there is a base when the first relay looks for it.
    super::base::fill(&folder.path("crm.db"), 0..0);
    let stop = Arc::new(AtomicBool::new(false));
    let writer = write(&folder, &stop);
    let arguments = [&RELAY[..], &["--follow", "--interval", "1", "--page", "3"]].concat();
    let mut ran_out = String::new();
    for kill in 0..KILLS {
        let mut child = folder.start(&arguments);
        // Nobody waits for anything here. It spreads the kills, so that they hit everything there is.
        sleep(Duration::from_millis(20 + u64::from(kill * 37 % 100)));
        child.kill().unwrap();
        let ended = Ran::of(child.wait_with_output().unwrap());
        assert_eq!(ended.code, None, "it ended by itself: {}", ended.err);
        ran_out.push_str(&ended.err);
    }
    stop.store(true, Ordering::Relaxed);
    let recorded = writer.join().unwrap();
    folder.relay();
    let again = check(&folder.read("out"), &journals(&folder.path("crm.db")));
    println!("{KILLS} kills; {recorded} entries recorded, all delivered; {again} delivered again");
    assert!(recorded > u64::from(KILLS), "the writer hardly wrote");
    // Kills that all hit between two pages would prove little.
    assert!(again > 0 && ran_out.contains("ahead of the cursor"), "{ran_out}");
}
