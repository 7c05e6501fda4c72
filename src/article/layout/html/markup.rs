//! Splits HTML into tags and text, as browsers do.
//!
//! html5ever's tokenizer has the same result, and a property test compares the two. It is not used here because it
//! compares each attribute of a tag with all others, so one tag with a million attributes would take hours. This one
//! keeps only the attributes that are used, and takes linear time. It builds no tree: [`super::page`] keeps track of
//! open elements.

use std::borrow::Cow;

use super::entity::decode;

/// The attributes that are used. The others are skipped.
const READ: [&str; 19] = [
    "alt",
    "aria-hidden",
    "class",
    "content",
    "datetime",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "itemprop",
    "name",
    "property",
    "rel",
    "role",
    "scope",
    "start",
    "style",
    "type",
    "value",
];

/// Elements whose content is plain text up to their own end tag.
const RAW: [&str; 6] = ["script", "style", "xmp", "iframe", "noembed", "noframes"];

/// Elements whose content is plain text up to their own end tag, but with character references.
const RAW_WITH_REFERENCES: [&str; 2] = ["title", "textarea"];

/// A tag of a page, or text between tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HtmlToken<'a> {
    /// Text with character references decoded. The next token may be text as well.
    Text(Cow<'a, str>),
    Start(StartTag<'a>),
    /// An end tag: its name in lower case.
    End(Cow<'a, str>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StartTag<'a> {
    /// The name of the element, in lower case.
    pub(super) name: Cow<'a, str>,
    /// Whether the tag is written `<name/>`.
    pub(super) closes_itself: bool,
    attributes: Vec<(&'static str, Cow<'a, str>)>,
}

impl StartTag<'_> {
    /// Returns the value of the attribute `name`, which must be one of those that are used. The value is empty if the
    /// attribute has none.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }
}

/// Returns the tokens of `html` in order, without comments, doctypes and processing instructions. The content of a
/// `CDATA` section is text: exports of wikis contain such sections.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = HtmlToken<'_>> {
    let mut rest = HtmlTokenizer { text: html, raw: None };
    std::iter::from_fn(move || rest.next())
}

/// The rest of a page that has not been split into tokens.
struct HtmlTokenizer<'a> {
    text: &'a str,
    /// The element that was just opened, if its content is plain text up to its end tag.
    raw: Option<Cow<'a, str>>,
}

impl<'a> HtmlTokenizer<'a> {
    fn next(&mut self) -> Option<HtmlToken<'a>> {
        loop {
            if let Some(name) = self.raw.take() {
                let text = self.take(raw_end(self.text, &name));
                let has_references = RAW_WITH_REFERENCES.contains(&name.as_ref());
                if !text.is_empty() {
                    return Some(HtmlToken::Text(if has_references {
                        decode(text, false)
                    } else {
                        Cow::Borrowed(text)
                    }));
                }
            }
            let at = memchr::memchr(b'<', self.text.as_bytes()).unwrap_or(self.text.len());
            if at > 0 {
                return Some(HtmlToken::Text(decode(self.take(at), false)));
            }
            match self.text.as_bytes() {
                [] => return None,
                [b'<', b'!' | b'?', ..] => {
                    if let Some(text) = self.take_declaration() {
                        return Some(HtmlToken::Text(Cow::Borrowed(text)));
                    }
                }
                [b'<', b'/', letter, ..] if letter.is_ascii_alphabetic() => {
                    self.take("</".len());
                    if let Some(tag) = self.take_tag() {
                        return Some(HtmlToken::End(tag.name));
                    }
                }
                // Browsers treat this as a comment, and ignore `</>`.
                [b'<', b'/', _, ..] => _ = self.take_through(">"),
                [b'<', letter, ..] if letter.is_ascii_alphabetic() => {
                    self.take("<".len());
                    if let Some(tag) = self.take_tag() {
                        let is_raw = RAW.iter().chain(&RAW_WITH_REFERENCES).any(|name| *name == tag.name);
                        self.raw = is_raw.then(|| tag.name.clone());
                        return Some(HtmlToken::Start(tag));
                    }
                }
                _ => return Some(HtmlToken::Text(Cow::Borrowed(self.take(1)))),
            }
        }
    }

    fn take(&mut self, len: usize) -> &'a str {
        let (taken, rest) = self.text.split_at(len);
        self.text = rest;
        taken
    }

    /// Takes the text before `end` and `end` itself; all text if `end` is missing.
    fn take_through(&mut self, end: &str) -> &'a str {
        match memchr::memmem::find(self.text.as_bytes(), end.as_bytes()) {
            Some(at) => {
                let taken = self.take(at);
                self.take(end.len());
                taken
            }
            None => self.take(self.text.len()),
        }
    }

    /// Takes a comment, a doctype, a processing instruction or a `CDATA` section. Returns the text of a `CDATA`
    /// section, otherwise `None`.
    fn take_declaration(&mut self) -> Option<&'a str> {
        const CDATA: &str = "<![CDATA[";
        if self.text.starts_with("<!--") {
            self.take(comment_len(self.text));
        } else if self.text.starts_with(CDATA) {
            self.take(CDATA.len());
            return Some(self.take_through("]]>")).filter(|text| !text.is_empty());
        } else {
            self.take_through(">");
        }
        None
    }

    /// Takes a tag, after its `<` or `</`. `None` if the text ends within it: browsers drop such a tag.
    fn take_tag(&mut self) -> Option<StartTag<'a>> {
        let tag = self.take_whole_tag();
        if tag.is_none() {
            self.text = "";
        }
        tag
    }

    fn take_whole_tag(&mut self) -> Option<StartTag<'a>> {
        let name = lower(self.take(end_of(self.text, |b| is_blank(b) || matches!(b, b'/' | b'>'))));
        let mut tag = StartTag { name, closes_itself: false, attributes: Vec::new() };
        loop {
            self.take(end_of(self.text, |b| !is_blank(b)));
            match self.text.as_bytes() {
                [] => return None,
                [b'>', ..] => {
                    self.take(1);
                    return Some(tag);
                }
                [b'/', ..] => {
                    self.take(1);
                    tag.closes_itself = self.text.starts_with('>');
                }
                _ => self.take_attribute(&mut tag.attributes)?,
            }
        }
    }

    /// Takes an attribute, and keeps it if it is used and the first of its name.
    fn take_attribute(&mut self, attributes: &mut Vec<(&'static str, Cow<'a, str>)>) -> Option<()> {
        // An `=` at the start is part of the name.
        let first = usize::from(self.text.starts_with('='));
        let len = first + end_of(&self.text[first..], |b| is_blank(b) || matches!(b, b'/' | b'>' | b'='));
        let name = self.take(len);
        self.take(end_of(self.text, |b| !is_blank(b)));
        let value = if self.text.starts_with('=') {
            self.take(1);
            self.take_value()?
        } else {
            ""
        };
        let known = READ.iter().find(|known| name.eq_ignore_ascii_case(known));
        if let Some(known) = known.filter(|known| attributes.iter().all(|(other, _)| other != *known)) {
            attributes.push((known, decode(value, true)));
        }
        Some(())
    }

    fn take_value(&mut self) -> Option<&'a str> {
        self.take(end_of(self.text, |b| !is_blank(b)));
        match self.text.as_bytes().first()? {
            &quote @ (b'"' | b'\'') => {
                self.take(1);
                let len = memchr::memchr(quote, self.text.as_bytes())?;
                let value = self.take(len);
                self.take(1);
                Some(value)
            }
            _ => Some(self.take(end_of(self.text, |b| is_blank(b) || b == b'>'))),
        }
    }
}

/// Returns the position of the first byte for which `is_end` is true, or the length of the text. `is_end` may be true
/// only for ASCII.
fn end_of(text: &str, is_end: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(is_end).unwrap_or(text.len())
}

fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Returns the length in bytes of the comment at the start of `text`. `<!-->` and `<!--->` are complete; `--!>` ends a
/// comment as well.
fn comment_len(text: &str) -> usize {
    const START: usize = "<!--".len();
    let inside = &text[START..];
    if let Some(end) = ["->", ">"].iter().find(|end| inside.starts_with(**end)) {
        return START + end.len();
    }
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&inside.as_bytes()[from..], b"--") {
        let dashes = from + at;
        let after = &inside[dashes + "--".len()..];
        if let Some(end) = [">", "!>"].iter().find(|end| after.starts_with(**end)) {
            return START + dashes + "--".len() + end.len();
        }
        from = dashes + 1;
    }
    text.len()
}

/// Returns the position where the content of the element `name` ends: at its end tag, or at the end of the text.
fn raw_end(text: &str, name: &str) -> usize {
    let is_end = |at: usize| {
        let rest = &text.as_bytes()[at + "</".len()..];
        rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
            && rest.get(name.len()).is_some_and(|&b| is_blank(b) || matches!(b, b'/' | b'>'))
    };
    memchr::memmem::find_iter(text.as_bytes(), "</").find(|&at| is_end(at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use html5ever::tokenizer::states::{Rawtext, Rcdata};
    use html5ever::tokenizer::{
        BufferQueue, TagKind, Token as TheirToken, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    };
    use proptest::prelude::*;

    use super::*;

    /// A token in the form in which both tokenizers are compared: adjacent texts are joined.
    #[derive(Debug, PartialEq, Eq)]
    enum Plain {
        Text(String),
        Start(String, bool, Vec<(String, String)>),
        End(String),
    }

    fn push(all: &mut Vec<Plain>, token: Plain) {
        match (all.last_mut(), token) {
            (_, Plain::Text(text)) if text.is_empty() => {}
            (Some(Plain::Text(text)), Plain::Text(more)) => text.push_str(&more),
            (_, token) => all.push(token),
        }
    }

    fn ours(html: &str) -> Vec<Plain> {
        let mut all = Vec::new();
        for token in tokens(html) {
            let plain = match token {
                HtmlToken::Text(text) => Plain::Text(text.into_owned()),
                HtmlToken::Start(tag) => {
                    let attributes = tag.attributes.iter().map(|(n, v)| ((*n).to_owned(), v.to_string())).collect();
                    Plain::Start(tag.name.into_owned(), tag.closes_itself, attributes)
                }
                HtmlToken::End(name) => Plain::End(name.into_owned()),
            };
            push(&mut all, plain);
        }
        all
    }

    #[derive(Default)]
    struct Sink(RefCell<Vec<Plain>>);

    impl TokenSink for Sink {
        type Handle = ();

        fn process_token(&self, token: TheirToken, _: u64) -> TokenSinkResult<()> {
            let plain = match token {
                TheirToken::CharacterTokens(text) => Plain::Text(text.to_string()),
                TheirToken::TagToken(tag) if tag.kind == TagKind::StartTag => {
                    let read = tag.attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string()));
                    let read = read.filter(|(name, _)| READ.contains(&name.as_str())).collect();
                    push(&mut self.0.borrow_mut(), Plain::Start(tag.name.to_string(), tag.self_closing, read));
                    return match tag.name.as_ref() {
                        name if RAW.contains(&name) => TokenSinkResult::RawData(Rawtext),
                        name if RAW_WITH_REFERENCES.contains(&name) => TokenSinkResult::RawData(Rcdata),
                        _ => TokenSinkResult::Continue,
                    };
                }
                TheirToken::TagToken(tag) => Plain::End(tag.name.to_string()),
                _ => return TokenSinkResult::Continue,
            };
            push(&mut self.0.borrow_mut(), plain);
            TokenSinkResult::Continue
        }

        fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
            true
        }
    }

    fn theirs(html: &str) -> Vec<Plain> {
        let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(html.into());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.take()
    }

    const PIECES: &[&str] = &[
        "<",
        ">",
        "/",
        "</",
        "<!",
        "<!--",
        "-->",
        "--!>",
        "--",
        "-",
        "!",
        "<![CDATA[",
        "]]>",
        "?",
        "=",
        "\"",
        "'",
        " ",
        "\n",
        "a",
        "B",
        "id",
        "Class",
        "href",
        "hidden",
        "é",
        "<a",
        "<p ",
        "</p",
        "<script>",
        "</script",
        "<title>",
        "</title >",
        "<STYLE>",
        "</style",
        "&",
        "&amp",
        "&amp;",
        "&not",
        "&notit;",
        "&#",
        "&#x",
        "&#x41;",
        "&#150;",
        "&#xD800;",
        "&#0;",
        ";",
        "x",
        "1",
    ];

    proptest! {
        #[test]
        fn the_same_as_html5ever(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
            let html = pieces.concat();
            prop_assert_eq!(ours(&html), theirs(&html), "{:?}", html);
        }
    }

    #[test]
    fn a_page_is_cut_into_tags_and_text() {
        let html =
            "<!DOCTYPE html><!-- <p> --><P CLASS=x data-y='>' id=\"a&amp;b\">1 &lt; 2<br/></P><script>a<b</script>";
        let text = |text: &str| Plain::Text(text.to_owned());
        let tag = |name: &str, closes_itself| Plain::Start(name.to_owned(), closes_itself, vec![]);
        let attributes = vec![("class".to_owned(), "x".to_owned()), ("id".to_owned(), "a&b".to_owned())];
        assert_eq!(
            ours(html),
            [
                Plain::Start("p".to_owned(), false, attributes),
                text("1 < 2"),
                tag("br", true),
                Plain::End("p".to_owned()),
                tag("script", false),
                text("a<b"),
                Plain::End("script".to_owned()),
            ]
        );
    }
}
