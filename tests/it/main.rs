//! Integration tests: one binary, so that dependencies are linked once.

mod anything;
mod article;
mod book;
mod case;
mod cli;
mod collections;
#[cfg(feature = "semantic")]
mod commands;
mod crash;
mod damage;
mod diagnose;
mod diagnose_page;
mod eval;
#[cfg(feature = "lab")]
mod eval_lab;
mod ids;
mod ingest;
mod kb;
mod links;
mod nasty;
mod neighbours;
#[cfg(target_os = "linux")]
mod network_faults;
mod networks;
mod order;
mod query;
mod readme;
mod related;
mod rules;
mod schema;
mod search_page;
#[cfg(feature = "semantic")]
mod semantic;
mod support;
mod time;
#[cfg(feature = "semantic")]
mod tiny_model;
#[cfg(feature = "semantic")]
mod transcript;
#[cfg(unix)]
mod watch;
mod why_not;
