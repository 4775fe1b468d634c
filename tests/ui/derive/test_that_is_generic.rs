#[orm::test]
async fn nothing_yet<T>() {}

fn main() {}
