//! Lines in no known format: all of a record is its message.

use super::spec::{Detected, Format, FormatSpec, LogFormat};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "plain",
    about: "lines of any text; an indented line belongs to the one before it",
    example: "The queue remote-7 is stuck",
    detect: |_| Detected::new(Plain, true),
});

#[derive(Debug)]
struct Plain;

impl LogFormat for Plain {
    fn is_stamped(&self) -> bool {
        false
    }
}
