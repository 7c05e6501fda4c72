//! Codes, events and messages in canonical form: shared by articles, queries and records.

/// What an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentifierKind {
    /// The text of a message that a product prints.
    Message,
    /// HRESULT, NTSTATUS, Win32, STOP: hex, decimal or symbolic.
    Code,
    /// An event id, with its source where one is given: `MSExchangeIMC/9035`.
    Event,
    /// A reply of a protocol: `smtp 421`.
    Reply,
}

impl IdentifierKind {
    /// The name used in reports, JSON and queries.
    pub fn name(self) -> &'static str {
        match self {
            IdentifierKind::Message => "message",
            IdentifierKind::Code => "code",
            IdentifierKind::Event => "event",
            IdentifierKind::Reply => "reply",
        }
    }
}
