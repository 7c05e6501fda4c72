//! The section of resolutions, with their steps.

use super::{Amount, DiagnosisView, fill, plain, unless_empty};
use crate::infer::{Proposed, RankedResolution};
use crate::matching::Captures;
use crate::report::document::{Block, Instruction, InstructionLabel, Item, Mark, Section, TextLine, Tone};
use crate::report::number::percent;
use crate::rule::{ResolutionStep, Verify};
use crate::value::duration_text;

impl<'a> DiagnosisView<'a> {
    pub(super) fn resolutions(self) -> Option<Section<'a>> {
        let resolutions = &self.diagnosis.resolutions;
        let shown = self.likely(resolutions, |ranked| ranked.p_resolves.max(ranked.follow_up));
        let n_hidden = resolutions.len() - shown.len();
        let more = self.more(n_hidden, "more resolution", "more resolutions");
        let has_all_steps = shown.iter().all(|ranked| self.has_steps(ranked));
        let notes =
            more.or_else(|| (!has_all_steps).then(|| "--all shows the steps of all".to_owned())).into_iter().collect();
        let items = (1..).zip(shown).map(|(rank, ranked)| self.resolution(rank, ranked)).collect();
        unless_empty(Section { notes, ..Section::new("resolutions", "What to do, in this order", items) })
    }

    /// Whether the steps of a resolution are shown: in a brief report, only if it is among the likeliest to help.
    fn has_steps(self, ranked: &RankedResolution) -> bool {
        let all = &self.diagnosis.resolutions;
        let most = all.iter().map(|one| one.p_resolves).fold(0.0, f64::max);
        let is_first = all.first().is_some_and(|first| std::ptr::eq(first, ranked));
        self.amount != Amount::Brief || is_first || ranked.p_resolves >= most / 2.0
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
        let instructions = needs.chain(steps).chain(verify).chain(undo).map(Block::Step);
        let instructions = instructions.filter(|_| self.has_steps(ranked));
        let facts = Block::Line(TextLine::new(Tone::Quiet, self.resolution_facts(ranked)));
        Item {
            is_name: true,
            name: Some(&resolution.name),
            folds: true,
            parts: [facts].into_iter().chain(instructions).collect(),
            ..Item::new(Mark::Number(rank), plain(&resolution.title, captures, None))
        }
    }

    /// Whether it is the first resolution although another one is likelier to help.
    fn is_first_for_its_cost(self, ranked: &RankedResolution) -> bool {
        let all = &self.diagnosis.resolutions;
        let is_first = all.first().is_some_and(|first| std::ptr::eq(first, ranked));
        is_first && all.iter().any(|other| other.p_resolves > ranked.p_resolves)
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
        let quick = if self.is_first_for_its_cost(ranked) { "; first, because it takes much less time" } else { "" };
        format!("{helps} likely to help{then}, takes {cost}, {risk} risk{undo}{from}{quick}")
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
