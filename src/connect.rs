//! `orm::connect` and `Db::connect`.

use crate::{Config, Db, Error, Result};

/// Connects to PostgreSQL and makes the database the process default, which queries ask when nothing else is said.
///
/// One connection is made at once, so that a wrong address or password is an error here. Takes a URL
/// (`postgres://user:password@host:5432/database`, or `postgres:///database?host=/run/postgresql` for a unix socket) or
/// a [`Config`].
///
/// ```
/// use orm::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let test = orm::testing::TestDb::create().await?;
/// # let url = test.url();
/// #[derive(Model)]
/// struct Page {
///     id: i64,
/// }
/// let db = orm::connect(url).await?; // "postgres://user:password@localhost/site"
/// db.create_tables(orm::models![Page]).await?;
/// assert_eq!(Page::objects().count().await?, 0);
///
/// assert!(orm::connect(url).await.is_err(), "there is one default");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If the URL is wrong, the server is not there or refuses, or there is a default already: then use
/// [`Db::connect`](Connect::connect).
pub async fn connect<C>(config: C) -> Result<Db>
where
    C: TryInto<Config, Error: Into<Error>> + Send,
{
    let db = Db::connect(config).await?;
    db.make_default()?;
    Ok(db)
}

/// `Db::connect`, in scope by the prelude.
pub trait Connect: Sized {
    /// Connects to PostgreSQL without making the database the default: queries name it with `.using(&db)`, or run
    /// inside `db.scope(…)`.
    ///
    /// ```
    /// use orm::prelude::*;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let test = orm::testing::TestDb::create().await?;
    /// # let url = test.url();
    /// #[derive(Model)]
    /// struct Page {
    ///     id: i64,
    /// }
    /// let replica = Db::connect(url).await?; // "postgres://user:password@replica/site"
    /// replica.create_tables(orm::models![Page]).await?;
    /// assert_eq!(Page::objects().using(&replica).count().await?, 0);
    /// assert!(Page::objects().await.is_err(), "there is no default");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the URL is wrong, or the server is not there or refuses.
    fn connect<C>(config: C) -> impl Future<Output = Result<Self>> + Send
    where
        C: TryInto<Config, Error: Into<Error>> + Send;
}

impl Connect for Db {
    async fn connect<C>(config: C) -> Result<Self>
    where
        C: TryInto<Config, Error: Into<Error>> + Send,
    {
        let config = config.try_into().map_err(Into::into)?;
        orm_postgres::connect(config).await
    }
}
