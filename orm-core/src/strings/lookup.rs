//! The lookups by their names, and the conditions they become.

use super::{invalid, listed, read};
use crate::{
    BinaryOp, FieldMeta, Function, Match, ModelMeta, Node, Param, Result, SqlType, UnaryOp, node::Logic,
};

macro_rules! lookups { ($($(#[$m:meta])* $name:ident $text:literal;)*) => {
    /// A lookup by its name in texts, as [`QuerySet::filter_str`](crate::QuerySet::filter_str) reads it.
    ///
    /// ```
    /// use orm::types::Lookup;
    ///
    /// assert_eq!(Lookup::ALL.len(), 18);
    /// assert_eq!(Lookup::IContains.name(), "icontains");
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Lookup { $($(#[$m])* $name,)* }

    impl Lookup {
        /// All of them.
        pub const ALL: &'static [Lookup] = &[$(Lookup::$name),*];

        /// Its name.
        pub const fn name(self) -> &'static str {
            match self { $(Lookup::$name => $text,)* }
        }
    }
}}
lookups! {
    /// Equal; what is meant when there is no lookup.
    Exact "exact";
    /// Not equal; NULL is a value as any other.
    Ne "ne";
    /// Less than.
    Lt "lt";
    /// Less than or equal.
    Lte "lte";
    /// Greater than.
    Gt "gt";
    /// Greater than or equal.
    Gte "gte";
    /// Between two values with a comma between them, both included.
    Range "range";
    /// One of some values with commas between them; the empty text is none.
    In "in";
    /// `true` for NULL, `false` for what is not; of a relation, whether it leads nowhere.
    IsNull "isnull";
    /// A text equal but for upper and lower case.
    IExact "iexact";
    /// A text that contains this one.
    Contains "contains";
    /// The same in upper or lower case.
    IContains "icontains";
    /// A text that begins with this one.
    StartsWith "startswith";
    /// The same in upper or lower case.
    IStartsWith "istartswith";
    /// A text that ends with this one.
    EndsWith "endswith";
    /// The same in upper or lower case.
    IEndsWith "iendswith";
    /// A text that matches a regular expression.
    Regex "regex";
    /// The same in upper or lower case.
    IRegex "iregex";
}

impl Lookup {
    /// Whether it is for texts only.
    pub(super) const fn is_text(self) -> bool {
        use Lookup::*;
        !matches!(self, Exact | Ne | Lt | Lte | Gt | Gte | Range | In | IsNull)
    }

    /// The lookup of a column by its name. A UUID has those of its text.
    pub(super) fn of(model: &ModelMeta, field: &FieldMeta, name: &str) -> Result<Lookup> {
        let text = field.ty.is_text() || field.ty.base() == SqlType::Uuid;
        let known = Lookup::ALL.iter().copied().filter(|lookup| text || !lookup.is_text());
        known.clone().find(|lookup| lookup.name() == name).ok_or_else(|| {
            let listed = listed(name, known.map(Lookup::name));
            let (model, field, name) = (model.name, field.name, name.escape_debug());
            invalid(format!("`{model}.{field}` has no lookup `{name}`{listed}"))
        })
    }

    /// The condition on a column of the row at hand.
    pub(super) fn condition(self, column: Node, field: &'static FieldMeta, text: &str) -> Result<Node> {
        let binary = |op| Ok(Node::binary(column.clone(), op, read::value(field, text)?));
        let ignore_case = self.name().starts_with('i');
        let how = match self {
            Lookup::Exact => return binary(BinaryOp::Eq),
            Lookup::Ne => return binary(BinaryOp::Ne),
            Lookup::Lt => return binary(BinaryOp::Lt),
            Lookup::Lte => return binary(BinaryOp::Lte),
            Lookup::Gt => return binary(BinaryOp::Gt),
            Lookup::Gte => return binary(BinaryOp::Gte),
            Lookup::Range => {
                let (from, to) = text
                    .split_once(',')
                    .ok_or_else(|| invalid("a range is two values with a comma between them".into()))?;
                let ends = [read::value(field, from)?, read::value(field, to)?];
                let [from, to] = ends.map(Node::part);
                return Ok(Node::Between(Box::new([column, from, to])));
            }
            Lookup::In => return one_of(column, field, text),
            Lookup::IsNull => {
                let op = if read::truth(text)? { UnaryOp::IsNull } else { UnaryOp::IsNotNull };
                return Ok(Node::unary(op, column));
            }
            Lookup::IExact => {
                let upper = |node| Node::Call(Function::UPPER, vec![Node::part(node)]);
                let value = upper(Node::Param(read::text(text)?));
                return Ok(Node::binary(upper(as_text(column, field)), BinaryOp::Eq, value));
            }
            Lookup::Contains | Lookup::IContains => Match::Contains { ignore_case },
            Lookup::StartsWith | Lookup::IStartsWith => Match::StartsWith { ignore_case },
            Lookup::EndsWith | Lookup::IEndsWith => Match::EndsWith { ignore_case },
            Lookup::Regex | Lookup::IRegex => Match::Regex { ignore_case },
        };
        let value = Node::Param(read::text(text)?);
        Ok(Node::Match(as_text(column, field).boxed(), how, value.boxed()))
    }
}

/// A column as the text that its text lookups look at.
fn as_text(column: Node, field: &FieldMeta) -> Node {
    if field.ty.is_text() { column } else { Node::Cast(column.boxed(), SqlType::Text) }
}

fn one_of(column: Node, field: &'static FieldMeta, text: &str) -> Result<Node> {
    let texts = text.split(',').filter(|_| !text.is_empty());
    let values = texts.map(|text| read::value(field, text)).collect::<Result<Vec<_>>>()?;
    let param = |value: &Node| if let Node::Param(param) = value { Some(param.clone()) } else { None };
    match values.iter().map(param).collect::<Option<Vec<_>>>() {
        Some(params) => Ok(Node::InList(column.boxed(), Param::array(field.ty, params.iter()))),
        // read by the server, one by one
        None => {
            let any = values.into_iter().map(|value| Node::binary(column.clone(), BinaryOp::Eq, value));
            Ok(any.reduce(|a, b| a.joined(Logic::Or, b)).unwrap_or(Node::Bool(false)))
        }
    }
}
