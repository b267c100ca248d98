use guanxi::store::Commit;

fn emptied(commit: &mut Commit) {
    commit.changes.clear();
}

fn main() {}
