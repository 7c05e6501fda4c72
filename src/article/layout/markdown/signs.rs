//! Decides whether a text is Markdown.
//!
//! Nearly every text is valid Markdown, and the comments of scripts and settings look like headings. So headings are
//! not enough: there must be more lines of prose, lists and tables than lines that only programs read or write.

use crate::article::layout::front_matter;

/// A line with at least this many words is prose.
const MANY_WORDS: usize = 5;

/// The greatest length of an underlined heading in bytes.
const LONGEST_HEAD: usize = 80;

/// A line that begins with one of these words is from a script, a program or a build file.
const CODE_WORDS: &[&str] = &[
    "alias",
    "apt",
    "cd",
    "class",
    "const",
    "def",
    "dnl",
    "done",
    "echo",
    "elif",
    "else",
    "elsif",
    "end",
    "endif",
    "export",
    "fi",
    "fn",
    "from",
    "func",
    "function",
    "import",
    "include",
    "let",
    "local",
    "module",
    "package",
    "pub",
    "require",
    "return",
    "set",
    "source",
    "static",
    "struct",
    "sudo",
    "type",
    "unset",
    "using",
    "var",
    "void",
    "ADD",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "RUN",
];

/// Whether `head`, the start of a text, is Markdown that people are meant to read.
pub(in crate::article) fn is_markdown(head: &str) -> bool {
    if let Some((fields, body)) = front_matter::split(head) {
        let found = count_lines(body);
        return !fields.is_empty() && found.heads + found.prose > found.foreign;
    }
    let found = count_lines(head);
    let begins_as_code = head.lines().map(look).find(|look| *look != LineKind::Blank) == Some(LineKind::Foreign);
    !begins_as_code && found.heads > 0 && found.prose > found.foreign
}

/// Whether `text` has marks that only Markdown has. Lists do not count, because they look the same in plain text.
pub(in crate::article) fn has_marks(text: &str) -> bool {
    const MARKS: [&str; 5] = ["```", "](", "**", "|--", "| --"];
    MARKS.iter().any(|mark| text.contains(mark)) || count_lines(text).heads > 0
}

/// The number of lines of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct LineCounts {
    heads: usize,
    /// Lines that people read: sentences, list items, table rows, quotations. A block of code between fences counts as
    /// one.
    prose: usize,
    /// Lines that programs read or write: settings, statements, comments.
    foreign: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineKind {
    Blank,
    /// A heading or a comment: this many `#`, a blank, and text.
    Hashes(usize),
    /// A line of only `=` or only `-`.
    Rule,
    Prose,
    Foreign,
    /// A line that may be prose or a line for programs.
    Neutral,
}

fn count_lines(text: &str) -> LineCounts {
    let mut found = LineCounts::default();
    let mut lines = text.lines().peekable();
    let (mut above, mut previous) = (LineKind::Blank, ("", LineKind::Blank));
    while let Some(line) = lines.next() {
        if let Some(fence) = fence(line) {
            found.prose += 1;
            lines.by_ref().find(|line| line.trim_start().starts_with(fence));
            (above, previous) = (LineKind::Blank, ("", LineKind::Blank));
            continue;
        }
        let look = look(line);
        let next = lines.peek().map_or(LineKind::Blank, |next| self::look(next));
        match look {
            // Comments come in runs, or directly before the line that they explain.
            LineKind::Hashes(_) if look == previous.1 || look == next || next == LineKind::Foreign => {
                found.foreign += 1
            }
            LineKind::Hashes(_) => found.heads += 1,
            LineKind::Rule if above == LineKind::Blank && is_setext(previous) => found.heads += 1,
            LineKind::Prose => found.prose += 1,
            LineKind::Foreign => found.foreign += 1,
            LineKind::Rule | LineKind::Blank | LineKind::Neutral => {}
        }
        (above, previous) = (previous.1, (line, look));
    }
    found
}

/// Returns the mark that ends the block of code that `line` opens; `None` if it opens none.
fn fence(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|fence| line.trim_start().starts_with(fence))
}

fn look(line: &str) -> LineKind {
    let text = line.trim();
    let is_code = line.starts_with("    ") || line.starts_with('\t');
    if text.is_empty() {
        LineKind::Blank
    } else if text.len() >= 3 && ["=", "-"].iter().any(|mark| text.trim_start_matches(mark).is_empty()) {
        LineKind::Rule
    } else if let Some(level) = hashes(line) {
        LineKind::Hashes(level)
    } else if is_code {
        LineKind::Neutral
    } else if let Some(item) = list_item(text) {
        let is_comment = item.starts_with('*') && !item.starts_with("**");
        if is_setting(item) || is_comment { LineKind::Foreign } else { LineKind::Prose }
    } else if text.starts_with("> ") || text.len() > 1 && text.starts_with('|') && text.ends_with('|') {
        LineKind::Prose
    } else if is_foreign(text) {
        LineKind::Foreign
    } else if is_sentence(text) {
        LineKind::Prose
    } else {
        LineKind::Neutral
    }
}

/// Returns the level of a heading with `#` before it, which is the number of `#`; `None` if `line` is no such heading.
fn hashes(line: &str) -> Option<usize> {
    let level = line.bytes().take_while(|&b| b == b'#').count();
    let title = line[level..].strip_prefix(' ')?;
    ((1..=6).contains(&level) && title.contains(char::is_alphanumeric)).then_some(level)
}

/// Returns the text of a list item, `- text` or `2. text`, if it has at least two words.
fn list_item(text: &str) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = if digits > 0 { text[digits..].strip_prefix(['.', ')']) } else { text.strip_prefix(['-', '*', '+']) };
    rest?.strip_prefix(' ').map(str::trim).filter(|item| item.contains(' '))
}

/// Whether a line is one that programs read or write: a statement, a comment, an entry of a log.
fn is_foreign(text: &str) -> bool {
    let first = text.split([' ', '\t', '(']).next().unwrap_or_default();
    let is_call = text.ends_with(')') && !text.contains(' ');
    text.starts_with(['#', '{', '}', '"', '@', '$', '%', ';', '/'])
        || text.starts_with('[') && text.ends_with(']') && !text.contains("][") && !text.starts_with("[[_")
        || is_setting(text)
        || is_call && !text.contains("](")
        || CODE_WORDS.contains(&first)
        || first.trim_start_matches('[').starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a line is a name with a value, or ends in a character that only code has at a line end.
fn is_setting(text: &str) -> bool {
    text.ends_with(['{', '}', ';', '\\'])
        || text.split_once('=').is_some_and(|(name, value)| is_name(name.trim_end()) && !has_many_words(value))
        || text.split_once(':').is_some_and(|(key, value)| is_key(key) && is_plain_value(value))
}

/// Whether a text is a name in a program or a settings file.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-$\"'/".contains(&b))
}

/// Whether a text is a key in a settings file. It is in lower case: people write `Owner: me` with a capital.
fn is_key(text: &str) -> bool {
    is_name(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Whether the text after a colon is that of a setting: nothing, a comment, or a blank and a value.
fn is_plain_value(text: &str) -> bool {
    text.is_empty() || text.starts_with(" #") || text.starts_with(' ') && !has_many_words(text)
}

/// Whether a line has the end of a sentence, or many words.
fn is_sentence(text: &str) -> bool {
    let ends_well = text.ends_with(['.', '!', '?', ':']) && text.contains(' ');
    (ends_well && text.starts_with(|c: char| c.is_uppercase())) || has_many_words(text)
}

/// Whether a text has many words, and at least two thirds of it are words.
fn has_many_words(text: &str) -> bool {
    let is_word =
        |token: &&str| token.trim_start_matches(['(', '"', '\'', '*', '_', '`', '“']).starts_with(char::is_alphabetic);
    let tokens = text.split_whitespace().count();
    let words = text.split_whitespace().filter(is_word).count();
    words >= MANY_WORDS && words * 3 >= tokens * 2
}

/// Whether a line above a rule is a heading that the rule underlines.
fn is_setext((line, look): (&str, LineKind)) -> bool {
    let is_text = matches!(look, LineKind::Prose | LineKind::Neutral);
    is_text && line.len() <= LONGEST_HEAD && line.starts_with(char::is_alphanumeric) && !line.contains("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runbooks_are_markdown() {
        for text in [
            "# Disk full\n\nDelete logs.\n",
            "# Disk full\n\n- Owner: mail team on call\n\n```sh\n# clean\nrm -rf x\n```\n",
            "Disk full\n=========\n\nThe queue stops when the disk is full.\n",
            "The mail queue is slow and nobody knows why.\n\n## Cause\n\nDNS.\n",
            "---\ntitle: Disk full\n---\n\nThe queue stops when the disk is full.\n",
            "---\ntitle: Disk full\nid: x\n---\n# Steps\n",
            "# Changes\n\n## [2.0]\n\n- [breaking] slots are counted\n- 2 slots more\n\n[2.0]: https://acme.example\n",
            "[[_TOC_]]\n\n# Disk full\n\nDelete the logs.\n",
            "# Disk full\n\n- **Cannot write the log**\n- **No space is left**\n",
            "+++\ntitle = \"Disk full\"\n+++\n\n## Fix\n\n1. Stop the queue.\n",
        ] {
            assert!(is_markdown(text), "{text}");
        }
    }

    #[test]
    fn what_programs_read_or_write_is_not() {
        for text in [
            "",
            "The quick brown fox jumps over the lazy dog.\n",
            "#!/bin/sh\n# Clean up\n\n# The disk is full by now.\necho done\n",
            "# Clean up the disk\n\nrm -rf /tmp/x\ncp -r a b\n\n# Then say so\necho The disk is clean again now\n",
            "# Main settings\n\n# The port that the relay listens on\nport = 25\n\n# Whom to tell\nadmin = root\n",
            "; settings\n[mail]\n# The size of a queue.\nsize=10\n",
            "# mail settings\n\nmail:\n  - name: relay\n  # The port of the relay.\nport: 25\n",
            "---\n# Source: chart/relay.yaml\nkind: Service\n---\n# Source: chart/queue.yaml\nkind: Service\nname: queue\n",
            "---\nname: deploy\n---\nsteps:\n- run: make\n- run: make install\n",
            "# Copyright 2026 Acme\n# All rights reserved\n\nimport os\n\ndef main():\n    # Say it.\n    print('The disk is full')\n",
            "FROM debian\n\n# Install what the relay needs\nRUN apt install relay and a few more things\n",
            "2026-03-05 10:00:00 ERROR the relay could not reach the host\n2026-03-05 10:00:01 INFO it is well again and works\n",
            "#Software: Acme\n#Fields: date time\n2026-03-05 10:00:00\n",
            "# HELP mail_total The number of letters that were sent.\n# TYPE mail_total counter\nmail_total 5\n",
            "name,city,street,number,remark\nann,a,b,1,it is so\n",
            "{\"a\": \"The disk is full and stays so\"}\n",
            "# comment\n",
            "Name   Size\n-----------\nrelay  10\n",
            "# Who pays\n\ngithub: acme\nother: # Replace this with the name of another site\nthird: # And so on for all the rest\n",
            "/*!\nReads the spool of the relay.\n\n# Examples\n\nThis is how to read it.\n*/\n",
            "# Copyright 2026 Acme, all rights reserved.\nfrom .queue import read, write, count, wait\n\n# See whether it is there at all, or not.\nread()\n",
            "127.0.0.1 localhost\n# The hosts that the relay knows:\n10.0.0.1 relay\n",
        ] {
            assert!(!is_markdown(text), "{text}");
        }
    }

    #[test]
    fn marks_of_markdown_are_noticed() {
        for text in ["see [it](x)", "**bold**", "```\nx\n```", "## Cause\n\ntext", "| a |\n|---|"] {
            assert!(has_marks(text), "{text}");
        }
        for text in ["1. One\n2. Two\n- three", "a * b * c", "# 5 of them\n# 6 of them", "CAUSE\n\ntext"] {
            assert!(!has_marks(text), "{text}");
        }
    }
}
