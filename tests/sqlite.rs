//! The SQLite store.

#[cfg(test)]
mod sqlite {
    mod base;
    mod basics;
    mod erasure;
    mod model;
}
