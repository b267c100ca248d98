use guanxi::store::Commit;

fn main() {
    let _: Commit = serde_json::from_str("{}").unwrap();
}
