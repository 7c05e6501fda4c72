//! Rule text to [`Program`]: parse, resolve, compile. Works on `&str` alone.

pub(crate) mod program;

pub use program::{CauseId, Program, ResolutionId, SymptomId};
