//! Files that hold others: archives and exports, opened by what they begin with.

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::ops::ControlFlow;

use super::archive::{self, ArchiveKind};
use super::read::MAX_FILE_BYTES;
use super::walk::Candidate;
use crate::article::export::{self, ExportKind, FieldMap};
use crate::store::MEMBER;

/// What kind of container a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// Files.
    Archive(ArchiveKind),
    /// Records.
    Export(ExportKind),
}

/// A file of an archive or a record of an export.
pub(super) struct Member {
    /// Its name inside the container, with `/`.
    pub(super) name: String,
    /// Its content, or why there is none.
    pub(super) content: Result<Vec<u8>, String>,
}

impl Container {
    pub(super) fn is_export(self) -> bool {
        matches!(self, Container::Export(_))
    }
}

/// The container that begins with `head`, if it is one.
pub(super) fn sniff(head: &[u8], fields: &FieldMap) -> Option<Container> {
    archive::sniff(head).map(Container::Archive).or_else(|| export::sniff(head, fields).map(Container::Export))
}

/// Gives the members of a container to `visit`, in its order, one at a time.
pub(super) fn expand(
    _candidate: &Candidate,
    _container: &Container,
    _fields: &FieldMap,
    _visit: &mut dyn FnMut(Member) -> ControlFlow<()>,
) -> Result<(), String> {
    Ok(())
}

/// The id of an article in a member that names none itself.
pub(super) fn slug_of(candidate: &Candidate, member: &str) -> String {
    candidate.slug_of_member(member)
}
