//! The example `portfolio` from the outside: what it prints, writes and refuses.

#[cfg(test)]
mod portfolio {
    mod again;
    mod answers;
    #[cfg(unix)]
    mod crash;
    mod database;
    mod kept;
    mod program;
    mod refusals;
    mod report;
    mod rows;
    mod schema;
}
