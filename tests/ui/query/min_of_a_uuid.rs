use orm::prelude::*;

#[derive(Model)]
struct Task {
    id: i64,
    token: Uuid,
}

fn main() {
    let _ = Task::objects().aggregate(|t| t.token.min());
}
