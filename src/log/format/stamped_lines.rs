//! Lines that a tool stamps one by one, whatever a program printed: `kubectl logs --timestamps`, `docker logs -t`, and the
//! logs of jobs on build servers.

use super::spec::{Detected, Format, FormatSpec, LogFormat};
use super::wrapper::{Wrapper, is_stamped_by_tool};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "stamped_lines",
    about: "lines that a tool stamps one by one, as `kubectl logs --timestamps`, `docker logs -t` and build servers do",
    example: "2024-05-01T10:00:00.123456789Z java.io.IOException: No space left on device\n\
              2024-05-01T10:00:00.123456790Z \tat a.B.write(B.java:7)",
    detect: |sample| Detected::new(StampedLines, is_stamped_by_tool(Wrapper::Stamp, &sample.lines, sample.rules)),
});

#[derive(Debug)]
struct StampedLines;

impl LogFormat for StampedLines {
    fn wrapper(&self) -> Option<Wrapper> {
        Some(Wrapper::Stamp)
    }

    fn fits(&self, line: &[u8], _rules: &StampRules) -> bool {
        Wrapper::Stamp.split(line).is_some()
    }
}
