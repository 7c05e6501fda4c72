//! The forms of names: domains, addresses, and fields whose values are names.

use std::net::{IpAddr, Ipv4Addr};

use super::names::Kind;

/// Endings of domain names. Those that are also endings of files or members of objects are left out: `py`, `sh`, `rs`,
/// `id`, `name`.
const TOP_LEVELS: &str = " com net org edu gov mil int info biz io dev app cloud online site shop store tech ai co me tv \
    local lan internal intranet corp localdomain arpa test invalid example home priv private \
    ae ag al am ar at au az ba bd be bg bh bo br by ca ch ci cl cm cn cr cu cy cz de dk dz ec ee eg es et eu fi fr ga ge \
    gh gr gt hk hn hr hu ie il in iq ir is it jo jp ke kg kh kr kw kz lb li lk lt lu lv ly ma mk mm mn mo mt mu mx my mz \
    na ng ni nl no np nz om pa pe ph pk pt qa ro ru sa se sg si sk sn su sv sy th tj tn tr tw tz ua ug uk us uy uz ve vn \
    ye za zm zw ";

/// First labels of names of classes and of members of objects, which look like domains.
const CODE: &str =
    " java javax jakarta com org net io sun kotlin scala akka log logger console self this process system ";

/// Domains of software and standards that logs of many users name.
const PUBLIC: &[&str] = &[
    "apache.org",
    "apple.com",
    "canonical.com",
    "debian.org",
    "docker.com",
    "docker.io",
    "elastic.co",
    "example.com",
    "example.net",
    "example.org",
    "fedoraproject.org",
    "freedesktop.org",
    "gcr.io",
    "ghcr.io",
    "github.com",
    "gitlab.com",
    "gnu.org",
    "golang.org",
    "grafana.com",
    "hashicorp.com",
    "ietf.org",
    "k8s.io",
    "kernel.org",
    "kubernetes.io",
    "letsencrypt.org",
    "maven.org",
    "microsoft.com",
    "mozilla.org",
    "mysql.com",
    "nginx.org",
    "npmjs.org",
    "openssl.org",
    "oracle.com",
    "postgresql.org",
    "prometheus.io",
    "pypi.org",
    "python.org",
    "quay.io",
    "redhat.com",
    "rubygems.org",
    "spring.io",
    "ubuntu.com",
    "w3.org",
    "nginx.com",
    "php.net",
    "pool.ntp.org",
    "cluster.local",
    "localhost.localdomain",
    "svc.local",
];

/// Endings of files that may stand where a host does.
const FILES: &str = " conf cfg cnf ini log json yaml yml toml xml txt html php jsp js ts css jar war so dll exe service socket \
    timer mount target slice scope py sh rb go rs java c cc cpp h sql gz xz zip tar pid sock lock key pem crt der csr db \
    d bak tmp out err md lua pl pm class ";

/// Whether a dotted name ends as domain names do, and is no name of a class or of a member.
pub(super) fn is_domain(name: &str) -> bool {
    let Some((head, last)) = name.rsplit_once('.') else { return false };
    let first = name.split('.').next().unwrap_or_default();
    let one_case = last == last.to_ascii_lowercase() || name == name.to_ascii_uppercase();
    one_case && holds(TOP_LEVELS, last) && !holds(CODE, first) && head.chars().any(|c| c.is_ascii_alphanumeric())
}

/// Whether a host is known to many users or is no host at all, but the name of a file.
pub(super) fn is_public_host(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let under = |domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let last = name.rsplit_once('.').map(|(_, last)| last);
    PUBLIC.iter().any(|domain| under(domain)) || last.is_some_and(|last| holds(FILES, last)) || name.ends_with(".svc")
}

fn holds(words: &str, word: &str) -> bool {
    words.contains(&format!(" {} ", word.to_ascii_lowercase()))
}

/// Whether an address names a host of the user. Loopback, unspecified, broadcast and multicast addresses, netmasks, and
/// link-local addresses of version 4 name none.
pub(super) fn is_own_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_own_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_own_v4(v4),
            None => !v6.is_loopback() && !v6.is_unspecified() && !v6.is_multicast(),
        },
    }
}

fn is_own_v4(v4: Ipv4Addr) -> bool {
    let first = v4.octets()[0];
    !v4.is_loopback() && !v4.is_link_local() && first != 0 && first < 224
}

/// Whether an IPv4 address in `text` before `start` and after `end` is rather a version or a part of a longer number.
pub(super) fn is_version(text: &str, start: usize, end: usize, address: Ipv4Addr) -> bool {
    let (before, after) = (&text[..start], &text.as_bytes()[end..]);
    let is_longer = before.ends_with(|c: char| c.is_ascii_digit()) || after.first().is_some_and(u8::is_ascii_digit);
    let goes_on = matches!(after, [b'.', next, ..] if next.is_ascii_digit())
        || before.strip_suffix('.').is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
    let mut near = before.len().saturating_sub(10);
    while !text.is_char_boundary(near) {
        near += 1;
    }
    let words = text[near..start].to_ascii_lowercase();
    let words = words.trim_end_matches([' ', '=', ':', '"', '\'']);
    let said = ["version", "release", "ver", " v", "_v", "-v", "(v", "build"].iter().any(|word| words.ends_with(word));
    let lettered = before.ends_with('-') || after.first().is_some_and(u8::is_ascii_alphabetic);
    is_longer || goes_on || said || words == "v" || (lettered && !address.is_private())
}

/// What the value of a field or capture of this name is; `None` if the name does not say.
pub(super) fn kind_of_field(name: &str) -> Option<Kind> {
    const HOSTS: &str = " host hostname server peer client relay domain machine computer node upstream rhost nodename \
        servername host_name server_name workstation backend broker address addr ip remote ";
    const USERS: &str =
        " user username account login role owner mailbox sender recipient user_name acct ruser principal who ";
    let last = name.rsplit('.').next().unwrap_or(name);
    if holds(HOSTS, last) {
        Some(Kind::Host)
    } else if holds(USERS, last) {
        Some(Kind::User)
    } else {
        None
    }
}
