//! Turns rule text into a [`Program`]: parses it, resolves names, compiles. Reads no files.
//!
//! [`load`] does all of this. It never fails as a whole: each mistake becomes a diagnostic, and the items with mistakes
//! are left out together with what depends on them.

mod applies;
mod ast;
mod chance;
mod compile;
mod condition_words;
pub(crate) mod digest;
mod error;
mod escape;
mod fix;
mod items;
mod lint;
pub(crate) mod literal_table;
mod mutate;
mod parse;
mod places;
pub(crate) mod program;
pub(crate) mod required;
mod resolve;
mod revise;
mod saved;
#[cfg(test)]
mod tests;
mod time_text;
mod unit_words;
mod when_ast;
mod written;
mod written_patterns;

use std::collections::HashSet;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::pattern::PatternError;
use crate::source::SourceId;
use parse::Tests;

pub(crate) use error::{LACKS_CAPTURE, header_in_pattern, stamp_in_regex};

pub use applies::Applies;
pub use chance::{chance_word, prior_word, revised_chance, strength_word};
pub use condition_words::condition_words;
pub use fix::{FixedTexts, Remarks, fix};
pub use items::{ItemList, Items};
pub use mutate::{ChangedItem, Mutant, MutantKind, Mutants, mutants};
pub use places::{ChancePlace, ChanceRelation, chance_places, item_place};
pub use program::*;
pub use revise::{Edit, Hunk, fixes, hunks, revised};
pub use saved::{ProgramKey, read_saved, saved};
pub(crate) use time_text::span;
pub use time_text::{time_sentences, time_statements};
pub use written_patterns::{WrittenPattern, written_patterns};

/// One file of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText {
    /// The path as the user gave it. If the file declares no pack, its name up to the first dot is the name of its
    /// pack.
    pub path: String,
    /// The text of the file.
    pub text: String,
}

/// Returns what is wrong with a pattern outside of rules, and the remedy.
pub(crate) fn pattern_mistake(mistake: &PatternError) -> String {
    let diagnostic = error::bad_pattern(mistake, 0);
    match diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.title),
        None => diagnostic.title,
    }
}

/// Loads all rule files of a run together. A [`SourceId`] is the index in `files`.
///
/// `is_article` returns whether an article with this id exists, for the warning about `kb` links to missing articles.
/// With `None` there is no such warning. The diagnostics are sorted by file and place.
///
/// ```
/// # use casebook::rule::{RuleText, load};
/// let text = r#"symptom full "{dev} is full" { match "write to {dev:path} failed: ENOSPC" }"#.to_string();
/// let (program, _) = load(&[RuleText { path: "disk.rules".to_string(), text }], None);
/// assert!(program.symptom_named("full").is_some());
/// assert!(program.symptom_named("disk.full").is_some());
/// ```
pub fn load(files: &[RuleText], is_article: Option<&dyn Fn(&str) -> bool>) -> (Program, Vec<(SourceId, Diagnostic)>) {
    let (items, mut remarks) = resolve::resolve(parsed(files, Tests::Read), is_article);
    remarks.extend(lint::lint(&items));
    (compile::compile(items), in_order(files, remarks))
}

/// Sorts remarks by file and place.
fn in_order(files: &[RuleText], remarks: resolve::Remarks) -> resolve::Remarks {
    let placed = remarks
        .into_iter()
        .map(|(source, diagnostic)| (source, diagnostic.on_characters(&files[source.0 as usize].text)));
    let mut placed: resolve::Remarks = placed.collect();
    placed.sort_by_key(|(source, diagnostic)| (*source, diagnostic.span(), diagnostic.code));
    placed
}

/// Loads all rule files of a run as [`load`] does, to be used and not to be tested: tests are passed over, which are nearly half
/// of the text. The diagnostics are those of the other items, without warnings about items that work.
pub fn load_without_tests(files: &[RuleText]) -> (Program, Vec<(SourceId, Diagnostic)>) {
    let (items, remarks) = resolve::resolve(parsed(files, Tests::PassedOver), None);
    (compile::compile(items), in_order(files, remarks))
}

fn parsed(files: &[RuleText], tests: Tests) -> Vec<resolve::ParsedFile> {
    let lists: HashSet<String> = files.iter().flat_map(list_paths).collect();
    // Parsing is most of the work, and files know nothing of one another before they are resolved.
    let parsed = files.par_iter().map(|file| {
        let path = file.path.clone();
        if lists.contains(&path) {
            let (file, list) = (ast::File::default(), Some(file.text.clone()));
            return resolve::ParsedFile { path, file, diagnostics: Vec::new(), list };
        }
        let (tree, diagnostics) = parse::parse(&file.text, tests);
        resolve::ParsedFile { path, file: tree, diagnostics, list: None }
    });
    parsed.collect()
}

/// Returns the paths of the lists that a rule file reads (`list file "name"`). The text of each is one of the files that are loaded.
pub fn list_paths(file: &RuleText) -> Vec<String> {
    let names = resolve::list_files(&file.text).into_iter();
    names.filter_map(|name| resolve::list_path(&file.path, &name)).collect()
}
