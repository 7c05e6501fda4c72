//! Decides from the names in `on` which symptoms are read from which source.

use std::collections::HashSet;
use std::sync::Arc;

use crate::log::{Format, Record};
use crate::rule::{Program, SymptomId};

/// The most programs of a source that are noted. Records of further programs are matched, but the symptoms that are
/// read from them do not count as looked for.
const MAX_PROGRAMS: usize = 10_000;

/// From which records of one source each symptom is read.
#[derive(Debug)]
pub(crate) struct SourceReads<'p> {
    program: &'p Program,
    /// For each symptom, whether it is read from all records: it has no `on`, or `on` names the source. Otherwise it is read
    /// only from those of programs that `on` names.
    from_all: Vec<bool>,
}

/// The programs of one source, and the symptoms that are read from their records.
#[derive(Debug, Clone)]
pub(crate) struct SourceNames<'p> {
    reads: Arc<SourceReads<'p>>,
    /// For each symptom, whether it is read from all records or a record of a program has been noted that `on` names.
    is_looked_for: Vec<bool>,
    programs: HashSet<Vec<u8>>,
}

impl<'p> SourceReads<'p> {
    /// The names of a source: `names`, which the user or the file system gives it, and the name of its format.
    pub(crate) fn new(program: &'p Program, names: &[String], format: &Format) -> Self {
        let is_name = |on: &String| names.iter().any(|name| name.eq_ignore_ascii_case(on)) || format.name() == on;
        let mut from_all = vec![true; program.symptoms.len()];
        for (symptom, on) in &program.digest().limited {
            from_all[symptom.0 as usize] = on.iter().any(is_name);
        }
        SourceReads { program, from_all }
    }

    /// Whether the symptom is read from `record`.
    pub(crate) fn is_read_from(&self, symptom: SymptomId, record: &Record<'_>) -> bool {
        let by_program = || record.program().is_some_and(|program| self.is_named(symptom, &program));
        self.is_read_from_all(symptom) || by_program()
    }

    /// Whether the symptom is read from all records of the source.
    pub(crate) fn is_read_from_all(&self, symptom: SymptomId) -> bool {
        self.from_all[symptom.0 as usize]
    }

    fn is_named(&self, symptom: SymptomId, program: &[u8]) -> bool {
        names(self.program.digest().on(symptom), program)
    }
}

impl<'p> SourceNames<'p> {
    /// Begins a source of which no record has been noted yet.
    pub(crate) fn new(reads: Arc<SourceReads<'p>>) -> Self {
        SourceNames { is_looked_for: reads.from_all.clone(), reads, programs: HashSet::new() }
    }

    /// Whether the symptom is read only from records of certain programs, none of which has been noted yet.
    pub(crate) fn awaits(&self, symptom: SymptomId) -> bool {
        !self.is_looked_for[symptom.0 as usize]
    }

    /// Notes a program that wrote a record. The symptoms whose `on` names the program count as looked for in this source from
    /// now on.
    pub(crate) fn note(&mut self, program: &[u8]) {
        if self.programs.len() == MAX_PROGRAMS || self.programs.contains(program) {
            return;
        }
        for (symptom, on) in &self.reads.program.digest().limited {
            self.is_looked_for[symptom.0 as usize] |= names(on, program);
        }
        self.programs.insert(program.to_owned());
    }

    /// Returns the symptoms that are read from other sources than this one, as far as the noted records show.
    pub(crate) fn not_looked_for(&self) -> Vec<SymptomId> {
        let digest = self.reads.program.digest();
        let limited = digest.limited.iter().map(|(symptom, _)| *symptom);
        limited.filter(|symptom| self.awaits(*symptom) && digest.is_read[symptom.0 as usize]).collect()
    }
}

/// Whether one of the names in `on` is that of the program.
fn names(on: &[String], program: &[u8]) -> bool {
    on.iter().any(|on| is_program(program, on.as_bytes()))
}

/// Whether `on` names the program, or a part of it as in `postfix/smtpd` and `sshd(pam_unix)`.
fn is_program(program: &[u8], on: &[u8]) -> bool {
    let name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte) || !byte.is_ascii();
    program.eq_ignore_ascii_case(on)
        || program.split(|byte| !name_byte(byte)).any(|part| !part.is_empty() && part.eq_ignore_ascii_case(on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_program_name_is_enough() {
        assert!(is_program(b"postfix/smtpd", b"smtpd"));
        assert!(is_program(b"sshd(pam_unix)", b"SSHD"));
        assert!(is_program(b"org.a.App", b"org.a.App"));
        assert!(!is_program(b"sshd-session", b"sshd"));
    }
}
