//! The section of incidents (separate problems in the same logs), in order of time.

use super::{DiagnosisView, unless_empty};
use crate::infer::{Follows, Incident, IncidentLink};
use crate::report::document::{Block, Item, Mark, Section, TextLine, Tone};
use crate::report::number::{counted, percent};

/// At most this many of the names that two problems share are listed.
const MAX_SHARED: usize = 3;

impl<'a> DiagnosisView<'a> {
    pub(super) fn incidents(self) -> Option<Section<'a>> {
        let items = (1..).zip(&self.diagnosis.incidents).map(|(number, one)| self.incident(number, one)).collect();
        unless_empty(Section::new("incidents", "Several problems, in order of time", items))
    }

    fn incident(self, number: usize, incident: &Incident) -> Item<'a> {
        let causes = incident.causes.iter().filter_map(|id| self.diagnosis.causes.iter().find(|c| c.cause == *id));
        let causes = causes.map(|ranked| format!("{} {}", percent(ranked.probability), self.cause_title(ranked)));
        let articles = incident.articles.iter().map(|(id, confidence)| {
            let title = self.diagnosis.articles.iter().find(|article| article.id == *id).map(|article| &article.title);
            let title = title.map(|title| format!(" {title}")).unwrap_or_default();
            format!("{} {id}{title}", percent(*confidence))
        });
        let explanations = causes.chain(articles).map(|text| TextLine::new(Tone::Plain, text));
        let follows = incident.follows.as_ref().map(|follows| TextLine::new(Tone::Relation, self.follows(follows)));
        Item {
            parts: explanations.chain(follows).map(Block::Line).collect(),
            ..Item::new(Mark::Number(number), self.times_and_places(incident))
        }
    }

    fn times_and_places(self, incident: &Incident) -> String {
        let times = match (incident.first, incident.last) {
            (Some(first), Some(last)) if first != last => Some(format!("{first} to {last}")),
            (first, last) => first.or(last).map(|time| time.to_string()),
        };
        let others = match incident.places.len().saturating_sub(1) {
            0 => String::new(),
            n => format!(" and {}", counted(n as u64, "more record", "more records")),
        };
        let place = incident.places.first().map(|first| format!("{}{others}", self.place(*first)));
        times.into_iter().chain(place).collect::<Vec<_>>().join(", ")
    }

    fn follows(self, Follows { incident, link }: &Follows) -> String {
        let number = incident + 1;
        match link {
            IncidentLink::Causes { consequence, root } => {
                let name = |cause| &self.program.cause(cause).name;
                format!("follows from {number}: {} leads to {}", name(*root), name(*consequence))
            }
            IncidentLink::Shared(names) => {
                let names: Vec<&str> = names.iter().take(MAX_SHARED).map(String::as_str).collect();
                format!("may follow from {number}: both mention {}", names.join(", "))
            }
        }
    }
}
