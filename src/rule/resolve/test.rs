//! Resolves tests: the lines they feed, the answers they give and the results they expect.

use crate::rule::ast::{self, Expect, Item, StatementNode};
use crate::rule::program::{CauseId, Expectation, Feed, ResolutionId, SymptomId, Test};

use super::condition::ConditionSubject;
use super::names::NameKind;
use super::template::Captures;
use super::{ItemContext, Resolver, id, value};

/// A test can feed a line at most this many times, because it runs in memory.
const MAX_TIMES: u32 = 100_000;

impl<'a> Resolver<'a> {
    pub(super) fn test(&mut self, item: &'a Item, of_symptoms: &[Captures], cx: &mut ItemContext<'a>) -> Test {
        let mut test = Test {
            title: value::unescape(&item.title.node),
            at: (cx.unit.source, item.title.span),
            feeds: Vec::new(),
            answers: Vec::new(),
            expectations: Vec::new(),
        };
        for statement in &item.statements {
            match &statement.node {
                StatementNode::Feed(written) => test.feeds.extend(feed(written, cx)),
                StatementNode::Answer(symptom, yes) => {
                    let symptom = self.find(NameKind::Symptom, symptom, cx);
                    test.answers.extend(symptom.map(|symptom| (SymptomId(id(symptom)), *yes)));
                }
                StatementNode::Expect(expect) => {
                    let expectation = self.expectation(expect, of_symptoms, cx);
                    test.expectations.extend(expectation.map(|expectation| (expectation, statement.span)));
                }
                _ => {}
            }
        }
        test
    }

    fn expectation(&self, expect: &Expect, of_symptoms: &[Captures], cx: &mut ItemContext<'_>) -> Option<Expectation> {
        Some(match expect {
            Expect::Symptom { symptom, findings, with } => {
                let symptom = self.find(NameKind::Symptom, symptom, cx);
                let findings = match findings {
                    Some(findings) => Some(cx.ok(value::times(findings, MAX_TIMES))?),
                    None => None,
                };
                let symptom = symptom?;
                let with = match with {
                    Some(with) => Some(self.condition(with, &of_symptoms[symptom], ConditionSubject::Finding, cx)?),
                    None => None,
                };
                Expectation::Symptom { symptom: SymptomId(id(symptom)), findings, with }
            }
            Expect::NoSymptom(symptom) => {
                Expectation::NoSymptom(SymptomId(id(self.find(NameKind::Symptom, symptom, cx)?)))
            }
            Expect::Unconfirmed(symptom) => {
                Expectation::Unconfirmed(SymptomId(id(self.find(NameKind::Symptom, symptom, cx)?)))
            }
            Expect::TopCause(cause, least) => {
                let cause = self.find(NameKind::Cause, cause, cx);
                let least = match least {
                    Some(least) => Some(cx.ok(value::chance(least, &[]))?),
                    None => None,
                };
                Expectation::TopCause(CauseId(id(cause?)), least)
            }
            Expect::FirstResolution(resolution) => {
                Expectation::FirstResolution(ResolutionId(id(self.find(NameKind::Resolution, resolution, cx)?)))
            }
        })
    }
}

fn feed(written: &ast::Feed, cx: &mut ItemContext<'_>) -> Option<Feed> {
    let times = written.times.as_ref().map_or(Ok(1), |times| value::times(times, MAX_TIMES));
    let every = written.every.as_ref().map(value::duration).transpose();
    let from = written.from.as_ref().map(value::instant).transpose();
    let (times, every, from) = (cx.ok(times), cx.ok(every), cx.ok(from));
    Some(Feed {
        source: written.source.as_ref().map(|source| value::unescape(&source.node)),
        line: value::unescape(&written.line.node),
        times: times?,
        every: every?,
        from: from?,
    })
}
