//! Finds names in a text by their form, such as that of an address, or by the words around them, such as `for user`.

use std::net::IpAddr;
use std::ops::Range;

use regex::{Regex, RegexSet};

use super::distinct::is_own_name;
use super::names::Kind;
use super::shape::{is_domain, is_own_address, is_public_host, is_version};

/// A name in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

/// What the first group of a form captures, and what its second group does; each further group is like the second.
struct Form {
    pattern: &'static str,
    kinds: [Shape; 2],
}

/// A kind of name, and the condition under which a text is one.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Secret,
    /// A secret by its form alone, whatever it contains.
    Key,
    User,
    Host,
    /// A host if its name contains a digit, a dot or a hyphen; a plain word may belong to the sentence.
    LikelyHost,
    Domain,
    Mail,
    Address,
    Mac,
}

const fn form(first: Shape, second: Shape, pattern: &'static str) -> Form {
    Form { pattern, kinds: [first, second] }
}

/// The forms. Where two overlap, the earlier one counts.
const FORMS: &[Form] = &[
    form(Shape::Key, Shape::Key, r"(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z0-9 ]*-----|\z))"),
    form(Shape::Key, Shape::Key, r"(?m)^\s*([A-Za-z0-9+/]{60,76}={0,2})\s*$"),
    form(
        Shape::Key,
        Shape::Key,
        r"\b(eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|sk_(?:live|test)_\w{10,}|sk-[\w-]{20,}|npm_\w{30,}|hf_\w{30,}|ya29\.[\w-]+)",
    ),
    form(Shape::Key, Shape::Key, r"hooks\.slack\.com/services/([\w/]+)"),
    form(Shape::User, Shape::Secret, r#"://([^\s:/@"'<>]*):([^\s/"'<>]+)@"#),
    form(Shape::User, Shape::User, r#"://([^\s:/@"'<>]+)@"#),
    form(
        Shape::Secret,
        Shape::Secret,
        r#"(?i)\b(?:proxy-)?authorization\\*["']?\s*[:=]\s*\\*["']?(?:(?:basic|bearer|digest|token|negotiate|ntlm)\s+)?([^\s"',;\\]+)"#,
    ),
    form(Shape::Key, Shape::Key, r"(?i)\bbearer\s+([\w.~+/=-]*\d[\w.~+/=-]*)"),
    form(Shape::Secret, Shape::Secret, r#"(?i)\b(?:set-)?cookie["']?\s*:\s*["']?([^\r\n"]+)"#),
    form(
        Shape::Secret,
        Shape::Secret,
        r#"(?i)(?:password|passwd|passphrase|pass|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key|private[_-]?key|client[_-]?secret|credential|session[_-]?id|sessid|signature)s?\\*["']?\s*(?:=>|=|:)\s*(?:"((?:[^"\\]|\\.)+)"|\\+"([^"\\]+)|'((?:[^'\\]|\\.)+)'|([^\s"'\\,;&)\]}]+))"#,
    ),
    form(Shape::Secret, Shape::Secret, r#"(?i)--?(?:password|passwd|pass|token|secret|api-?key)[ =]["']?([^\s"']+)"#),
    form(Shape::Secret, Shape::Secret, r#"(?i)\bidentified by ["']([^"']+)"#),
    form(Shape::Mac, Shape::Mac, r"\b((?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})\b"),
    form(Shape::Mail, Shape::Mail, r"([\w.+%=-]*\w@[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]*[A-Za-z0-9])+)"),
    form(Shape::User, Shape::Host, r"'([^'\s]+)'@'([^'\s]+)'"),
    form(Shape::User, Shape::Host, r#"(?:^|[\s"'(<=\[:])([A-Za-z_][\w.-]*)@([A-Za-z][\w-]*)(?:$|[^\w.@-]|\.\s|\.$)"#),
    form(Shape::Host, Shape::Host, r"\b(ip-\d{1,3}(?:-\d{1,3}){3}(?:[.-][\w-]+)*)"),
    form(Shape::Address, Shape::Address, r"(\d{1,3}(?:\.\d{1,3}){3})"),
    form(Shape::Address, Shape::Address, r"([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\d{0,2}(?:\.\d{1,3}){3})?)"),
    form(
        Shape::User,
        Shape::User,
        r#"(?:/home/|/Users/|\\Users\\|\\\\Users\\\\|/var/(?:spool/)?mail/|/var/spool/cron/(?:crontabs/)?)([^/\\\s:"'<>|,;()\[\]]+)"#,
    ),
    form(Shape::Host, Shape::Host, r#"(?:^|[\s"'=(])\\\\([A-Za-z][\w.-]+)\\"#),
    form(Shape::Host, Shape::User, r#"(?:^|[\s"'(=:\[,])([A-Z][A-Z0-9-]{1,14})\\{1,2}([A-Za-z][\w.$-]*)"#),
    form(
        Shape::User,
        Shape::User,
        r#"(?i)\b(?:(?:user|account|login)[ _]?(?:name|id)?|logname|ruser|euser|acct|role|owner|sasl_username|uname|principal|usr|samaccountname|(?:target|subject)user(?:name|id)?)\\*["']?\s*(?:=>|=|:)\s*\\*["'<(]?([A-Za-z_][\w.$-]*)"#,
    ),
    form(
        Shape::User,
        Shape::User,
        r#"(?i)\b(?:(?:for|by|of|as|to) (?:invalid |illegal |unknown )?user|(?:invalid|illegal|unknown|authenticating|authenticated|local|remote) user|(?:user|role|account|login|owner|principal)(?: name)?\s+["'`]|user NT user)[ ]?["'`]?([A-Za-z_][\w.$-]*)"#,
    ),
    form(
        Shape::User,
        Shape::User,
        r"(?:password|publickey|keyboard-interactive/pam|none|gssapi-with-mic|hostbased|exceeded) for (?:invalid user |illegal user )?([\w.$-]+) from ",
    ),
    form(
        Shape::User,
        Shape::User,
        r"(?:\bby ([A-Za-z_][\w.-]*)\(uid=|\bsudo(?:\[\d+\])?:\s+([\w.-]+) : |\(to [\w.-]+\) ([\w.-]+) on |CRON\[\d+\]: \(([\w.-]+)\)|\buser ([A-Za-z_][\w.-]*) (?:from|logged|does not exist|not found|not known|at|failed to|is not in)\b|\bUser ([\w.-]+) from )",
    ),
    form(
        Shape::Host,
        Shape::Host,
        r#"(?i)\b(?:(?:host|server|computer|node|machine)[ _]?(?:name)?|client|peer|remote|upstream|relay|rhost|workstation|backend|broker|instance)\\*(?:["']\s*:\s*|["']?\s*=>?\s*)\\*["'<]?(?:[a-z+]+://)?([A-Za-z][\w.-]*)"#,
    ),
    form(
        Shape::LikelyHost,
        Shape::LikelyHost,
        r#"(?i)\b(?:host(?:name)?|server|client|peer|remote|upstream|node|relay|backend|broker|computer|workstation|on|from|to|with|reach|ping|lookup|resolve)\b:?\s+["'`<(]?([A-Za-z][\w-]*\d[\w-]*(?:\.[\w-]+)*)"#,
    ),
    form(Shape::Host, Shape::Host, r"\b[a-z][a-z0-9+.-]{1,15}://(?:[^\s/@]*@)?([A-Za-z0-9][\w.-]*)"),
    form(Shape::Host, Shape::Host, r"([A-Za-z][\w-]*(?:\.[\w-]+)*)\[(?:\d{1,3}\.){3}"),
    form(Shape::Host, Shape::Host, r"(?i)\b(?:helo|ehlo)[ =]<?([A-Za-z][\w.-]*)"),
    form(
        Shape::Host,
        Shape::Host,
        r#"(?:ENOTFOUND|EAI_AGAIN|UnknownHostException:|[Rr]esolve host(?:name)?:?|\blookup|connect to host|[Cc]onnect(?:ed|ing|ion)? to|[Hh]ost(?:name)?)\s["'`]?([A-Za-z][\w-]*[.\d-][\w.-]*|[A-Za-z][\w-]*(?: port \d| on \d|:\d))"#,
    ),
    form(
        Shape::LikelyHost,
        Shape::LikelyHost,
        r"\b([A-Za-z][\w-]*[\d-][\w-]*):(?:22|25|53|80|110|143|389|443|445|465|587|636|993|995|\d{4,5})\b",
    ),
    form(Shape::Domain, Shape::Domain, r"\b([A-Za-z0-9_][\w-]*(?:\.[A-Za-z0-9_][\w-]*)+)"),
];

/// The compiled [`FORMS`].
pub(super) struct Finder {
    any: RegexSet,
    each: Vec<Regex>,
}

impl Finder {
    pub(super) fn new() -> Self {
        let patterns = || FORMS.iter().map(|form| small(form.pattern));
        let any = RegexSet::new(patterns()).expect("the forms are valid");
        let each = patterns().map(|pattern| Regex::new(&pattern).expect("the forms are valid")).collect();
        Finder { any, each }
    }

    /// Returns the names in `text`, in its order; they do not overlap.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let mut all = Vec::new();
        for index in self.any.matches(text) {
            for captures in self.each[index].captures_iter(text) {
                let groups = captures.iter().enumerate().skip(1);
                all.extend(groups.filter_map(|(group, found)| {
                    let (span, shape) = (found?.range(), FORMS[index].kinds[usize::from(group > 1)]);
                    let (span, kind) = named(shape, text, span)?;
                    Some((index, Found { span, kind }))
                }));
            }
        }
        all.sort_by_key(|(index, found)| (found.span.start, *index));
        without_overlaps(all)
    }
}

/// Of two names that overlap, keeps that of the earlier form.
fn without_overlaps(all: Vec<(usize, Found)>) -> Vec<Found> {
    let mut kept: Vec<(usize, Found)> = Vec::with_capacity(all.len());
    for (index, found) in all {
        while kept.last().is_some_and(|(last, prior)| prior.span.end > found.span.start && *last > index) {
            kept.pop();
        }
        if kept.last().is_none_or(|(_, prior)| prior.span.end <= found.span.start) {
            kept.push((index, found));
        }
    }
    kept.into_iter().map(|(_, found)| found).collect()
}

/// Writes out the classes of a pattern, as the tables of Unicode would make the automata too large: every character
/// outside ASCII counts as a letter. Word edges are those of ASCII.
fn small(pattern: &str) -> String {
    const WORD: &str = r"0-9A-Za-z_\x{80}-\x{10FFFF}";
    let (mut out, mut in_class, mut rest) = (String::new(), false, pattern.chars());
    while let Some(c) = rest.next() {
        match (c, in_class) {
            ('\\', _) => match (rest.next(), in_class) {
                (Some('w'), true) => out.push_str(WORD),
                (Some('w'), false) => out.push_str(&format!("[{WORD}]")),
                (Some('d'), true) => out.push_str("0-9"),
                (Some('d'), false) => out.push_str("[0-9]"),
                (Some('b'), false) => out.push_str(r"(?-u:\b)"),
                (escaped, _) => out.extend(['\\'].into_iter().chain(escaped)),
            },
            ('[', false) => {
                in_class = true;
                out.push(c);
            }
            (']', true) => {
                in_class = false;
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Returns the name at `span` and its kind, if the text there is a name of this shape.
fn named(shape: Shape, text: &str, span: Range<usize>) -> Option<(Range<usize>, Kind)> {
    let name = &text[span.clone()];
    let own = |kind, name: &str| is_own_name(kind, name).then_some(kind);
    let host = || {
        let name = name.split([' ', ':']).next().unwrap_or(name).trim_end_matches(['.', '-']);
        own(Kind::Host, name).map(|kind| (span.start..span.start + name.len(), kind))
    };
    match shape {
        Shape::Key => Some((span, Kind::Secret)),
        // `PWD=/home/x` is a folder.
        Shape::Secret => own(Kind::Secret, name)
            .filter(|_| !(name.starts_with('/') && text[..span.start].ends_with("PWD=")))
            .map(|kind| (span, kind)),
        Shape::User => {
            let name = name.trim_end_matches(['.', '-']);
            own(Kind::User, name).map(|kind| (span.start..span.start + name.len(), kind))
        }
        Shape::Host => host(),
        Shape::LikelyHost => host().filter(|_| name.len() > 2 && !is_counted(name)),
        Shape::Domain => host().filter(|(span, _)| is_domain(&text[span.clone()])),
        Shape::Mail => is_mailbox(name).then_some((span, Kind::Mail)),
        Shape::Address => address(text, span).map(|span| (span, Kind::Address)),
        Shape::Mac => {
            let is_own = name.bytes().any(|byte| !b"0:-fF".contains(&byte));
            is_own.then_some((span, Kind::Mac))
        }
    }
}

/// Whether a word with digits is more likely a name of software or hardware than one of a host.
fn is_counted(name: &str) -> bool {
    const PREFIXES: [&str; 33] = [
        "sha", "md5", "utf", "ipv", "tls", "ssl", "eth", "eno", "ens", "enp", "wlan", "lo0", "sd", "nvme", "dm-", "md",
        "loop", "http", "tcp", "udp", "x86", "x509", "python", "java", "ext", "cpu", "port", "line", "attempt", "step",
        "v", "base", "0x",
    ];
    let name = name.to_ascii_lowercase();
    if name.starts_with('v') && name[1..].chars().all(|c| c.is_ascii_digit() || c == '.') {
        return true;
    }
    PREFIXES.iter().any(|prefix| {
        let rest = name.strip_prefix(prefix);
        rest.is_some_and(|rest| {
            rest.len() <= 5 && rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '_')
        })
    }) || !name.contains(|c: char| c.is_ascii_digit())
}

/// Whether a text with `@` is a mailbox or a message id, and no unit of systemd, repository or package with its version.
fn is_mailbox(name: &str) -> bool {
    let Some((local, domain)) = name.split_once('@') else { return false };
    let is_version = domain.chars().all(|c| c.is_ascii_digit() || c == '.') && domain.parse::<IpAddr>().is_err();
    let is_unit = [".service", ".socket", ".timer", ".mount", ".slice", ".scope", ".target", ".device", ".path"]
        .iter()
        .any(|end| domain.ends_with(end));
    !(is_version || is_unit || local == "git" && is_public_host(domain))
}

/// The span of the address at `span`, if it names a host of the user.
fn address(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let name = text[span.clone()].trim_end_matches(':');
    let parsed = [name, &text[span.clone()]].into_iter().find_map(|name| Some((name, name.parse::<IpAddr>().ok()?)));
    let (name, address) = parsed?;
    let span = span.start..span.start + name.len();
    let is_address = match address {
        IpAddr::V4(v4) => !is_version(text, span.start, span.end, v4),
        IpAddr::V6(_) => {
            let joined = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
            let is_part = text[..span.start].ends_with(joined) && !text[..span.start].ends_with("IPv6:")
                || text[span.end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            !is_part && name.bytes().any(|byte| byte.is_ascii_digit())
        }
    };
    (is_address && is_own_address(address)).then_some(span)
}
