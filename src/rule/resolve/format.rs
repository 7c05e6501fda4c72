//! Resolves log formats that a rule file describes.

use crate::diagnostic::Diagnostic;
use crate::own_format::{FormatMistake, FormatParts, KnownField, OwnFormat};
use crate::pattern::Pattern;
use crate::rule::ast::{Alternative, Defined, Item, Quoted, StatementNode};
use crate::rule::error;
use crate::source::Span;
use crate::zone::zone_named;

use super::pattern::compile;
use super::{ItemContext, Resolver, once, value};

/// The parts of a format, with their places in the file.
#[derive(Default)]
struct PlacedParts {
    parts: FormatParts,
    /// The places of the patterns in `parts`.
    starts: Vec<Span>,
    matches: Vec<Span>,
    /// The places of the names that are stated for fields.
    names: Vec<(KnownField, Span)>,
    /// Whether a mistake in a statement is reported, so that more parts may be meant.
    is_broken: bool,
}

impl<'a> Resolver<'a> {
    pub(super) fn format(&mut self, item: &'a Item, cx: &mut ItemContext<'a>) -> Option<OwnFormat> {
        let mut placed = PlacedParts { is_broken: item.broken, ..PlacedParts::default() };
        placed.parts.name.clone_from(&item.name.node);
        placed.parts.about = value::unescape(&item.title.node);
        let mut zone: Option<(&Quoted, Span)> = None;
        for statement in &item.statements {
            match &statement.node {
                StatementNode::RecordStart(written) => {
                    self.patterns(written, cx, &mut placed.parts.starts_with, &mut placed.starts);
                }
                StatementNode::Match { alternatives, .. } => {
                    self.patterns(alternatives, cx, &mut placed.parts.matches, &mut placed.matches);
                }
                StatementNode::Json => placed.parts.json = true,
                StatementNode::Logfmt => placed.parts.logfmt = true,
                StatementNode::Time { field, zone: named } => {
                    if let Some(field) = field {
                        placed.state(KnownField::Time, field, cx);
                    }
                    if let Some(named) = named {
                        once(&mut zone, named, named.span, "zone", &mut cx.diagnostics);
                    }
                }
                StatementNode::Named(field, name) => {
                    let field = KnownField::by_word(&field.node).expect("the grammar knows the words for fields");
                    placed.state(field, name, cx);
                }
                StatementNode::On(sources) => {
                    placed.parts.on.extend(sources.iter().map(|source| value::unescape(&source.node)));
                }
                StatementNode::Files(files) => {
                    placed.parts.files.extend(files.iter().map(|files| value::unescape(&files.node)));
                }
                _ => {}
            }
        }
        placed.parts.zone = zone.and_then(|(written, _)| {
            let zone = zone_named(&value::unescape(&written.node));
            cx.ok(zone.map_err(|near| error::unknown_zone(written.span, &written.node, near.as_deref())))
        });
        placed.is_broken |= !cx.is_sound();
        placed.check(item, cx)
    }

    /// Adds the patterns of `written` and their places.
    fn patterns(
        &self,
        written: &[Alternative],
        cx: &mut ItemContext<'_>,
        patterns: &mut Vec<Pattern>,
        places: &mut Vec<Span>,
    ) {
        let mut add = |compiled: Result<Pattern, Vec<Diagnostic>>, place: Span, cx: &mut ItemContext<'_>| {
            if let Some(pattern) = cx.all_ok(compiled) {
                patterns.push(pattern);
                places.push(place);
            }
        };
        for alternative in written {
            match alternative {
                Alternative::Any(span) => cx.diagnostics.push(error::any_record(*span)),
                Alternative::Symptom(other) => cx.diagnostics.push(error::match_symptom_alone(other.span)),
                Alternative::Pattern(written) => {
                    add(compile(written), written.source().span, cx);
                    cx.diagnostics.extend(super::pattern::grok(written));
                }
                Alternative::Named(reference) => {
                    let define = self.define(&cx.unit.pack, reference);
                    let Some(define) = cx.ok(define) else { continue };
                    match &define.value {
                        Defined::Patterns(defined) => defined.iter().for_each(|alternative| match alternative {
                            // A mistake in a definition is reported there.
                            Alternative::Pattern(written) => {
                                if let Ok(pattern) = compile(written) {
                                    add(Ok(pattern), reference.span, cx);
                                }
                            }
                            Alternative::Any(_) => cx.diagnostics.push(error::any_record(reference.span)),
                            Alternative::Named(_) | Alternative::Symptom(_) => {}
                        }),
                        other => {
                            let wrong = error::wrong_kind(reference.span, &reference.node, "pattern", other.kind());
                            cx.diagnostics.push(wrong);
                        }
                    }
                }
            }
        }
    }
}

impl PlacedParts {
    /// Notes the name that `field` has in the log.
    fn state(&mut self, field: KnownField, name: &Quoted, cx: &mut ItemContext<'_>) {
        match self.names.iter().find(|(known, _)| *known == field) {
            Some((_, first)) => cx.diagnostics.push(error::repeated_statement(name.span, *first, field.word())),
            None => {
                self.parts.names.set(field, value::unescape(&name.node));
                self.names.push((field, name.span));
            }
        }
    }

    /// Returns the format. Reports the mistakes that only all parts together show.
    fn check(self, item: &Item, cx: &mut ItemContext<'_>) -> Option<OwnFormat> {
        let PlacedParts { parts, starts, matches, names, is_broken } = self;
        let stated = parts.names.clone();
        let mistakes = match OwnFormat::new(parts) {
            Ok(format) => return Some(format),
            Err(mistakes) => mistakes,
        };
        for mistake in mistakes {
            let diagnostic = match mistake {
                FormatMistake::BuiltIn => error::built_in_format(item.name.span, &item.name.node),
                // A part that is missing because of a mistake may be what is needed.
                FormatMistake::ReadsNothing | FormatMistake::UnknownHole(..) if is_broken => continue,
                FormatMistake::ReadsNothing => error::format_reads_nothing(item.name.span),
                FormatMistake::NoHoles(index) => error::no_named_holes(matches[index]),
                FormatMistake::EmptyStart(index) => error::empty_start(starts[index]),
                FormatMistake::UnknownHole(field, near) => {
                    let place = names.iter().find(|(known, _)| *known == field).map_or(item.name.span, |(_, at)| *at);
                    error::unknown_hole(place, field, stated.get(field).unwrap_or_default(), near.as_deref())
                }
            };
            cx.diagnostics.push(diagnostic);
        }
        None
    }
}
