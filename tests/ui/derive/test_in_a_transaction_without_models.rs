#[orm::test(transaction)]
async fn nothing_yet() {}

fn main() {}
