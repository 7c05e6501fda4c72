//! Decides from the names in `on` which symptoms are read from which source.

use std::collections::HashSet;

use super::plan::is_read_from_records;
use crate::log::{Format, Record};
use crate::rule::{Program, SymptomId};

/// The most programs of a source that are noted. Records of further programs are matched, but the symptoms that are
/// read from them do not count as looked for.
const MAX_PROGRAMS: usize = 10_000;

/// The names of one source, and the symptoms that are read from it by these names.
#[derive(Debug, Clone)]
pub(crate) struct SourceNames<'p> {
    program: &'p Program,
    /// For each symptom, the records of this source from which it is read.
    read_from: Vec<ReadFrom>,
    programs: HashSet<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadFrom {
    /// All: the symptom has no `on`, or `on` names the source.
    All,
    /// Only those of programs that `on` names; no record of such a program has been noted yet.
    UnseenProgram,
    /// Only those of programs that `on` names; a record of such a program has been noted.
    SeenProgram,
}

impl<'p> SourceNames<'p> {
    /// The names of a source: `names`, which the user or the file system gives it, and the name of its format.
    pub(crate) fn new(program: &'p Program, names: &[String], format: &Format) -> Self {
        let is_name = |on: &String| names.iter().any(|name| name.eq_ignore_ascii_case(on)) || format.name() == on;
        let is_all = |on: &Vec<String>| on.is_empty() || on.iter().any(is_name);
        let read_from = |on| if is_all(on) { ReadFrom::All } else { ReadFrom::UnseenProgram };
        let read_from = program.symptoms.iter().map(|symptom| read_from(&symptom.on)).collect();
        SourceNames { program, read_from, programs: HashSet::new() }
    }

    /// Whether the symptom is read from `record`.
    pub(crate) fn is_read_from(&self, symptom: SymptomId, record: &Record<'_>) -> bool {
        let by_program = || record.program().is_some_and(|program| self.is_named(symptom, &program));
        self.read_from[symptom.0 as usize] == ReadFrom::All || by_program()
    }

    /// Whether the symptom is read only from records of certain programs, none of which has been noted yet.
    pub(crate) fn awaits(&self, symptom: SymptomId) -> bool {
        self.read_from[symptom.0 as usize] == ReadFrom::UnseenProgram
    }

    /// Notes the program of `record`. The symptoms whose `on` names the program count as looked for in this source from
    /// now on.
    pub(crate) fn note(&mut self, record: &Record<'_>) {
        let Some(program) = record.program() else { return };
        if self.programs.len() == MAX_PROGRAMS || self.programs.contains(&*program) {
            return;
        }
        for symptom in (0..).map(SymptomId).take(self.read_from.len()) {
            if self.awaits(symptom) && self.is_named(symptom, &program) {
                self.read_from[symptom.0 as usize] = ReadFrom::SeenProgram;
            }
        }
        self.programs.insert(program.into_owned());
    }

    /// Returns the symptoms that are read from other sources than this one, as far as the noted records show.
    pub(crate) fn not_looked_for(&self) -> Vec<SymptomId> {
        let symptoms = (0..).map(SymptomId).zip(&self.program.symptoms).zip(&self.read_from);
        symptoms
            .filter(|((_, symptom), read_from)| **read_from == ReadFrom::UnseenProgram && is_read_from_records(symptom))
            .map(|((id, _), _)| id)
            .collect()
    }

    fn is_named(&self, symptom: SymptomId, program: &[u8]) -> bool {
        self.program.symptom(symptom).on.iter().any(|on| is_program(program, on.as_bytes()))
    }
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
