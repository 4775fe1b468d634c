//! What a field is, told by the last word of its type; a type alias for a relation is not seen.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type, parse_quote};

/// A field is a column or one of the relations.
pub(crate) enum Kind<'a> {
    Column,
    ForeignKey { target: &'a Type, nullable: bool },
    HasMany(&'a Type),
    HasOne(&'a Type),
    ManyToMany(&'a Type),
}

impl<'a> Kind<'a> {
    pub(crate) fn of(ty: &'a Type) -> Self {
        let Some(argument) = argument(ty) else { return Kind::Column };
        match last_word(ty).as_str() {
            "ForeignKey" => Kind::ForeignKey { target: argument, nullable: false },
            "HasMany" => Kind::HasMany(argument),
            "HasOne" => Kind::HasOne(argument),
            "ManyToMany" => Kind::ManyToMany(argument),
            "Option" => match Kind::of(argument) {
                Kind::ForeignKey { target, .. } => Kind::ForeignKey { target, nullable: true },
                _ => Kind::Column,
            },
            _ => Kind::Column,
        }
    }

    /// Whether it is the far side of a relation, which has no column.
    pub(crate) fn is_far(&self) -> bool {
        matches!(self, Kind::HasMany(_) | Kind::HasOne(_) | Kind::ManyToMany(_))
    }
}

/// `DateTime` of `chrono::DateTime<Utc>`; empty for what is not a path.
pub(crate) fn last_word(ty: &Type) -> String {
    last_segment(ty).map_or_else(String::new, |segment| segment.ident.to_string())
}

/// `Utc` of `chrono::DateTime<Utc>`.
pub(crate) fn argument(ty: &Type) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &last_segment(ty)?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Whether there are several: `CountryCode` of `ForeignKey<Country, CountryCode>`.
pub(crate) fn has_second_argument(ty: &Type) -> bool {
    let Some(segment) = last_segment(ty) else { return false };
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) if segment.ident == "Option" => arguments
            .args
            .iter()
            .any(|argument| matches!(argument, GenericArgument::Type(ty) if has_second_argument(ty))),
        PathArguments::AngleBracketed(arguments) => arguments.args.len() > 1,
        _ => false,
    }
}

/// `T` of `Option<T>`.
pub(crate) fn inside_option(ty: &Type) -> Option<&Type> {
    argument(ty).filter(|_| last_word(ty) == "Option")
}

/// The type with another one in its angle brackets.
pub(crate) fn with_argument(ty: &Type, argument: &Type) -> Type {
    let mut ty = ty.clone();
    if let Type::Path(path) = &mut ty
        && let Some(segment) = path.path.segments.last_mut()
    {
        segment.arguments = PathArguments::AngleBracketed(parse_quote!(<#argument>));
    }
    ty
}

/// The type with the model's name for `Self`, which is another type in most places of the expansion.
pub(crate) fn without_self(ty: &Type, model: &Ident) -> syn::Result<Type> {
    syn::parse2(rename_self(ty.to_token_stream(), model))
}

fn rename_self(tokens: TokenStream, model: &Ident) -> TokenStream {
    let rename = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut model = model.clone();
            model.set_span(ident.span());
            TokenTree::Ident(model)
        }
        TokenTree::Group(group) => {
            let mut renamed = Group::new(group.delimiter(), rename_self(group.stream(), model));
            renamed.set_span(group.span());
            TokenTree::Group(renamed)
        }
        token => token,
    };
    tokens.into_iter().map(rename).collect()
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}
