//! The names that were learned, with their pseudonyms.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::distinct::is_distinct;

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Host,
    User,
    Mail,
    Secret,
    Address,
    Mac,
}

/// The number of kinds.
const N_KINDS: usize = 6;

/// The most names that are kept. Those after that have a pseudonym without a number.
const MAX_NAMES: usize = 200_000;

/// The longest name, in bytes, that is kept as it is; of longer ones, the hash is kept.
const MAX_NAME_BYTES: usize = 253;

/// A name consists of at most this many runs of letters and digits. Longer ones are found only by the words around them.
const MAX_RUNS: usize = 12;

/// The first three bytes of the addresses that are reserved for documentation.
const V4_NETS: [[u8; 3]; 3] = [[192, 0, 2], [198, 51, 100], [203, 0, 113]];

/// Pseudonyms by name. Names are compared without case.
#[derive(Debug, Default)]
pub(super) struct Names {
    pseudonyms: HashMap<String, Pseudonym>,
    /// How many names of each kind have a number; of addresses, those of version 4.
    counts: [usize; N_KINDS],
    n_v6: usize,
}

#[derive(Debug)]
struct Pseudonym {
    shown: String,
    /// Whether the name is replaced without regard to the words around it.
    is_everywhere: bool,
}

impl Names {
    /// Returns the pseudonym of a name. A new name gets the next number of its kind.
    pub(super) fn pseudonym(&mut self, kind: Kind, name: &str) -> String {
        let key = key(name);
        if let Some(known) = self.pseudonyms.get(&key) {
            return known.shown.clone();
        }
        if self.pseudonyms.len() >= MAX_NAMES {
            return unnumbered(kind).to_owned();
        }
        let shown = self.next(kind, name);
        self.pseudonyms.insert(key, Pseudonym { shown: shown.clone(), is_everywhere: is_distinct(kind, name) });
        self.learn_parts(kind, name, &shown);
        shown
    }

    /// Learns the names that a name consists of: the first label of a host, the parts of a mailbox.
    fn learn_parts(&mut self, kind: Kind, name: &str, shown: &str) {
        match kind {
            Kind::Host => {
                if let (Some((label, _)), Some((alias, _))) = (name.split_once('.'), shown.split_once('.'))
                    && is_distinct(Kind::Host, label)
                    && label.parse::<u64>().is_err()
                {
                    let alias = Pseudonym { shown: alias.to_owned(), is_everywhere: true };
                    self.pseudonyms.entry(key(label)).or_insert(alias);
                }
            }
            Kind::Mail => {
                let Some((local, domain)) = name.split_once('@') else { return };
                if is_distinct(Kind::User, local) {
                    self.pseudonym(Kind::User, local);
                }
                if super::shape::is_domain(domain) {
                    self.pseudonym(Kind::Host, domain);
                }
            }
            Kind::User | Kind::Secret | Kind::Address | Kind::Mac => {}
        }
    }

    fn next(&mut self, kind: Kind, name: &str) -> String {
        if let (Kind::Address, Ok(IpAddr::V6(address))) = (kind, name.parse::<IpAddr>()) {
            return self.next_v6(address);
        }
        let count = &mut self.counts[kind as usize];
        *count += 1;
        let number = *count;
        match kind {
            Kind::Host if name.contains('.') => format!("host-{number}.example.com"),
            Kind::Host => format!("host-{number}"),
            Kind::User => format!("user-{number}"),
            Kind::Mail => format!("mail-{number}@example.com"),
            Kind::Secret => format!("secret-{number}"),
            Kind::Address => v4(number),
            Kind::Mac => mac(number),
        }
    }

    fn next_v6(&mut self, address: Ipv6Addr) -> String {
        if let Some(v4) = address.to_ipv4_mapped() {
            return format!("::ffff:{}", self.pseudonym(Kind::Address, &v4.to_string()));
        }
        self.n_v6 += 1;
        let net = if address.is_unicast_link_local() { "fe80" } else { "2001:db8" };
        format!("{net}::{:x}", self.n_v6)
    }

    /// Appends `text` to `out`, with every name that is known replaced. Names begin and end where a run of letters and
    /// digits does.
    pub(super) fn replace_known(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some(start) = rest.find(char::is_alphanumeric) {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let (run, known) = self.known_at(rest);
            let (len, shown) = known.unwrap_or((run, &rest[..run]));
            out.push_str(shown);
            rest = &rest[len..];
        }
        out.push_str(rest);
    }

    /// The length of the run of letters and digits that `text` begins with; and the length and the pseudonym of the
    /// longest name that it begins with.
    fn known_at<'s>(&'s self, text: &str) -> (usize, Option<(usize, &'s str)>) {
        let run = |from: usize| {
            let rest = &text[from..];
            from + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        };
        let first = run(0);
        let (mut end, mut known) = (first, None);
        for _ in 0..MAX_RUNS {
            if end > MAX_NAME_BYTES {
                break;
            }
            if let Some(name) = self.pseudonyms.get(&key(&text[..end])).filter(|name| name.is_everywhere) {
                known = Some((end, name.shown.as_str()));
            }
            let joins = text[end..].starts_with(['.', '-', '_', '$', '@', '+']);
            if !joins || !text[end + 1..].starts_with(char::is_alphanumeric) {
                break;
            }
            end = run(end + 1);
        }
        (first, known)
    }
}

/// The key of a name: the name in lower case, or the hash of a long one.
fn key(name: &str) -> String {
    let key = name.to_lowercase();
    if key.len() > MAX_NAME_BYTES { blake3::hash(key.as_bytes()).to_hex().to_string() } else { key }
}

/// A pseudonym for all further names of a kind.
fn unnumbered(kind: Kind) -> &'static str {
    match kind {
        Kind::Host => "host-x",
        Kind::User => "user-x",
        Kind::Mail => "mail-x@example.com",
        Kind::Secret => "secret-x",
        Kind::Address => "address-x",
        Kind::Mac => "mac-x",
    }
}

/// The address for documentation with this number, from 1; a word once these are used up.
fn v4(number: usize) -> String {
    let (net, host) = ((number - 1) / 254, (number - 1) % 254 + 1);
    match (V4_NETS.get(net), u8::try_from(host)) {
        (Some(&[a, b, c]), Ok(host)) => Ipv4Addr::new(a, b, c, host).to_string(),
        _ => format!("address-{number}"),
    }
}

/// The hardware address for documentation with this number, from 1; a word once these are used up.
fn mac(number: usize) -> String {
    if number < 256 { format!("00:00:5e:00:53:{number:02x}") } else { format!("mac-{number}") }
}
