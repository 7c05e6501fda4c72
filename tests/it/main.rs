//! Integration tests: one binary, so that dependencies are linked once.

mod article;
mod cli;
mod ingest;
mod schema;
mod support;
