//! Makes the names of members harmless, because ids are derived from them and users see them.

/// Most bytes of a name: as many as most systems allow in a path. A longer name is cut at its front, because its last
/// parts tell files apart.
const LONGEST: usize = 4096;

/// The name given to a file whose cleaned name is empty.
const UNNAMED: &str = "unnamed";

/// Turns `raw` into a relative path with `/` between its parts, without `..`, root, drive and control characters. Never
/// empty.
pub(super) fn clean(raw: &str) -> String {
    let raw = raw.replace('\\', "/");
    let mut out = String::with_capacity(raw.len());
    for part in without_drive(&raw).split('/').filter(|part| !matches!(*part, "" | "." | "..")) {
        if !out.is_empty() {
            out.push('/');
        }
        out.extend(part.chars().map(|c| if c.is_control() { '_' } else { c }));
    }
    if out.is_empty() {
        return UNNAMED.to_owned();
    }
    let cut = out.len().saturating_sub(LONGEST);
    if cut == 0 { out } else { out.split_off(whole_parts_from(&out, cut)) }
}

/// Where to cut `name` at or after byte `cut`: at the start of the next part, because the rest of a part may be `..`;
/// within the last part, at a character boundary.
fn whole_parts_from(name: &str, cut: usize) -> usize {
    let in_last_part = || (cut..name.len()).find(|&at| name.is_char_boundary(at)).unwrap_or(name.len());
    memchr::memchr(b'/', &name.as_bytes()[cut..]).map_or_else(in_last_part, |slash| cut + slash + 1)
}

/// Decodes a name as UTF-8, or else as Windows-1252, which accepts any bytes.
pub(super) fn decode(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// Whether the file is hidden (a part of its path begins with a dot, as in `.git/config`) or was added by a Mac
/// (`__MACOSX/a`, `._a`).
pub(super) fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

fn without_drive(name: &str) -> &str {
    match name.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => &name[2..],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_lead_nowhere() {
        for (raw, cleaned) in [
            ("a/b.txt", "a/b.txt"),
            ("./a//b.txt", "a/b.txt"),
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("C:\\Windows\\system.ini", "Windows/system.ini"),
            ("C:..\\x", "x"),
            ("\\\\host\\share\\x", "host/share/x"),
            ("a\0b\n.txt", "a_b_.txt"),
            ("a/..", "a"),
            ("", "unnamed"),
            ("..", "unnamed"),
        ] {
            assert_eq!(clean(raw), cleaned, "{raw:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_its_parts_or_characters() {
        assert_eq!(clean(&format!("{}/é.txt", "é".repeat(9000))), "é.txt");
        assert_eq!(clean(&format!("{}x", "é".repeat(9000))).len(), LONGEST - 1);
        for rest in ["/b".repeat(LONGEST / 2), format!("../{}", "b".repeat(LONGEST - 3))] {
            let name = clean(&format!("a/long{rest}"));
            assert!(name.len() < LONGEST && name.starts_with('b'), "{}", &name[..9]);
        }
    }

    #[test]
    fn bytes_that_are_no_utf8_are_characters_of_windows() {
        assert_eq!(decode(b"zw\xc3\xb6lf"), "zwölf");
        assert_eq!(decode(b"zw\xf6lf \x81"), "zwölf \u{81}");
    }

    #[test]
    fn hidden_is_what_begins_with_a_dot() {
        assert!(is_hidden(".git/config") && is_hidden("a/.b/c") && is_hidden("a/._b") && is_hidden("__MACOSX/a"));
        assert!(!is_hidden("a.b/c.d") && !is_hidden("__MACOSX2/a"));
    }

    proptest! {
        #[test]
        fn a_cleaned_name_is_relative_and_clean(raw in "([a-z]|\\.|/|\\\\|:|\0|\n|é){0,40}") {
            let name = clean(&raw);
            prop_assert!(!name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | "..")));
            prop_assert!(!name.contains(|c: char| c.is_control() || c == '\\'));
        }
    }
}
