//! Parts of records that consist of named values, in whichever syntax: texts that are evidence, and rendered templates.

use std::borrow::Cow;

/// The most texts of one record that are evidence.
const MAX_TEXTS: usize = 32;

/// The most bytes of these texts together.
const MAX_BYTES: usize = 64 * 1024;

/// Texts of a record that are evidence: each once, without the message, up to a bound.
pub(super) struct Texts<'a> {
    message: Option<Cow<'a, [u8]>>,
    texts: Vec<Cow<'a, [u8]>>,
    bytes: usize,
}

impl<'a> Texts<'a> {
    pub(super) fn new(message: Option<Cow<'a, [u8]>>) -> Self {
        Texts { message, texts: Vec::new(), bytes: 0 }
    }

    /// Adds `text`, unless it is empty, was added before or is the message, or there are too many already.
    pub(super) fn add(&mut self, text: Cow<'a, [u8]>) {
        let is_known = self.message.as_ref() == Some(&text) || self.texts.contains(&text);
        let has_room = self.texts.len() < MAX_TEXTS && text.len() <= MAX_BYTES - self.bytes;
        if !text.is_empty() && has_room && !is_known {
            self.bytes += text.len();
            self.texts.push(text);
        }
    }

    pub(super) fn into_vec(self) -> Vec<Cow<'a, [u8]>> {
        self.texts
    }
}

/// Returns `template` with its holes filled: `{Name}`, also with a format after the name (`{Name:000}`, `{Name,-5}`) or
/// a sign before it (`{@Name}`). `{{` is a brace. A hole for which `value` knows nothing stays as it is.
pub(super) fn rendered(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..at + 1];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let hole = rest.find('}').filter(|_| brace == "{").map(|close| (&rest[..close], &rest[close + 1..]));
        let name = |hole: &str| hole.split([':', ',']).next().unwrap_or("").trim_start_matches(['@', '$']).to_owned();
        match hole.and_then(|(hole, after)| Some((value(&name(hole))?, after))) {
            Some((value, after)) => {
                text.push_str(&value);
                rest = after;
            }
            None => text.push_str(brace),
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled() {
        let value = |name: &str| (name == "A").then(|| "1".to_owned());
        for (template, expected) in [
            ("is {A}, {A:000}, {A,-5} and {@A}", "is 1, 1, 1 and 1"),
            ("{B} {{A}} {A", "{B} {A} {A"),
            ("} {} {", "} {} {"),
            ("", ""),
        ] {
            assert_eq!(rendered(template, value), expected);
        }
    }

    #[test]
    fn texts_are_bounded() {
        let mut texts = Texts::new(Some(b"m"[..].into()));
        for text in ["m", "", "a", "a"] {
            texts.add(Cow::Borrowed(text.as_bytes()));
        }
        texts.add(Cow::Owned(vec![b'x'; MAX_BYTES]));
        for n in 0..100 {
            texts.add(Cow::Owned(format!("b{n}").into_bytes()));
        }
        let texts = texts.into_vec();
        assert_eq!((texts.len(), texts[0].as_ref(), texts[31].as_ref()), (32, &b"a"[..], &b"b30"[..]));
    }

    proptest::proptest! {
        #[test]
        fn any_template_is_rendered(template in "[{}A:,@é]{0,30}") {
            rendered(&template, |name| Some(name.to_owned()));
        }
    }
}
