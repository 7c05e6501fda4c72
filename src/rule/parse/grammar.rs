//! The parser that pest generates from grammar/rule.pest.

#[derive(pest_derive::Parser)]
#[grammar = "grammar/rule.pest"]
pub(super) struct Grammar;

pub(super) type Pair<'t> = pest::iterators::Pair<'t, Rule>;

pub(super) type ParseResult<'t> = Result<pest::iterators::Pairs<'t, Rule>, pest::error::Error<Rule>>;
