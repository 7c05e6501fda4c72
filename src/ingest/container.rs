//! Containers: files that hold other files (archives) or records (exports). They are recognised by their first bytes.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::ops::ControlFlow;

use super::archive::{self, ArchiveKind};
use super::walk::InputFile;
use crate::article::export::{self, ExportKind, FieldMap};
use crate::store::MEMBER;

/// The kind of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// Holds files.
    Archive(ArchiveKind),
    /// Holds records.
    Export(ExportKind),
}

/// A file of an archive or a record of an export.
pub(super) struct Member {
    /// Its name inside the container, with `/`.
    pub(super) name: String,
    /// Its content, or the reason why it has none.
    pub(super) content: Result<Vec<u8>, String>,
}

/// Receives the members of a container one by one, until it returns `Break`.
type Visit<'v> = dyn FnMut(Member) -> ControlFlow<()> + 'v;

impl Container {
    pub(super) fn is_export(self) -> bool {
        matches!(self, Container::Export(_))
    }

    /// The reason for skipping a container of this kind that is empty.
    pub(super) fn nothing_inside(self) -> &'static str {
        match self {
            Container::Archive(_) => "an archive without files",
            Container::Export(_) => "an export without records",
        }
    }
}

/// How many bytes at the beginning of a file decide what it is. So many, because in an export a long text may come
/// before the first title.
const HEAD: usize = 64 << 10;

/// The kind of the container that begins with `bytes`; `None` for another file.
pub(super) fn sniff(bytes: &[u8], fields: &FieldMap) -> Option<Container> {
    let head = head(bytes);
    archive::sniff(head).map(Container::Archive).or_else(|| export::sniff(head, fields).map(Container::Export))
}

fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(HEAD)]
}

/// Passes each member of the container `file` to `visit`, in order. Exports inside archives are opened as well. The
/// error is a message for the user that says what is wrong with the container; the members before the damage were
/// visited.
pub(super) fn expand(
    file: &InputFile,
    container: Container,
    fields: &FieldMap,
    visit: &mut Visit<'_>,
) -> Result<(), String> {
    let opened = File::open(&file.path).map_err(|error| format!("cannot read: {error}"))?;
    match container {
        Container::Archive(kind) => {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            files(kind, opened, &name, fields, visit)
        }
        Container::Export(kind) => records(kind, BufReader::new(opened), "", fields, visit).map(drop),
    }
}

fn files(
    kind: ArchiveKind,
    file: impl Read + Seek,
    name: &str,
    fields: &FieldMap,
    visit: &mut Visit<'_>,
) -> Result<(), String> {
    let ended = archive::expand(kind, file, name, &mut |member| {
        let name = member.path;
        let bytes = match member.content {
            Ok(bytes) => bytes,
            Err(reason) => return visit(Member { name, content: Err(reason.to_string()) }),
        };
        let Some(kind) = export::sniff(head(&bytes), fields) else { return visit(Member { name, content: Ok(bytes) }) };
        match records(kind, &*bytes, &format!("{name}{MEMBER}"), fields, visit) {
            Ok(flow) => flow,
            Err(damage) => visit(Member { name, content: Err(damage) }),
        }
    });
    ended.map(drop).map_err(|error| error.to_string())
}

fn records(
    kind: ExportKind,
    reader: impl std::io::BufRead,
    prefix: &str,
    fields: &FieldMap,
    visit: &mut Visit<'_>,
) -> Result<ControlFlow<()>, String> {
    let ended = export::records(kind, reader, fields, &mut |record| {
        let content = match record.content {
            Ok(text) => Ok(text.into_bytes()),
            Err(reason) => Err(format!("line {}: {reason}", record.line)),
        };
        visit(Member { name: format!("{prefix}{}", record.key), content })
    });
    ended.map_err(|error| error.to_string())
}
