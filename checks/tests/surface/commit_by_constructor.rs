use guanxi::customer::Change;
use guanxi::store::{Commit, Fingerprint};
use guanxi::{Customer, Rulebooks};

fn commit(customer: &Customer, change: &Change, books: &Rulebooks) {
    let _ = Commit::of(customer, change, Fingerprint::from_bytes([0; 32]), books);
}

fn main() {}
