//! Values: columns, parameters, operators, aggregates, subqueries.

use super::{
    condition::{conjunction, negate},
    scope::Lower,
    select::{Want, alive},
};
use crate::{
    BinaryOp, Column, Error, FieldMeta, KeyColumns, Match, Node, Param, Path, Result, Table, UnaryOp,
    ast::{self, Alias, Expr, Nulls, Output, Piece, Select, Source},
    node::{Aggregate, too_deep},
    path::Hop,
    raw::fragment::{Part, parts},
};

/// An expression, and whether it can be NULL.
pub(crate) type Lowered = (Expr, bool);

impl Lower {
    /// A value of the current row.
    pub(crate) fn value(&mut self, node: &Node) -> Result<Lowered> {
        match node {
            Node::Column(path, column) => self.column(*path, *column),
            Node::Param(param) => self.param(param),
            Node::Row(columns) => {
                let columns = columns.iter().map(|column| self.value(column)).collect::<Result<Vec<_>>>()?;
                let nulls = columns.iter().any(|(_, nulls)| *nulls);
                Ok((Expr::Row(columns.into_iter().map(|(column, _)| column).collect()), nulls))
            }
            Node::Binary(a, op, b) => self.binary(a, *op, b),
            Node::Unary(UnaryOp::IsTrue, a) => Ok(match self.condition(a)? {
                (a, true) => (Expr::Unary(UnaryOp::IsTrue, Box::new(a)), false),
                never_null => never_null,
            }),
            Node::Unary(op, a) if let Node::Row(columns) = &**a => {
                let (first, _) = self.value(&columns[0])?; // all of a key's columns are NULL, or none
                Ok((Expr::Unary(*op, Box::new(first)), false))
            }
            Node::Unary(op, a) => {
                let (a, nulls) = self.value(a)?;
                let nulls = nulls && matches!(op, UnaryOp::Neg | UnaryOp::Not);
                Ok((Expr::Unary(*op, Box::new(a)), nulls))
            }
            Node::Fragment(sql, values) => Ok((self.fragment(sql, values)?, true)),
            Node::Call(function, args) => {
                self.foreign |= function.is_foreign();
                let args = args.iter().map(|arg| self.operand(arg, &args[0])).collect::<Result<Vec<_>>>()?;
                let nulls = match function.nulls {
                    Nulls::All => args.iter().all(|(_, nulls)| *nulls),
                    Nulls::Any => args.iter().any(|(_, nulls)| *nulls),
                    Nulls::Maybe => true,
                    Nulls::Never => false,
                };
                Ok((Expr::Call(*function, args.into_iter().map(|(arg, _)| arg).collect()), nulls))
            }
            Node::Case(arms, otherwise) => self.case(arms, otherwise.as_deref()),
            Node::Cast(a, ty) => {
                let (a, nulls) = self.value(a)?;
                Ok((Expr::Cast(Box::new(a), *ty), nulls))
            }
            Node::Across(hop, of) => {
                let path = Path { hop: Some(hop), ..hop.from };
                let alias = self.table(path)?;
                self.clause(path.depth, path.model(), alias, |lower| lower.value(of))
            }
            Node::Aggregate(aggregate) => self.over_all(|lower| lower.aggregate(aggregate)),
            Node::Window(window) => self.window(window),
            Node::Annotation(root, place) => self.annotation(*root, *place),
            Node::Given(root, source, place) => self.given(*root, *source, *place),
            Node::Count(query) => Ok((Expr::Subquery(Box::new(self.select(query, Want::Count)?)), false)),
            Node::First(query) => Ok((Expr::Subquery(Box::new(self.select(query, Want::Rows)?)), true)),
            Node::TooDeep => {
                Err(Error::usage(too_deep()).context(self.model().map_or("", |model| model.name)))
            }
            Node::Total(total) => {
                let select = self.select(&total.query, Want::Totals(total.depth, &total.output))?;
                Ok((Expr::Subquery(Box::new(select)), true))
            }
            Node::Bool(_)
            | Node::Chain(..)
            | Node::Not(_)
            | Node::Between(_)
            | Node::InList(..)
            | Node::InQuery(..)
            | Node::Match(..)
            | Node::Related(_)
            | Node::Exists(_) => self.condition(node),
        }
    }

    /// A column; what a foreign key holds is the foreign key itself, without a join.
    fn column(&mut self, path: Path, column: Column) -> Result<Lowered> {
        if let Some(hop) = path.hop
            && hop.field.is_column()
            && let link = hop.link()?
            && let Some(held) = link.from.beside(link.to, column)
        {
            return self.column(hop.from, held);
        }
        let (alias, column) = self.place(path, column)?;
        Ok((Expr::Column(alias, column), column.nullable || self.is_left(alias)))
    }

    pub(crate) fn param(&mut self, param: &Param) -> Result<Lowered> {
        let place = self.params.push(param)?;
        Ok((Expr::Param { place, ty: param.sql_type(), array: param.is_array() }, param.is_null()))
    }

    /// An operand beside another one, which names the column where the operand is a wrong value.
    pub(crate) fn operand(&mut self, node: &Node, beside: &Node) -> Result<Lowered> {
        let lowered = self.value(node);
        if is_given(node) { lowered.map_err(|error| beside_column(error, beside)) } else { lowered }
    }

    /// An operator between keys of several columns.
    fn keys(&mut self, a: &[Node], op: BinaryOp, b: &Node) -> Result<Lowered> {
        let given: Vec<Node>;
        let b = match b {
            Node::Row(b) => b,
            Node::Param(param) if param.is_null() && matches!(op, BinaryOp::Eq | BinaryOp::Ne) => {
                return self.binary(&a[0], op, b);
            }
            Node::Param(param) => {
                given = param.parts().iter().cloned().map(Node::Param).collect();
                &given
            }
            _ => return Err(Error::usage("a key of several columns is compared with another one")),
        };
        if a.len() != b.len() {
            return Err(Error::usage("two keys of different numbers of columns are compared"));
        }
        if let BinaryOp::Eq | BinaryOp::Ne = op {
            let equal = a.iter().zip(b).map(|(a, b)| self.binary(a, BinaryOp::Eq, b));
            let equal = equal.collect::<Result<Vec<_>>>()?;
            let nulls = equal.iter().any(|(_, nulls)| *nulls);
            let equal = (conjunction(equal.into_iter().map(|(equal, _)| equal).collect()), nulls);
            return Ok(if op == BinaryOp::Eq { equal } else { (negate(equal), false) });
        }
        let mut side = |nodes: &[Node]| -> Result<Lowered> {
            let lowered = nodes.iter().map(|node| self.value(node)).collect::<Result<Vec<_>>>()?;
            let nulls = lowered.iter().any(|(_, nulls)| *nulls);
            Ok((Expr::Row(lowered.into_iter().map(|(value, _)| value).collect()), nulls))
        };
        let ((left, left_nulls), (right, right_nulls)) = (side(a)?, side(b)?);
        Ok((Expr::Binary(Box::new(left), op, Box::new(right)), left_nulls || right_nulls))
    }

    /// An operator with its SQL meaning, except that equality treats NULL as a value.
    fn binary(&mut self, a: &Node, op: BinaryOp, b: &Node) -> Result<Lowered> {
        if let Node::Row(columns) = a {
            return self.keys(columns, op, b);
        }
        if let Node::Param(param) = b
            && param.is_null()
            && matches!(op, BinaryOp::Eq | BinaryOp::Ne)
        {
            let (a, _) = self.value(a)?;
            let op = if op == BinaryOp::Eq { UnaryOp::IsNull } else { UnaryOp::IsNotNull };
            return Ok((Expr::Unary(op, Box::new(a)), false));
        }
        let (left, left_nulls) = self.operand(a, b)?;
        let (right, right_nulls) = self.operand(b, a)?;
        let nulls = left_nulls || right_nulls;
        let (op, nulls) = match op {
            BinaryOp::Ne if nulls => (BinaryOp::Distinct, false),
            BinaryOp::Distinct => (op, false),
            _ => (op, nulls),
        };
        Ok((Expr::Binary(Box::new(left), op, Box::new(right)), nulls))
    }

    /// SQL of the user's with its values.
    fn fragment(&mut self, sql: &'static str, values: &[Node]) -> Result<Expr> {
        self.foreign = true;
        let parts = parts(sql, values.len())
            .map_err(|why| Error::usage(why).context(self.model().map_or("", |model| model.name)))?;
        // A value is sent once, however often it stands there.
        let values = values.iter().map(|value| Ok(self.value(value)?.0)).collect::<Result<Vec<_>>>()?;
        let piece = |part| match part {
            Part::Sql(sql) => Piece::Sql(sql),
            Part::Value(place) => Piece::Value(values[place].clone()),
        };
        Ok(Expr::Fragment(parts.into_iter().map(piece).collect()))
    }

    /// A value that depends on conditions.
    fn case(&mut self, arms: &[(Node, Node)], otherwise: Option<&Node>) -> Result<Lowered> {
        let mut nulls = otherwise.is_none();
        let mut lowered = Vec::with_capacity(arms.len());
        for (condition, value) in arms {
            let condition = self.condition(condition)?.0;
            let (value, null) = self.value(value)?;
            nulls |= null;
            lowered.push((condition, value));
        }
        let otherwise = match otherwise {
            Some(otherwise) => {
                let (otherwise, null) = self.value(otherwise)?;
                nulls |= null;
                Some(Box::new(otherwise))
            }
            None => None,
        };
        Ok((Expr::Case(lowered, otherwise), nulls))
    }

    /// An aggregate over the rows of the query, or over those a to-many relation leads to: then a subquery, so that two
    /// of them in one row are both right.
    fn aggregate(&mut self, aggregate: &Aggregate) -> Result<Lowered> {
        let nulls = aggregate.function.nulls != Nulls::Never;
        let Some(hop) = self.hop_of(aggregate)? else {
            return Ok((Expr::Aggregate(self.aggregated(aggregate)?), nulls));
        };
        let ((value, filter, from), joins) = self.related(hop, true, |lower, alias| {
            lower.across(hop, alias, |lower| lower.aggregate_here(aggregate))
        })?;
        let ty = crate::SqlType::Int8; // of no consequence in a subquery
        let select = Select { joins, filter: Some(filter), ..Select::plain(from, Output::Value(value, ty)) };
        Ok((Expr::Subquery(Box::new(select)), nulls))
    }

    /// An aggregate over the rows of the current `SELECT`. What its filter says is said of the same rows, of all to-many
    /// relations on the way.
    fn aggregate_here(&mut self, aggregate: &Aggregate) -> Result<Expr> {
        match self.hop_of(aggregate)? {
            Some(hop) if aggregate.filter.is_some() => {
                self.across_joined(hop, |lower| lower.aggregate_here(aggregate))
            }
            _ => Ok(Expr::Aggregate(self.aggregated(aggregate)?)),
        }
    }

    pub(super) fn aggregated(&mut self, aggregate: &Aggregate) -> Result<ast::Aggregate> {
        let fixed = matches!(aggregate.function.written, ast::Written::Template(_));
        if fixed && (aggregate.distinct || !aggregate.order.is_empty()) {
            return Err(Error::usage(
                "an aggregate with an order of its own, which takes neither DISTINCT nor another order",
            ));
        }
        self.foreign |= aggregate.function.is_foreign();
        let arguments = aggregate.arguments.iter().map(|of| Ok(self.value(of)?.0)).collect::<Result<_>>()?;
        let filter = match &aggregate.filter {
            Some(filter) => Some(Box::new(self.condition(filter)?.0)),
            None => None,
        };
        let order = aggregate.order.iter().map(|order| self.order_by(order)).collect::<Result<_>>()?;
        Ok(ast::Aggregate {
            function: aggregate.function,
            arguments,
            distinct: aggregate.distinct,
            filter,
            order,
        })
    }

    /// The first to-many hop on the path of what is aggregated.
    fn hop_of(&self, aggregate: &Aggregate) -> Result<Option<&'static Hop>> {
        for argument in &aggregate.arguments {
            if let Some(hop) = self.first_many_hop(argument)? {
                return Ok(Some(hop));
            }
        }
        Ok(None)
    }

    /// Lowers `f` over the rows a to-many hop leads to, in a `SELECT` of its own; returns what `f` gives, the condition
    /// that ties those rows to the current one, and their table.
    #[allow(
        clippy::type_complexity,
        reason = "three parts of one subquery, taken apart at once by both callers"
    )]
    pub(crate) fn related<T>(
        &mut self,
        hop: &'static Hop,
        joins_many: bool,
        f: impl FnOnce(&mut Self, Alias) -> Result<T>,
    ) -> Result<((T, Expr, Source), Vec<crate::ast::Join>)> {
        let link = hop.link()?;
        let (table, near) = match link.between {
            None => (Table(hop.target()), link.to),
            Some(between) => (between.table, KeyColumns::Field(between.near)),
        };
        let alias = self.alias()?;
        let tied = near.iter().zip(link.from.iter()).map(|(column, from)| {
            let (parent, _) = self.column(hop.from, from)?;
            Ok(Expr::Binary(Box::new(Expr::Column(alias, column)), BinaryOp::Eq, Box::new(parent)))
        });
        let tie = conjunction(tied.collect::<Result<_>>()?);
        let (value, joins) = self.level(joins_many, |lower| {
            let value = f(lower, alias)?;
            if hop.target().soft_delete.is_some() {
                lower.join_far_here(alias, hop)?; // the join leaves deleted rows out
            }
            Ok(value)
        })?;
        let tie = conjunction([Some(tie), alive(table, alias)].into_iter().flatten().collect());
        Ok(((value, tie, Source::Table(table, alias)), joins))
    }

    /// The first to-many hop without a table on the paths of a value; a value has at most one such path.
    pub(crate) fn first_many_hop(&self, node: &Node) -> Result<Option<&'static Hop>> {
        match node {
            Node::Column(path, _) => self.many_hop(*path),
            Node::Binary(a, _, b) | Node::Match(a, _, b) => self.either(a, b),
            Node::Unary(_, a) | Node::Cast(a, _) | Node::InList(a, _) | Node::InQuery(a, _) => {
                self.first_many_hop(a)
            }
            Node::Between(parts) => match self.first_many_hop(&parts[0])? {
                None => self.either(&parts[1], &parts[2]),
                hop => Ok(hop),
            },
            Node::Call(_, args) | Node::Fragment(_, args) | Node::Row(args) => self.first_of(args),
            // what it gives is of related rows if one of its values is; its conditions are conditions of their own
            Node::Case(arms, otherwise) => {
                self.first_of(arms.iter().map(|(_, value)| value).chain(otherwise.as_deref()))
            }
            // the way to the relation, which then has a subquery of its own
            Node::Related(related) => match related.path.hop {
                Some(hop) => self.many_hop(hop.from),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn first_of<'a>(&self, nodes: impl IntoIterator<Item = &'a Node>) -> Result<Option<&'static Hop>> {
        for node in nodes {
            if let Some(hop) = self.first_many_hop(node)? {
                return Ok(Some(hop));
            }
        }
        Ok(None)
    }

    fn either(&self, a: &Node, b: &Node) -> Result<Option<&'static Hop>> {
        match self.first_many_hop(a)? {
            None => self.first_many_hop(b),
            hop => Ok(hop),
        }
    }
}

/// Whether a value was given, and not read from a row.
fn is_given(node: &Node) -> bool {
    match node {
        Node::Param(_) => true,
        Node::Call(_, args) => args.iter().all(is_given),
        _ => false,
    }
}

/// Names the column that a wrong value was given for, by what it stands beside.
#[cold]
pub(crate) fn beside_column(error: Error, beside: &Node) -> Error {
    match beside {
        Node::Column(path, column) => error.in_field(path.model(), column.0),
        Node::Cast(of, _) | Node::Unary(_, of) => beside_column(error, of),
        Node::Call(_, args) => match args.first() {
            Some(of) => beside_column(error, of),
            None => error,
        },
        _ => error,
    }
}

/// The parameter of a match: complete, with what would be a wildcard escaped.
pub(crate) fn pattern(how: Match, text: &str) -> String {
    let (before, after) = match how {
        Match::Contains { .. } => ("%", "%"),
        Match::StartsWith { .. } => ("", "%"),
        Match::EndsWith { .. } => ("%", ""),
        Match::Regex { .. } => return text.to_owned(),
    };
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push_str(before);
    for char in text.chars() {
        if matches!(char, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    pattern.push_str(after);
    pattern
}

/// An assignment's or a new row's value: checked against what the field says.
pub(crate) fn check(model: &crate::ModelMeta, field: &'static FieldMeta, param: &Param) -> Result<()> {
    if field.generated.is_some() {
        let error = Error::usage("the database generates it; change what it is computed from");
        return Err(error.in_field(model, field));
    }
    fits(field, param).map_err(|error| error.in_field(model, field))
}

/// Whether a column can hold a value.
pub(crate) fn fits(field: &FieldMeta, param: &Param) -> Result<()> {
    param.parts().iter().try_for_each(|part| part.bytes().map(drop))?;
    let (Some(max), Some(text)) = (field.max_length, param.text()) else { return Ok(()) };
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    if text.len() > max && text.chars().count() > max {
        let message =
            format!("the text has {} characters, and the field at most {max}", text.chars().count());
        return Err(Error::new(crate::ErrorKind::InvalidValue, message));
    }
    Ok(())
}
