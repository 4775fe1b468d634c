//! What models say of their columns beyond the type: digits, collations, comments, and what is for people.

use orm::{FieldType, Result, SqlType, prelude::*, testing::TestDb};

/// A number as it is on the wire, which is enough to store one and to read it back.
#[derive(Debug, Clone, PartialEq)]
struct Numeric(Vec<u8>);

impl FieldType for Numeric {
    const TYPE: SqlType = SqlType::Numeric;
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
    fn decode(bytes: &[u8]) -> Result<Self> {
        Ok(Numeric(bytes.to_vec()))
    }
}

#[derive(Model, Debug, Clone)]
struct Product {
    id: i64,
    #[orm(collation = "C", verbose_name = "product's name", help_text = "As on the package.")]
    name: String,
    #[orm(max_digits = 5, decimal_places = 2, comment = "in \"euros\", the buyer's")]
    price: Numeric,
    #[orm(editable = false)]
    sold: i32,
    #[orm(auto_now_add)]
    made_at: DateTime<Utc>,
    #[orm(auto_now, editable = true)]
    changed_at: DateTime<Utc>,
    #[orm(help_text = "What goes with it.")]
    goes_with: ManyToMany<Product>,
}

#[derive(Model, Debug, Clone)]
#[orm(table = "pg_description")]
struct Comment {
    #[orm(primary_key)]
    description: String,
}

/// `count` words of numbers below 10,000 with so many digits after the point.
fn numeric(words: &[i16], weight: i16, places: i16) -> Numeric {
    let head = [i16::try_from(words.len()).unwrap(), weight, 0, places];
    Numeric(head.iter().chain(words).flat_map(|word| word.to_be_bytes()).collect())
}

#[tokio::test]
async fn digits_collations_and_comments_are_those_of_the_column() {
    let test = TestDb::create().await.unwrap();
    let body = async {
        test.db().create_tables(orm::models![Product]).await?;
        let draft = |name: &str, price| Product::draft().name(name).price(price).sold(1).build();
        let price = numeric(&[12, 5000], 0, 2);
        let names = ["b", "a", "B", "ä", "A"].map(|name| draft(name, price.clone()));
        let made = Product::objects().bulk_create(names).await?;
        assert_eq!(made[0].price, price);
        let names = Product::objects().order_by(|p| p.name).values(|p| p.name).await?;
        assert_eq!(names, ["A", "B", "a", "b", "ä"]);
        let large = Product::objects().update(|p| p.price.set(numeric(&[1234], 0, 0))).await.unwrap_err();
        assert_eq!(large.code(), Some("22003"), "{large}");
        let comment = Comment::objects().filter(|c| c.description.endswith(", the buyer's"));
        assert_eq!(comment.values(|c| c.description).await?, ["in \"euros\", the buyer's"]);
        Ok::<_, orm::Error>(())
    };
    test.db().scope(body).await.unwrap();
}

#[test]
fn what_is_made_for_people_is_not_theirs_to_edit_unless_it_is_said() {
    let meta = Product::meta();
    let editable = meta.fields.iter().filter(|field| field.editable).map(|field| field.name);
    assert_eq!(editable.collect::<Vec<_>>(), ["name", "price", "changed_at", "goes_with"]);
    let name = &meta.fields[1];
    assert_eq!((name.verbose_name, name.help_text), (Some("product's name"), Some("As on the package.")));
    assert_eq!((meta.fields[2].verbose_name, meta.fields[6].help_text), (None, Some("What goes with it.")));
}
