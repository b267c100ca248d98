use guanxi::CustomerId;
use guanxi::store::{CustomerChange, Expected, Index, StoredEntry};

fn change(id: CustomerId, entry: StoredEntry, index: Index) -> CustomerChange {
    CustomerChange {
        id,
        expected: Expected::Absent,
        entry,
        put: Vec::new(),
        removed: Vec::new(),
        claims_taken: Vec::new(),
        claims_released: Vec::new(),
        personal: false,
        index,
    }
}

fn main() {}
