//! `casebook search -i`: prints a page of hits, reads a line that says what to do next, and repeats.
//!
//! Reads and writes plain lines and uses no screen control, so it works over ssh, in a pipe and with a screen reader.

use std::io::{self, BufRead, Write};

use crate::cli::error::CommandError;
use crate::pipeline;
use crate::query;
use crate::report::text::{self, Page};
use crate::store::{Index, SearchOptions, SearchResults, search};

const HELP: &str =
    "number: read this hit · n: next page · words, +product:x or -word: refine the query · empty line or q: end";

/// A line that the user typed, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    Article(usize),
    NextPage,
    /// Words, filters or exclusions to add to the query.
    Refine(String),
    End,
}

/// The query so far, and its hits.
struct Picker<'a> {
    index: &'a Index,
    query: String,
    options: SearchOptions,
    found: SearchResults,
    /// Number of hits on the pages before this one.
    n_before: usize,
}

/// Searches for `query` unless it is empty, then obeys each line of `input` until it ends. `options.limit` is the
/// number of hits on a page.
pub(super) fn pick(
    index: &Index,
    query: &str,
    options: &SearchOptions,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    width: usize,
) -> Result<(), CommandError> {
    let mut picker = Picker {
        index,
        query: query.to_owned(),
        options: options.clone(),
        found: SearchResults::default(),
        n_before: 0,
    };
    if !query.is_empty() {
        picker.run(out, width)?;
    }
    loop {
        write!(out, "{HELP}\n> ")?;
        out.flush()?;
        match parse_line(&next_line(input)?) {
            Line::End => return Ok(()),
            Line::Article(rank) => picker.show(rank, out, width)?,
            Line::NextPage => picker.next_page(out, width)?,
            Line::Refine(more) => {
                picker.query = format!("{} {more}", picker.query).trim_start().to_owned();
                picker.n_before = 0;
                picker.run(out, width)?;
            }
        }
    }
}

/// Longest line in bytes. A longer one was probably pasted by mistake; the rest counts as another line.
const MAX_LINE: u64 = 64 * 1024;

/// Reads the next line; empty at the end of the input.
fn next_line(input: &mut dyn BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    io::Read::take(input, MAX_LINE).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn parse_line(line: &str) -> Line {
    let line = line.trim();
    match line {
        "" | "q" => Line::End,
        "n" => Line::NextPage,
        // A hit number has at most three digits. A longer number, such as the error code `10061`, is a word.
        _ if line.len() <= 3 && line.bytes().all(|byte| byte.is_ascii_digit()) => {
            line.parse().map_or_else(|_| Line::Refine(line.to_owned()), Line::Article)
        }
        _ => Line::Refine(line.strip_prefix('+').unwrap_or(line).to_owned()),
    }
}

impl Picker<'_> {
    /// Searches, and writes the current page of hits.
    fn run(&mut self, out: &mut dyn Write, width: usize) -> Result<(), CommandError> {
        let options = SearchOptions { limit: self.n_before + self.options.limit, ..self.options.clone() };
        self.found = search::find(self.index, &query::parse(&self.query), &options)?;
        Ok(text::search_from(&mut Page::new(out, width), &self.query, &self.found, self.n_before)?)
    }

    fn next_page(&mut self, out: &mut dyn Write, width: usize) -> Result<(), CommandError> {
        if self.found.hits.len() < self.n_before + self.options.limit {
            return Ok(Page::new(out, width).note("there are no more hits")?);
        }
        self.n_before += self.options.limit;
        self.run(out, width)?;
        if self.found.hits.len() == self.n_before {
            self.n_before -= self.options.limit;
        }
        Ok(())
    }

    fn show(&self, rank: usize, out: &mut dyn Write, width: usize) -> Result<(), CommandError> {
        let mut page = Page::new(out, width);
        let Some(hit) = rank.checked_sub(1).and_then(|index| self.found.hits.get(index)) else {
            return Ok(page.note(&format!("there is no hit {rank}"))?);
        };
        match pipeline::show(self.index, &hit.stored.article.id, None, false)? {
            Some(shown) => Ok(text::show(&mut page, &shown)?),
            None => Ok(page.note("this article is no longer in the store")?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The output for each line of `input`, with the bundled articles and two hits per page.
    fn answers(query: &str, input: &str) -> Vec<String> {
        let index = pipeline::bundled_index(0).expect("the book is bundled");
        let options = SearchOptions { limit: 2, ..SearchOptions::default() };
        let mut out = Vec::new();
        pick(&index, query, &options, &mut input.as_bytes(), &mut out, 80).expect("a search");
        let out = anstream::adapter::strip_bytes(&out).into_vec();
        String::from_utf8(out).expect("UTF-8").split(&format!("{HELP}\n> ")).map(str::to_owned).collect()
    }

    /// The ranks and ids that an answer begins hits with.
    fn ranks(answer: &str) -> Vec<&str> {
        let is_rank = |line: &&str| line.trim_start().split_once(". ").is_some_and(|(n, _)| n.parse::<usize>().is_ok());
        answer.lines().filter(|line| line.starts_with("  ") && !line.starts_with("    ")).filter(is_rank).collect()
    }

    #[test]
    fn a_line_is_a_number_a_command_or_more_of_the_query() {
        assert_eq!(parse_line(" 12 \n"), Line::Article(12));
        assert_eq!(parse_line("n\r\n"), Line::NextPage);
        assert_eq!([parse_line(""), parse_line("\n"), parse_line("q\n")], [Line::End, Line::End, Line::End]);
        for (line, more) in [("+product:x", "product:x"), ("-word", "-word"), ("10061", "10061"), ("nn", "nn")] {
            assert_eq!(parse_line(line), Line::Refine(more.to_owned()));
        }
    }

    #[test]
    fn pages_follow_one_another_and_words_begin_anew() {
        let answers = answers("mail", "n\nqueue\n+product:exchange\n");
        assert_eq!(answers.len(), 5, "{answers:?}");
        let starts: Vec<Vec<&str>> =
            answers.iter().map(|answer| ranks(answer).iter().map(|line| &line[..4]).collect()).collect();
        let (first, second) = (vec!["  1.", "  2."], vec!["  3.", "  4."]);
        assert_eq!(starts, [first.clone(), second, first.clone(), first, vec![]]);
        assert_ne!(answers[0], answers[2]);
        assert!(answers[3].contains("Exchange"), "{}", answers[3]);
    }

    #[test]
    fn a_number_is_the_article_and_one_that_is_none_is_said() {
        let answers = answers("cb-disk-full", "1\n0\n77\n\nmail\n");
        assert!(answers[1].starts_with("cb-disk-full  "), "{}", answers[1]);
        assert_eq!(answers[2..], ["there is no hit 0\n", "there is no hit 77\n", ""]);
    }

    #[test]
    fn the_last_page_is_the_last() {
        let answers = answers("mail product:exchange kind:howto gramophone", "n\n");
        assert_eq!(answers[1], "there are no more hits\n");
    }
}
