//! casebook: a knowledge-base rule engine.
//!
//! Data flows one way; each arrow is one public function, each noun a plain struct:
//!
//! ```text
//! article text ─ article ──> Article ── store ──> Index ── search ──> Hit ─┐
//! rule text ──── rule ─────> Program ─┐                                    ▼
//! log bytes ──── log ──────> Record ──┴─ matching ──> Finding ───────────infer ──> Diagnosis ── report ──> text, json, html
//! ```
//!
//! [`ingest`] feeds the store from files, [`pipeline`] strings the stages together for every front end, [`workspace`] reads
//! `casebook.toml`, [`session`] is a diagnosis that continues, and [`book`] holds the articles and rules that are part of the
//! binary.

pub mod diagnostic;
pub mod error;
pub mod source;
pub mod value;

pub mod identifier;
pub mod pattern;
pub mod product;

pub mod article;
pub mod log;
pub mod rule;

pub mod query;

pub mod matching;
pub mod semantic;
pub mod store;

pub mod infer;

pub mod case;

pub mod eval;

pub mod book;
pub mod ingest;
pub mod pipeline;
pub mod session;
pub mod workspace;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "report")]
pub mod report;
