#[orm::test(fixture = seed())]
async fn nothing_yet() {}

fn main() {}
