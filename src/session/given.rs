//! Checks what the user gives to a diagnosis: names of symptoms, causes and resolutions, log formats, versions.

use std::fmt;

use jiff::tz::TimeZone;

use super::{SessionError, Warning};
use crate::case::Given;
use crate::diagnostic::did_you_mean;
use crate::log::{Format, zone_named};
use crate::own_format::OwnFormats;
use crate::product::{self, Release};
use crate::rule::{CauseId, Program, ResolutionId, SymptomId};

/// The kinds of things that have names in rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// A symptom.
    Symptom,
    /// A cause.
    Cause,
    /// A resolution.
    Resolution,
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NameKind::Symptom => "symptom",
            NameKind::Cause => "cause",
            NameKind::Resolution => "resolution",
        })
    }
}

/// Checks every name, version and format that the user gave. Returns `given` with each name replaced by the one that
/// reports use: a user may write `pack.name`.
pub fn check_given(program: &Program, mut given: Given, warn: &mut dyn FnMut(Warning)) -> Result<Given, SessionError> {
    for (name, version) in &given.products {
        check_product(program, name, version, warn)?;
    }
    for name in given.answers.keys() {
        symptom(program, name)?;
    }
    for name in &given.tried {
        resolution(program, name)?;
    }
    for probe in &given.probes {
        probed_symptom(program, &probe.symptom)?;
    }
    if let Some(name) = &given.log_format {
        log_format(name, &program.formats)?;
    }
    if let Some(name) = &given.zone {
        zone(name)?;
    }
    given.use_names_of(program);
    Ok(given)
}

/// Finds the symptom that the user calls `name`.
pub fn symptom(program: &Program, name: &str) -> Result<SymptomId, SessionError> {
    let known = program.symptoms.iter().map(|symptom| symptom.name.as_str());
    program.symptom_named(name).ok_or_else(|| unknown(NameKind::Symptom, name, known))
}

/// Finds the symptom that the user calls `name`, which must have a probe.
pub fn probed_symptom(program: &Program, name: &str) -> Result<SymptomId, SessionError> {
    let id = symptom(program, name)?;
    match program.symptom(id).probe {
        Some(_) => Ok(id),
        None => Err(SessionError::NoProbe { name: name.to_owned() }),
    }
}

/// Finds the cause that the user calls `name`.
pub fn cause(program: &Program, name: &str) -> Result<CauseId, SessionError> {
    let known = program.causes.iter().map(|cause| cause.name.as_str());
    program.cause_named(name).ok_or_else(|| unknown(NameKind::Cause, name, known))
}

/// Finds the resolution that the user calls `name`.
pub fn resolution(program: &Program, name: &str) -> Result<ResolutionId, SessionError> {
    let known = program.resolutions.iter().map(|resolution| resolution.name.as_str());
    program.resolution_named(name).ok_or_else(|| unknown(NameKind::Resolution, name, known))
}

fn unknown<'a>(kind: NameKind, name: &str, known: impl Iterator<Item = &'a str>) -> SessionError {
    SessionError::UnknownName { kind, name: name.to_owned(), near: did_you_mean(name, known).map(str::to_owned) }
}

/// Finds the log format that the user calls `name`: a built-in one or one of `own`.
pub fn log_format(name: &str, own: &OwnFormats) -> Result<Format, SessionError> {
    Format::named(name, own).ok_or_else(|| {
        let own: Vec<String> = own.iter().map(|format| format.name().to_owned()).collect();
        let known = Format::ALL.iter().map(Format::name).chain(own.iter().map(String::as_str));
        let near = did_you_mean(name, known).map(str::to_owned);
        SessionError::UnknownFormat { name: name.to_owned(), near, own }
    })
}

/// Finds the zone that the user calls `name`.
pub fn zone(name: &str) -> Result<TimeZone, SessionError> {
    zone_named(name).map_err(|near| SessionError::UnknownZone { name: name.to_owned(), near })
}

/// Whether `version` contains a number, or names a release that has one.
pub(super) fn is_version(product: &str, version: &str) -> bool {
    let has_number = |release: &Release| {
        release.version().is_some_and(|version| version.to_string().contains(|c: char| c.is_ascii_digit()))
    };
    Release::stated(product, version).iter().any(has_number)
}

/// Checks that `version` is a version of `product`: a number, or the name of a release that has one.
pub fn check_version(product: &str, version: &str) -> Result<(), SessionError> {
    match is_version(product, version) {
        true => Ok(()),
        false => Err(SessionError::NotAVersion { product: product.to_owned(), version: version.to_owned() }),
    }
}

/// Fails if `version` is no version. Warns if no rule asks for the product: its name may be misspelt. This is no error,
/// because rules that are added later may ask for it.
fn check_product(
    program: &Program,
    name: &str,
    version: &str,
    warn: &mut dyn FnMut(Warning),
) -> Result<(), SessionError> {
    check_version(name, version)?;
    let known = || program.causes.iter().flat_map(|cause| &cause.applies).map(|applies| applies.product.as_str());
    if !known().any(|product| product::same(product, name)) {
        let near = did_you_mean(name, known()).map(str::to_owned);
        warn(Warning::UnusedProduct { name: name.to_owned(), near });
    }
    Ok(())
}
