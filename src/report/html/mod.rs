//! `casebook diagnose --format html`: a diagnosis as one page that needs nothing else, neither a script nor the network.
//!
//! Text of others is written through `escape::text` alone; headings, tables and links are what a screen reader expects.

mod diagnosis;
mod escape;
mod lines;
mod matched;
mod parts;

pub use diagnosis::diagnosis;
