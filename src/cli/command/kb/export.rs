//! `casebook kb export`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::article::{self, Layout};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};
use crate::report::number::counted;
use crate::store::{Index, MEMBER, StoredArticle};

const EXAMPLES: &str = "\
Examples:
  casebook kb export ~/kb-export
  casebook kb export ~/kb-export --collection runbooks";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct KbExportArgs {
    /// Folder to write to; must be empty or not exist yet
    #[arg(value_name = "DIR")]
    dir: PathBuf,

    /// Write only the articles of this collection
    #[arg(long, value_name = "NAME")]
    collection: Vec<String>,
}

pub(super) fn run(context: &Context, args: &KbExportArgs) -> CommandResult {
    let dir = context.here.join(&args.dir);
    if dir.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(CommandError::input(format!("`{}` is not empty", dir.display())));
    }
    let index = context.index()?;
    let paths = paths(&index, &args.collection)?;
    for (id, path) in &paths {
        let Some(stored) = index.get(id)? else { continue };
        let target = dir.join(path);
        let text = text_of(&stored, path, &paths);
        let cannot = |error| CommandError::cannot("write", &target, &error);
        fs::create_dir_all(target.parent().unwrap_or(&dir)).map_err(cannot)?;
        fs::write(&target, text).map_err(cannot)?;
    }
    context.page(|page| {
        page.note(&format!("Wrote {} to {}", counted(paths.len() as u64, "article", "articles"), args.dir.display()))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the ids of the articles to write and the path of each below the folder, with `/` between its parts: its
/// collection, and the path of its source within the collection, so that relative links between files still lead there.
fn paths(index: &Index, collections: &[String]) -> Result<BTreeMap<String, String>, CommandError> {
    let manifest = index.manifest()?;
    let roots: Vec<&str> = index.head().roots.iter().map(|root| &*root.path).collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut paths = BTreeMap::new();
    for entry in manifest.iter() {
        let is_wanted = collections.is_empty() || collections.iter().any(|name| *name == entry.collection);
        let Some(id) = entry.held_id().filter(|_| is_wanted) else { continue };
        let below = roots.iter().filter_map(|root| entry.path.strip_prefix(*root)).min_by_key(|below| below.len());
        let below = below.unwrap_or(&entry.path).trim_start_matches(['/', '\\']);
        let name = if below.is_empty() { id } else { below };
        let path = format!("{}/{}", part(&entry.collection), file_name(name));
        let path = if taken.contains(&path) { format!("{}/{}.md", part(&entry.collection), part(id)) } else { path };
        taken.insert(path.clone());
        paths.insert(id.to_owned(), path);
    }
    Ok(paths)
}

/// Returns the path of the file for a source: its own, with `.md` at the end. Members of archives are in a folder named
/// after the archive. No part leads out of the folder.
fn file_name(source: &str) -> String {
    let source = source.trim_start_matches("book:").replace(MEMBER, "/").replace('\\', "/");
    let parts: Vec<String> = source.split('/').filter(|name| !matches!(*name, "" | "." | "..")).map(part).collect();
    let path = parts.join("/");
    let stem = match path.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && !end.contains('/') && end.len() <= 8 => stem,
        _ => &path,
    };
    format!("{stem}.md")
}

/// Returns the name of a file or folder without the characters that file systems do not allow.
fn part(name: &str) -> String {
    name.replace(|c: char| c.is_control() || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|' | '/'), "-")
}

/// Returns the text to write. A Markdown file is written as it is, with its id; other articles are converted.
fn text_of(stored: &StoredArticle, path: &str, paths: &BTreeMap<String, String>) -> String {
    let article = &stored.article;
    if article.layout == Layout::Markdown
        && let Some(text) = crate::whole_file::read(stored.source.as_ref())
            .ok()
            .and_then(|bytes| Some(article::decode(&bytes).ok()?.into_owned()))
    {
        return with_id(&text, &article.id, &article::full_title(article));
    }
    // An id of Microsoft's stays the text of the link, and so is read again.
    let link_to = |id: &str| {
        let id = article::canonical_id(id);
        let target = paths.get(&id).filter(|_| id != article.id)?;
        let address = relative(path, target);
        if id.starts_with('Q') {
            return Some(address);
        }
        target.ends_with(&format!("/{id}.md")).then_some(address)
    };
    article::markdown_file(article, &link_to)
}

/// Adds the id, and the title if it is not stated, to the front matter of a Markdown text.
fn with_id(text: &str, id: &str, title: &str) -> String {
    let is_stated = article::parse(text, "").is_ok_and(|article| article.id == id);
    if is_stated {
        return text.to_owned();
    }
    let quoted = |value: &str| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    let (start, rest, assign, end) = match (text.strip_prefix("---\n"), text.strip_prefix("+++\n")) {
        (Some(rest), _) if rest.contains("\n---") => ("---\n", rest, ": ", ""),
        (_, Some(rest)) if rest.contains("\n+++") => ("+++\n", rest, " = ", ""),
        _ => ("---\n", text, ": ", "---\n\n"),
    };
    let with = |title: &str| format!("{start}id{assign}{}\n{title}{end}{rest}", quoted(id));
    let plain = with("");
    let is_same = article::parse(&plain, "").is_ok_and(|article| article::full_title(&article) == title);
    if is_same { plain } else { with(&format!("title{assign}{}\n", quoted(title))) }
}

/// Returns the path of `target` as a link in the file `from` writes it.
fn relative(from: &str, target: &str) -> String {
    let from: Vec<&str> = Path::new(from).parent().and_then(Path::to_str).unwrap_or_default().split('/').collect();
    let to: Vec<&str> = target.split('/').collect();
    let n_shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", from.len() - n_shared);
    let path = up.chain(to[n_shared..].iter().copied()).collect::<Vec<_>>().join("/");
    path.replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative() {
        assert_eq!(relative("kb/a/x.md", "kb/b c/y.md"), "../b%20c/y.md");
        assert_eq!(relative("kb/x.md", "kb/y.md"), "y.md");
        assert_eq!(relative("kb/x.md", "book/y.md"), "../book/y.md");
    }

    #[test]
    fn files_stay_within_the_folder() {
        assert_eq!(file_name("a/../../b.html"), "a/b.md");
        assert_eq!(file_name("kb.zip!/mail/Queue: stuck.txt"), "kb.zip/mail/Queue- stuck.md");
        assert_eq!(file_name("README"), "README.md");
    }

    #[test]
    fn an_id_is_added_to_the_front_matter() {
        assert_eq!(
            with_id("# It hums\n\nIt hums.\n", "kb/it", "It hums"),
            "---\nid: \"kb/it\"\n---\n\n# It hums\n\nIt hums.\n"
        );
        assert_eq!(
            with_id("---\ntags: [a]\n---\nIt hums all day.\n", "kb/it", "It"),
            "---\nid: \"kb/it\"\ntitle: \"It\"\ntags: [a]\n---\nIt hums all day.\n"
        );
        assert_eq!(
            with_id("---\nid: kb/it\n---\n# It hums\n\nIt hums.\n", "kb/it", "It hums"),
            "---\nid: kb/it\n---\n# It hums\n\nIt hums.\n"
        );
    }
}
