//! Integration tests: one binary, so that dependencies are linked once.

mod cli;
mod ingest;
mod schema;
mod support;
