use guanxi::CommandId;
use guanxi::store::{Commit, Fingerprint};

fn main() {
    let _ = Commit {
        command_id: CommandId::derive("orders", "1"),
        fingerprint: Fingerprint::from_bytes([0; 32]),
        builds_on: None,
        changes: Vec::new(),
    };
}
