//! Puts the members of archives and exports into the store. They are read one after the other and stored in batches,
//! like files.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use rayon::prelude::*;

use super::container::{Container, Member, expand};
use super::inputs::Root;
use super::plan::Reading;
use super::read::{ReadOutcome, parse, read};
use super::run::{BATCH_TEXTS, IngestRun, Stop, TextOrigin, known_hash};
use super::walk::InputFile;
use crate::store::{FileEntry, FileOutcome, FileStat, MEMBER};

/// Members that were read and are not in the store yet.
#[derive(Default)]
struct Batch {
    members: Vec<Member>,
    bytes: u64,
}

impl Batch {
    fn push(&mut self, member: Member) {
        self.bytes += member.content.as_ref().map_or(0, Vec::len) as u64;
        self.members.push(member);
    }

    fn is_full(&self, most_bytes: u64) -> bool {
        self.members.len() >= BATCH_TEXTS || self.bytes >= most_bytes
    }
}

/// An archive or export whose members are being read.
struct Opened<'c> {
    file: &'c InputFile,
    /// What the names of its members in the manifest begin with: its own name and [`MEMBER`].
    prefix: String,
    reading: Reading,
    /// The places of its members in the manifest before the run; `seen` says for each whether it was found again.
    known: Range<usize>,
    seen: Vec<bool>,
}

impl IngestRun<'_> {
    /// Reads an archive or export and puts its members into the store. Removes the members that are no longer there,
    /// unless the container is damaged: they may come after the damage.
    pub(super) fn read_container(
        &mut self,
        file: &InputFile,
        container: Container,
        reading: Reading,
    ) -> Result<(), Stop> {
        let prefix = format!("{}{MEMBER}", file.name());
        let known = self.ledger.before().below(&prefix);
        let mut opened = Opened { file, prefix, reading, seen: vec![false; known.len()], known };
        let mut batch = Batch::default();
        let mut is_empty = true;
        let mut stop = None;
        let most_bytes = self.inputs.memory.batch_bytes;
        let fields = Arc::clone(&self.inputs.fields);
        let ended = expand(file, container, &fields, &mut |member| {
            batch.push(member);
            is_empty = false;
            if batch.is_full(most_bytes) {
                stop = self.take_members(&mut opened, std::mem::take(&mut batch)).err();
            }
            if stop.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if let Some(stop) = stop {
            return Err(stop);
        }
        self.take_members(&mut opened, batch)?;
        let damage = match ended {
            Err(damage) => damage,
            Ok(()) => {
                self.remove_unseen(&opened)?;
                if is_empty { container.nothing_inside().to_owned() } else { String::new() }
            }
        };
        self.put_container(file, FileOutcome::Container { is_export: container.is_export(), damage: damage.into() })
    }

    fn take_members(&mut self, opened: &mut Opened<'_>, batch: Batch) -> Result<(), Stop> {
        let (ledger, prefix, reading) = (&self.ledger, &opened.prefix, opened.reading);
        let judge = |member: Member| {
            let path = format!("{prefix}{}", member.name);
            let outcome = match member.content {
                Err(reason) => ReadOutcome::NoArticle { hash: 0, reason },
                Ok(bytes) => {
                    let place = || opened.file.place_of_member(&member.name);
                    parse(&bytes, &path, &|_| None, place, known_hash(ledger, &path, reading))
                }
            };
            (path, outcome)
        };
        let judged: Vec<(String, ReadOutcome)> = batch.members.into_par_iter().map(judge).collect();
        for (path, outcome) in judged {
            if let Some(place) = self.ledger.before().find(&path) {
                opened.seen[place - opened.known.start] = true;
            }
            let collection = opened.file.root.collection.clone();
            self.take(TextOrigin { path, collection, stat: FileStat(0) }, outcome)?;
        }
        Ok(())
    }

    fn remove_unseen(&mut self, opened: &Opened<'_>) -> Result<(), Stop> {
        let before = self.ledger.before();
        let unseen = opened.known.clone().zip(&opened.seen).filter(|(_, seen)| !**seen);
        let unseen: Vec<String> = unseen.map(|(place, _)| before.path_at(place).to_owned()).collect();
        unseen.iter().try_for_each(|path| self.remove_gone(path))
    }

    /// Puts the entry of a container, unless it equals the entry before in all but file attributes.
    fn put_container(&mut self, file: &InputFile, outcome: FileOutcome<'static>) -> Result<(), Stop> {
        let path = file.name().into_owned();
        let collection = &file.root.collection;
        let before = self.ledger.get(&path);
        if before.is_some_and(|entry| entry.outcome == outcome && entry.collection == *collection) {
            return Ok(());
        }
        let collection = collection.clone().into();
        self.put_file(FileEntry { path: path.into(), collection, stat: file.stat, hash: 0, outcome })
    }

    /// Reads the members in `entries` of the container at `outer` again and puts them as if they were new. Removes
    /// those that are not found.
    pub(super) fn read_members_again(&mut self, outer: &str, entries: Vec<FileEntry<'static>>) -> Result<(), Stop> {
        let mut wanted: BTreeMap<String, FileEntry<'static>> = BTreeMap::new();
        for entry in entries {
            wanted.insert(entry.path[outer.len() + MEMBER.len()..].to_owned(), entry);
        }
        let fields = Arc::clone(&self.inputs.fields);
        let root = Arc::new(Root::new(outer));
        let opened = InputFile::at(outer, &root).map(|file| (read(&file, &fields, None), file));
        let mut stop = None;
        if let Some((ReadOutcome::Container(container), file)) = opened {
            let ended = expand(&file, container, &fields, &mut |member| {
                if let (Some(entry), Ok(bytes)) = (wanted.remove(&member.name), member.content) {
                    let place = self.place_of(&entry);
                    let outcome = parse(&bytes, &entry.path, &|_| None, || place, None);
                    stop = self.put(TextOrigin::from_entry(&entry), None, outcome).err();
                }
                let is_done = stop.is_some() || wanted.is_empty();
                if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            // An error does not matter: the members after the damage stay in `wanted`.
            drop(ended);
        }
        if let Some(stop) = stop {
            return Err(stop);
        }
        wanted.into_values().try_for_each(|entry| self.forget(&entry.path))
    }
}
