//! The words for several problems in the same logs, which all forms of a diagnosis share.

use super::clean::on_one_line;
use super::diagnosis::DiagnosisView;
use super::number::{counted, percent};
use crate::infer::{Follows, Incident, IncidentLink};

/// What both of two problems speak of is named up to so many times.
const MAX_SHARED: usize = 3;

/// One of several problems, in words that are safe to print.
pub(super) struct IncidentWords {
    /// From when to when, and on which lines.
    pub(super) when: String,
    /// What explains it, best first: a cause or an article, with its chance.
    pub(super) explained_by: Vec<String>,
    /// Which earlier one it may be a consequence of, and why.
    pub(super) follows: Option<String>,
}

impl DiagnosisView<'_> {
    pub(super) fn incidents(self) -> Vec<IncidentWords> {
        self.diagnosis.incidents.iter().map(|incident| self.incident(incident)).collect()
    }

    fn incident(self, incident: &Incident) -> IncidentWords {
        let times = match (incident.first, incident.last) {
            (Some(first), Some(last)) if first != last => Some(format!("{first} to {last}")),
            (first, last) => first.or(last).map(|time| time.to_string()),
        };
        let first = incident.places.first().map(|place| self.place(*place));
        let others = match incident.places.len().saturating_sub(1) {
            0 => String::new(),
            n => format!(" and {} more", counted(n as u64, "record", "records")),
        };
        let place = first.map(|first| format!("{first}{others}"));
        let causes = incident.causes.iter().filter_map(|id| self.diagnosis.causes.iter().find(|c| c.cause == *id));
        let causes = causes.map(|ranked| format!("{} {}", percent(ranked.probability), self.cause_title(ranked)));
        let articles = incident.articles.iter().map(|(id, confidence)| {
            let title = self.diagnosis.articles.iter().find(|article| article.id == *id).map(|article| &article.title);
            let title = title.map(|title| format!(" {}", on_one_line(title))).unwrap_or_default();
            format!("{} {}{title}", percent(*confidence), on_one_line(id))
        });
        IncidentWords {
            when: times.into_iter().chain(place).collect::<Vec<_>>().join(", "),
            explained_by: causes.chain(articles).collect(),
            follows: incident.follows.as_ref().map(|follows| self.follows(follows)),
        }
    }

    fn follows(self, Follows { incident, link }: &Follows) -> String {
        let number = incident + 1;
        match link {
            IncidentLink::Causes { consequence, root } => {
                let name = |cause| &self.program.cause(cause).name;
                format!("follows from {number}: {} leads to {}", name(*root), name(*consequence))
            }
            IncidentLink::Shared(names) => {
                let names: Vec<String> = names.iter().take(MAX_SHARED).map(|name| on_one_line(name)).collect();
                format!("may follow from {number}: both speak of {}", names.join(", "))
            }
        }
    }
}
