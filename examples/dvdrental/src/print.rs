//! Prints questions, statements and tables of rows.

use crate::models::{Film, Rating};
use orm::{DbEnum as _, prelude::*};

/// How many rows of an answer are shown.
const SHOWN: usize = 10;
/// How wide a line of SQL may be.
const WIDTH: usize = 110;

/// One value, as text; numbers are aligned to the right.
pub(crate) struct Cell {
    text: String,
    right: bool,
}

/// What stands in a cell.
pub(crate) trait ToCell {
    fn to_cell(&self) -> Cell;
}

macro_rules! cells { ($($ty:ty, $right:literal, $value:ident => $text:expr;)*) => {$(
    impl ToCell for $ty {
        fn to_cell(&self) -> Cell {
            let $value = self;
            Cell { text: $text, right: $right }
        }
    }
)*}}
cells! {
    String, false, text => text.clone();
    Rating, false, rating => rating.name().to_owned();
    DateTime<Utc>, false, time => time.format("%Y-%m-%d %H:%M").to_string();
    i16, true, number => number.to_string();
    i32, true, number => number.to_string();
    i64, true, number => number.to_string();
    f32, true, number => format!("{number:.4}");
    f64, true, number => format!("{number:.4}");
    Decimal, true, amount => amount.to_string();
}

impl<T: ToCell> ToCell for Option<T> {
    fn to_cell(&self) -> Cell {
        self.as_ref().map_or(Cell { text: "–".to_owned(), right: false }, T::to_cell)
    }
}

/// A row of an answer.
pub(crate) trait Line {
    fn cells(&self) -> Vec<Cell>;
}

impl Line for String {
    fn cells(&self) -> Vec<Cell> {
        vec![self.to_cell()]
    }
}

macro_rules! lines { ($(($($t:ident),*))*) => {$(
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$($t: ToCell),*> Line for ($($t,)*) {
        fn cells(&self) -> Vec<Cell> {
            let ($($t,)*) = self;
            vec![$($t.to_cell()),*]
        }
    }
)*}}
lines!((A, B)(A, B, C)(A, B, C, D)(A, B, C, D, E));

/// What a question gives: rows, or one row.
pub(crate) trait Answer {
    fn lines(self) -> Vec<Vec<Cell>>;
}

impl<L: Line> Answer for Vec<L> {
    fn lines(self) -> Vec<Vec<Cell>> {
        self.iter().map(Line::cells).collect()
    }
}

impl Line for Film {
    fn cells(&self) -> Vec<Cell> {
        let categories = self.categories.get().unwrap_or_default().iter().map(|category| &*category.name);
        let cast = self.actors.get().unwrap_or_default().len();
        let language = self.language.get().ok().map(|language| language.name.trim_end().to_owned());
        let categories = categories.collect::<Vec<_>>().join(", ");
        vec![self.title.to_cell(), language.to_cell(), categories.to_cell(), (cast as i64).to_cell()]
    }
}

impl Answer for crate::questions::Takings {
    fn lines(self) -> Vec<Vec<Cell>> {
        vec![self.cells()]
    }
}

/// Prints a question, its SQL and the first rows of its answer.
#[allow(clippy::print_stdout, reason = "that is what it is for")]
pub(crate) fn print(question: &str, sql: &str, columns: &[&str], answer: impl Answer) {
    println!("{question}\n");
    for line in wrap(sql) {
        println!("    {line}");
    }
    println!();
    let lines = answer.lines();
    let shown = &lines[..lines.len().min(SHOWN)];
    let width = |column: usize| {
        let cells = shown.iter().map(|line| line[column].text.chars().count());
        cells.chain([columns[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns.len()).map(width).collect();
    let print = |cells: &[Cell]| {
        let pad = |(cell, width): (&Cell, &usize)| match cell.right {
            true => format!("{:>width$}", cell.text),
            false => format!("{:width$}", cell.text),
        };
        let cells: Vec<_> = cells.iter().zip(&widths).map(pad).collect();
        println!("    {}", cells.join("  ").trim_end());
    };
    let right = |column: usize| shown.first().is_some_and(|line| line[column].right);
    let title = |(column, text): (usize, &&str)| Cell { text: (*text).to_owned(), right: right(column) };
    print(&columns.iter().enumerate().map(title).collect::<Vec<_>>());
    print(&widths.iter().map(|width| Cell { text: "─".repeat(*width), right: false }).collect::<Vec<_>>());
    shown.iter().for_each(|line| print(line));
    match lines.len() - shown.len() {
        0 => println!("    {} in all\n", lines.len()),
        more => println!("    … and {more} more\n"),
    }
}

/// Breaks a statement into lines: one for each clause of its own, not of its subqueries, and long ones at their spaces.
fn wrap(sql: &str) -> Vec<String> {
    const CLAUSES: [&str; 8] = ["FROM", "INNER", "LEFT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT"];
    let mut lines = vec![String::new()];
    let mut depth = 0;
    for word in sql.split(' ') {
        let end = lines.len() - 1;
        let line = &mut lines[end];
        if line.is_empty() {
            line.push_str(word);
        } else if depth == 0 && CLAUSES.contains(&word) {
            lines.push(word.to_owned());
        } else if line.len() + 1 + word.len() <= WIDTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(format!("    {word}"));
        }
        depth += word.matches('(').count() as i32 - word.matches(')').count() as i32;
    }
    lines
}
