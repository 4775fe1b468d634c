//! Generated columns: the database computes them, and nobody writes them.

use orm::{Result, prelude::*};

#[derive(Model, Debug)]
#[orm(table = "line")]
struct Line {
    id: i64,
    price: i32,
    amount: i32,
    #[orm(generated = "price * amount")]
    total: i32,
}

#[orm::test(models(Line))]
async fn a_generated_column_is_read_back_and_never_written() -> Result<()> {
    let mut line = Line::objects().create().price(3).amount(4).await?;
    assert_eq!(line.total, 12);
    (line.amount, line.total) = (5, 77);
    line.save().await?;
    assert_eq!(line.total, 15);
    Line::objects().update(|l| l.price.set(10)).await?;
    assert_eq!(Line::objects().filter(|l| l.total.eq(50)).count().await?, 1);
    let lines = Line::objects().bulk_create([Line::draft().price(2).amount(2).build()]).await?;
    assert_eq!(lines[0].total, 4);

    let errors = [
        line.save_fields(|l| l.total).await.unwrap_err(),
        Line::objects().update(|l| l.total.set(1)).await.map(drop).unwrap_err(),
        Line::draft().price(1).amount(1).build().with(|l| l.total.set(1)).save().await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().contains("Line.total: the database generates it"), "{error}");
    }
    Ok(())
}
