//! Turns names into ids and words into numbers, compiles patterns, and finds every mistake other than those of syntax.
//!
//! Items with mistakes keep a provisional id, so that references to them are not reported as unknown. `compile` leaves
//! them out, together with what depends on them.

mod calendar;
mod cause;
mod circle;
mod command;
mod condition;
mod contradiction;
mod definitions;
mod expand;
mod format;
mod key;
mod literal;
mod measure;
mod mute;
mod names;
mod operand;
mod pattern;
mod plain_text;
mod reach;
mod resolution;
mod shell;
mod symptom;
mod template;
mod test;
mod value;
mod when;

use crate::diagnostic::{Diagnostic, Severity};
use crate::own_format::OwnFormat;
use crate::rule::ast::{self, Define, Item, Quoted, Reference, Spanned, StatementNode};
use crate::rule::error;
use crate::rule::program::{Cause, Meta, Mute, Pack, Resolution, Symptom, Test};
use crate::source::{SourceId, Span};

pub(super) use definitions::{list_files, list_path};
pub(super) use expand::FileItems;
use names::{NameKind, Names};
use symptom::Bindings;
use template::Captures;

/// A file of rules after parsing.
pub(super) struct ParsedFile {
    pub(super) path: String,
    pub(super) file: ast::File,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The text of a file that is a list and contains no rules.
    pub(super) list: Option<String>,
}

/// An item after resolving. Its index is its provisional id. `item` is `None` if it has mistakes; the ids in it are
/// provisional as well.
#[derive(Debug)]
pub(super) struct Resolved<T> {
    pub(super) source: SourceId,
    pub(super) pack: String,
    pub(super) name: Spanned<String>,
    pub(super) item: Option<T>,
}

/// All items of all files.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) symptoms: Vec<Resolved<Symptom>>,
    pub(super) causes: Vec<Resolved<Cause>>,
    pub(super) resolutions: Vec<Resolved<Resolution>>,
    pub(super) formats: Vec<Resolved<OwnFormat>>,
    /// The packs by [`SourceId`], without their causes.
    pub(super) packs: Vec<Pack>,
    pub(super) mutes: Vec<Mute>,
    /// `None` for a test with mistakes.
    pub(super) tests: Vec<Option<Test>>,
    /// The title, file and place of each test.
    pub(super) titles: Vec<(String, SourceId, Span)>,
    /// The definitions that nothing uses, with their files.
    pub(super) unused: Vec<(SourceId, Spanned<String>)>,
}

/// Diagnostics with the files they belong to.
pub(super) type Remarks = Vec<(SourceId, Diagnostic)>;

/// Resolves all files together. `is_article` says whether an article id is known; `None` if the articles are unknown.
pub(super) fn resolve(files: Vec<ParsedFile>, is_article: Option<&dyn Fn(&str) -> bool>) -> (Items, Remarks) {
    let lists = files.iter().filter_map(|file| Some((file.path.clone(), file.list.clone()?))).collect();
    let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    let mut remarks = Remarks::new();
    let mut units = Vec::new();
    for (index, parsed) in files.into_iter().enumerate() {
        let source = SourceId(u32::try_from(index).expect("files are counted in 32 bits"));
        let mut diagnostics = parsed.diagnostics;
        units.push(expand::unit(source, stem(&parsed.path), parsed.file, &mut diagnostics));
        remarks.extend(diagnostics.into_iter().map(|diagnostic| (source, diagnostic)));
    }
    let (names, duplicates) = collect_names(&units, &paths, &mut remarks);
    let (bindings, leads_to) = (Vec::new(), Vec::new());
    let used = std::cell::RefCell::default();
    let mut this = Resolver {
        names: &names,
        units: &units,
        is_article,
        remarks,
        bindings,
        leads_to,
        duplicates,
        paths: &paths,
        lists: &lists,
        used,
    };
    let items = this.items();
    let packs = units.iter().zip(&paths).map(|(unit, path)| pack(unit, path.clone())).collect();
    (Items { packs, ..items }, this.remarks)
}

/// Returns the pack of a file, without causes.
fn pack(unit: &FileItems, path: String) -> Pack {
    let title = unit.pack_item.as_ref().map(|item| value::unescape(&item.title.node));
    let meta = unit.pack_item.as_ref().map(meta).unwrap_or_default();
    Pack { name: unit.pack.clone(), title, path, causes: Vec::new(), meta }
}

/// Returns the metadata of an item.
fn meta(item: &Item) -> Meta {
    let entries = item.statements.iter().filter_map(|statement| match &statement.node {
        StatementNode::Meta(entries) => Some(entries),
        _ => None,
    });
    let texts = |texts: &[Quoted]| texts.iter().map(|text| value::unescape(&text.node)).collect();
    entries.flatten().map(|(key, of_key)| (key.node.clone(), texts(of_key))).collect()
}

/// Returns the items of one file, sorted by kind, with `rule` blocks split. Ignores mistakes, which [`resolve`]
/// reports.
pub(super) fn file_items(source: SourceId, path: &str, file: ast::File) -> FileItems {
    expand::unit(source, stem(path), file, &mut Vec::new())
}

/// Returns the file name without folder, up to its first dot. It names the pack of a file that declares none.
fn stem(path: &str) -> &str {
    // The paths of bundled files begin with `book:`.
    let name = path.rsplit(['/', '\\', ':']).next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// The items whose name an earlier item of their kind and pack has, by kind and provisional id.
type Duplicates = std::collections::HashSet<(NameKind, usize)>;

fn collect_names(units: &[FileItems], paths: &[String], remarks: &mut Remarks) -> (Names, Duplicates) {
    let mut names = Names::default();
    let mut duplicates = Duplicates::new();
    let path = |source: SourceId| paths[source.0 as usize].clone();
    for unit in units {
        let items = |items: &'_ [Item]| items.iter().map(|item| item.name.clone()).collect::<Vec<_>>();
        let defines = unit.defines.iter().map(|define| define.name.clone()).collect();
        let of_kinds = [
            (NameKind::Symptom, items(&unit.symptoms)),
            (NameKind::Cause, items(&unit.causes)),
            (NameKind::Resolution, items(&unit.resolutions)),
            (NameKind::Define, defines),
            (NameKind::Format, items(&unit.formats)),
        ];
        for (kind, of_kind) in of_kinds {
            for name in of_kind {
                let index = names.of_kind(kind).len();
                if let Some(duplicate) = names.add(kind, unit.source, &unit.pack, &name, path) {
                    remarks.push((unit.source, duplicate));
                    duplicates.insert((kind, index));
                }
            }
        }
    }
    (names, duplicates)
}

/// What is known while items are resolved: the names and items of all files, and the results so far.
struct Resolver<'a> {
    names: &'a Names,
    units: &'a [FileItems],
    is_article: Option<&'a dyn Fn(&str) -> bool>,
    remarks: Remarks,
    /// The `match` statements of each symptom, by provisional id.
    bindings: Vec<Bindings>,
    /// The causes that each cause leads to, by provisional id.
    leads_to: circle::Links,
    duplicates: Duplicates,
    /// The path of each file.
    paths: &'a [String],
    /// The texts of the list files, by path.
    lists: &'a std::collections::HashMap<String, String>,
    /// The indices of the definitions that are used.
    used: std::cell::RefCell<std::collections::HashSet<usize>>,
}

/// The file of an item, and the diagnostics about the item.
struct ItemContext<'a> {
    unit: &'a FileItems,
    diagnostics: Vec<Diagnostic>,
}

impl ItemContext<'_> {
    /// Returns whether none of the diagnostics is an error.
    fn is_sound(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity < Severity::Error)
    }

    /// Returns the value. Adds the diagnostic of an `Err` and returns `None`.
    fn ok<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.diagnostics.push(diagnostic)).ok()
    }
}

impl ItemContext<'_> {
    /// Returns the value. Adds the diagnostics of an `Err` and returns `None`.
    fn all_ok<T>(&mut self, result: Result<T, Vec<Diagnostic>>) -> Option<T> {
        result.map_err(|diagnostics| self.diagnostics.extend(diagnostics)).ok()
    }
}

impl<'a> Resolver<'a> {
    fn items(&mut self) -> Items {
        let units = self.units;
        for unit in units {
            self.definitions(unit);
            for item in &unit.symptoms {
                let (bindings, _) = self.at(unit, |this, cx| this.bindings(item, cx));
                self.bindings.push(bindings);
            }
        }
        self.chain_captures();
        let captures = self.symptom_captures();
        let mut symptoms = self.each(
            NameKind::Symptom,
            |unit| &unit.symptoms,
            |this, item, id, cx| this.symptom(item, id, &captures, cx),
        );
        self.break_match_circles(&mut symptoms);
        let mutes = units.iter().flat_map(|unit| unit.mutes.iter().map(move |item| (unit, item)));
        let mutes = mutes.filter_map(|(unit, item)| {
            let (mute, sound) = self.at(unit, |this, cx| this.mute(item, &captures, cx));
            mute.filter(|_| sound && !item.broken)
        });
        let mutes = mutes.collect();
        let mut of_causes = Vec::new();
        let mut causes = self.each(
            NameKind::Cause,
            |unit| &unit.causes,
            |this, item, _, cx| {
                let (cause, seen) = this.cause(item, &captures, cx);
                of_causes.push(seen);
                Some(cause)
            },
        );
        self.break_circles(&mut causes);
        let resolutions = self.each(
            NameKind::Resolution,
            |unit| &unit.resolutions,
            |this, item, _, cx| Some(this.resolution(item, &of_causes, cx)),
        );
        let formats = self.each(NameKind::Format, |unit| &unit.formats, |this, item, _, cx| this.format(item, cx));
        let mut titles = Vec::new();
        let tests = units.iter().flat_map(|unit| unit.tests.iter().map(move |item| (unit, item)));
        let tests = tests.map(|(unit, item)| {
            let (test, sound) = self.at(unit, |this, cx| this.test(item, &captures, cx));
            titles.push((value::unescape(&item.title.node), unit.source, item.title.span));
            test.filter(|_| sound && !item.broken)
        });
        let tests = tests.collect();
        let unused = self.unused_defines();
        Items { symptoms, causes, resolutions, formats, packs: Vec::new(), mutes, tests, titles, unused }
    }

    /// Returns the definitions that nothing uses. None if an item has a mistake, because it may use them.
    fn unused_defines(&self) -> Vec<(SourceId, Spanned<String>)> {
        let is_broken = |unit: &FileItems| {
            let kinds = [&unit.symptoms, &unit.causes, &unit.tests, &unit.formats];
            kinds.into_iter().flatten().any(|item| item.unread)
        };
        let has_unknown =
            self.remarks.iter().any(|(_, one)| matches!(one.code, error::UNKNOWN_NAME | error::IN_DEFINITION));
        if has_unknown || self.units.iter().any(is_broken) {
            return Vec::new();
        }
        let used = self.used.borrow();
        let defines = self.units.iter().flat_map(|unit| unit.defines.iter().map(move |define| (unit.source, define)));
        // Fields whose case is ignored are named nowhere else.
        let is_named = |define: &Define| !matches!(define.value, ast::Defined::CaselessFields(_));
        let is_double = |index: usize| self.duplicates.contains(&(NameKind::Define, index));
        let unused = defines.enumerate().filter(|(index, (_, define))| {
            !used.contains(index) && !define.broken && !is_double(*index) && is_named(define)
        });
        unused.map(|(_, (source, define))| (source, define.name.clone())).collect()
    }

    /// Checks all items of a kind, in the order of their provisional ids.
    fn each<T>(
        &mut self,
        kind: NameKind,
        of: impl Fn(&'a FileItems) -> &'a [Item],
        mut check: impl FnMut(&mut Self, &'a Item, usize, &mut ItemContext<'a>) -> Option<T>,
    ) -> Vec<Resolved<T>> {
        let mut resolved = Vec::new();
        for unit in self.units {
            for item in of(unit) {
                let id = resolved.len();
                let (checked, sound) = self.at(unit, |this, cx| check(this, item, id, cx));
                let sound = sound && !item.broken && !self.duplicates.contains(&(kind, id));
                let (source, pack, name) = (unit.source, unit.pack.clone(), item.name.clone());
                resolved.push(Resolved { source, pack, name, item: checked.filter(|_| sound) });
            }
        }
        resolved
    }

    /// Reports symptoms that match themselves through others, and leaves one of each circle out.
    fn break_match_circles(&mut self, symptoms: &mut [Resolved<Symptom>]) {
        let links: circle::Links = self.bindings.iter().map(Bindings::matched).collect();
        for circle::Circle { causes: circle, n_left_out, span } in circle::circles(&links) {
            let mut names: Vec<&str> = circle.iter().map(|&symptom| symptoms[symptom].name.node.as_str()).collect();
            let last = circle[circle.len() - 1];
            if n_left_out > 0 {
                names.insert(names.len() - 1, "…");
            }
            names.push(names[0]);
            self.remarks.push((symptoms[last].source, error::circular_match(span, &names)));
            symptoms[last].item = None;
        }
    }

    /// Reports causes that lead to themselves, and leaves one cause of each circle out.
    fn break_circles(&mut self, causes: &mut [Resolved<Cause>]) {
        for circle::Circle { causes: circle, n_left_out, span } in circle::circles(&self.leads_to) {
            let mut names: Vec<&str> = circle.iter().map(|&cause| causes[cause].name.node.as_str()).collect();
            let last = circle[circle.len() - 1];
            if n_left_out > 0 {
                names.insert(names.len() - 1, "…");
            }
            names.push(names[0]);
            self.remarks.push((causes[last].source, error::circular_leads_to(span, &names)));
            causes[last].item = None;
        }
    }

    /// Runs `check`, keeps its diagnostics, and returns whether there was no error among them.
    fn at<T>(&mut self, unit: &'a FileItems, check: impl FnOnce(&mut Self, &mut ItemContext<'a>) -> T) -> (T, bool) {
        let mut cx = ItemContext { unit, diagnostics: Vec::new() };
        let checked = check(self, &mut cx);
        let sound = cx.is_sound();
        self.remarks.extend(cx.diagnostics.into_iter().map(|diagnostic| (unit.source, diagnostic)));
        (checked, sound)
    }

    fn find(&self, kind: NameKind, reference: &Reference, cx: &mut ItemContext<'_>) -> Option<usize> {
        let found = self.names.find(kind, &cx.unit.pack, reference);
        cx.ok(found)
    }

    /// Returns the `define` that `reference` means in `pack`.
    fn define(&self, pack: &str, reference: &Reference) -> Result<&'a Define, Diagnostic> {
        let index = self.names.find(NameKind::Define, pack, reference)?;
        self.used.borrow_mut().insert(index);
        let define = self.units.iter().flat_map(|unit| &unit.defines).nth(index);
        Ok(define.expect("a name's index is that of its definition"))
    }

    /// Returns the text of a list file, if it was loaded. It is in the folder of the file of `unit` or below it.
    fn list_file(&self, unit: &FileItems, name: &Quoted) -> Option<&'a str> {
        let path = list_path(&self.paths[unit.source.0 as usize], &value::unescape(&name.node))?;
        self.lists.get(&path).map(String::as_str)
    }

    fn condition(
        &self,
        written: &ast::Condition,
        captures: &Captures,
        of: condition::ConditionSubject,
        cx: &mut ItemContext<'_>,
    ) -> Option<crate::rule::program::Condition> {
        let names = definitions::Definitions { resolver: self, pack: &cx.unit.pack };
        let scope = condition::ConditionScope { captures, of, names: &names, within: Vec::new() };
        condition::condition(written, &scope, &mut cx.diagnostics)
    }

    /// Returns the article ids of a `kb` statement. Warns of each id that no article has.
    fn links(&self, ids: &[Quoted], cx: &mut ItemContext<'_>) -> Vec<String> {
        let is_known = |id: &Quoted| self.is_article.is_none_or(|is_article| is_article(&id.node));
        let dead = ids.iter().filter(|id| !is_known(id)).map(|id| error::dead_link(id.span, &id.node));
        cx.diagnostics.extend(dead);
        ids.iter().map(|id| value::unescape(&id.node)).collect()
    }

    /// Checks what gets no id: the `define`s of a file, and the article links of its pack.
    fn definitions(&mut self, unit: &'a FileItems) {
        self.at(unit, |this, cx| {
            for define in &unit.defines {
                this.check_define(define, cx);
            }
            for statement in unit.pack_item.iter().flat_map(|item| &item.statements) {
                if let StatementNode::Kb(ids) = &statement.node {
                    this.links(ids, cx);
                }
            }
        });
    }
}

/// Converts an index to a provisional id.
fn id(index: usize) -> u32 {
    u32::try_from(index).expect("items are counted in 32 bits")
}

/// Stores the value of a statement that is allowed once. Keeps the first one and reports any other.
fn once<T>(slot: &mut Option<(T, Span)>, value: T, span: Span, word: &str, diagnostics: &mut Vec<Diagnostic>) {
    match slot {
        Some((_, first)) => diagnostics.push(error::repeated_statement(span, *first, word)),
        None => *slot = Some((value, span)),
    }
}
