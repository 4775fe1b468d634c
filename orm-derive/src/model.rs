//! A model with its names and defaults resolved: what the checks look at and the expansion prints.

use crate::{
    attr::{Arg, FieldAttrs, ModelAttrs, items},
    case::snake_case,
    diag::Errors,
    kind::{Kind, inside_option, last_word, without_self},
};
use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::{
    Attribute, DeriveInput, FieldsNamed, Type, Visibility, ext::IdentExt, parse_quote, spanned::Spanned,
};

/// A struct with named fields.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) attrs: ModelAttrs,
    pub(crate) fields: Vec<Field>,
    /// Fields that are structs of shared columns, which come after all others.
    pub(crate) shared: Vec<Field>,
    /// After a mistake the struct may not be what the fields say: nothing reads or writes its values then, and a
    /// new row needs none.
    pub(crate) broken: bool,
}

/// A field.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ty: Type,
    pub(crate) attrs: FieldAttrs,
}

impl Model {
    /// Reads the attributes.
    pub(crate) fn new(input: &DeriveInput, fields: &FieldsNamed, errors: &mut Errors) -> Self {
        let attrs = ModelAttrs::parse(&input.attrs, errors);
        let fields = fields.named.iter().filter_map(|field| Field::new(field, &input.ident, errors));
        let (shared, fields) = fields.partition(|field| field.attrs.flatten.is_some());
        Model { ident: input.ident.clone(), vis: input.vis.clone(), attrs, fields, shared, broken: false }
    }

    /// The struct's name.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    pub(crate) fn table(&self) -> String {
        match &self.attrs.table {
            Some(table) => table.value.value(),
            None => snake_case(&self.name()),
        }
    }

    /// The place of a field.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name() == name)
    }

    /// The places of the primary key's parts: the fields that say so, or else `id`.
    pub(crate) fn keys(&self) -> Vec<usize> {
        let marked = self.fields.iter().enumerate().filter(|(_, field)| field.attrs.primary_key.is_some());
        let marked: Vec<usize> = marked.map(|(at, _)| at).collect();
        match marked.is_empty() {
            true => self.position("id").filter(|id| !self.fields[*id].kind().is_far()).into_iter().collect(),
            false => marked,
        }
    }

    /// The place of the primary key, if it is one field.
    pub(crate) fn key(&self) -> Option<usize> {
        match self.keys()[..] {
            [key] => Some(key),
            _ => None,
        }
    }

    /// The parts of the default order: a field, whether the largest comes first, and where that was said.
    pub(crate) fn ordering(&self) -> impl Iterator<Item = (String, bool, Span)> {
        let parts = self.attrs.ordering.iter().flat_map(|ordering| &ordering.value);
        parts.map(|part| {
            let said = part.value();
            let name = said.strip_prefix('-').unwrap_or(&said);
            (name.to_owned(), name.len() < said.len(), part.span())
        })
    }

    /// Whether its rows are those of a `SELECT`.
    pub(crate) fn is_view(&self) -> bool {
        self.attrs.view.is_some() || self.attrs.materialized_view.is_some()
    }

    /// The place of the field that counts changes.
    pub(crate) fn version(&self) -> Option<usize> {
        self.fields.iter().position(|field| field.attrs.version.is_some())
    }

    /// The place of the unique field that the far side of a key is by, if it is not the primary key.
    pub(crate) fn own_key(&self, field: &Field) -> Option<usize> {
        self.position(&field.attrs.to_field.as_ref()?.value.value())
    }

    /// The fields that have a column, with their places.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| !field.kind().is_far())
    }

    /// The places of the fields that a new row cannot do without.
    pub(crate) fn required(&self) -> Vec<usize> {
        if self.broken {
            return Vec::new();
        }
        let key = self.key();
        let required = self.columns().filter(|(place, field)| field.is_required(key == Some(*place)));
        required.map(|(place, _)| place).collect()
    }
}

impl Field {
    fn new(field: &syn::Field, model: &Ident, errors: &mut Errors) -> Option<Self> {
        let attrs = FieldAttrs::parse(&field.attrs, errors);
        if attrs.flatten.is_some()
            && let Some(other) =
                items(&field.attrs, &mut Errors::default()).iter().find(|item| item.name != "flatten")
        {
            errors.at(
                &other.name,
                "what is said of shared columns stands in their struct; `flatten` stands alone",
            );
        }
        let docs = field.attrs.iter().filter(|attr| attr.path().is_ident("doc")).cloned().collect();
        let (vis, ty) = (field.vis.clone(), without_self(&field.ty, model).ok()?);
        Some(Field { ident: field.ident.clone()?, vis, docs, ty, attrs })
    }

    /// The `id` that stands in for a primary key where there is none; not called so, as a to-many field may be.
    pub(crate) fn missing_key() -> Self {
        let attrs = FieldAttrs {
            primary_key: Some(Arg { name: format_ident!("primary_key"), value: () }),
            ..FieldAttrs::default()
        };
        Field {
            ident: format_ident!("__id"),
            vis: Visibility::Inherited,
            docs: Vec::new(),
            ty: parse_quote!(i64),
            attrs,
        }
    }

    pub(crate) fn kind(&self) -> Kind<'_> {
        Kind::of(&self.ty)
    }

    /// The field's name, `type` for `r#type`.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// How many columns it has.
    pub(crate) fn width(&self) -> usize {
        match &self.attrs.columns {
            _ if self.kind().is_far() => 0,
            Some(columns) => columns.value.len(),
            None => 1,
        }
    }

    /// The column's name; of a to-many field, which has none, the field's.
    pub(crate) fn column(&self) -> String {
        if let Some(columns) = &self.attrs.columns {
            return columns.value[0].value();
        }
        match (&self.attrs.column, self.kind()) {
            (Some(column), _) => column.value.value(),
            (None, Kind::ForeignKey { .. }) => format!("{}_id", self.name()),
            (None, _) => self.name(),
        }
    }

    /// The name of the table that is made for the pairs of a many-to-many field, in a model with a table.
    pub(crate) fn pairs_table(&self, model: &str) -> Option<String> {
        let FieldAttrs { table, via, through, .. } = &self.attrs;
        let made = matches!(self.kind(), Kind::ManyToMany(_)) && via.is_none() && through.is_none();
        made.then(|| {
            table.as_ref().map_or_else(|| format!("{model}_{}", self.name()), |table| table.value.value())
        })
    }

    /// Where the user wrote the type, as code of the expansion: an error in what is made of a field is then
    /// shown at its type, and the user's lints leave it alone.
    pub(crate) fn span(&self) -> Span {
        self.ty.span().resolved_at(Span::call_site())
    }

    /// Whether we or the database give a value where none is given.
    pub(crate) fn has_default(&self) -> bool {
        let FieldAttrs { default, db_default, auto_now, auto_now_add, generated, .. } = &self.attrs;
        generated.is_some()
            || default.is_some()
            || db_default.is_some()
            || auto_now.is_some()
            || auto_now_add.is_some()
    }

    fn is_required(&self, is_key: bool) -> bool {
        if self.has_default() || inside_option(&self.ty).is_some() {
            return false;
        }
        // Integers are numbered by the database and UUIDs made here; a newtype may be either.
        let no_one_makes_them = [
            "String",
            "bool",
            "f32",
            "f64",
            "Vec",
            "NaiveDate",
            "NaiveDateTime",
            "DateTime",
            "OffsetDateTime",
            "Decimal",
            "BigDecimal",
        ];
        let is_foreign_key = matches!(self.kind(), Kind::ForeignKey { .. });
        !is_key || is_foreign_key || no_one_makes_them.contains(&last_word(&self.ty).as_str())
    }
}
