//! The section of causes, with the evidence for and against each.

use super::{Amount, DiagnosisView, LEAST_SHOWN, plain, state_word};
use crate::infer::{Because, RankedCause};
use crate::report::document::{Block, EvidenceLine, Item, Mark, Section, TextLine, Tone};
use crate::report::evidence::weight;
use crate::report::number::percent;

impl<'a> DiagnosisView<'a> {
    pub(super) fn causes(self) -> Option<Section<'a>> {
        let causes = &self.diagnosis.causes;
        if causes.is_empty() {
            return None;
        }
        let has_reasons = |ranked: &&RankedCause| !ranked.because.is_empty() || !self.links(ranked).is_empty();
        let shown = self.likely(causes, |ranked| ranked.probability);
        let n_hidden = causes.len() - shown.len();
        let (backed, bare): (Vec<&RankedCause>, Vec<_>) = shown.into_iter().partition(has_reasons);
        let none = self.diagnosis.none_of_these;
        let none = (self.amount != Amount::Brief || none >= LEAST_SHOWN)
            .then(|| Item::new(Mark::Probability(none), "none of these".to_owned()));
        let items = backed.into_iter().map(|ranked| self.cause_item(ranked)).chain(none).collect();
        let bare = (!bare.is_empty()).then(|| {
            let names: Vec<String> = bare.into_iter().map(|ranked| self.named(ranked, " ", "")).collect();
            format!("possible, but nothing in the log points to them: {}", names.join(", "))
        });
        let left_out = self.diagnosis.not_applicable.iter().map(|&cause| {
            let title = plain(&self.program.cause(cause).title, &Default::default(), None);
            format!("left out, other product or version: {title}")
        });
        let notes = bare.into_iter().chain(left_out).chain(self.more(n_hidden, "more cause", "more causes")).collect();
        Some(Section { notes, ..Section::new("causes", "Causes", items) })
    }

    pub(super) fn cause_title(self, ranked: &RankedCause) -> String {
        super::cause_title(self.program, ranked)
    }

    fn cause_item(self, ranked: &'a RankedCause) -> Item<'a> {
        let links = self.links(ranked).into_iter().map(|link| Block::Line(TextLine::new(Tone::Relation, link)));
        let evidence = ranked.because.iter().filter_map(|because| self.evidence(because)).map(Block::Evidence);
        Item {
            is_name: true,
            name: Some(&self.program.cause(ranked.cause).name),
            parts: links.chain(evidence).collect(),
            ..Item::new(Mark::Probability(ranked.probability), self.cause_title(ranked))
        }
    }

    fn named(self, ranked: &RankedCause, before: &str, after: &str) -> String {
        format!("{}{before}{}{after}", self.program.cause(ranked.cause).name, percent(ranked.probability))
    }

    /// Says which causes this one follows from, and which follow from it; one line each.
    fn links(self, ranked: &RankedCause) -> Vec<String> {
        let causes = &self.diagnosis.causes;
        let names = |of: &dyn Fn(&&RankedCause) -> bool| {
            let names: Vec<String> = causes.iter().filter(of).map(|cause| self.named(cause, " (", ")")).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let roots = names(&|cause| ranked.follows.contains(&cause.cause));
        let consequences = names(&|cause| cause.follows.contains(&ranked.cause));
        let by_itself = percent(ranked.by_itself);
        let from = roots.map(|roots| format!("follows from: {roots}; by itself {by_itself}"));
        from.into_iter().chain(consequences.map(|names| format!("leads to: {names}"))).collect()
    }

    /// The line for a piece of evidence; `None` if its weight is too small to show.
    fn evidence(self, because: &Because) -> Option<EvidenceLine<'a>> {
        let weight = match because.decibans.map(weight) {
            Some(None) => return None,
            Some(weight) => weight,
            None => None,
        };
        let finding = self.diagnosis.findings.iter().find(|finding| finding.symptom == because.symptom);
        let first = finding.and_then(|finding| finding.evidence.first());
        Some(EvidenceLine {
            title: self.symptom_title(because.symptom),
            name: &self.program.symptom(because.symptom).name,
            state: state_word(because.state),
            at: first.map(|evidence| (evidence.source, evidence.line)),
            weight,
        })
    }
}
