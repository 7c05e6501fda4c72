//! The logs of several containers at once, as Compose and kubectl show them: the name of the container before each line.

use super::spec::{Detected, Format, FormatSpec, LogFormat, Sample};
use super::wrapper::{Wrapper, is_stamped_by_tool};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "containers",
    about: "the logs of several containers at once, as Compose and `kubectl logs --prefix` show them",
    example: "web-1  | 2024-05-01 10:00:00 ERROR no space left on device",
    detect,
});

#[derive(Debug)]
struct Prefixed(Wrapper);

fn detect(sample: &Sample<'_>) -> Detected {
    let is_stamped = is_stamped_by_tool(Wrapper::PrefixAndStamp, &sample.lines, sample.rules);
    sample.most_lines(Prefixed(if is_stamped { Wrapper::PrefixAndStamp } else { Wrapper::Prefix }))
}

impl LogFormat for Prefixed {
    fn wrapper(&self) -> Option<Wrapper> {
        Some(self.0)
    }

    fn fits(&self, line: &[u8], _rules: &StampRules) -> bool {
        self.0.split(line).is_some()
    }
}
