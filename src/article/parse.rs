//! Parses a text into an [`Article`]: the code for its layout reads it into a draft, which is then interpreted in the
//! same way for all layouts.

use super::detect::detect_in;
use super::draft::{ArticleDraft, DraftBody};
use super::error::NotAnArticle;
use super::file_name::FileName;
use super::foreign::{ForeignFormat, is_media_wiki};
use super::id::{canonical_id, is_article_number};
use super::lines::with_single_blanks;
use super::list::once;
use super::model::{Article, Identifier, Layout, Product, Section, SectionKind};
use super::{date, error, layout, message, procedure, product, reference, section};
use crate::diagnostic::Diagnostic;
use crate::identifier::{self, IdentifierKind};
use crate::source::Span;

/// Parses a text with `\n` line ends, as [`decode`](super::decode()) returns it.
///
/// `fallback_id` is the id of an article whose text states none: a slug of its path, or the id under which it was
/// stored. If the layout is known and there is an id, the result is an article; missing or odd parts are in its
/// diagnostics.
pub fn parse(text: &str, fallback_id: &str) -> Result<Article, NotAnArticle> {
    parse_file(text, "", fallback_id)
}

/// Parses the text of the file at `path`, as [`parse()`] does. The name of the file tells that a text without any marks
/// is Markdown, and is the title of a text that states none. An empty path says nothing.
pub fn parse_file(text: &str, path: &str, fallback_id: &str) -> Result<Article, NotAnArticle> {
    let name = FileName::of(path);
    if text.trim_start().is_empty() {
        return Err(NotAnArticle::Empty);
    }
    // The draft borrows from these values, which are decoded parts of the text.
    let (mut marked, export);
    let draft = match layout_of(text, name)? {
        Layout::Document => layout::document::read(text),
        Layout::Page => layout::page::read(text),
        Layout::WebText => layout::web_text::read(text),
        Layout::Html => {
            marked = layout::html::read(text);
            marked.title_or(name.title());
            Some(marked.draft(text))
        }
        Layout::Markdown => {
            marked = layout::markdown::read(text, name)?;
            Some(marked.draft(text))
        }
        Layout::AsciiDoc => {
            marked = layout::asciidoc::read(text, name)?;
            Some(marked.draft(text))
        }
        Layout::ReStructuredText => {
            marked = layout::restructured::read(text, name)?;
            Some(marked.draft(text))
        }
        Layout::Export => {
            export = layout::export::ExportArticle::parse(text);
            export.as_ref().map(layout::export::ExportArticle::draft)
        }
    };
    let draft = draft.ok_or(NotAnArticle::UnknownLayout)?;
    let stated = stated_id(&draft);
    let id = if stated.is_empty() { canonical_id(fallback_id) } else { stated };
    // Without an id (`DOCUMENT:()` and no fallback) nothing could find the article again.
    if id.is_empty() { Err(NotAnArticle::UnknownLayout) } else { Ok(assemble(id, draft)) }
}

/// Detects the layout. Refuses text of a wiki, some of which looks like a layout that is read.
fn layout_of(text: &str, name: FileName<'_>) -> Result<Layout, NotAnArticle> {
    const HEAD: usize = 4096;
    let layout = detect_in(text, name);
    let may_be_wiki = matches!(layout, None | Some(Layout::AsciiDoc | Layout::Markdown)) && name.layout().is_none();
    if may_be_wiki && is_media_wiki(&text[..text.floor_char_boundary(HEAD)]) {
        return Err(NotAnArticle::Foreign(ForeignFormat::MediaWiki));
    }
    layout.ok_or(NotAnArticle::UnknownLayout)
}

/// Returns the id that the text states; empty if it states none. The numbers of an export are those of its program, not of
/// Microsoft's articles.
fn stated_id(draft: &ArticleDraft<'_>) -> String {
    let is_row_number = draft.layout == Layout::Export && is_article_number(draft.id.text);
    if is_row_number { String::new() } else { canonical_id(draft.id.text) }
}

fn assemble(id: String, mut draft: ArticleDraft<'_>) -> Article {
    let aliases = aliases(&draft, &id);
    let applies_to = product::read(draft.applies_to.iter().map(|bullet| bullet.text));
    let products = products_or_header(applies_to.products, &draft);
    let sections = match std::mem::replace(&mut draft.body, DraftBody::Sections(Vec::new())) {
        DraftBody::Text { text, heads } => section::split(&text, heads),
        DraftBody::Sections(sections) => sections,
    };
    let modified = date::parse_date(draft.modified.text);
    let diagnostics = diagnose(&draft, modified.is_some(), &products, &sections);
    let own: Vec<&str> = std::iter::once(&id).chain(&aliases).map(String::as_str).collect();
    let named = if draft.layout.has_links() { &*draft.title } else { "" };
    let references = reference::find(named, &sections, &own);
    let (prefix, title) = split_prefix(&draft.title);
    Article {
        layout: draft.layout,
        title: if title.is_empty() { id.clone() } else { title.to_owned() },
        prefix: prefix.map(str::to_owned),
        issue_type: Some(draft.issue_type.text).filter(|issue_type| !issue_type.is_empty()).map(str::to_owned),
        state: draft.state,
        products,
        os: systems(&applies_to.os, draft.os.text),
        modified,
        keywords: keywords(&draft),
        technology: owned(once(draft.technology.text.split_whitespace())),
        procedures: sections.iter().enumerate().flat_map(|(index, s)| procedure::find(index, &s.text)).collect(),
        references,
        addresses: Vec::new(),
        identifiers: sections.iter().enumerate().flat_map(|(index, s)| identifiers(index, s)).collect(),
        sections,
        diagnostics,
        aliases,
        id,
    }
}

fn aliases(draft: &ArticleDraft<'_>, id: &str) -> Vec<String> {
    let number = if draft.layout.has_links() { number_in_title(&draft.title) } else { None };
    let number = number.map(canonical_id);
    owned(once(draft.aliases.iter().chain(&number).map(String::as_str).filter(|alias| *alias != id)))
}

/// Returns the number that a title gives the article: `Gate jams (KB3201500)` or `KB3201500: Gate jams`. A number within
/// the title is that of another article.
fn number_in_title(title: &str) -> Option<&str> {
    let last = title.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).map(|(_, last)| last);
    let first = title.split_once(": ").map(|(first, _)| first);
    last.into_iter().chain(first).find(|word| is_kb_id(word))
}

fn products_or_header(products: Vec<Product>, draft: &ArticleDraft<'_>) -> Vec<Product> {
    if products.is_empty() {
        product::from_header(draft.product.text, draft.versions.text).into_iter().collect()
    } else {
        products
    }
}

fn systems<'a>(applies_to: &'a [String], header: &'a str) -> Vec<String> {
    let of_header = header.split(['|', ',']).map(str::trim).filter(|system| !system.is_empty());
    owned(once(applies_to.iter().map(String::as_str).chain(of_header)))
}

/// Returns the keywords of header and footer, each once. Leaves out ids, because web text lists the article's own id as
/// a keyword.
fn keywords(draft: &ArticleDraft<'_>) -> Vec<String> {
    let words = draft.keywords.iter().map(|word| word.text);
    owned(once(words.filter(|word| !is_kb_id(word))))
}

fn is_kb_id(word: &str) -> bool {
    word.strip_prefix("KB").is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn owned<'a>(items: impl Iterator<Item = &'a str>) -> Vec<String> {
    items.map(str::to_owned).collect()
}

/// Splits `XFOR: How Mail Waits` into prefix and title. A prefix is one or two short upper-case words: `XFOR`,
/// `HOW TO`, `PC WFW`. Without a prefix, returns `None` and the whole title.
fn split_prefix(title: &str) -> (Option<&str>, &str) {
    const LONGEST: usize = 10;
    let is_prefix_char = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b" ./-&+".contains(&b);
    let Some((prefix, rest)) = title.split_once(": ") else {
        return (None, title);
    };
    let is_prefix = (2..=LONGEST).contains(&prefix.len())
        && prefix.bytes().all(is_prefix_char)
        && prefix.starts_with(|c: char| c.is_ascii_uppercase())
        && prefix.split(' ').count() <= 2
        && !rest.trim().is_empty();
    if is_prefix { (Some(prefix), rest.trim_start()) } else { (None, title) }
}

fn diagnose(draft: &ArticleDraft<'_>, has_date: bool, products: &[Product], sections: &[Section]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let id = draft.id.span();
    if draft.title.trim().is_empty() {
        found.push(error::no_title(id));
    }
    if !has_date && !draft.modified.is_empty() {
        found.push(error::unreadable_date(draft.modified.span(), draft.modified.text));
    }
    // The oldest articles have "See article" as their product, which counts as one. Runbooks and help pages need none.
    let has_header = matches!(draft.layout, Layout::Document | Layout::Page | Layout::WebText);
    if products.is_empty() && draft.product.is_empty() && has_header {
        found.push(error::no_product(id));
    }
    if sections.iter().all(|section| section.kind == SectionKind::QueryWords || section.text.is_empty()) {
        found.push(error::no_text(id));
    }
    if !draft.is_complete {
        found.push(error::cut_off(Span::new(draft.len, draft.len)));
    }
    found
}

/// Returns the identifiers in a section, in order. Reply codes such as `421` count only at the start of messages,
/// because any other line may begin with a number.
fn identifiers(index: usize, section: &Section) -> Vec<Identifier> {
    let text = &section.text;
    let messages = match section.kind {
        SectionKind::QueryWords | SectionKind::References => Vec::new(),
        _ => message::find(section),
    };
    let replies = messages.iter().flat_map(|message| identifier::reply_at(text, message.start));
    let mut found: Vec<Identifier> = identifier::find(text)
        .into_iter()
        .chain(replies)
        .map(|found| Identifier { kind: found.kind, value: found.value, section: index, span: found.span })
        .collect();
    found.extend(messages.iter().map(|&span| Identifier {
        kind: IdentifierKind::Message,
        value: with_single_blanks(&text[span.start..span.end]),
        section: index,
        span,
    }));
    found.sort_by_key(|identifier| (identifier.span.start, identifier.kind));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_may_give_the_number() {
        assert_eq!(number_in_title("Gate jams (KB3201500)"), Some("KB3201500"));
        assert_eq!(number_in_title("KB0010024: Gate jams"), Some("KB0010024"));
        for title in ["Update KB3201500 jams the gate", "Gate jams (3201500)", "KB: Gate", "Gate (KB)"] {
            assert_eq!(number_in_title(title), None, "{title}");
        }
    }

    #[test]
    fn a_prefix_is_a_short_upper_case_tag() {
        assert_eq!(split_prefix("XFOR: How Mail Waits"), (Some("XFOR"), "How Mail Waits"));
        assert_eq!(split_prefix("HOW TO: Wait"), (Some("HOW TO"), "Wait"));
        assert_eq!(split_prefix("WD97: PRB: Wait"), (Some("WD97"), "PRB: Wait"));
        for title in ["Err Msg: Wait", "Mail: Wait", "XFOR:Wait", "XFOR: ", "A: b", "THE LONG SHOUT: Wait", "9.5: Wait"]
        {
            assert_eq!(split_prefix(title), (None, title));
        }
    }

    #[test]
    fn blank_and_foreign_texts_are_no_articles() {
        assert_eq!(parse(" \n", ""), Err(NotAnArticle::Empty));
        assert_eq!(parse("Once upon a time.\n", ""), Err(NotAnArticle::UnknownLayout));
        assert_eq!(parse("DOCUMENT:()\n", ""), Err(NotAnArticle::UnknownLayout));
        assert_eq!(parse("---\nlayout: page\nid:\n---\n", ""), Err(NotAnArticle::UnknownLayout));
    }
}
