//! The logs of several containers at once, as Compose and kubectl show them: the name of the container before each line.

use super::spec::{Format, FormatSpec, LogFormat};
use super::wrapper::Wrapper;
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "containers",
    about: "the logs of several containers at once, as Compose and `kubectl logs --prefix` show them",
    example: "web-1  | 2024-05-01 10:00:00 ERROR no space left on device",
    detect: |sample| sample.most_lines(Prefixed),
});

#[derive(Debug)]
struct Prefixed;

impl LogFormat for Prefixed {
    fn wrapper(&self) -> Option<Wrapper> {
        Some(Wrapper::Prefix)
    }

    fn fits(&self, line: &[u8], _rules: &StampRules) -> bool {
        Wrapper::Prefix.split(line).is_some()
    }
}
