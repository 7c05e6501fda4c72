//! Writes `casebook book` and `casebook book list`.

mod cause;

use std::io;

use textwrap::core::display_width;

use super::{NAME, Page, counted, thousands};
use crate::catalog::{Catalog, ListedCause};
use crate::report::clean::on_one_line;
use crate::rule::Pack;

pub use cause::book_cause;

/// Writes the packs by area, and how many there are.
pub fn book(page: &mut Page, catalog: &Catalog) -> io::Result<()> {
    let program = catalog.program;
    let columns = Columns::of(page, &program.packs);
    for area in &catalog.areas {
        page.heading(&on_one_line(area.name))?;
        area.packs.iter().try_for_each(|pack| columns.write(page, pack))?;
    }
    if !catalog.own.is_empty() {
        page.heading("Rules of this workspace")?;
        catalog.own.iter().try_for_each(|pack| columns.write(page, pack))?;
    }
    page.blank()?;
    page.note(&format!(
        "{}: {}, {}, {}",
        counted(program.packs.len() as u64, "pack", "packs"),
        counted(program.causes.len() as u64, "cause", "causes"),
        counted(program.symptoms.len() as u64, "symptom", "symptoms"),
        counted(program.resolutions.len() as u64, "resolution", "resolutions"),
    ))
}

/// The widths of the columns of titles and of numbers.
struct Columns {
    title: usize,
    causes: usize,
}

impl Columns {
    /// The columns for `packs`. Without room for the longest title, a title is followed by its number at once.
    fn of(page: &Page, packs: &[Pack]) -> Columns {
        let longest = |width: fn(&Pack) -> usize| packs.iter().map(width).max().unwrap_or(0);
        let title = longest(|pack| display_width(&on_one_line(pack.title())));
        let causes = longest(|pack| display_width(&causes_of(pack)));
        let name = longest(|pack| display_width(&on_one_line(&pack.name)));
        match 2 + title + 2 + causes + 2 + name <= page.width {
            true => Columns { title, causes },
            false => Columns { title: 0, causes: 0 },
        }
    }

    fn write(&self, page: &mut Page, pack: &Pack) -> io::Result<()> {
        let (title, causes) = (on_one_line(pack.title()), causes_of(pack));
        let gap = " ".repeat(2 + self.title.saturating_sub(display_width(&title)));
        let name = on_one_line(&pack.name);
        let lead = format!("  {title}{gap}{causes:>width$}  ", width = self.causes);
        page.paragraph(&lead, &format!("{NAME}{name}{NAME:#}"))
    }
}

fn causes_of(pack: &Pack) -> String {
    counted(pack.causes.len() as u64, "cause", "causes")
}

/// Writes one line for each cause, and how many there are.
pub fn book_list(page: &mut Page, causes: &[ListedCause]) -> io::Result<()> {
    for ListedCause { cause, .. } in causes {
        let lead = format!("{NAME}{}{NAME:#}  ", on_one_line(&cause.name));
        page.paragraph(&lead, &on_one_line(&cause.title.to_string()))?;
    }
    match causes.len() {
        0 => page.note("no cause has all of these words in its title, its name or its pack"),
        n => page.note(&format!("{} {}", thousands(n as u64), if n == 1 { "cause" } else { "causes" })),
    }
}
