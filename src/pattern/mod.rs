//! Text with holes and regexes: what rules, and later article signatures, look for in a message.
//!
//! Works on bytes, in time linear in the message.

/// A compiled pattern. (Shape to be filled in.)
#[derive(Debug)]
pub struct Pattern;
