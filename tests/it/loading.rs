//! Related rows that are loaded with the rows of a query, or for rows that are there: what is asked, how often, and what
//! the fields then hold.

mod asked;
mod joined;
mod modes;
mod pairs;
