//! Integration tests: one binary, so that dependencies are linked once.

mod article;
mod cli;
mod crash;
mod diagnose;
mod ingest;
mod readme;
mod rules;
mod schema;
mod support;
