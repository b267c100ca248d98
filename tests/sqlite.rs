//! The SQLite store.

#[cfg(test)]
mod sqlite {
    mod base;
    mod basics;
    mod dropped;
    mod erasure;
    mod model;
    mod opening;
    mod together;
}
