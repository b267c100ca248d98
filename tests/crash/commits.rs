//! Kills under load.

use std::path::Path;
use std::time::Duration;

use super::base::{Folder, check_integrity, open};
use super::ledger::Ledger;
use super::operation::{LIVES_PER_TENANT, tenant_of};
use super::process::Errand;
use super::shop::{Dice, run};

/// How often a child is killed. A whole number of tenants.
const KILLS: u64 = 9 * LIVES_PER_TENANT;

/// How many kills pass before somebody looks: in between, one child goes on right where another was
/// killed.
const KILLS_UNSEEN: u64 = 3;

async fn examine(ledger: &mut Ledger, file: &Path) -> u64 {
    check_integrity(file).await;
    let mut crm = open(file, ledger.tenant()).await;
    let beyond = ledger.examine(&mut crm).await;
    crm.store().close().await;
    beyond
}

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn what_was_acknowledged_survives_every_kill_and_nothing_is_there_by_half() {
    let folder = Folder::new("commits");
    let file = folder.file("crm.db");
    let mut ledgers: Vec<Ledger> = Vec::new();
    let (mut acknowledged, mut beyond) = (0, 0);
    for life in 0..KILLS {
        if life % LIVES_PER_TENANT == 0 {
            ledgers.push(Ledger::new(tenant_of(life)));
        }
        let ledger = ledgers.last_mut().unwrap();
        // Now and then before anything was told: while the store is being opened.
        let mut dice = Dice::of(&[life]);
        let (words, moment) = (dice.below(30), Duration::from_micros(dice.below(4_000)));
        let child = Errand::Load { file: file.clone(), life }.start();
        acknowledged += ledger.hear(life, &child.kill(words, moment));
        if (life + 1) % KILLS_UNSEEN == 0 {
            beyond += run(examine(ledger, &file));
        }
    }
    // Later tenants have not hurt earlier ones.
    for ledger in &mut ledgers {
        assert_eq!(run(examine(ledger, &file)), 0);
    }
    println!(
        "{KILLS} kills; {acknowledged} entries acknowledged, all there; \
         {beyond} more that were committed and not acknowledged yet"
    );
    // Kills that all hit between two commits would prove little.
    assert!(acknowledged > KILLS && beyond > 0);
}
