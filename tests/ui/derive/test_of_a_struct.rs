#[orm::test]
struct Post;

fn main() {}
