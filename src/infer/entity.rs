//! Finds the names in records that can connect two problems: addresses, host names, mailboxes and paths.
//!
//! A name that every log contains connects nothing: loopback and documentation addresses, the host that wrote the log,
//! files of the system, units and classes of programs. Whether a name is rare in this log is decided by `incident`.

use std::net::IpAddr;

/// Paths of every system. A path that is one of these, or is below one of them, is no name.
const SYSTEM_PATHS: [&str; 15] = [
    "/etc",
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/proc",
    "/sys",
    "/tmp",
    "/run",
    "/var/log",
    "/var/run",
    "/var/tmp",
    "c:\\windows",
    "c:\\winnt\\system32",
];

/// Folders that every system has. What is below them is a name.
const SYSTEM_FOLDERS: [&str; 12] = [
    "/dev",
    "/home",
    "/root",
    "/var",
    "/var/lib",
    "/var/spool",
    "/var/cache",
    "/opt",
    "/srv",
    "/mnt",
    "/media",
    "/boot",
];

/// Devices that every system has.
const SYSTEM_DEVICES: [&str; 10] = [
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    "/dev/shm",
    "/dev/log",
    "/dev/tty",
    "/dev/console",
    "/dev/stdout",
    "/dev/stderr",
];

/// The last labels of dotted names that are files, units or packages of a program, and not hosts.
const FILE_ENDINGS: [&str; 39] = [
    "service", "socket", "target", "timer", "mount", "slice", "scope", "path", "conf", "cnf", "cfg", "ini", "log",
    "pid", "sock", "py", "rb", "js", "ts", "go", "rs", "java", "php", "pl", "sh", "exe", "dll", "sys", "so", "jar",
    "json", "yaml", "yml", "xml", "txt", "html", "lock", "tmp", "cpp",
];

/// The first labels of names of packages and classes: `java.lang`, `org.apache`.
const PACKAGE_ROOTS: [&str; 9] = ["java", "javax", "jakarta", "org", "com", "net", "io", "sun", "kotlin"];

/// Members whose value is the host that wrote the record.
const OWN_HOST_KEYS: [&str; 8] =
    ["host", "hostname", "_hostname", "node", "nodename", "computer", "computername", "machine"];

/// Returns the names in a message, in lower case.
pub(super) fn in_message(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut before = None;
    words(text)
        .filter(move |&(at, word)| !is_own_host(text, before.replace((at, word)), at))
        .filter_map(|(_, w)| name(w))
}

/// Returns the names in a record as printed, without those in its header.
pub(super) fn in_record(text: &str) -> impl Iterator<Item = String> + '_ {
    in_message(&text[header_len(text)..])
}

/// Returns the length of the header of a syslog record, which ends with the name of the program and a colon: `Nov 28
/// 05:13:49 web1.example.com sshd[7]:`. 0 for a record in another form.
fn header_len(text: &str) -> usize {
    /// The most words of such a header: three for the time, the host and the program.
    const HEADER_WORDS: usize = 6;
    let line = text.split('\n').next().unwrap_or(text);
    let words = line.split_inclusive(' ').scan(0, |end, word| {
        *end += word.len();
        Some((*end, word.trim_end()))
    });
    let is_stamp = line.starts_with(|c: char| c.is_ascii_digit() || c == '<')
        || line.get(..4).is_some_and(|month| month.is_ascii() && month.ends_with(' '));
    let is_program = |word: &str| {
        let name = word.strip_suffix(':').unwrap_or("");
        name.starts_with(|c: char| c.is_alphabetic()) && !name.is_empty()
    };
    let mut words = words.take(HEADER_WORDS).skip(2);
    words.find(|(_, word)| is_stamp && is_program(word)).map_or(0, |(end, _)| end)
}

/// Returns the words of a text with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> + '_ {
    let separates = |c: char| c.is_whitespace() || "\"'`=,;|()[]{}<>".contains(c);
    let start = text.as_ptr() as usize;
    text.split(separates).filter_map(move |word| {
        // An IPv6 address may begin with a colon.
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric() && !"/\\_:".contains(c));
        let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && !"/\\_".contains(c));
        word.contains(char::is_alphanumeric).then_some((word.as_ptr() as usize - start, word))
    })
}

/// Whether the word at `at` is the value of a member that names the host that wrote the record. `before` is the word
/// before it.
fn is_own_host(text: &str, before: Option<(usize, &str)>, at: usize) -> bool {
    before.is_some_and(|(key_at, key)| {
        let between = &text[key_at + key.len()..at];
        OWN_HOST_KEYS.iter().any(|known| key.eq_ignore_ascii_case(known)) && between.contains([':', '='])
    })
}

/// Returns the name that a word is, in lower case; `None` if it is none or connects nothing.
fn name(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    if let Some(address) = address(&lower) {
        return is_particular(address).then(|| address.to_string());
    }
    (is_particular_path(&lower) || is_host(word, &lower)).then_some(lower)
}

/// Returns the address that a word is, with or without a port.
fn address(word: &str) -> Option<IpAddr> {
    let without_port = || word.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let parsed = word.parse::<IpAddr>().ok().or_else(|| without_port()?.0.parse::<IpAddr>().ok());
    parsed.map(|address| address.to_canonical())
}

/// Whether an address belongs to one machine: it is no loopback, unspecified, broadcast or documentation address.
fn is_particular(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let is_common = v4.is_loopback() || v4.octets()[0] == 0 || v4.is_broadcast() || v4.is_multicast();
            !is_common && !v4.is_documentation()
        }
        IpAddr::V6(v6) => {
            let is_documentation = v6.segments()[..2] == [0x2001, 0xdb8];
            !(v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || is_documentation)
        }
    }
}

fn is_particular_path(word: &str) -> bool {
    let is_path =
        word.len() > 3 && (word.starts_with('/') || word.starts_with("\\\\") || word.get(1..3) == Some(":\\"));
    let path = word.trim_end_matches(['/', '\\']);
    let is_below =
        |folder: &&str| path.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
    let is_common = SYSTEM_PATHS.iter().any(is_below) || SYSTEM_FOLDERS.contains(&path);
    is_path && !is_common && !SYSTEM_DEVICES.contains(&path)
}

/// Whether a word is a host name or a mailbox: labels joined by dots, of which the last has only letters.
fn is_host(word: &str, lower: &str) -> bool {
    let labels: Vec<&str> = lower.split('.').collect();
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return false };
    let is_label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || "-_@:".contains(c));
    // A class has capitals: `PaymentError`. A host with capitals has them in every label: `DB3.CORP.EXAMPLE`.
    let written = word.rsplit('.').next().unwrap_or(word);
    let is_class = written.contains(char::is_uppercase) && written.contains(char::is_lowercase);
    labels.len() >= 2
        && lower.len() >= 6
        && labels.iter().all(is_label)
        && last.len() >= 2
        && last.chars().all(char::is_alphabetic)
        && !is_class
        && !FILE_ENDINGS.contains(last)
        && !PACKAGE_ROOTS.contains(first)
        && *first != "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        in_message(text).collect()
    }

    #[test]
    fn addresses_hosts_and_paths_are_told_from_words() {
        assert_eq!(
            found(r"to bob@corp.example (10.0.0.7) from \\SRV1\pub, /var/spool/x and C:\lathe: e.g. 3.5 done. ok."),
            ["bob@corp.example", "10.0.0.7", r"\\srv1\pub", "/var/spool/x", r"c:\lathe"]
        );
        assert_eq!(found("version 4.5.1.300 of a/b at 10:15"), Vec::<String>::new());
    }

    #[test]
    fn an_address_is_one_name_however_it_is_written() {
        assert_eq!(found("10.0.0.7:443 [::ffff:10.0.0.7]:443 [2a00::7]:443"), ["10.0.0.7", "10.0.0.7", "2a00::7"]);
    }

    #[test]
    fn what_every_log_contains_is_no_name() {
        for text in [
            "127.0.0.1:5432 127.8.9.1 [::1]:80 0.0.0.0:80 [::]:80 255.255.255.255 ::ffff:127.0.0.1",
            "192.0.2.4 198.51.100.3 203.0.113.9 2001:db8::7",
            "localhost.localdomain localhost",
            "/etc /etc/ssl/a.pem /usr/bin/lathe /var/log/lathe.log /dev/null /dev/shm /proc/7/maps /var/lib /tmp/x",
            "lathe.service spindle.py nginx.conf java.lang.Error org.apache.lathe.spin lathe.SpinError",
            r#"{"host":"web1.corp.example","hostname": "web1.corp.example"} node=web1.corp.example"#,
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(
            found("no route to host db3.corp.example; /dev/sdb1 of /etcetera, /var/lib/lathe"),
            ["db3.corp.example", "/dev/sdb1", "/etcetera", "/var/lib/lathe"]
        );
    }

    #[test]
    fn the_host_in_the_header_of_a_record_is_no_name() {
        let found = |text: &str| in_record(text).collect::<Vec<_>>();
        assert_eq!(
            found("Nov 28 05:13:49 web1.corp.example sshd[7]: no answer of db3.corp.example"),
            ["db3.corp.example"]
        );
        assert_eq!(
            found("2026-11-28T05:13:49Z web1.corp.example lathe: jammed by db3.corp.example"),
            ["db3.corp.example"]
        );
        assert_eq!(found("no answer of db3.corp.example"), ["db3.corp.example"]);
        assert_eq!(found("é: a: db3.corp.example"), ["db3.corp.example"]);
    }
}
