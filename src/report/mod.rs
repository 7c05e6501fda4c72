//! What the stages found, as text for people and as JSON for programs. Wording and colour live here and nowhere else.

pub(crate) mod clean;
mod fill;
pub mod json;
mod ranking_file;
pub mod text;

pub use ranking_file::ranking_file;
