//! Which symptoms are read from which source: the names in `on`.

use std::collections::HashSet;

use super::plan::is_read_from_records;
use crate::log::{Format, Record};
use crate::rule::{Program, SymptomId};

/// Programs noted per source. Records of further ones are matched, but do not count as looked for.
const MAX_PROGRAMS: usize = 10_000;

/// The names of one source, and the symptoms that are read from it by these names.
#[derive(Debug, Clone)]
pub(crate) struct SourceNames<'p> {
    program: &'p Program,
    /// By symptom, the records of this source that it is read from.
    read_from: Vec<ReadFrom>,
    programs: HashSet<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadFrom {
    /// All: the symptom has no `on`, or `on` names the source.
    All,
    /// Those of a program, none of which has been noted so far.
    UnseenProgram,
    /// Those of a program, one of which was noted.
    SeenProgram,
}

impl<'p> SourceNames<'p> {
    /// `names` are those that the user and the file system give the source; its format is a name too.
    pub(crate) fn new(program: &'p Program, names: &[String], format: Format) -> Self {
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

    /// Whether the symptom is read from the records of programs, none of which has been noted so far.
    pub(crate) fn awaits(&self, symptom: SymptomId) -> bool {
        self.read_from[symptom.0 as usize] == ReadFrom::UnseenProgram
    }

    /// Notes the program of `record`: the symptoms that are read from its records are looked for in this source.
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

    /// The symptoms that are read from other sources than this one, as far as the noted records show.
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
