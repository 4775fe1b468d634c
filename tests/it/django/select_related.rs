//! After `select_related`: the tree of life, from domains down to species.

use orm::{FetchMode, Result, prelude::*, testing::count_queries};

macro_rules! ranks { ($($name:ident in $parent:ident: $field:ident;)*) => {$(
    #[derive(Model, Debug, Clone, PartialEq)]
    struct $name {
        id: i64,
        name: String,
        $field: ForeignKey<$parent>,
    }
)*}}

#[derive(Model, Debug, Clone, PartialEq)]
struct Domain {
    id: i64,
    name: String,
}

ranks! {
    Kingdom in Domain: domain;
    Phylum in Kingdom: kingdom;
    Klass in Phylum: phylum;
    Order in Klass: klass;
    Family in Order: order;
    Genus in Family: family;
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Species {
    id: i64,
    name: String,
    genus: ForeignKey<Genus>,
    #[orm(via = "parent_1")]
    first_of: HasMany<Hybrid>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Hybrid {
    id: i64,
    name: String,
    parent_1: ForeignKey<Species>,
    parent_2: ForeignKey<Species>,
}

fn all() -> [&'static orm::types::ModelMeta; 9] {
    orm::models![Domain, Kingdom, Phylum, Klass, Order, Family, Genus, Species, Hybrid]
}

async fn world() -> Result<()> {
    let (domain, _) =
        Domain::objects().get_or_create(|d| d.name.eq("Eukaryota"), |new| new.name("Eukaryota")).await?;
    let lines = [
        ["Animalia", "Anthropoda", "Insecta", "Diptera", "Drosophilidae", "Drosophila", "melanogaster"],
        ["Animalia", "Chordata", "Mammalia", "Primates", "Hominidae", "Homo", "sapiens"],
        ["Plantae", "Magnoliophyta", "Magnoliopsida", "Fabales", "Fabaceae", "Pisum", "sativum"],
        ["Fungi", "Basidiomycota", "Homobasidiomycatae", "Agaricales", "Amanitacae", "Amanita", "muscaria"],
    ];
    for [kingdom, phylum, klass, order, family, genus, species] in lines {
        let new = |new: <Kingdom as Model>::New| new.name(kingdom).domain(&domain);
        let (kingdom, _) = Kingdom::objects().get_or_create(|k| k.name.eq(kingdom), new).await?;
        let phylum = Phylum::objects().create().name(phylum).kingdom(&kingdom).await?;
        let klass = Klass::objects().create().name(klass).phylum(&phylum).await?;
        let order = Order::objects().create().name(order).klass(&klass).await?;
        let family = Family::objects().create().name(family).order(&order).await?;
        let genus = Genus::objects().create().name(genus).family(&family).await?;
        Species::objects().create().name(species).genus(&genus).await?;
    }
    Ok(())
}

/// `select_related.SelectRelatedTests.test_access_fks_without_select_related`
#[orm::test(models = all(), fixture = world)]
async fn each_step_that_is_not_loaded_is_a_query() -> Result<()> {
    let (domain, queries) = count_queries(async {
        let fly = Species::objects().filter(|s| s.name.eq("melanogaster")).one().await?;
        let family = fly.genus.fetch().await?.family.fetch().await?;
        let phylum = family.order.fetch().await?.klass.fetch().await?.phylum.fetch().await?;
        phylum.kingdom.fetch().await?.domain.fetch().await
    })
    .await;
    assert_eq!((domain?.name.as_str(), queries == 8), ("Eukaryota", true));
    Ok(())
}

/// `select_related.SelectRelatedTests.test_access_fks_with_select_related`
#[orm::test(models = all(), fixture = world)]
async fn a_path_of_seven_steps_is_loaded_by_one_query() -> Result<()> {
    let species = Species::objects().select_related(|s| s.genus.family.order.klass.phylum.kingdom.domain);
    let (person, queries) = count_queries(species.filter(|s| s.name.eq("sapiens")).one()).await;
    let person = person?;
    let phylum = person.genus.get()?.family.get()?.order.get()?.klass.get()?.phylum.get()?;
    assert_eq!(phylum.kingdom.get()?.domain.get()?.name, "Eukaryota");
    assert_eq!(queries, 1);
    Ok(())
}

/// `select_related.SelectRelatedTests.test_list_without_select_related`, and its fetch modes of Django 6.1
#[orm::test(models = all(), fixture = world)]
async fn a_list_asks_row_by_row_or_for_all_peers_at_once() -> Result<()> {
    let families = async |mode| {
        let mut names = Vec::new();
        for species in Species::objects().fetch_mode(mode).await? {
            names.push(species.genus.fetch().await?.family.fetch().await?.name);
        }
        names.sort();
        Ok::<_, orm::Error>(names)
    };
    let wanted = ["Amanitacae", "Drosophilidae", "Fabaceae", "Hominidae"];
    let (names, queries) = count_queries(families(FetchMode::One)).await;
    assert_eq!((names?, queries == 9), (wanted.map(str::to_owned).to_vec(), true));
    let (names, queries) = count_queries(families(FetchMode::Peers)).await;
    assert_eq!((names?, queries == 6), (wanted.map(str::to_owned).to_vec(), true), "the genera are no peers");
    Ok(())
}

/// `select_related.SelectRelatedTests.test_list_with_depth`, `test_certain_fields`, `test_more_certain_fields`
#[orm::test(models = all(), fixture = world)]
async fn what_lies_beyond_the_path_is_not_loaded() -> Result<()> {
    let (species, queries) = count_queries(Species::objects().select_related(|s| s.genus.family)).await;
    let species = species?;
    let mut families =
        species.iter().map(|s| Ok(&*s.genus.get()?.family.get()?.name)).collect::<Result<Vec<_>>>()?;
    families.sort_unstable();
    assert_eq!(
        (families, queries == 1),
        (vec!["Amanitacae", "Drosophilidae", "Fabaceae", "Hominidae"], true)
    );
    let error = species[0].genus.get()?.family.get()?.order.get().unwrap_err();
    assert!(error.is_not_loaded());
    let amanita =
        Species::objects().filter(|s| s.genus.name.eq("Amanita")).select_related(|s| s.genus.family);
    let (order, queries) =
        count_queries(async { amanita.one().await?.genus.get()?.family.get()?.order.fetch().await }).await;
    assert_eq!((order?.name.as_str(), queries == 2), ("Agaricales", true));
    Ok(())
}

/// `select_related.SelectRelatedTests.test_field_traversal`
#[orm::test(models = all(), fixture = world)]
async fn it_is_loaded_with_the_first_of_an_order_too() -> Result<()> {
    let first = Species::objects().select_related(|s| s.genus.family.order).order_by(|s| s.id).first();
    let (first, queries) = count_queries(first).await;
    let first = first?.expect("a species");
    assert_eq!((&*first.genus.get()?.family.get()?.order.get()?.name, queries == 1), ("Diptera", true));
    Ok(())
}

/// `select_related.SelectRelatedTests.test_none_clears_list`, `test_chaining`
#[orm::test(models = all(), fixture = world)]
async fn calls_add_up_and_nothing_takes_them_back() -> Result<()> {
    let all = Species::objects().order_by(|s| s.id);
    assert_eq!(all.clone().select_related(|s| s.genus).select_related(|_| ()).to_sql(), all.clone().to_sql());
    let parents = all.limit(2).await?;
    Hybrid::objects().create().name("hybrid").parent_1(&parents[0]).parent_2(&parents[1]).await?;
    let hybrid = Hybrid::objects().select_related(|h| h.parent_1).select_related(|h| h.parent_2).one();
    let (hybrid, queries) = count_queries(hybrid).await;
    let hybrid = hybrid?;
    assert_eq!((hybrid.parent_1.get()?, hybrid.parent_2.get()?), (&parents[0], &parents[1]));
    assert_eq!(queries, 1);
    Ok(())
}

/// `select_related.SelectRelatedTests.test_reverse_relation_caching`
#[orm::test(models = all(), fixture = world)]
async fn a_loaded_row_does_not_load_what_leads_back_to_it() -> Result<()> {
    let parents = Species::objects().order_by(|s| s.id).limit(2).await?;
    Hybrid::objects().create().name("hybrid").parent_1(&parents[0]).parent_2(&parents[1]).await?;
    let hybrid = Hybrid::objects().select_related(|h| h.parent_1).one().await?;
    let parent = hybrid.parent_1.get()?;
    assert!(parent.first_of.get().unwrap_err().is_not_loaded());
    let (back, queries) = count_queries(parent.first_of.query().one()).await;
    assert_eq!((back?.name.as_str(), queries == 1), ("hybrid", true));
    Ok(())
}
