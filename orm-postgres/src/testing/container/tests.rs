//! What can be told without a Docker daemon; the rest is in `tests/containers` of the workspace.

use super::docker::name_and_tag;

#[test]
fn the_colon_of_a_port_begins_no_tag() {
    assert_eq!(name_and_tag("postgres:17"), ("postgres", "17"));
    assert_eq!(name_and_tag("host:5000/postgres"), ("host:5000/postgres", "latest"));
    assert_eq!(name_and_tag("host:5000/postgres:17-alpine"), ("host:5000/postgres", "17-alpine"));
}
