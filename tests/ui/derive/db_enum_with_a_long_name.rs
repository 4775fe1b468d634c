use orm::prelude::*;

#[derive(DbEnum, Clone)]
enum Mood {
    #[orm(rename = "a_label_of_an_enum_in_postgresql_has_no_more_than_63_bytes_and_this_one_has")]
    Good,
}

fn main() {}
