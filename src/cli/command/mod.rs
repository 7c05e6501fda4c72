//! One file a command: arguments, one call a stage, a report.

pub(super) mod case;
pub(super) mod diagnose;
pub(super) mod eval;
pub(super) mod ingest;
pub(super) mod init;
pub(super) mod kb;
pub(super) mod rule;
pub(super) mod search;
#[cfg(feature = "semantic")]
pub(super) mod semantic;
pub(super) mod show;
pub(super) mod status;
