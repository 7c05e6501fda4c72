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
//! The names at this level are the library's interface. The modules behind them may change at any time; they are reachable
//! for the tests, the benches and the fuzz targets.
//!
//! # Example
//!
//! ```
//! use casebook::{
//!     Confidence, Facts, Input, RuleText, ScanOptions, SearchOptions, Severity, bundled_index, diagnose, load_rules, scan,
//! };
//!
//! let rules = r#"rule oil_low "The oil is low" { match "oil pressure low" prior common }"#;
//! let (program, mistakes) = load_rules(&[RuleText { path: "pump.rules".into(), text: rules.into() }], None);
//! assert!(mistakes.iter().all(|(_, mistake)| mistake.severity < Severity::Error));
//!
//! let now = jiff::Timestamp::UNIX_EPOCH;
//! let log = Input::bytes("pump.log", b"oil pressure low\n".to_vec());
//! let found = scan(&program, vec![log], &ScanOptions::at(now));
//!
//! let articles = bundled_index(now.as_millisecond())?;
//! let (options, confidence) = (SearchOptions::default(), Confidence::default());
//! let diagnosis = diagnose(&program, &articles, found, &Facts::default(), &options, &confidence)?;
//! let names: Vec<&str> = diagnosis.causes.iter().map(|ranked| program.cause(ranked.cause).name.as_str()).collect();
//! assert_eq!(names, ["oil_low"]);
//! # Ok::<(), casebook::StoreError>(())
//! ```

#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod error;
mod normal_form;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod value;
mod whole_file;

#[doc(hidden)]
pub mod background;
#[doc(hidden)]
pub mod identifier;
#[doc(hidden)]
pub mod level;
#[doc(hidden)]
pub mod pattern;
#[doc(hidden)]
pub mod product;
#[doc(hidden)]
pub mod timed;
#[doc(hidden)]
pub mod zone;

#[doc(hidden)]
pub mod own_format;

#[doc(hidden)]
pub mod article;
#[doc(hidden)]
pub mod log;
#[doc(hidden)]
pub mod rule;
#[doc(hidden)]
pub mod rule_cache;

#[doc(hidden)]
pub mod follow;

#[doc(hidden)]
pub mod query;

#[doc(hidden)]
pub mod matching;
#[doc(hidden)]
pub mod semantic;
#[doc(hidden)]
pub mod store;

#[doc(hidden)]
pub mod infer;

#[doc(hidden)]
pub mod case;

#[doc(hidden)]
pub mod eval;

#[doc(hidden)]
pub mod book;
#[doc(hidden)]
pub mod catalog;
#[doc(hidden)]
pub mod ingest;
#[doc(hidden)]
pub mod pipeline;
#[doc(hidden)]
pub mod redact;
#[doc(hidden)]
pub mod session;
#[doc(hidden)]
pub mod watch;
#[doc(hidden)]
pub mod workspace;

#[doc(hidden)]
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "report")]
pub mod report;

pub use diagnostic::{Diagnostic, Severity};
pub use source::{SourceId, Span};
pub use value::Value;

pub use article::{
    Article, Layout, NotAnArticle, Section, SectionKind, decode as decode_article, detect as detect_layout,
    parse as parse_article,
};
pub use log::{Format, Input, InputError, Profile, Record};
pub use rule::{Cause, CauseId, Program, Resolution, ResolutionId, RuleText, Symptom, SymptomId, load as load_rules};

pub use ingest::{IngestReport, Inputs, Progress, Root, ingest};
pub use query::{Query, parse as parse_query};
#[cfg(feature = "semantic")]
pub use semantic::Encoder;
pub use semantic::SemanticError;
pub use store::search::{Hit, SearchResults, find as search};
pub use store::{Index, Ranking, SearchOptions, Store, StoreError, StoredArticle};

pub use matching::{Captures, Evidence, Finding, LineNo, NotSeen, Occurrence, Pass, Scan, ScanOptions, Status, scan};

pub use infer::{
    Confidence, Diagnosis, Facts, RankedArticle, RankedCause, RankedResolution, Verdict, explain as explain_cause,
};
pub use pipeline::{bundled_index, diagnose, open_store, run_tests as run_rule_tests};

pub use case::{Answer, Case, CaseError, CaseFile, Given, Log, Probe};
pub use session::{
    Effect, Knowledge, NameKind, Question, ReadLogs, Reply, Session, SessionError, Start, Warning, check_given,
};
pub use workspace::{Workspace, WorkspaceError};
