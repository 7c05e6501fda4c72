//! `casebook eval search --fit`.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::error::CommandError;
use crate::eval::{self, Objective, QuestionSet, Tuned};
use crate::report;
use crate::store::{Index, SearchOptions};

/// How often the elapsed time is updated: trying a set of weights takes up to a second.
const TICK: Duration = Duration::from_millis(200);

/// The questions to fit weights to, and the file to write.
pub(super) struct Fitting<'a> {
    pub(super) sets: &'a [QuestionSet],
    /// As [`Objective::folds`].
    pub(super) folds: usize,
    /// The file to write; `None` to write nothing.
    pub(super) out: Option<&'a Path>,
}

impl Fitting<'_> {
    /// Fits the weights of `options.ranking`, with a progress line on a terminal.
    pub(super) fn run(&self, index: &Index, options: &SearchOptions) -> Result<Tuned, CommandError> {
        if let Some(path) = self.out {
            check_room_for(path)?;
        }
        let style = ProgressStyle::with_template("{spinner} {pos} sets of weights tried, {elapsed}");
        let bar = ProgressBar::new_spinner().with_style(style.expect("the template is a valid one"));
        bar.enable_steady_tick(TICK);
        let objective = Objective { folds: self.folds, ..Objective::default() };
        let tuned = eval::tune_ranking(index, self.sets, options, &objective, &|| bar.inc(1));
        bar.finish_and_clear();
        let tuned = tuned?;
        if let Some(path) = self.out {
            let files: Vec<String> = self.sets.iter().map(|set| set.name.clone()).collect();
            let ranking = eval::fitted(&options.ranking, &tuned);
            let written = std::fs::write(path, report::ranking_file(&ranking, &tuned, &files));
            written.map_err(|error| cannot_write(path, &error))?;
        }
        Ok(tuned)
    }
}

/// Fails if no file can be written at `path`, before the long fit begins.
pub(super) fn check_room_for(path: &Path) -> Result<(), CommandError> {
    has_room_for(path).map_err(|error| cannot_write(path, &error))
}

/// Checks, without writing, whether a file can be written at `path`.
fn has_room_for(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.metadata()?.is_dir() { Ok(()) } else { Err(ErrorKind::NotADirectory.into()) }
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> CommandError {
    CommandError::failure(format!("cannot write `{}`: {error}", path.display()))
}
