#[orm::test]
fn nothing_yet() {}

fn main() {}
