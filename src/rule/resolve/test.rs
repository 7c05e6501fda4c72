//! Resolves tests: the lines they feed, the answers they give and the results they expect.

use crate::rule::ast::{self, Expect, Item, StatementNode};
use crate::rule::error;
use crate::rule::program::{CauseId, Expectation, Feed, ResolutionId, SymptomId, Test};

use super::condition::ConditionSubject;
use super::names::NameKind;
use super::template::Captures;
use super::{ItemContext, Resolver, id, value};

/// A test can feed a line at most this many times, because it runs in memory.
const MAX_TIMES: u32 = 100_000;

impl<'a> Resolver<'a> {
    pub(super) fn test(&mut self, item: &'a Item, of_symptoms: &[Captures], cx: &mut ItemContext<'a>) -> Option<Test> {
        let mut test = Test {
            title: value::unescape(&item.title.node),
            at: (cx.unit.source, item.title.span),
            feeds: Vec::new(),
            answers: Vec::new(),
            outputs: Vec::new(),
            products: Vec::new(),
            now: None,
            expectations: Vec::new(),
        };
        let mut now = None;
        let mut is_whole = true;
        for statement in &item.statements {
            match &statement.node {
                StatementNode::Feed(written) => test.feeds.extend(self.feed(written, cx)),
                StatementNode::Output(symptom, lines) => {
                    let lines: Vec<String> = lines.iter().map(|line| value::unescape(&line.node)).collect();
                    let symptom = self.find(NameKind::Symptom, symptom, cx);
                    test.outputs.extend(symptom.map(|symptom| (SymptomId(id(symptom)), lines.join("\n"))));
                }
                StatementNode::Product(name, version) => {
                    test.products.push((value::unescape(&name.node), value::unescape(&version.node)));
                }
                StatementNode::Now(time) => {
                    if let Some(time) = cx.ok(value::instant(time)) {
                        super::once(&mut now, time, statement.span, "now", &mut cx.diagnostics);
                    }
                }
                StatementNode::Answer(symptom, yes) => {
                    let symptom = self.find(NameKind::Symptom, symptom, cx);
                    test.answers.extend(symptom.map(|symptom| (SymptomId(id(symptom)), *yes)));
                }
                StatementNode::Expect(expect) => {
                    let expectation = self.expectation(expect, of_symptoms, cx);
                    is_whole &= expectation.is_some();
                    test.expectations.extend(expectation.map(|expectation| (expectation, statement.span)));
                }
                _ => {}
            }
        }
        test.now = now.map(|(now, _)| now);
        is_whole.then_some(test)
    }

    fn feed(&self, written: &ast::Feed, cx: &mut ItemContext<'_>) -> Option<Feed> {
        let times = written.times.as_ref().map_or(Ok(1), |times| value::times(times, MAX_TIMES));
        let every = written.every.as_ref().map(value::duration).transpose();
        let from = written.from.as_ref().map(value::instant).transpose();
        let (times, every, from) = (cx.ok(times), cx.ok(every), cx.ok(from));
        let lines = match &written.file {
            Some(file) => {
                let text = self.list_file(cx.unit, file).ok_or_else(|| error::unread_file(file.span, &file.node));
                cx.ok(text)?.lines().map(str::to_owned).collect()
            }
            None => {
                cx.diagnostics.extend(
                    written
                        .lines
                        .iter()
                        .filter(|line| is_file_name(&line.node))
                        .map(|line| error::file_as_line(line.span, &line.node)),
                );
                written.lines.iter().map(|line| value::unescape(&line.node)).collect()
            }
        };
        // Lines of a file are read as those of that file, whose name formats and `on` may need.
        let source = written.source.as_ref().or(written.file.as_ref());
        let source = source.map(|source| value::unescape(&source.node));
        Some(Feed { source, lines, times: times?, every: every?, from: from? })
    }

    /// Finds the symptom of `expect name`. Says how the cause or resolution of this name is expected.
    fn expected_symptom(&self, name: &ast::Reference, cx: &mut ItemContext<'_>) -> Option<usize> {
        let found = self.names.find(NameKind::Symptom, &cx.unit.pack, name);
        let is = |kind| self.names.find(kind, &cx.unit.pack, name).is_ok();
        let written = &name.node;
        let found = found.map_err(|wrong| match () {
            () if is(NameKind::Cause) => wrong
                .help(format!("write `expect top cause {written}`, or `expect cause {written} >= 20%`"))
                .replace(name.span, format!("top cause {written}"))
                .proposed(),
            () if is(NameKind::Resolution) => wrong
                .help(format!("write `expect first resolution {written}`"))
                .replace(name.span, format!("first resolution {written}"))
                .proposed(),
            () if matches!(written.as_str(), "none" | "nothing" | "empty" | "silence") => {
                wrong.help("write `expect no symptom` with its name, or `expect unknown` if no cause is likely")
            }
            () => wrong,
        });
        cx.ok(found)
    }

    fn expectation(&self, expect: &Expect, of_symptoms: &[Captures], cx: &mut ItemContext<'_>) -> Option<Expectation> {
        Some(match expect {
            Expect::Symptom { symptom, findings, with } => {
                let symptom = self.expected_symptom(symptom, cx);
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
            Expect::Cause { cause, at_least, chance } => {
                let cause = self.find(NameKind::Cause, cause, cx);
                let chance = cx.ok(value::chance(chance, &[]))?;
                Expectation::Cause { cause: CauseId(id(cause?)), at_least: *at_least, chance }
            }
            Expect::NoCause(cause) => Expectation::NoCause(CauseId(id(self.find(NameKind::Cause, cause, cx)?))),
            Expect::Unknown => Expectation::Unknown,
            Expect::FirstResolution(resolution) => {
                Expectation::FirstResolution(ResolutionId(id(self.find(NameKind::Resolution, resolution, cx)?)))
            }
        })
    }
}

/// Whether a line is rather the name of a file.
fn is_file_name(line: &str) -> bool {
    let ending = line.rsplit_once('.').map(|(_, ending)| ending);
    !line.contains(' ')
        && ending
            .is_some_and(|ending| matches!(ending, "log" | "txt" | "json" | "jsonl" | "csv" | "gz" | "evtx" | "out"))
}
