//! The section of resolutions, with their steps.

use super::{DiagnosisView, fill, plain, unless_empty};
use crate::infer::{Proposed, RankedResolution};
use crate::matching::Captures;
use crate::report::document::{Block, Instruction, InstructionLabel, Item, Mark, Section, TextLine, Tone};
use crate::report::number::percent;
use crate::rule::{ResolutionStep, Verify};
use crate::value::duration_text;

impl<'a> DiagnosisView<'a> {
    pub(super) fn resolutions(self) -> Option<Section<'a>> {
        let resolutions = &self.diagnosis.resolutions;
        let items = (1..).zip(self.top(resolutions)).map(|(rank, ranked)| self.resolution(rank, ranked)).collect();
        let notes = self.more(resolutions.len(), "more resolution", "more resolutions").into_iter().collect();
        unless_empty(Section { notes, ..Section::new("resolutions", "What to do, in this order", items) })
    }

    fn resolution(self, rank: usize, ranked: &'a RankedResolution) -> Item<'a> {
        let resolution = ranked.resolution.as_rule(self.program);
        let captures = &ranked.captures;
        let words = |label, text| Instruction { label: InstructionLabel::Word(label), text, command: None };
        let needs = resolution.needs.iter().map(|need| words("needs", plain(need, captures, None)));
        let steps =
            (1..).zip(&resolution.steps).map(|(number, one)| step(InstructionLabel::Number(number), one, captures));
        let verify = resolution.verify.as_ref().map(|verify| match verify {
            Verify::Check(check) => step(InstructionLabel::Word("verify"), check, captures),
            Verify::Silence(symptom, time) => {
                let title = plain(&self.program.symptom(*symptom).title, captures, None);
                words("verify", format!("for {} the log no longer shows: {title}", duration_text(*time)))
            }
        });
        let undo = resolution.undo.as_ref().map(|undo| words("undo", plain(undo, captures, None)));
        let facts = Block::Line(TextLine::new(Tone::Quiet, self.resolution_facts(ranked)));
        Item {
            is_name: true,
            name: Some(&resolution.name),
            folds: true,
            parts: [facts].into_iter().chain(needs.chain(steps).chain(verify).chain(undo).map(Block::Step)).collect(),
            ..Item::new(Mark::Number(rank), plain(&resolution.title, captures, None))
        }
    }

    /// Says how likely a resolution is to help, how long it takes and what it risks.
    fn resolution_facts(self, ranked: &RankedResolution) -> String {
        let resolution = ranked.resolution.as_rule(self.program);
        let undo = if resolution.irreversible { ", cannot be undone" } else { "" };
        let (helps, cost, risk) = (percent(ranked.p_resolves), duration_text(resolution.cost), resolution.risk.name());
        let then = match ranked.follow_up > ranked.p_resolves {
            true => format!(" by itself, {} once the root cause is fixed", percent(ranked.follow_up)),
            false => String::new(),
        };
        let from = match ranked.resolution {
            Proposed::Rule(_) => "",
            Proposed::Article(_) => " (estimates: this is what the article says to do)",
        };
        format!("{helps} likely to help{then}, takes {cost}, {risk} risk{undo}{from}")
    }
}

fn step(label: InstructionLabel, step: &ResolutionStep, captures: &Captures) -> Instruction {
    let text = plain(&step.text, captures, None);
    match step.run.as_ref().map(|run| fill(run, captures)) {
        None => Instruction { label, text, command: None },
        Some(Ok(command)) => Instruction { label, text, command: Some(command) },
        Some(Err(withheld)) => Instruction { label, text: format!("{text} ({withheld})"), command: None },
    }
}
