//! Integration tests: one binary, so that dependencies are linked once.

mod article;
mod cli;
mod collections;
mod crash;
mod diagnose;
mod eval;
mod ingest;
mod nasty;
mod query;
mod readme;
mod related;
mod rules;
mod schema;
mod search_page;
mod support;
