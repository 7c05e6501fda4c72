//! Finds where the chances of a program are written in its files, so that they can be revised.
//!
//! A [`Program`] contains only the numbers. Nothing else needs their places, so they are read from the text again on
//! request.

use super::ast::{Item, StatementNode};
use super::program::{CauseId, FullNames, Program, ResolutionId, SymptomId};
use super::resolve::{FileItems, file_items};
use super::{RuleText, parse};
use crate::source::{SourceId, Span};

/// Two items that a statement relates with a chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChanceRelation {
    /// How often the cause shows the symptom.
    Shows(CauseId, SymptomId),
    /// How often the resolution fixes the cause.
    Resolves(ResolutionId, CauseId),
}

impl ChanceRelation {
    /// Returns the relation as three words, the name of each item and the verb between them: `belt_worn`, `shows`,
    /// `saw_smells`.
    pub fn words(self, program: &Program) -> [&str; 3] {
        let cause = |id| program.cause(id).name.as_str();
        match self {
            ChanceRelation::Shows(of, symptom) => [cause(of), "shows", &program.symptom(symptom).name],
            ChanceRelation::Resolves(of, resolved) => [&program.resolution(of).name, "resolves", cause(resolved)],
        }
    }

    /// The cause of the relation.
    pub fn cause(self) -> CauseId {
        match self {
            ChanceRelation::Shows(cause, _) | ChanceRelation::Resolves(_, cause) => cause,
        }
    }
}

/// A chance of a program and the place where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChancePlace {
    /// The items that the chance relates.
    pub relation: ChanceRelation,
    /// The file in which it is written.
    pub source: SourceId,
    /// Byte range of the chance in the file; `None` for the default chance in a `rule`, which is written nowhere.
    pub span: Option<Span>,
    /// The word or number as written, or the default word.
    pub written: String,
}

/// Returns the places of all chances of `program`, which was loaded from `files`, in the order of the files.
pub fn chance_places(files: &[RuleText], program: &Program) -> Vec<ChancePlace> {
    let units = (0..).map(SourceId).zip(files).map(|(source, file)| {
        let (tree, _) = parse::parse(&file.text, parse::Tests::PassedOver);
        (file_items(source, &file.path, tree), file)
    });
    let mut places = Vec::new();
    for (unit, file) in units {
        let Some(names) = program.full_names.get(0) else { continue };
        let finder = ChanceFinder { unit: &unit, text: &file.text, names };
        let items = unit.causes.iter().chain(&unit.resolutions);
        let mut of_unit: Vec<ChancePlace> = items.flat_map(|item| finder.places(item)).collect();
        of_unit.sort_by_key(|place| (place.span, place.relation));
        places.extend(of_unit);
    }
    places
}

/// Returns the file and the place of the name of the item `name` of the pack `pack`. The items that a `rule` stands for are written
/// where its own name is.
pub fn item_place(files: &[RuleText], pack: &str, name: &str) -> Option<(SourceId, Span)> {
    (0..).map(SourceId).zip(files).find_map(|(source, file)| {
        if !file.text.contains(name.trim_end_matches("_symptom").trim_end_matches("_resolution")) {
            return None;
        }
        let (tree, _) = parse::parse(&file.text, parse::Tests::PassedOver);
        let unit = file_items(source, &file.path, tree);
        let mut items = unit.symptoms.iter().chain(&unit.causes).chain(&unit.resolutions);
        let found = items.find(|item| unit.pack == pack && item.name.node == name)?;
        Some((source, found.name.span))
    })
}

struct ChanceFinder<'a> {
    unit: &'a FileItems,
    text: &'a str,
    names: &'a FullNames,
}

impl ChanceFinder<'_> {
    /// Returns the chances of one item. Skips a chance between items of which one was left out of the program.
    fn places(&self, item: &Item) -> Vec<ChancePlace> {
        let own = self.full(&item.name.node);
        let places = item.statements.iter().filter_map(|statement| {
            let (relation, chance) = match &statement.node {
                StatementNode::Shows(Some(symptom), chance) => {
                    let symptom = self.names.symptoms.get(&self.full(&symptom.node))?;
                    (ChanceRelation::Shows(*self.names.causes.get(&own)?, *symptom), chance)
                }
                StatementNode::Resolves(Some(cause), chance) => {
                    let cause = self.names.causes.get(&self.full(&cause.node))?;
                    (ChanceRelation::Resolves(*self.names.resolutions.get(&own)?, *cause), chance)
                }
                _ => return None,
            };
            let is_written = self.text.get(chance.span.start..chance.span.end) == Some(chance.node.as_str());
            Some(ChancePlace {
                relation,
                source: self.unit.source,
                span: is_written.then_some(chance.span),
                written: chance.node.clone(),
            })
        });
        places.collect()
    }

    fn full(&self, name: &str) -> String {
        if name.contains('.') { name.to_owned() } else { format!("{}.{name}", self.unit.pack) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::load;

    #[test]
    fn every_chance_has_its_place_and_an_implied_one_none() {
        let text = "symptom s \"S\" { match \"s s s\" }\n\
                    cause c \"C\" { shows p.s often }\n\
                    resolution r \"R\" { resolves c 1/3 }\n\
                    rule u \"U\" { match \"u u u\" resolution \"V\" { resolves 70% } }\n\
                    cause broken \"B\" { shows nothing often }\n";
        let files = [RuleText { path: "p.rules".to_owned(), text: text.to_owned() }];
        let (program, _) = load(&files, None);
        let described: Vec<String> = chance_places(&files, &program)
            .into_iter()
            .map(|place| {
                let [of, _, what] = place.relation.words(&program);
                let at = place.span.map(|span| &text[span.start..span.end]);
                format!("{of} {what} {} {at:?}", place.written)
            })
            .collect();
        let expected = [
            "u u_symptom usually None",
            "c s often Some(\"often\")",
            "r c 1/3 Some(\"1/3\")",
            "u_resolution u 70% Some(\"70%\")",
        ];
        assert_eq!(described, expected);
    }
}
