//! Serves the blog until Ctrl-C or SIGTERM.
//!
//! `cargo run -p blog` needs no database: it starts one of its own. `DATABASE_URL` names another, `ADDRESS` where to
//! listen. `RUST_LOG=orm=debug` shows each statement.
#![allow(clippy::print_stdout, reason = "it says what to try")]

use blog::{
    App, demo, models,
    serve::{serve, stop_signal},
};
use std::{env, error::Error, time::Duration};
use tokio::{net::TcpListener, sync::mpsc};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt::init();
    let url = orm::testing::database_url("blog").await?;
    let db = orm::connect(url).await?; // the default: no view needs a handle
    db.create_tables(models::all()).await?;
    demo::fill().await?;

    let [weather, quotes] = demo::services().await?;
    let (receipts, mut sold) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(purchase) = sold.recv().await {
            tracing::info!(purchase, "a receipt would be sent");
        }
    });

    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:8000".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("{}", to_try(&format!("http://{}", listener.local_addr()?)));
    let router = blog::router(App { weather, quotes, receipts });
    serve(listener, router, stop_signal()?, Duration::from_secs(20)).await?;
    db.close(Duration::from_secs(5)).await?;
    println!("stopped");
    Ok(())
}

fn to_try(at: &str) -> String {
    format!(
        r#"The blog is at {at}; Ctrl-C stops it. Try:

  a function view: the database and two services at once
    curl {at}/
  class-based views: a list, a post with its comments, a new post, and one whose name is taken
    curl '{at}/posts?search=a&ordering=-comments&limit=2'
    curl {at}/posts/1
    curl {at}/posts --json '{{"slug": "hello", "title": "Hello", "author": 1}}'
    curl {at}/posts --json '{{"slug": "moths", "title": "Again", "author": 1}}'
  a view set: comments of a post, a change, a mistake, and a method that is not there
    curl '{at}/comments?post=3'
    curl -X PATCH {at}/comments/1 --json '{{"text": "Show me."}}'
    curl {at}/comments --json '{{"text": 7, "post": 1}}'
    curl -i -X DELETE {at}/books/1
  a transaction: until the copies or the money are gone
    curl {at}/books/1/buy --json '{{"buyer": 2}}'
"#
    )
}
