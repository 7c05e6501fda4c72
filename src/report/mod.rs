//! What the stages found, as text for people, as JSON for programs, and the hits of a search as CSV and Markdown for
//! elsewhere. Wording and colour live here and nowhere else.

pub(crate) mod clean;
pub mod csv;
mod fill;
pub mod json;
pub mod markdown;
mod ranking_file;
pub mod text;

pub use ranking_file::ranking_file;
