//! Many-to-many relations in texts.

use super::{Band, Song, all, bands, songs};
use orm::{Result, prelude::*};

#[orm::test(models = all(), transaction)]
async fn a_text_goes_through_pairs_as_a_path_does() -> Result<()> {
    songs().await?;
    let same = async |name: &str, value: &str, typed: QuerySet<Song>, ids: &[i64]| {
        let text = Song::objects().filter_str(name, value)?;
        assert_eq!(text.to_sql(), typed.to_sql(), "{name}");
        assert_eq!(text.values(|s| s.id).await?, ids, "{name}");
        Ok::<_, orm::Error>(())
    };
    same("genres__age__gt", "65", Song::objects().filter(|s| s.genres.age.gt(65)), &[1, 4]).await?;
    same("genres", "jazz", Song::objects().filter(|s| s.genres.eq("jazz")), &[1, 4]).await?;
    same("genres__in", "rock,folk", Song::objects().filter(|s| s.genres.in_(["rock", "folk"])), &[4]).await?;
    same("genres__isnull", "1", Song::objects().filter(|s| s.genres.is_null()), &[3]).await?;
    same(
        "genres__songs__title",
        "red",
        Song::objects().filter(|s| s.genres.songs.title.eq("red")),
        &[1, 2, 4],
    )
    .await?;
    bands().await?;
    let bands = Band::objects().filter_str("members__name", "bob")?.values(|b| b.id).await?;
    assert_eq!(bands, [1]);
    Ok(())
}
