//! `casebook kb`: checks articles, begins new ones, and writes them out.

mod export;
mod new;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::article::{self, Place};
use crate::book;
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};
use crate::diagnostic::Diagnostic;
use crate::ingest::{self, MAX_FILE_BYTES};
use crate::pipeline::{self, CheckedArticle};
use crate::report::number::counted;
use crate::report::text;

#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) enum KbCommand {
    /// Find dead links and missing sections in articles
    Check(KbCheckArgs),
    /// Begin an article: write a file with the sections that readers look for
    New(new::KbNewArgs),
    /// Write all articles as Markdown files, to keep or to use with another program
    Export(export::KbExportArgs),
}

const EXAMPLES: &str = "\
Examples:
  casebook kb check kb/runbooks
  casebook kb new kb/belt-stops.md
  casebook kb export ~/kb-export";

#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(in crate::cli) struct KbCheckArgs {
    /// Article files and folders. Default: those of the workspace, else the bundled articles
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Leave out the remarks with this code, such as A102
    #[arg(long, value_name = "CODE", value_parser = code)]
    allow: Vec<String>,

    /// Exit with 3 if there is a remark with this code; `all` stands for all codes
    #[arg(long, value_name = "CODE", value_parser = code)]
    deny: Vec<String>,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  casebook kb check kb/runbooks
  casebook kb check kb --allow A102 --deny all     for a test that must pass";

/// Parses a code of a remark, or `all`.
fn code(text: &str) -> Result<String, String> {
    let is_code =
        text.strip_prefix('A').is_some_and(|number| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()));
    if is_code || text == ALL { Ok(text.to_owned()) } else { Err("expected a code such as A101, or `all`".to_owned()) }
}

const ALL: &str = "all";

pub(in crate::cli) fn run(context: &Context, args: &KbCommand) -> CommandResult {
    match args {
        KbCommand::Check(args) => check(context, args),
        KbCommand::New(args) => new::run(context, args),
        KbCommand::Export(args) => export::run(context, args),
    }
}

fn check(context: &Context, args: &KbCheckArgs) -> CommandResult {
    let Articles { files, articles, skipped } = read(context, &args.paths)?;
    let lists = |codes: &[String], code: &str| codes.iter().any(|listed| listed == code || listed == ALL);
    let mut remarks = pipeline::check_articles(&articles, &|index, path| files[index].exists(path));
    remarks.retain(|(_, remark)| !lists(&args.allow, remark.code));
    let mut of_article: Vec<Vec<&Diagnostic>> = vec![Vec::new(); articles.len()];
    for (index, remark) in &remarks {
        of_article[*index].push(remark);
    }
    context.page(|page| {
        for (path, reason) in &skipped {
            page.note(&format!("{path}: skipped, {reason}"))?;
        }
        for ((file, checked), found) in files.iter().zip(&articles).zip(&of_article) {
            text::diagnostics(page, &file.name, &checked.text, found)?;
        }
        page.note(&format!(
            "{}, {} skipped, {}",
            counted(articles.len() as u64, "article", "articles"),
            counted(skipped.len() as u64, "file", "files"),
            counted(remarks.len() as u64, "remark", "remarks")
        ))
    })?;
    let is_denied = remarks.iter().any(|(_, remark)| lists(&args.deny, remark.code));
    Ok(if is_denied || articles.is_empty() { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

/// The articles to check, and the files that hold none.
#[derive(Default)]
struct Articles {
    /// For each of `articles`, its file.
    files: Vec<ArticleFile>,
    articles: Vec<CheckedArticle>,
    /// Files without an article, with the reason.
    skipped: Vec<(String, String)>,
}

/// The file of an article.
struct ArticleFile {
    name: String,
    /// The folder of the file, and the folder that was given to be checked; `None` for an article of the book.
    folders: Option<[PathBuf; 2]>,
}

impl ArticleFile {
    /// Whether there is a file at the path that a link in this file states, with or without `.md`.
    fn exists(&self, path: &str) -> bool {
        let Some([folder, root]) = &self.folders else { return true };
        let file = match path.strip_prefix('/') {
            Some(rooted) => root.join(rooted),
            None => folder.join(path),
        };
        file.exists() || Path::new(&format!("{}.md", file.display())).exists()
    }
}

/// Reads the files at `paths`; if there are none, those of the workspace and the bundled articles.
fn read(context: &Context, paths: &[PathBuf]) -> Result<Articles, CommandError> {
    let mut read = Articles::default();
    let mut roots: Vec<PathBuf> = paths.iter().map(|path| context.here.join(path)).collect();
    if let Some(missing) = roots.iter().find(|root| !root.exists()) {
        return Err(CommandError::input(format!("`{}` does not exist", missing.display())));
    }
    if paths.is_empty() {
        let workspace = context.workspace()?;
        roots = workspace.kb.into_iter().map(|root| root.path).collect();
        if workspace.kb_book {
            for file in book::articles().iter().copied() {
                let name = format!("{}{}", book::PREFIX, file.path);
                let place = Place::new(book::COLLECTION, file.path);
                read.add(ArticleFile { name, folders: None }, place, file.text.as_bytes());
            }
        }
    }
    for root in &roots {
        for path in ingest::files_below(std::slice::from_ref(root)) {
            let name = path.display().to_string();
            let bytes =
                bytes_of(&path).map_err(|error| CommandError::input(format!("cannot read `{name}`: {error}")))?;
            let Some(bytes) = bytes else {
                read.skipped.push((name, format!("larger than {} MiB", MAX_FILE_BYTES >> 20)));
                continue;
            };
            let folder = |path: &Path| path.parent().unwrap_or(path).to_owned();
            let root = if root.is_dir() { root.clone() } else { folder(root) };
            let place = ingest::place_below(&root, &path);
            read.add(ArticleFile { name, folders: Some([folder(&path), root]) }, place, &bytes);
        }
    }
    Ok(read)
}

impl Articles {
    fn add(&mut self, file: ArticleFile, place: Place, bytes: &[u8]) {
        match article::decode(bytes).and_then(|text| Ok((article::parse_file(&text, &file.name, &place.slug())?, text)))
        {
            Ok((mut article, text)) => {
                article::locate(&mut article, &text, &place);
                self.articles.push(CheckedArticle { text: text.into_owned(), article, place });
                self.files.push(file);
            }
            Err(reason) => self.skipped.push((file.name, reason.to_string())),
        }
    }
}

/// Reads a file; `None` if it is larger than any article.
fn bytes_of(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= MAX_FILE_BYTES).then_some(bytes))
}
