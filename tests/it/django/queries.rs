//! After `queries`: conditions on relations to many rows, negated and joined.

use crate::models::{Company, Post, User, all as blog};
use orm::{Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Tag {
    id: i64,
    name: String,
    parent: Option<ForeignKey<Tag>>,
    #[orm(via = "parent")]
    children: HasMany<Tag>,
    #[orm(via = "tags")]
    items: ManyToMany<Item>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Author {
    id: i64,
    name: String,
    items: HasMany<Item>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Item {
    id: i64,
    name: String,
    creator: ForeignKey<Author>,
    tags: ManyToMany<Tag>,
}

fn all() -> [&'static orm::types::ModelMeta; 3] {
    orm::models![Tag, Author, Item]
}

/// Items: 1 one (tags 1, 2; by 1), 2 two (1, 3; by 2), 3 three (none; by 2), 4 four (4; by 4). Tags 2 and 3 are below 1, and
/// 4 and 5 below 3. Nobody made an item with tag 5, and author 3 made none.
async fn world() -> Result<()> {
    let tags = [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(3)), (5, Some(3))];
    let tags = tags.map(|(id, parent)| {
        Tag::draft().id(id).name(format!("t{id}")).parent(parent.map(ForeignKey::to)).build()
    });
    let tags = Tag::objects().bulk_create(tags).await?;
    let authors = [1, 2, 3, 4].map(|id| Author::draft().id(id).name(format!("a{id}")).build());
    Author::objects().bulk_create(authors).await?;
    let items = [(1, "one", 1), (2, "two", 2), (3, "three", 2), (4, "four", 4)];
    let items = items.map(|(id, name, creator)| Item::draft().id(id).name(name).creator(creator).build());
    let items = Item::objects().bulk_create(items).await?;
    items[0].tags.add([&tags[0], &tags[1]]).await?;
    items[1].tags.add([&tags[0], &tags[2]]).await?;
    items[3].tags.add([&tags[3]]).await?;
    Ok(())
}

async fn items(query: QuerySet<Item>) -> Result<Vec<i64>> {
    query.order_by(|i| i.id).values(|i| i.id).await
}

async fn authors(query: QuerySet<Author>) -> Result<Vec<i64>> {
    query.order_by(|a| a.id).values(|a| a.id).await
}

/// `queries.Queries1Tests.test_ticket4464`: two calls of `filter` speak of any row each
#[orm::test(models = all(), fixture = world)]
async fn two_filters_may_be_met_by_two_rows() -> Result<()> {
    let both = Item::objects().filter(|i| i.tags.eq(1)).filter(|i| i.tags.eq(2));
    assert_eq!(items(both).await?, [1]);
    assert_eq!(items(Item::objects().filter(|i| i.tags.in_([1, 2]))).await?, [1, 2]);
    let third = Item::objects().filter(|i| i.tags.in_([1, 2])).filter(|i| i.tags.eq(3));
    assert_eq!(items(third).await?, [2]);
    Ok(())
}

/// `queries.Queries1Tests.test_tickets_2080_3592`, `test_ticket1801`: one call speaks of one row
#[orm::test(models = all(), fixture = world)]
async fn one_filter_is_met_by_one_row() -> Result<()> {
    assert_eq!(items(Item::objects().filter(|i| i.tags.eq(1) & i.tags.eq(2))).await?, Vec::<i64>::new());
    assert_eq!(items(Item::objects().filter(|i| i.tags.eq(1) | i.tags.eq(4))).await?, [1, 2, 4]);
    Ok(())
}

/// `queries.Queries1Tests.test_tickets_5324_6704`: to exclude by a relation to many leaves those without it, too
#[orm::test(models = all(), fixture = world)]
async fn exclude_by_a_relation_to_many() -> Result<()> {
    assert_eq!(items(Item::objects().filter(|i| i.tags.name.eq("t4"))).await?, [4]);
    assert_eq!(items(Item::objects().exclude(|i| i.tags.name.eq("t4"))).await?, [1, 2, 3]);
    assert_eq!(authors(Author::objects().exclude(|a| a.items.name.eq("one"))).await?, [2, 3, 4]);
    assert_eq!(items(Item::objects().exclude(|i| i.tags.name.eq("t1"))).await?, [3, 4]);
    let neither = Item::objects().exclude(|i| i.tags.name.eq("t1")).exclude(|i| i.tags.name.eq("t4"));
    assert_eq!(items(neither).await?, [3]);
    Ok(())
}

/// `queries.Queries1Tests.test_exclude`: `exclude(x)` is `filter(!x)`
#[orm::test(models = all(), fixture = world)]
async fn exclude_is_filter_of_the_opposite() -> Result<()> {
    let (a, b) = (
        Item::objects().exclude(|i| i.tags.name.eq("t4") | i.tags.name.eq("t3")),
        Item::objects().filter(|i| !(i.tags.name.eq("t4") | i.tags.name.eq("t3"))),
    );
    assert_eq!((items(a).await?, items(b).await?), (vec![1, 3], vec![1, 3]));
    let (a, b) = (
        Item::objects().exclude(|i| i.tags.name.eq("t4") | !i.tags.name.eq("t3")),
        Item::objects().filter(|i| !(i.tags.name.eq("t4") | !i.tags.name.eq("t3"))),
    );
    assert_eq!((items(a).await?, items(b).await?), (vec![2], vec![2]));
    Ok(())
}

/// `queries.Queries1Tests.test_double_exclude`, `test_exclude_in`
#[orm::test(models = all(), fixture = world)]
async fn twice_negated_is_not_negated() -> Result<()> {
    assert_eq!(items(Item::objects().filter(|i| !!i.tags.name.eq("t4"))).await?, [4]);
    assert_eq!(items(Item::objects().exclude(|i| !i.tags.name.eq("t4"))).await?, [4]);
    assert_eq!(items(Item::objects().exclude(|i| i.tags.name.in_(["t4", "t3"]))).await?, [1, 3]);
    assert_eq!(items(Item::objects().filter(|i| !!i.tags.name.in_(["t4", "t3"]))).await?, [2, 4]);
    Ok(())
}

/// `queries.Queries1Tests.test_ticket2400`, `test_ticket1050`: nothing on the other side
#[orm::test(models = all(), fixture = world)]
async fn a_relation_to_many_can_be_asked_whether_it_is_empty() -> Result<()> {
    assert_eq!(authors(Author::objects().filter(|a| a.items.is_null())).await?, [3]);
    assert_eq!(items(Item::objects().filter(|i| i.tags.is_null())).await?, [3]);
    assert_eq!(Tag::objects().filter(|t| t.items.is_null()).values(|t| t.id).await?, [5]);
    assert_eq!(authors(Author::objects().exclude(|a| a.items.is_null())).await?, [1, 2, 4]);
    Ok(())
}

/// `queries.Queries1Tests.test_ticket3037`, `test_ticket2091`: each arm of an OR has its own conditions
#[orm::test(models = all(), fixture = world)]
async fn arms_of_an_or_keep_apart() -> Result<()> {
    let either = Item::objects()
        .filter(|i| i.creator.name.eq("a3") & i.name.eq("two") | i.creator.name.eq("a4") & i.name.eq("four"));
    assert_eq!(items(either).await?, [4]);
    let tag = Tag::objects().filter(|t| t.name.eq("t4")).one().await?;
    assert_eq!(items(Item::objects().filter(|i| i.tags.eq(&tag))).await?, [4]);
    Ok(())
}

/// `queries.Queries1Tests.test_ticket6981`, `test_tickets_7448_7707`: a key that may be NULL loses no row
#[orm::test(models = all(), fixture = world)]
async fn joining_a_nullable_key_loses_no_row() -> Result<()> {
    let tags =
        Tag::objects().order_by(|t| (t.parent.name.asc(), t.name.asc())).values(|t| (t.name, t.parent.name));
    let names: Vec<_> = tags.await?.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["t2", "t3", "t4", "t5", "t1"]);
    let roots = Tag::objects().filter(|t| !t.parent.name.eq("t1")).order_by(|t| t.id).values(|t| t.id);
    assert_eq!(roots.await?, [1, 4, 5]);
    Ok(())
}

/// `queries.Queries4Tests.test_ticket10181`, `queries.Queries6Tests.test_parallel_iterators` over trees
#[orm::test(models = all(), fixture = world)]
async fn a_tree_is_walked_up_and_down() -> Result<()> {
    let below = Tag::objects().filter(|t| t.parent.parent.name.eq("t1")).order_by(|t| t.id).values(|t| t.id);
    assert_eq!(below.await?, [4, 5]);
    let above = Tag::objects().filter(|t| t.children.children.eq(5)).values(|t| t.id);
    assert_eq!(above.await?, [1]);
    let alone = Tag::objects().exclude(|t| t.children.exists()).order_by(|t| t.id).values(|t| t.id);
    assert_eq!(alone.await?, [2, 4, 5]);
    Ok(())
}

/// `queries.NullInExcludeTest.test_null_in_exclude_qs`: NULL in a list of a subquery does not empty the result
#[orm::test(models = blog(), transaction)]
async fn null_in_a_subquery_excludes_nothing() -> Result<()> {
    User::objects().create().id(1).username("i1").email(Some("i1".into())).await?;
    User::objects().create().id(2).username("i2").await?;
    let ids = async |query: QuerySet<User>| query.order_by(|u| u.id).values(|u| u.id).await;
    assert_eq!(ids(User::objects().exclude(|u| u.email.in_(["i1"]))).await?, [2]);
    assert_eq!(ids(User::objects().exclude(|u| u.email.in_(["i3"]))).await?, [1, 2]);
    let emails = User::objects().values(|u| u.email);
    assert_eq!(ids(User::objects().exclude(|u| u.username.in_(emails.clone()))).await?, [2]);
    assert_eq!(ids(User::objects().filter(|u| !u.email.in_(emails))).await?, [2]);
    Ok(())
}

/// Orders with items, each with a status.
#[derive(Model, Debug, Clone, PartialEq)]
struct Order {
    id: i64,
    items: HasMany<OrderItem>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct OrderItem {
    id: i64,
    order: ForeignKey<Order>,
    status: i32,
}

async fn orders() -> Result<()> {
    for (order, states) in [(1, [1, 1, 1]), (2, [1, 2, 3]), (3, [2, 3, 4])] {
        Order::objects().create().id(order).await?;
        OrderItem::objects()
            .bulk_create(states.map(|status| OrderItem::draft().order(order).status(status).build()))
            .await?;
    }
    Ok(())
}

/// `queries.Exclude17600Tests`, of which Django expects two to fail: orders all of whose items have one status
#[orm::test(models(Order, OrderItem), fixture = orders)]
async fn any_none_and_all_of_the_related_rows() -> Result<()> {
    let ids = async |query: QuerySet<Order>| query.order_by(|o| o.id).values(|o| o.id).await;
    assert_eq!(ids(Order::objects().exclude(|o| o.items.status.eq(1))).await?, [3]);
    assert_eq!(ids(Order::objects().filter(|o| !o.items.status.eq(1))).await?, [3]);
    assert_eq!(ids(Order::objects().filter(|o| o.items.all(|i| i.status.eq(1)))).await?, [1]);
    assert_eq!(ids(Order::objects().exclude(|o| o.items.any(|i| !i.status.eq(1)))).await?, [1]);
    assert_eq!(ids(Order::objects().exclude(|o| !o.items.status.eq(1))).await?, [1, 2]);
    Ok(())
}

/// `queries.QuerysetOrderedTests`, `queries.QuerySetExceptionTests`, `ordering`: the end of an order, and a part of it
#[orm::test(models = all(), fixture = world)]
async fn a_part_of_an_order_is_read_from_any_end() -> Result<()> {
    let items = || Item::objects().order_by(|i| i.name);
    let names = async |query: QuerySet<Item>| query.values(|i| i.name).await;
    assert_eq!(names(items()).await?, ["four", "one", "three", "two"]);
    assert_eq!(names(items().reverse()).await?, ["two", "three", "one", "four"]);
    assert_eq!(names(items().offset(1).limit(2)).await?, ["one", "three"]);
    assert_eq!(names(items().limit(0)).await?, Vec::<String>::new());
    assert_eq!(items().limit(2).count().await?, 2);
    assert_eq!(items().offset(3).count().await?, 1);
    assert_eq!(items().first().await?.unwrap().name, "four");
    assert_eq!(items().last().await?.unwrap().name, "two");
    Ok(())
}

/// `queries.RelatedLookupTypeTests`, `queries.Queries4Tests.test_related_filter`: conditions across two keys
#[orm::test(models = blog(), transaction)]
async fn conditions_across_two_keys() -> Result<()> {
    Company::objects().create().id(1).name("acme").await?;
    User::objects().create().id(1).username("ann").company(Some(ForeignKey::to(1))).await?;
    User::objects().create().id(2).username("bob").await?;
    Post::objects().create().id(1).title("x").author(1).await?;
    Post::objects().create().id(2).title("y").author(2).editor(Some(ForeignKey::to(1))).await?;
    let ids = async |query: QuerySet<Post>| query.order_by(|p| p.id).values(|p| p.id).await;
    assert_eq!(ids(Post::objects().filter(|p| p.author.company.name.eq("acme"))).await?, [1]);
    assert_eq!(ids(Post::objects().exclude(|p| p.author.company.name.eq("acme"))).await?, [2]);
    assert_eq!(ids(Post::objects().filter(|p| p.editor.company.name.ne("acme"))).await?, [1]);
    assert_eq!(
        ids(Post::objects().filter(|p| p.author.company.is_null() | p.editor.is_null())).await?,
        [1, 2]
    );
    Ok(())
}
