//! The example `portfolio` from the outside: what it prints, writes and refuses.

#[cfg(test)]
mod portfolio {
    mod again;
    mod answers;
    #[cfg(unix)]
    mod crash;
    mod database;
    mod explain;
    mod judged;
    mod kept;
    mod outputs;
    mod policy;
    mod program;
    mod refusals;
    mod report;
    mod rows;
    mod schema;
}
