//! Decides what may be filled into each place of a command, so that a shell that is given the command executes nothing
//! of the value and passes it on byte for byte.
//!
//! Each shell has a lexer of its own. A lexer knows the usual constructs. It refuses a value wherever it is not certain
//! what the shell does: a rule can be written differently, but a command that is pasted cannot be taken back.

mod posix;
mod powershell;
mod programs;
mod simple;

use crate::pattern::HoleKind;
use crate::rule::program::Shell;

/// A part of a command as it is written in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Char(char),
    Capture,
}

/// The values that may be filled into a place, from the fewest to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Takes {
    Nothing,
    /// Whole numbers.
    Integers,
    /// Values that are neither the name of a variable nor that of a program.
    Numbers,
    /// Values of letters, digits and a few signs that no shell acts on.
    Plain,
    /// Any text, because it gets quotes.
    Text,
}

impl Takes {
    /// Whether all values of a hole of this kind may be filled in.
    pub(super) fn all_of(self, kind: HoleKind) -> bool {
        use HoleKind::{Dur, Hex, Host, Int, Ip, Num, Uuid};
        match self {
            Takes::Nothing => false,
            Takes::Integers => kind == Int,
            Takes::Numbers => matches!(kind, Int | Num | Uuid | Dur | Ip),
            Takes::Plain => matches!(kind, Int | Num | Uuid | Dur | Ip | Hex | Host),
            Takes::Text => true,
        }
    }
}

/// A place of a command that a value is filled into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) takes: Takes,
    /// Why it takes no more; follows "the value would be". Empty for a place that takes any text.
    pub(super) why: &'static str,
    /// Whether the quotes around the capture contain nothing else. They are replaced by those that the value needs.
    pub(super) own_quotes: bool,
    /// Whether the value begins an argument, and no `--` comes before it: a value that begins with `-` would be an
    /// option.
    pub(super) may_be_option: bool,
}

impl Place {
    fn limit(&mut self, takes: Takes, why: &'static str) {
        if takes < self.takes {
            (self.takes, self.why) = (takes, why);
        }
    }
}

/// Returns the place of each capture of a command, in order.
pub(super) fn places(shell: Shell, command: &[Token]) -> Vec<Place> {
    match shell {
        Shell::Posix => posix::places(command),
        Shell::PowerShell => powershell::places(command),
    }
}
