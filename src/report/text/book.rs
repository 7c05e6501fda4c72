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
        let text = format!("{title}{gap}{causes:>width$}  {NAME}{name}{NAME:#}", width = self.causes);
        if self.title > 0 { page.line(format_args!("  {text}")) } else { page.paragraph("  ", &text) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::catalog;
    use crate::diagnostic::Severity;
    use crate::rule::{Program, RuleText, load_without_tests};

    fn program(files: &[(&str, &str)]) -> Program {
        let text = |(path, text): &(&str, &str)| RuleText { path: (*path).to_owned(), text: (*text).to_owned() };
        let (program, found) = load_without_tests(&files.iter().map(text).collect::<Vec<_>>());
        assert!(found.iter().all(|(_, diagnostic)| diagnostic.severity != Severity::Error), "{found:?}");
        program
    }

    fn printed(program: &Program, width: usize) -> String {
        let mut out = Vec::new();
        book(&mut Page::new(&mut out, width), &catalog(program)).expect("a Vec");
        anstream::adapter::strip_str(&String::from_utf8(out).expect("UTF-8")).to_string()
    }

    const FILES: &[(&str, &str)] = &[
        (
            "book:dns/bind.rules",
            r#"pack bind "BIND" {} cause a "A" { shows s often } symptom s "S" { match "a is so" }"#,
        ),
        ("book:mail.rules", "pack mail \"Mail \u{1b}[2J of\tall kinds\" {}"),
        (
            "/ws/own.rules",
            r#"cause b "B" { shows t often } cause c "C" { shows t often } symptom t "T" { match "b is so" }"#,
        ),
    ];

    #[test]
    fn packs_are_in_columns_below_their_areas() {
        let expected = "\ndns\n  \
            BIND                     1 cause  bind\n\nmail\n  \
            Mail \u{fffd}[2J of all kinds  0 causes  mail\n\nRules of this workspace\n  \
            own                     2 causes  own\n\n\
            3 packs: 3 causes, 2 symptoms, 0 resolutions\n";
        assert_eq!(printed(&program(FILES), 80), expected);
    }

    #[test]
    fn a_narrow_page_has_no_columns() {
        let long = r#"pack p "A title that leaves no room for the others" {}"#;
        let program = program(&[FILES[0], ("book:dns/p.rules", long)]);
        let text = printed(&program, 40);
        assert!(text.contains("  BIND  1 cause  bind\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
    }
}
