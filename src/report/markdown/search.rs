//! Writes `casebook search --format markdown`: the hits as a list to paste into a ticket, each with a link to its
//! source.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::escape::{block, escaped};
use crate::article::full_title;
use crate::store::{Hit, MEMBER, SearchResults, Snippet};

/// Writes the query, then the hits, best first.
pub fn search(out: &mut dyn Write, query: &str, found: &SearchResults) -> io::Result<()> {
    let about = match &found.like {
        Some(like) => format!("Articles like {}: {}", escaped(&like.id), escaped(&like.title)),
        None => format!("Articles for {}", escaped(query)),
    };
    writeln!(out, "{about}\n")?;
    if found.hits.is_empty() {
        return writeln!(out, "Nothing found.");
    }
    for (rank, hit) in (1..).zip(&found.hits) {
        one(out, rank, hit)?;
    }
    Ok(())
}

fn one(out: &mut dyn Write, rank: usize, hit: &Hit) -> io::Result<()> {
    let article = &hit.stored.article;
    let id = match link(&hit.stored.source) {
        Some(link) => format!("[{}]({link})", escaped(&article.id)),
        None => escaped(&article.id),
    };
    let mut facts: Vec<String> = article
        .products
        .iter()
        .map(|product| format!("{} {}", product.name, product.versions.join("/")).trim_end().to_owned())
        .collect();
    facts.extend(article.modified.map(|date| date.to_string()));
    facts.extend(article.state.unless_published().map(str::to_owned));
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", escaped(&facts.join(", "))) };
    writeln!(out, "{rank}. {id} **{}**{facts}", escaped(&full_title(article)))?;
    // Further lines belong to an item if they are indented as far as its text.
    let indent = " ".repeat(format!("{rank}. ").len());
    if !hit.snippet.text.is_empty() {
        writeln!(out, "{indent}> {}", block(&marked(&hit.snippet)))?;
    }
    Ok(())
}

/// Formats a passage, with the words that were searched for in bold.
fn marked(snippet: &Snippet) -> String {
    let mut text = String::new();
    let mut at = 0;
    for range in &snippet.highlights {
        text.push_str(&escaped(&snippet.text[at..range.start]));
        text.push_str(&format!("**{}**", escaped(&snippet.text[range.clone()])));
        at = range.end;
    }
    text + &escaped(&snippet.text[at..])
}

/// The link to a source file; for a member of an archive, to the archive. `None` for bundled articles and relative
/// paths.
fn link(source: &str) -> Option<String> {
    let file = source.split(MEMBER).next().filter(|path| path.starts_with('/'))?;
    let mut link = "file://".to_owned();
    for byte in file.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => link.push(char::from(byte)),
            _ => write!(link, "%{byte:02X}").expect("a String takes everything"),
        }
    }
    Some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_linked_and_a_bundled_article_is_not() {
        assert_eq!(link("/kb/a b(1).txt"), Some("file:///kb/a%20b%281%29.txt".to_owned()));
        assert_eq!(link("book:dns/a.txt"), None);
    }

    #[test]
    fn words_that_were_searched_for_are_bold() {
        let snippet = Snippet { text: "the *mail* waits".to_owned(), highlights: vec![5..9, 11..16] };
        assert_eq!(marked(&snippet), "the \\***mail**\\* **waits**");
    }
}
