use orm::prelude::*;

#[derive(Model)]
struct Task {
    id: i64,
    done: bool,
}

fn main() {
    let _ = Task::objects().aggregate(|t| t.done.max());
}
