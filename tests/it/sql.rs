//! What queries become.

use orm::prelude::*;
include!("../doc/models.rs");

#[test]
fn x() {
    println!("{}", Post::objects().all().to_sql());
    println!(
        "{}",
        Post::objects()
            .filter(|p| p.title.icontains("rust") & p.author.username.eq("alice"))
            .exclude(|p| p.published_at.is_null())
            .order_by(|p| (p.views.desc(), p.id.asc()))
            .limit(20)
            .to_sql()
    );
    println!("{}", Post::objects().get(7).to_sql());
    println!(
        "{}",
        Post::objects().aggregate(|p| (p.id.count(), p.views.max(), p.views.sum().or(0))).to_sql()
    );
    println!(
        "{}",
        User::objects()
            .filter(|u| Post::objects().filter(|p| p.author.eq(u.id) & p.views.gt(100)).exists())
            .to_sql()
    );
    println!("{}", User::objects().filter(|u| u.posts.views.gt(3) & u.posts.title.eq("x")).to_sql());
    println!("{}", User::objects().filter(|u| u.posts.views.gt(3) | u.posts.title.eq("x")).to_sql());
    println!("{}", User::objects().exclude(|u| u.posts.views.gt(3) & u.posts.editor.email.eq("x")).to_sql());
    println!("{}", User::objects().filter(|u| u.posts.any(|p| p.views.gt(3) & p.author.eq(u.id))).to_sql());
    println!(
        "{}",
        User::objects().filter(|u| u.posts.count().gt(3)).order_by(|u| u.posts.views.sum().desc()).to_sql()
    );
    println!(
        "{}",
        Post::objects()
            .filter(|p| p.editor.email.eq("x")
                | !p.editor.eq(1)
                | p.editor.email.ne("x")
                | p.views.in_([1, 2]))
            .to_sql()
    );
    println!("{}", Post::objects().values(|p| (p.id, p.editor, p.author.username)).to_sql());
    println!(
        "{}",
        Post::objects().filter(|p| p.author.username.eq("x")).update(|p| p.views.set(p.views + 1)).to_sql()
    );
    println!("{}", Post::objects().limit(3).delete().to_sql());
    println!("{}", Post::objects().create().title("x").author(3).to_sql());
    println!("{}", Post::objects().bulk_create([Post::draft().title("x").author(3).build()]).to_sql());
    println!("{}", Post::objects().values(|p| p.title).distinct().count().to_sql());
    println!("{}", Post::objects().filter(|p| p.id.eq(Post::objects().count())).to_sql());
}
