//! Reads names of products and versions in a form that can be compared, whether they come from an article's "applies
//! to" list, a rule's `applies`, or `--product exchange=5.5`.
//!
//! A name is converted to a canonical one by rules and by a table mined from the archive (`aliases.tsv`); a version is
//! converted to numbers and levels that have an order. The text as printed is not kept here: articles keep it
//! themselves.
//!
//! ```
//! use casebook::product::{ProductRange, Release, same};
//!
//! assert!(same("Microsoft Exchange Server, Enterprise Edition", "exchange"));
//! let affected = ProductRange::parse("Microsoft Exchange Server", ["5.0", "5.5 SP1 and later"]);
//! let [running] = &Release::stated("exchange", "5.5 Service Pack 3")[..] else { panic!("one reading") };
//! assert_eq!(affected.covers(running), Some(true));
//! ```

mod mention;
mod name;
mod range;
mod release;
mod table;
mod tag;
mod version;

pub use mention::{Mention, mentions};
pub use name::{canonical, same};
pub use range::{Range, Versions};
pub use release::{ProductRange, Release};
pub use tag::of_tag;
pub use version::Version;
