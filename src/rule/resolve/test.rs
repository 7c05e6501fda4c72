//! Tests: what is fed, answered and expected.

use crate::rule::ast::{self, Expect, Item, StatementNode};
use crate::rule::program::{CauseId, Expectation, Feed, ResolutionId, SymptomId, Test};

use super::condition::ConditionSubject;
use super::names::NameKind;
use super::template::Captures;
use super::{ItemContext, Resolver, id, value};

/// A test feeds a line at most this often; it runs in memory.
const MAX_TIMES: u32 = 100_000;

impl<'a> Resolver<'a> {
    pub(super) fn test(&mut self, item: &'a Item, of_symptoms: &[Captures], context: &mut ItemContext<'a>) -> Test {
        let mut test = Test {
            title: value::unescape(&item.title.node),
            at: (context.unit.source, item.title.span),
            feeds: Vec::new(),
            answers: Vec::new(),
            expectations: Vec::new(),
        };
        for statement in &item.statements {
            match &statement.node {
                StatementNode::Feed(written) => test.feeds.extend(feed(written, context)),
                StatementNode::Answer(symptom, yes) => {
                    let symptom = self.find(NameKind::Symptom, symptom, context);
                    test.answers.extend(symptom.map(|symptom| (SymptomId(id(symptom)), *yes)));
                }
                StatementNode::Expect(expect) => {
                    let expectation = self.expectation(expect, of_symptoms, context);
                    test.expectations.extend(expectation.map(|expectation| (expectation, statement.span)));
                }
                _ => {}
            }
        }
        test
    }

    fn expectation(
        &self,
        expect: &Expect,
        of_symptoms: &[Captures],
        context: &mut ItemContext<'_>,
    ) -> Option<Expectation> {
        Some(match expect {
            Expect::Symptom { symptom, findings, with } => {
                let symptom = self.find(NameKind::Symptom, symptom, context);
                let findings = match findings {
                    Some(findings) => Some(context.ok(value::times(findings, MAX_TIMES))?),
                    None => None,
                };
                let symptom = symptom?;
                let with = match with {
                    Some(with) => {
                        Some(self.condition(with, &of_symptoms[symptom], ConditionSubject::Finding, context)?)
                    }
                    None => None,
                };
                Expectation::Symptom { symptom: SymptomId(id(symptom)), findings, with }
            }
            Expect::NoSymptom(symptom) => {
                Expectation::NoSymptom(SymptomId(id(self.find(NameKind::Symptom, symptom, context)?)))
            }
            Expect::TopCause(cause, least) => {
                let cause = self.find(NameKind::Cause, cause, context);
                let least = match least {
                    Some(least) => Some(context.ok(value::chance(least, &[]))?),
                    None => None,
                };
                Expectation::TopCause(CauseId(id(cause?)), least)
            }
            Expect::FirstResolution(resolution) => {
                Expectation::FirstResolution(ResolutionId(id(self.find(NameKind::Resolution, resolution, context)?)))
            }
        })
    }
}

fn feed(written: &ast::Feed, context: &mut ItemContext<'_>) -> Option<Feed> {
    let times = written.times.as_ref().map_or(Ok(1), |times| value::times(times, MAX_TIMES));
    let every = written.every.as_ref().map(value::duration).transpose();
    let from = written.from.as_ref().map(value::instant).transpose();
    let (times, every, from) = (context.ok(times), context.ok(every), context.ok(from));
    Some(Feed {
        source: written.source.as_ref().map(|source| value::unescape(&source.node)),
        line: value::unescape(&written.line.node),
        times: times?,
        every: every?,
        from: from?,
    })
}
