//! The section of articles, with the reasons why each is listed.

use std::collections::BTreeSet;

use super::{Amount, BRIEF, DiagnosisView, LEAST_SHOWN, unless_empty};
use crate::identifier::IdentifierKind;
use crate::infer::{ArticleReason, PLAUSIBLE, RankedArticle, Verdict};
use crate::report::clean::on_one_line;
use crate::report::document::{Anchor, Block, Item, ListingReason, Mark, Place, Quote, Section, TextLine, Tone};
use crate::report::number::{counted, percent};

/// Where nothing explains the logs, a brief report shows articles that only the search found from this confidence on.
const LEAST_SEARCHED: f64 = 0.01;

/// At most this many near-copies are named below the article that represents them; there may be hundreds.
const MAX_COPIES: usize = 10;

/// At most this many reasons of an article are shown, strongest first.
const MAX_REASONS: usize = 4;

impl<'a> DiagnosisView<'a> {
    pub(super) fn articles(self) -> Option<Section<'a>> {
        // Articles for the most unusual lines of a healthy log would only mislead.
        if self.diagnosis.nothing_stands_out {
            return None;
        }
        let shown = self.shown_articles();
        let is_worth_a_word =
            |article: &&RankedArticle| self.amount != Amount::Brief || article.confidence >= LEAST_SHOWN;
        let n_hidden = self.diagnosis.articles.iter().filter(is_worth_a_word).count().saturating_sub(shown.len());
        let mut quoted = BTreeSet::new();
        let items = (1..).zip(shown).map(|(rank, article)| self.article(rank, article, &mut quoted)).collect();
        let notes = self.more(n_hidden, "more article", "more articles").into_iter().collect();
        unless_empty(Section { notes, ..Section::new("articles", "Articles", items) })
    }

    /// The articles to show. A brief report has the best few of those that are plausible or named by a rule; the others
    /// only if there is no better explanation.
    fn shown_articles(self) -> Vec<&'a RankedArticle> {
        let articles = &self.diagnosis.articles;
        if self.amount != Amount::Brief {
            return self.top(articles, BRIEF).iter().collect();
        }
        let least_searched = if self.diagnosis.verdict == Verdict::Unknown { LEAST_SEARCHED } else { PLAUSIBLE };
        let least = |article: &RankedArticle| if is_search_alone(article) { least_searched } else { PLAUSIBLE };
        let is_shown = |(at, article): &(usize, &RankedArticle)| {
            article.confidence >= least(article) || *at == 0 && !is_search_alone(article)
        };
        articles.iter().enumerate().filter(is_shown).map(|(_, article)| article).take(BRIEF).collect()
    }

    /// The item of an article. `quoted` contains the records that were quoted for articles before this one.
    fn article(self, rank: usize, article: &'a RankedArticle, quoted: &mut BTreeSet<Place>) -> Item<'a> {
        let reasons = self.reasons(article, quoted).into_iter().map(Block::Reason);
        let copies = near_copies(&article.near_copies).map(|copies| Block::Line(TextLine::new(Tone::Quiet, copies)));
        Item {
            anchor: Some(Anchor { id: format!("article-{rank}"), label: format!("article {}", article.id) }),
            id: Some(&article.id),
            facts: vec![format!("confidence {}", percent(article.confidence))],
            badge: (!article.known).then_some("not in this KB"),
            parts: reasons.chain(copies).collect(),
            ..Item::new(Mark::Number(rank), article.title.trim().to_owned())
        }
    }

    /// The strongest reasons of an article, strongest first. The main reasons are the strongest rule, or, without a
    /// rule, what the article quotes and how it was found; all others are minor.
    ///
    /// Each record is quoted for one article only, and only its beginning if an earlier reason of the article says
    /// already what it has in common with the log.
    fn reasons(self, article: &'a RankedArticle, quoted: &mut BTreeSet<Place>) -> Vec<ListingReason<'a>> {
        let is_alone = article.because.len() == 1;
        let n_main = article.because.iter().take_while(|reason| !reason.is_by_rule()).count().max(1);
        let mut is_explained = false;
        let mut reasons = Vec::new();
        for (index, because) in article.because.iter().enumerate().take(MAX_REASONS) {
            let mut reason = self.reason(because, is_alone);
            reason.is_minor = index >= n_main;
            match (&because, reason.at) {
                (ArticleReason::Search { .. }, Some(_)) if reason.is_minor => reason.quote = Quote::Beginning,
                (ArticleReason::Search { .. }, Some(at)) => {
                    let is_new = quoted.insert(at);
                    reason.is_minor = !is_new && is_explained;
                    reason.quote = match (is_new, is_explained) {
                        (true, true) => Quote::Beginning,
                        (true, false) => Quote::Whole,
                        (false, _) => Quote::No,
                    };
                }
                _ => is_explained = true,
            }
            reasons.push(reason);
        }
        reasons
    }

    /// The item for one reason. `is_alone`: whether the article has no other reasons.
    fn reason(self, reason: &'a ArticleReason, is_alone: bool) -> ListingReason<'a> {
        let (words, weight, at, record) = match reason {
            ArticleReason::Cause { cause, weight, at } => {
                (format!("rule: cause {}", self.program.cause(*cause).name), Some(percent(*weight)), *at, None)
            }
            ArticleReason::Resolution { resolution, weight } => {
                let words = format!("rule: resolution {}", self.program.resolution(*resolution).name);
                (words, Some(format!("{} likely to help", percent(*weight))), None, None)
            }
            ArticleReason::Signature { kind, text, at, record, .. } => {
                (signature(*kind, text), None, Some(*at), Some(record.as_str()))
            }
            ArticleReason::Search { text, at, .. } => {
                let words = if is_alone { "found only by text search" } else { "found by text search" };
                (words.to_owned(), None, Some(*at), Some(text.as_str()))
            }
        };
        ListingReason { words, weight, at, record, quote: Quote::No, is_minor: false }
    }
}

fn is_search_alone(article: &RankedArticle) -> bool {
    article.because.first().is_none_or(|strongest| !strongest.is_by_rule())
}

/// Says which message or name an article shares with a record: `quotes “Unable to contact {host}”`, `names event 9035
/// of MSExchangeIMC`.
fn signature(kind: IdentifierKind, text: &str) -> String {
    let text = on_one_line(text);
    match (kind, text.rsplit_once('/')) {
        (IdentifierKind::Message, _) => format!("quotes “{text}”"),
        (IdentifierKind::Event, Some((source, number))) => format!("names event {number} of {source}"),
        (IdentifierKind::Stop, _) => format!("names {text}"),
        (IdentifierKind::Reply, _) => {
            let (protocol, number) = text.split_once(' ').unwrap_or(("", &text));
            format!("names {} reply {number}", protocol.to_uppercase())
        }
        (
            IdentifierKind::Code
            | IdentifierKind::Event
            | IdentifierKind::File
            | IdentifierKind::Registry
            | IdentifierKind::Url,
            _,
        ) => format!("names {} {text}", kind.name()),
    }
}

/// Counts and names the near-copies of an article; `None` if it has none.
pub(in crate::report) fn near_copies(ids: &[String]) -> Option<String> {
    let count = counted(ids.len() as u64, "near-copy", "near-copies");
    let named: Vec<&str> = ids.iter().take(MAX_COPIES).map(String::as_str).collect();
    let more = if ids.len() > MAX_COPIES { " …" } else { "" };
    (!ids.is_empty()).then(|| format!("and {count}: {}{more}", named.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_named_by_its_kind() {
        let cases = [
            (IdentifierKind::Message, "a/b {..} c", "quotes “a/b {..} c”"),
            (IdentifierKind::Event, "MS Mail/X/9123", "names event 9123 of MS Mail/X"),
            (IdentifierKind::Event, "9123", "names event 9123"),
            (IdentifierKind::Stop, "stop 0x0000000a", "names stop 0x0000000a"),
            (IdentifierKind::Reply, "smtp 5.7.1", "names SMTP reply 5.7.1"),
            (IdentifierKind::Code, "0x8007000e", "names code 0x8007000e"),
            (IdentifierKind::File, "parcel.dll 1.2", "names file parcel.dll 1.2"),
        ];
        for (kind, text, words) in cases {
            assert_eq!(signature(kind, text), words);
        }
    }
}
