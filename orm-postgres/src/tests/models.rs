//! Models written by hand, as the derive would.

use orm_core::{
    Column, ColumnType, FieldMeta, ModelMeta, OnDelete, RelationKind, SqlType, Table, ast::Alias,
};

pub(super) static USER: ModelMeta = ModelMeta {
    name: "User",
    table: "app.user",
    fields: &[
        FieldMeta { identity: true, ..FieldMeta::column("id", "id", ColumnType::new(SqlType::Int8, false)) },
        FieldMeta {
            unique: true,
            max_length: Some(150),
            ..FieldMeta::column("username", "username", ColumnType::new(SqlType::Text, false))
        },
        FieldMeta::far("posts", post, RelationKind::HasMany { via: Some("author") }),
    ],
    key: &[0],
    ..ModelMeta::PLAIN
};

pub(super) static POST: ModelMeta = ModelMeta {
    name: "Post",
    table: "blog_post",
    fields: &[
        FieldMeta { identity: true, ..FieldMeta::column("id", "id", ColumnType::new(SqlType::Int8, false)) },
        FieldMeta::column("title", "title", ColumnType::new(SqlType::Text, false)),
        FieldMeta {
            db_default: Some("0"),
            ..FieldMeta::column("views", "views", ColumnType::new(SqlType::Int4, false))
        },
        FieldMeta::column("published_at", "published_at", ColumnType::new(SqlType::Timestamptz, true)),
        FieldMeta::column("author", "author_id", ColumnType::new(SqlType::Int8, false))
            .foreign_key(user, OnDelete::Cascade),
        FieldMeta {
            unique: true,
            ..FieldMeta::column("parent", "parent_id", ColumnType::new(SqlType::Int8, true))
                .foreign_key(post, OnDelete::SetNull)
        },
    ],
    key: &[0],
    ..ModelMeta::PLAIN
};

/// Names that only quoting makes usable.
pub(super) static ODD: ModelMeta = ModelMeta {
    name: "Odd",
    table: "select \"All\"",
    fields: &[
        FieldMeta::column("id", "order", ColumnType::new(SqlType::Uuid, false)),
        FieldMeta {
            index: true,
            ..FieldMeta::column("quoted", "say \"hi\"", ColumnType::new(SqlType::Bool, false))
        },
        FieldMeta { unique: true, ..FieldMeta::column("number", "#", ColumnType::new(SqlType::Int2, true)) },
    ],
    key: &[0],
    ..ModelMeta::PLAIN
};

pub(super) fn user() -> &'static ModelMeta {
    &USER
}

pub(super) fn post() -> &'static ModelMeta {
    &POST
}

/// The table of a model.
pub(super) fn table(model: &'static ModelMeta) -> Table {
    Table(model)
}

/// The column of a model by the field's name.
pub(super) fn column(model: &'static ModelMeta, field: &str) -> Column {
    Column(model.fields.iter().find(|candidate| candidate.name == field).unwrap())
}

pub(super) const A: Alias = Alias(0);
pub(super) const B: Alias = Alias(1);
pub(super) const C: Alias = Alias(2);
