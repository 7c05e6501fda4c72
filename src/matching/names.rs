//! Which symptoms are read from which source: what `on` names.

use std::collections::HashSet;

use super::plan::is_read_from_records;
use crate::log::{Format, Record};
use crate::rule::{Program, SymptomId};

/// Programs noted per source. One with more has no programs worth the name; records of further ones are still matched.
const MAX_PROGRAMS: usize = 10_000;

/// The names of one source, seen from the symptoms of a program.
#[derive(Debug)]
pub(crate) struct SourceNames<'p> {
    program: &'p Program,
    /// By symptom, how it was found to fit.
    fits: Vec<Fit>,
    programs: HashSet<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It is read from all records: it has no `on`, or `on` names the source.
    Whole,
    /// It is read from the records of some program; whether one came is not known.
    ByProgram,
    /// Such a record came.
    ByProgramSeen,
}

impl<'p> SourceNames<'p> {
    /// `names` are what the user and the file system call the source; its format is a name too.
    pub(crate) fn new(program: &'p Program, names: &[String], format: Format) -> Self {
        let is_name = |on: &String| names.iter().any(|name| name.eq_ignore_ascii_case(on)) || format.name() == on;
        let fit = |on: &Vec<String>| if on.is_empty() || on.iter().any(is_name) { Fit::Whole } else { Fit::ByProgram };
        let fits = program.symptoms.iter().map(|symptom| fit(&symptom.on)).collect();
        SourceNames { program, fits, programs: HashSet::new() }
    }

    /// Whether the symptom is read from `record`.
    pub(crate) fn fit(&self, symptom: SymptomId, record: &Record<'_>) -> bool {
        let by_program = || record.program().is_some_and(|program| self.is_named(symptom, &program));
        self.fits[symptom.0 as usize] == Fit::Whole || by_program()
    }

    /// Whether the symptom is read from the records of programs of which none came yet.
    pub(crate) fn awaits(&self, symptom: SymptomId) -> bool {
        self.fits[symptom.0 as usize] == Fit::ByProgram
    }

    /// Notes that `record` came: the symptoms that are read from the records of its program are looked for here.
    pub(crate) fn note(&mut self, record: &Record<'_>) {
        let Some(program) = record.program() else { return };
        if self.programs.len() == MAX_PROGRAMS || self.programs.contains(&*program) {
            return;
        }
        for symptom in (0..).map(SymptomId).take(self.fits.len()) {
            if self.fits[symptom.0 as usize] == Fit::ByProgram && self.is_named(symptom, &program) {
                self.fits[symptom.0 as usize] = Fit::ByProgramSeen;
            }
        }
        self.programs.insert(program.into_owned());
    }

    /// The symptoms that are read from other sources than this one, as far as the noted records tell.
    pub(crate) fn not_looked_for(&self) -> Vec<SymptomId> {
        let symptoms = (0..).map(SymptomId).zip(&self.program.symptoms).zip(&self.fits);
        symptoms
            .filter(|((_, symptom), fit)| **fit == Fit::ByProgram && is_read_from_records(symptom))
            .map(|((id, _), _)| id)
            .collect()
    }

    fn is_named(&self, symptom: SymptomId, program: &[u8]) -> bool {
        self.program.symptom(symptom).on.iter().any(|on| is_program(program, on.as_bytes()))
    }
}

/// Whether `on` names the program: all of it, or a part of `postfix/smtpd`, `sshd(pam_unix)`.
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
