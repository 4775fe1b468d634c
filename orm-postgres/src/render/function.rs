//! Functions, what is written in a way of its own, and aggregates.

use super::{Renderer, expr};
use crate::ident::{Ident, Literal, TableName};
use orm_core::ast::{Aggregate, Edge, Exclude, Expr, Frame, FrameUnit, Function, OrderBy, Window, Written};
use sea_query::{Expr as Sql, Func};

/// A function of some arguments.
pub(super) fn call(function: Function, arguments: Vec<Sql>) -> Sql {
    match function.written {
        Written::Name(name) => expr::call(name, arguments),
        Written::Quoted(name) => Func::cust(TableName::new(name).to_string()).args(arguments).into(),
        Written::Template(sql) => template(sql, arguments),
        Written::Config(name) => Sql::cust(format!("{}::regconfig", Literal(name))),
        Written::Collate(name) => Sql::cust_with_exprs(format!("($1 COLLATE {})", Ident(name)), arguments),
    }
}

/// SQL of the user's, one piece after the other, in parentheses. What sea-query would take for something else is a part of
/// its own, which it leaves as it is.
pub(super) fn fragment(pieces: Vec<Sql>) -> Sql {
    let (mut sql, mut parts) = (String::new(), Vec::new());
    for piece in pieces {
        let text = match piece {
            Sql::Custom(text) if !text.contains(['$', '\'', '"', '`', '[', ']', '\\']) => text,
            text @ Sql::Custom(_) => place(&mut parts, text).into(),
            value => place(&mut parts, closed(value)).into(),
        };
        if sql.ends_with(is_part) && text.starts_with(is_part) {
            sql.push(' ');
        }
        sql.push_str(&text);
    }
    Sql::tuple([Sql::cust_with_exprs(sql, parts)])
}

/// A value with a name, where sea-query has no place for one.
pub(super) fn named(value: Sql, name: &str) -> Sql {
    Sql::cust_with_exprs(format!("$1 AS {}", Ident(name)), [value])
}

/// The first value that a row holds, behind `DISTINCT ON`.
pub(super) fn distinct_on(on: Vec<Sql>, first: Sql) -> Sql {
    let places = (1..=on.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let sql = format!("DISTINCT ON ({places}) ${}", on.len() + 1);
    Sql::cust_with_exprs(sql, on.into_iter().chain([first]))
}

/// Whether a character can stand in a name or a number.
fn is_part(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$')
}

/// SQL with places for arguments. What has the form of a function becomes one, as it needs no parentheses then.
fn template(sql: &'static str, arguments: Vec<Sql>) -> Sql {
    let mut arguments: Vec<Sql> = arguments.into_iter().map(closed).collect();
    // sea-query takes what stands in brackets for a name in quotes.
    if sql.contains('[') {
        let [open, close] = ["[", "]"].map(|bracket| place(&mut arguments, Sql::Custom(bracket.into())));
        let sql = sql.replace('[', &format!("{open} ")).replace(']', &format!(" {close}"));
        return Sql::cust_with_exprs(sql, arguments);
    }
    match sql.strip_suffix(')').and_then(|sql| sql.split_once('(')) {
        Some((name, inner)) if !name.contains([' ', '$']) && is_balanced(inner) => {
            expr::call(name, [Sql::cust_with_exprs(inner, arguments)])
        }
        _ => Sql::cust_with_exprs(sql, arguments),
    }
}

/// Whether each parenthesis in a text is closed, and none that was not opened.
fn is_balanced(sql: &str) -> bool {
    let mut open = 0;
    for char in sql.chars() {
        match char {
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            _ => {}
        }
    }
    open == 0
}

/// An argument that stands between other words: in parentheses if it has several parts.
fn closed(argument: Sql) -> Sql {
    match argument {
        Sql::Binary(..) | Sql::Unary(..) | Sql::CustomWithExpr(..) | Sql::Custom(_) => Sql::tuple([argument]),
        single => single,
    }
}

impl Renderer {
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate) -> Sql {
        let arguments: Vec<Sql> = aggregate.arguments.iter().map(|argument| self.expr(argument)).collect();
        let called = match aggregate.distinct || !aggregate.order.is_empty() {
            true => call(aggregate.function, vec![self.in_order(aggregate, arguments)]),
            false => call(aggregate.function, arguments),
        };
        match &aggregate.filter {
            Some(filter) => Sql::cust_with_exprs("$1 FILTER (WHERE $2)", [called, self.expr(filter)]),
            None => called,
        }
    }

    /// The arguments of an aggregate as one, with what is said of them.
    fn in_order(&mut self, aggregate: &Aggregate, arguments: Vec<Sql>) -> Sql {
        let mut parts = arguments;
        let mut inner = String::from(if aggregate.distinct { "DISTINCT " } else { "" });
        inner.push_str(&(1..=parts.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", "));
        for (n, order) in aggregate.order.iter().enumerate() {
            parts.push(self.expr(&order.expr));
            let by = if n == 0 { " ORDER BY" } else { "," };
            inner.push_str(&format!("{by} ${}{}", parts.len(), direction(order)));
        }
        Sql::cust_with_exprs(inner, parts)
    }

    pub(super) fn window(&mut self, window: &Window) -> Sql {
        let mut parts = vec![self.aggregate(&window.of)];
        let mut clauses = Vec::new();
        if !window.partition.is_empty() {
            let by = window.partition.iter().map(|by| place(&mut parts, self.expr(by)));
            clauses.push(format!("PARTITION BY {}", by.collect::<Vec<_>>().join(", ")));
        }
        if !window.order.is_empty() {
            let by = window.order.iter().map(|by| place(&mut parts, self.expr(&by.expr)) + direction(by));
            clauses.push(format!("ORDER BY {}", by.collect::<Vec<_>>().join(", ")));
        }
        if let Some(frame) = &window.frame {
            clauses.push(self.frame(frame, &mut parts));
        }
        Sql::cust_with_exprs(format!("$1 OVER ({})", clauses.join(" ")), parts)
    }

    fn frame(&mut self, frame: &Frame<Expr>, parts: &mut Vec<Sql>) -> String {
        let unit = match frame.unit {
            FrameUnit::Rows => "ROWS",
            FrameUnit::Range => "RANGE",
            FrameUnit::Groups => "GROUPS",
        };
        let exclude = match frame.exclude {
            None => "",
            Some(Exclude::CurrentRow) => " EXCLUDE CURRENT ROW",
            Some(Exclude::Group) => " EXCLUDE GROUP",
            Some(Exclude::Ties) => " EXCLUDE TIES",
        };
        let mut edge = |edge: &Edge<Expr>, unbounded: &str| match edge {
            Edge::Unbounded => format!("UNBOUNDED {unbounded}"),
            Edge::Preceding(distance) => place(parts, self.expr(distance)) + " PRECEDING",
            Edge::Current => "CURRENT ROW".to_owned(),
            Edge::Following(distance) => place(parts, self.expr(distance)) + " FOLLOWING",
        };
        let (from, to) = (edge(&frame.from, "PRECEDING"), edge(&frame.to, "FOLLOWING"));
        format!("{unit} BETWEEN {from} AND {to}{exclude}")
    }
}

/// One more part of some SQL: what stands for it there.
fn place(parts: &mut Vec<Sql>, part: Sql) -> String {
    parts.push(part);
    format!("${}", parts.len())
}

/// What stands after an expression in an `ORDER BY`.
fn direction(order: &OrderBy) -> &'static str {
    match (order.descending, order.nulls_first) {
        (false, None) => "",
        (false, Some(true)) => " NULLS FIRST",
        (false, Some(false)) => " NULLS LAST",
        (true, None) => " DESC",
        (true, Some(true)) => " DESC NULLS FIRST",
        (true, Some(false)) => " DESC NULLS LAST",
    }
}
