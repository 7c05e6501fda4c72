//! The lexer for commands of `sh`, `dash`, `bash` and `zsh`.
//!
//! It keeps a stack of frames: commands, double quotes, `${…}` and `$((…))`. Single quotes contain no frames and are
//! read in one step. Where a construct is not known (a here-document, `case`, `[[`, backticks), the lexer gives up:
//! from there on it cannot say what is quoted.

use super::simple::{AS_COMMAND, IN_CODE, Simple, WordRole};
use super::{Place, Takes, Token};

const IN_QUOTES: &str = "in quotes together with other text";
const IN_SUBSTITUTION: &str = "in quotes around `$(…)`";
const IN_ARITHMETIC: &str = "in an arithmetic expression";
const IN_PARAMETER: &str = "inside `${…}`";
const IN_COMMENT: &str = "in a comment";
const GLUED: &str = "directly after or before a sign that the shell acts on";
const UNCERTAIN: &str = "in a command that is too intricate to say what the shell does with it";
const UNCLOSED: &str = "in a command with an unclosed quote or bracket";

/// Returns the place of each capture, in order.
pub(super) fn places(command: &[Token]) -> Vec<Place> {
    let mut lexer = Lexer {
        tokens: command,
        at: 0,
        places: Vec::new(),
        frames: vec![Frame::Command(Simple::new(0), Closes::End)],
        executes_input: false,
        after_variable: false,
    };
    lexer.read();
    lexer.places
}

struct Lexer<'a> {
    tokens: &'a [Token],
    at: usize,
    places: Vec<Place>,
    frames: Vec<Frame>,
    /// Whether some program of the command executes its standard input.
    executes_input: bool,
    /// Whether the name of a variable ends directly before the next token. A letter would belong to the name.
    after_variable: bool,
}

enum Frame {
    Command(Simple, Closes),
    Double,
    Parameter,
    /// With the number of open parentheses in it.
    Arithmetic(usize),
}

/// What ends the commands of a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closes {
    End,
    Subshell,
    Substitution,
}

/// The lexer does not know what the shell does with the rest of the command.
struct Lost(Takes, &'static str);

impl Lexer<'_> {
    fn read(&mut self) {
        let lost = match self.frames_to_the_end() {
            Ok(()) if self.frames.len() == 1 => None,
            Ok(()) => Some(Lost(Takes::Nothing, UNCLOSED)),
            Err(lost) => Some(lost),
        };
        match lost {
            None => {}
            Some(Lost(takes, why)) => self.give_up(takes, why),
        }
        if self.executes_input {
            self.limit(0, Takes::Plain, IN_CODE);
        }
    }

    /// Limits all captures: those before this place are in commands whose end is not known.
    fn give_up(&mut self, takes: Takes, why: &'static str) {
        let known = if why == UNCLOSED { takes } else { Takes::Plain };
        self.limit(0, known, why);
        self.rest(takes, why);
    }

    /// Limits the captures that are still to come, and does not read on.
    fn rest(&mut self, takes: Takes, why: &'static str) {
        let rest = self.tokens[self.at..].iter().filter(|token| **token == Token::Capture);
        self.places.extend(rest.map(|_| Place { takes, why, own_quotes: false, may_be_option: true }));
        self.at = self.tokens.len();
    }

    fn frames_to_the_end(&mut self) -> Result<(), Lost> {
        while let Some(&token) = self.tokens.get(self.at) {
            self.at += 1;
            let after_variable = std::mem::take(&mut self.after_variable);
            match (token, self.frames.last().expect("the outermost frame is never closed")) {
                (Token::Capture, _) => self.capture(after_variable),
                (Token::Char(c), Frame::Command(..)) => self.in_command(c)?,
                (Token::Char(c), Frame::Double) => self.in_double(c)?,
                (Token::Char(c), Frame::Parameter) => self.in_parameter(c)?,
                (Token::Char(c), &Frame::Arithmetic(open)) => self.in_arithmetic(c, open)?,
            }
        }
        self.end_word()?;
        self.end_simple();
        Ok(())
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Char(c)) => Some(*c),
            Some(Token::Capture) | None => None,
        }
    }

    /// The simple command that is being read: that of the innermost frame of commands.
    fn simple(&mut self) -> &mut Simple {
        let simples = self.frames.iter_mut().rev().filter_map(|frame| match frame {
            Frame::Command(simple, _) => Some(simple),
            Frame::Double | Frame::Parameter | Frame::Arithmetic(_) => None,
        });
        simples.into_iter().next().expect("the outermost frame is one of commands")
    }

    fn limit(&mut self, from: usize, takes: Takes, why: &'static str) {
        self.places[from..].iter_mut().for_each(|place| place.limit(takes, why));
    }

    /// Adds the place of a capture outside single quotes. `own_quotes` were opened right before it.
    fn add_place(&mut self, own_quotes: bool) -> &mut Place {
        let in_double = self.frames.iter().any(|frame| matches!(frame, Frame::Double));
        let frame_limit = match self.frames.last() {
            Some(Frame::Double) => (Takes::Plain, IN_QUOTES),
            Some(Frame::Parameter) => (Takes::Nothing, IN_PARAMETER),
            Some(Frame::Arithmetic(_)) => (Takes::Integers, IN_ARITHMETIC),
            // History expansion of an interactive shell reads `!` there, even within single quotes.
            Some(Frame::Command(..)) if in_double => (Takes::Plain, IN_SUBSTITUTION),
            Some(Frame::Command(..)) | None => (Takes::Text, ""),
        };
        let simple = self.simple();
        let (takes, why) = simple.takes();
        let may_be_option = simple.may_begin_option();
        simple.word().opaque = true;
        simple.word().quoted |= own_quotes;
        let mut place = Place { takes, why, own_quotes, may_be_option };
        place.limit(frame_limit.0, frame_limit.1);
        self.places.push(place);
        self.places.last_mut().expect("it was just added")
    }

    /// Adds a capture that is not alone in quotes.
    fn capture(&mut self, after_variable: bool) {
        let before = self.at.checked_sub(2).map(|at| self.tokens[at]);
        let acted_on = matches!(before, Some(Token::Char('~' | '!' | '\\')));
        let glued = after_variable || acted_on || matches!(self.peek(0), Some('<' | '>' | '('));
        let place = self.add_place(false);
        if glued {
            place.limit(Takes::Nothing, GLUED);
        }
    }

    fn in_command(&mut self, c: char) -> Result<(), Lost> {
        match c {
            ' ' | '\t' => self.end_word()?,
            ';' | '&' | '|' | '\n' => {
                self.end_word()?;
                self.end_simple();
            }
            '(' => self.open_subshell()?,
            ')' => self.close_commands()?,
            '<' | '>' => self.redirect(c)?,
            '#' if self.simple().word.is_none() => self.rest(Takes::Numbers, IN_COMMENT),
            '\'' | '"' if self.opens_own_quotes(c) => self.own_quotes(),
            '\'' => self.single(false)?,
            '"' => {
                self.simple().word().quoted = true;
                self.frames.push(Frame::Double);
            }
            '\\' => self.escape(),
            '$' => self.dollar(false)?,
            '`' => return Err(Lost(Takes::Numbers, UNCERTAIN)),
            c => self.simple().word().text.push(c),
        }
        Ok(())
    }

    fn in_double(&mut self, c: char) -> Result<(), Lost> {
        match c {
            '"' => drop(self.frames.pop()),
            '\\' => self.escape(),
            '$' => self.dollar(true)?,
            '`' => return Err(Lost(Takes::Numbers, UNCERTAIN)),
            c => self.simple().word().text.push(c),
        }
        Ok(())
    }

    fn in_parameter(&mut self, c: char) -> Result<(), Lost> {
        match c {
            '}' => drop(self.frames.pop()),
            '\'' | '"' | '\\' | '$' | '`' | '{' | '(' | ')' => return Err(Lost(Takes::Integers, UNCERTAIN)),
            _ => {}
        }
        Ok(())
    }

    fn in_arithmetic(&mut self, c: char, open: usize) -> Result<(), Lost> {
        let is_variable = c == '$' && self.peek(0).is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        match (c, open) {
            (')', 0) if self.peek(0) == Some(')') => {
                self.at += 1;
                self.frames.pop();
            }
            (')', 1..) => self.set_open(open - 1),
            ('(', _) => self.set_open(open + 1),
            ('$', _) if is_variable => {}
            (')' | '\'' | '"' | '\\' | '$' | '`' | '#' | '{', _) => return Err(Lost(Takes::Integers, UNCERTAIN)),
            _ => {}
        }
        Ok(())
    }

    fn set_open(&mut self, open: usize) {
        if let Some(top) = self.frames.last_mut() {
            *top = Frame::Arithmetic(open);
        }
    }

    /// Whether the quotes that `quote` opens contain one capture and nothing else.
    fn opens_own_quotes(&self, quote: char) -> bool {
        self.tokens.get(self.at) == Some(&Token::Capture) && self.peek(1) == Some(quote)
    }

    fn own_quotes(&mut self) {
        let before = self.at.checked_sub(2).map(|at| self.tokens[at]);
        self.at += 2;
        let glued_after = matches!(self.peek(0), Some('('));
        // The value loses its quotes if it needs none, so it could become part of `~name`, `!name` or `$name`.
        let name_before = self.ends_variable(self.at - 3);
        let place = self.add_place(true);
        if glued_after || name_before || matches!(before, Some(Token::Char('~' | '!'))) {
            place.limit(Takes::Nothing, GLUED);
        }
    }

    /// Whether the name of a variable ends before the token `end`.
    fn ends_variable(&self, end: usize) -> bool {
        let is_name = |token: &&Token| matches!(token, Token::Char(c) if c.is_ascii_alphanumeric() || *c == '_');
        let name = self.tokens[..end].iter().rev().take_while(is_name).count();
        name > 0 && self.tokens[..end - name].last() == Some(&Token::Char('$'))
    }

    /// Reads single quotes to their end, `$'…'` if `escapes`. A backslash in `$'…'` is refused: `dash` does not know this
    /// form, so the quotes would end elsewhere.
    fn single(&mut self, escapes: bool) -> Result<(), Lost> {
        self.simple().word().quoted = true;
        while let Some(&token) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                Token::Char('\'') => return Ok(()),
                Token::Char('\\') if escapes => return Err(Lost(Takes::Numbers, UNCERTAIN)),
                Token::Char(c) => self.simple().word().text.push(c),
                Token::Capture => self.add_place(false).limit(Takes::Plain, IN_QUOTES),
            }
        }
        // The quotes are not closed. A frame that nothing closes says so at the end.
        self.frames.push(Frame::Double);
        Ok(())
    }

    /// Passes the character after a backslash. A capture there is refused where it is read.
    fn escape(&mut self) {
        if let Some(c) = self.peek(0) {
            self.at += 1;
            let word = self.simple().word();
            word.text.push(c);
            word.quoted = true;
        }
    }

    fn dollar(&mut self, in_double: bool) -> Result<(), Lost> {
        self.simple().word().opaque = true;
        match (self.peek(0), self.peek(1)) {
            (Some('('), Some('(')) => {
                self.at += 2;
                self.frames.push(Frame::Arithmetic(0));
            }
            (Some('('), _) => {
                self.at += 1;
                self.frames.push(Frame::Command(Simple::new(self.places.len()), Closes::Substitution));
            }
            (Some('{'), _) => {
                self.at += 1;
                self.frames.push(Frame::Parameter);
            }
            (Some('['), _) => return Err(Lost(Takes::Integers, UNCERTAIN)),
            (Some('\''), _) if !in_double => {
                self.at += 1;
                self.single(true)?;
            }
            (Some('"'), _) if !in_double => {
                self.at += 1;
                self.frames.push(Frame::Double);
            }
            (Some('?' | '!' | '$' | '-' | '*' | '@' | '#' | '0'..='9'), _) => self.at += 1,
            (Some(c), _) if c.is_ascii_alphabetic() || c == '_' => {
                while self.peek(0).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                    self.at += 1;
                }
                self.after_variable = true;
            }
            _ => {}
        }
        Ok(())
    }

    fn open_subshell(&mut self) -> Result<(), Lost> {
        if !self.simple().is_empty() || self.peek(0) == Some('(') {
            return Err(Lost(Takes::Integers, UNCERTAIN));
        }
        self.frames.push(Frame::Command(Simple::new(self.places.len()), Closes::Subshell));
        Ok(())
    }

    fn close_commands(&mut self) -> Result<(), Lost> {
        self.end_word()?;
        self.end_simple();
        match self.frames.pop() {
            Some(Frame::Command(_, Closes::Subshell)) => {
                let next = self.places.len();
                self.simple().close(next);
            }
            Some(Frame::Command(_, Closes::Substitution)) => {}
            Some(Frame::Command(_, Closes::End) | Frame::Double | Frame::Parameter | Frame::Arithmetic(_)) | None => {
                return Err(Lost(Takes::Integers, UNCERTAIN));
            }
        }
        Ok(())
    }

    fn redirect(&mut self, c: char) -> Result<(), Lost> {
        let is_here_text = self.peek(0) == Some('<') && self.peek(1) == Some('<');
        if self.peek(0) == Some('(') || (c == '<' && self.peek(0) == Some('<') && !is_here_text) {
            return Err(Lost(Takes::Numbers, UNCERTAIN));
        }
        self.simple().drop_descriptor();
        self.end_word()?;
        while self.peek(0).is_some_and(|c| matches!(c, '<' | '>' | '&' | '|')) {
            self.at += 1;
        }
        self.simple().after_redirect = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), Lost> {
        let next = self.places.len();
        let simple = self.simple();
        let Some(word) = simple.word.take() else { return Ok(()) };
        let first = std::mem::replace(&mut simple.word_place, next);
        match simple.add(&word) {
            WordRole::Unknown => return Err(Lost(Takes::Numbers, UNCERTAIN)),
            WordRole::Assignment => self.limit(first, Takes::Plain, AS_COMMAND),
            WordRole::Redirection => self.limit(first, Takes::Plain, super::simple::IN_REDIRECTION),
            WordRole::Program { executes_input } => self.executes_input |= executes_input,
            WordRole::Other => {}
        }
        Ok(())
    }

    fn end_simple(&mut self) {
        let next = Simple::new(self.places.len());
        let ended = std::mem::replace(self.simple(), next);
        if ended.evaluates {
            self.limit(ended.first_place, Takes::Plain, IN_CODE);
        }
    }
}
