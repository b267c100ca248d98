//! The example `portfolio` from the outside: what it prints, writes and refuses.

#[cfg(test)]
mod portfolio {
    mod answers;
    mod program;
    mod refusals;
    mod report;
    mod rows;
    mod schema;
}
