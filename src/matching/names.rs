//! Which symptoms are read from which source: what `on` names.

use std::collections::BTreeSet;

use super::plan::is_read_from_records;
use crate::log::{Format, Record};
use crate::rule::{Program, SymptomId};

/// The names of one source, seen from the symptoms of a program.
#[derive(Debug)]
pub(crate) struct SourceNames<'p> {
    program: &'p Program,
    /// By symptom, how it was found to fit.
    fits: Vec<Fit>,
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
        SourceNames { program, fits: program.symptoms.iter().map(|symptom| fit(&symptom.on)).collect() }
    }

    /// Whether the symptom is read from `record`.
    pub(crate) fn fit(&self, symptom: SymptomId, record: &Record<'_>) -> bool {
        let by_program = || record.program().is_some_and(|program| self.is_named(symptom, &program));
        self.fits[symptom.0 as usize] == Fit::Whole || by_program()
    }

    /// Notes that a record came that the symptom is read from.
    pub(crate) fn looked_for(&mut self, symptom: SymptomId) {
        let fit = &mut self.fits[symptom.0 as usize];
        if *fit == Fit::ByProgram {
            *fit = Fit::ByProgramSeen;
        }
    }

    /// Notes which programs wrote records.
    pub(crate) fn add_programs(&mut self, programs: &BTreeSet<Vec<u8>>) {
        for symptom in (0..).map(SymptomId).take(self.fits.len()) {
            if programs.iter().any(|program| self.is_named(symptom, program)) {
                self.looked_for(symptom);
            }
        }
    }

    /// The symptoms that are read from other sources than this one.
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
