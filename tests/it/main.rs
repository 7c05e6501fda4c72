//! The integration tests, one binary.

mod article;
