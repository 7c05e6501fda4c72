//! The words of a simple command: which of them names the program, and what the program does with the others.

use super::Takes;
use super::programs::{begins_command, evaluates, executes_input, is_shell, program_name, takes_value, wrapper};

pub(super) const AS_COMMAND: &str = "the name of a command, or a variable that can become one";
pub(super) const IN_CODE: &str = "part of code, of a command or of a name that a program evaluates";
pub(super) const IN_REDIRECTION: &str = "the file of a redirection";

/// Words after which a command begins.
const BEFORE_COMMAND: [&str; 10] = ["!", "{", "do", "elif", "else", "if", "then", "time", "until", "while"];
/// Words that end a compound command.
const CLOSING: [&str; 3] = ["done", "fi", "}"];
/// Words of constructs that the lexer does not know.
const UNKNOWN: [&str; 5] = ["[[", "case", "coproc", "esac", "function"];

/// A simple command that is being read.
pub(super) struct Simple {
    /// The number of captures before it.
    pub(super) first_place: usize,
    /// The number of captures before the word that is being read.
    pub(super) word_place: usize,
    pub(super) word: Option<Word>,
    pub(super) after_redirect: bool,
    /// Whether its program evaluates its arguments.
    pub(super) evaluates: bool,
    position: Position,
    program: String,
    previous: String,
    options_ended: bool,
}

/// The word that is being read.
#[derive(Default)]
pub(super) struct Word {
    /// Its text without quotes.
    pub(super) text: String,
    /// Whether part of it is in quotes.
    pub(super) quoted: bool,
    /// Whether part of it is only known when the command runs.
    pub(super) opaque: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Before the name of a command.
    Command,
    /// After a wrapper such as `sudo`, with its options that take a value.
    Wrapped(&'static [&'static str]),
    /// Before the format of `printf`.
    Format,
    Argument,
}

/// What a word is to its command.
pub(super) enum WordRole {
    /// It begins a construct that the lexer does not know.
    Unknown,
    Assignment,
    Redirection,
    Program {
        executes_input: bool,
    },
    Other,
}

impl Simple {
    pub(super) fn new(first_place: usize) -> Self {
        Simple {
            first_place,
            word_place: first_place,
            word: None,
            after_redirect: false,
            evaluates: false,
            position: Position::Command,
            program: String::new(),
            previous: String::new(),
            options_ended: false,
        }
    }

    pub(super) fn word(&mut self) -> &mut Word {
        self.word.get_or_insert_default()
    }

    /// Drops a number directly before a redirection, which is not a word: `2>`.
    pub(super) fn drop_descriptor(&mut self) {
        let is_number = |word: &Word| !word.quoted && !word.opaque && word.text.bytes().all(|b| b.is_ascii_digit());
        self.word = self.word.take().filter(|word| !is_number(word));
    }

    /// Whether nothing of it was read yet.
    pub(super) fn is_empty(&self) -> bool {
        self.word.is_none() && self.position == Position::Command && self.previous.is_empty()
    }

    /// After the end of a compound command, only redirections can follow.
    pub(super) fn close(&mut self, next_place: usize) {
        self.word_place = next_place;
        self.position = Position::Argument;
        ")".clone_into(&mut self.previous);
    }

    /// Returns the values that can be part of the word that is being read, and why no others.
    pub(super) fn takes(&self) -> (Takes, &'static str) {
        match self.position {
            _ if self.after_redirect => (Takes::Plain, IN_REDIRECTION),
            Position::Command => (Takes::Nothing, AS_COMMAND),
            Position::Wrapped(options) if options.contains(&self.previous.as_str()) => (Takes::Text, ""),
            Position::Wrapped(_) => (Takes::Numbers, AS_COMMAND),
            Position::Format => (Takes::Plain, IN_CODE),
            Position::Argument => (Takes::Text, ""),
        }
    }

    /// Whether a value that is filled in next could be read as an option.
    pub(super) fn may_begin_option(&self) -> bool {
        let begins = self.word.as_ref().is_none_or(|word| word.text.is_empty() && !word.opaque);
        begins && !self.options_ended && !self.after_redirect && !takes_value(&self.program, &self.previous)
    }

    /// Adds a complete word.
    pub(super) fn add(&mut self, word: &Word) -> WordRole {
        if std::mem::take(&mut self.after_redirect) {
            return WordRole::Redirection;
        }
        let role = match self.position {
            Position::Command => self.first_word(word),
            Position::Wrapped(options) => self.wrapped_word(word, options),
            Position::Format => {
                self.evaluates |= word.text.starts_with('-') && word.text != "--";
                if word.text != "--" {
                    self.position = Position::Argument;
                }
                WordRole::Other
            }
            Position::Argument => {
                let runs_code = is_shell(program_name(&self.previous)) && word.text.starts_with('-');
                self.options_ended |= word.text == "--" && !word.opaque;
                self.evaluates |= begins_command(&self.program, &word.text) || runs_code && word.text.contains('c');
                WordRole::Other
            }
        };
        self.previous.clone_from(&word.text);
        if self.position == Position::Command {
            self.previous.clear();
        }
        role
    }

    fn first_word(&mut self, word: &Word) -> WordRole {
        let keyword = if word.quoted || word.opaque { "" } else { word.text.as_str() };
        if UNKNOWN.contains(&keyword) {
            WordRole::Unknown
        } else if BEFORE_COMMAND.contains(&keyword) {
            WordRole::Other
        } else if CLOSING.contains(&keyword) {
            self.position = Position::Argument;
            WordRole::Other
        } else if is_assignment(&word.text) {
            WordRole::Assignment
        } else {
            self.program_word(word)
        }
    }

    fn wrapped_word(&mut self, word: &Word, options: &[&str]) -> WordRole {
        self.evaluates |= begins_command(&self.program, &word.text);
        let is_value = options.contains(&self.previous.as_str()) || word.text.starts_with(|c: char| c.is_ascii_digit());
        if is_value || word.text.starts_with('-') {
            WordRole::Other
        } else if is_assignment(&word.text) {
            WordRole::Assignment
        } else {
            self.program_word(word)
        }
    }

    fn program_word(&mut self, word: &Word) -> WordRole {
        let name = program_name(&word.text);
        self.position = match wrapper(name) {
            Some(options) => Position::Wrapped(options),
            None if name == "printf" => Position::Format,
            None => Position::Argument,
        };
        self.evaluates |= word.opaque || evaluates(name);
        name.clone_into(&mut self.program);
        WordRole::Program { executes_input: word.opaque || executes_input(name) }
    }
}

/// Whether `text` begins like `NAME=…`, `NAME+=…` or `NAME[…`.
fn is_assignment(text: &str) -> bool {
    let name = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && (name.starts_with('=') || name.starts_with("+=") || name.starts_with('['))
}
