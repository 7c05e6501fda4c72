//! The lexer for commands of PowerShell.
//!
//! A text in single quotes is a literal wherever PowerShell reads code. So the lexer only has to know whether it is in
//! code, and whether what follows runs the literal: the call operators, and commands that take code. It gives up at
//! constructs in which quotes mean something else.

use super::{Place, Takes, Token};

const IN_CODE: &str = "part of code that a command evaluates";
const IN_QUOTES: &str = "in quotes together with other text";
const GLUED: &str = "directly after or before other text";
const UNCERTAIN: &str = "in a command that is too intricate to say what the shell does with it";
const UNCLOSED: &str = "in a command with an unclosed quote";

/// Commands, and parts of commands, that run texts. In lower case.
const EVALUATORS: [&str; 24] = [
    "iex",
    "invoke-expression",
    "invoke-command",
    "icm",
    "powershell",
    "powershell.exe",
    "pwsh",
    "pwsh.exe",
    "cmd",
    "cmd.exe",
    "start-process",
    "saps",
    "start",
    "start-job",
    "add-type",
    "new-object",
    "set-alias",
    "sal",
    "new-alias",
    "wmic",
    "wsl",
    "bash",
    "invoke-wmimethod",
    "invoke-cimmethod",
];

/// Returns the place of each capture, in order.
pub(super) fn places(command: &[Token]) -> Vec<Place> {
    let mut lexer = Lexer { tokens: command, at: 0, places: Vec::new(), word: String::new(), options_ended: false };
    match lexer.code() {
        Ok(()) => {}
        Err(why) => lexer.give_up(why),
    }
    lexer.places
}

struct Lexer<'a> {
    tokens: &'a [Token],
    at: usize,
    places: Vec<Place>,
    /// The unquoted word that is being read.
    word: String,
    options_ended: bool,
}

impl Lexer<'_> {
    fn code(&mut self) -> Result<(), &'static str> {
        while let Some(&token) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                Token::Capture => self.bare(),
                Token::Char('\'' | '"') if self.is_own_quotes() => self.own_quotes(),
                Token::Char(c @ ('\'' | '"')) => self.quotes(c)?,
                Token::Char('#' | '@' | '`' | '‘'..='‟') => return Err(UNCERTAIN),
                Token::Char('$') if matches!(self.peek(0), Some('(' | '{')) => return Err(UNCERTAIN),
                Token::Char(':') if self.peek(0) == Some(':') => return Err(UNCERTAIN),
                Token::Char('&' | '.') if self.word.is_empty() => return Err(IN_CODE),
                Token::Char(c) if c.is_whitespace() || "|;(){},=".contains(c) => self.end_word(c)?,
                Token::Char(c) => self.word.push(c),
            }
        }
        self.end_word(' ')
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Char(c)) => Some(*c),
            Some(Token::Capture) | None => None,
        }
    }

    fn end_word(&mut self, end: char) -> Result<(), &'static str> {
        let word = std::mem::take(&mut self.word).to_lowercase();
        self.options_ended |= word == "--";
        if matches!(end, '|' | ';') {
            self.options_ended = false;
        }
        // `--%` passes the rest as it is. A method, as in `[scriptblock]::Create(…)` or `$x.Invoke(…)`, can run text.
        let is_method = end == '(' && !word.is_empty() && !word.starts_with('-');
        match word.as_str() {
            "--%" => Err(UNCERTAIN),
            word if is_method || EVALUATORS.contains(&word) => Err(IN_CODE),
            _ => Ok(()),
        }
    }

    /// Limits all captures, because it is not known what becomes of them.
    fn give_up(&mut self, why: &'static str) {
        let rest = self.tokens[self.at..].iter().filter(|token| **token == Token::Capture).count();
        let place = Place { takes: Takes::Numbers, why, own_quotes: false, may_be_option: true };
        self.places.extend(std::iter::repeat_n(place, rest));
        self.places.iter_mut().for_each(|place| place.limit(Takes::Numbers, why));
    }

    fn is_own_quotes(&self) -> bool {
        let quote = self.tokens[self.at - 1];
        self.tokens.get(self.at) == Some(&Token::Capture) && self.tokens.get(self.at + 1) == Some(&quote)
    }

    fn own_quotes(&mut self) {
        let before = self.at.checked_sub(2).map(|at| self.tokens[at]);
        self.at += 2;
        self.add(true, before);
    }

    fn bare(&mut self) {
        let before = self.at.checked_sub(2).map(|at| self.tokens[at]);
        self.add(false, before);
    }

    /// Adds a place in code. A value that is a part of a word would not get its quotes removed.
    fn add(&mut self, own_quotes: bool, before: Option<Token>) {
        let is_border = |token: Option<&Token>| match token {
            None => true,
            Some(Token::Char(c)) => c.is_whitespace() || "|;(){},=".contains(*c),
            Some(Token::Capture) => false,
        };
        let mut place = Place { takes: Takes::Text, why: "", own_quotes, may_be_option: !self.options_ended };
        if !is_border(before.as_ref()) || !is_border(self.tokens.get(self.at)) {
            place.limit(Takes::Plain, GLUED);
        }
        self.places.push(place);
    }

    /// Reads quotes with other text to their end. `""` and `''` are a quote within them.
    fn quotes(&mut self, quote: char) -> Result<(), &'static str> {
        while let Some(&token) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                Token::Char(c) if c == quote && self.peek(0) == Some(quote) => self.at += 1,
                Token::Char(c) if c == quote => return Ok(()),
                Token::Char('`' | '‘'..='‟') => return Err(UNCERTAIN),
                Token::Char('$') if quote == '"' && self.peek(0) == Some('(') => return Err(UNCERTAIN),
                Token::Char(_) => {}
                Token::Capture => self.places.push(Place {
                    takes: Takes::Plain,
                    why: IN_QUOTES,
                    own_quotes: false,
                    may_be_option: true,
                }),
            }
        }
        Err(UNCLOSED)
    }
}
