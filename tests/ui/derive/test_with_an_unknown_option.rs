#[orm::test(modles(Post))]
async fn nothing_yet() {}

fn main() {}
