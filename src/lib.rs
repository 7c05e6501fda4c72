//! casebook: a knowledge-base rule engine.
//!
//! Data flows one way; each arrow is one public function, each noun a plain struct:
//!
//! ```text
//! article text ─ article ──> Article ── store ──> Index ── search ──> Hit ─┐
//! rule text ──── rule ─────> Program ─┐                                    ▼
//! log bytes ──── log ──────> Record ──┴─ matching ──> Finding ───────────infer ──> Diagnosis ── report ──> text, json
//! ```

pub mod diagnostic;
pub mod source;
pub mod value;

pub mod identifier;
pub mod pattern;

pub mod article;
pub mod infer;
pub mod log;
pub mod matching;
pub mod rule;
