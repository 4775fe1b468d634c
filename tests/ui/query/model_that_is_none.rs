use orm::prelude::*;

struct Plain;

fn main() {
    let _ = Plain::objects();
}
