//! What the stages found, as text for people and as JSON for programs. Wording and colour live here and nowhere else.

pub(crate) mod clean;
mod fill;
pub mod json;
pub mod text;
