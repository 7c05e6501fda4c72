//! Reads the tags and text of a page into blocks.
//!
//! It keeps a stack of open elements, as browsers do, but builds no tree. Old pages leave out end tags or have them in
//! the wrong order, so a tag may close several elements. Each rule for this examines a bounded number of elements.

use std::borrow::Cow;

use super::content::{Region, Regions};
use super::dropped::is_dropped;
use super::element::{Element, element, element_of};
use super::markup::{HtmlToken, StartTag, tokens};
use crate::article::layout::blocks::{Block, BlockKind, ListStyle, Outline};
use crate::article::layout::inline::InlineText;
use crate::article::layout::link::LinkAddress;
use crate::article::lines::with_single_blanks;

/// A tag searches the element to close among this many innermost open elements. Real pages leave fewer open; a hostile
/// page could leave millions.
const REACH: usize = 128;

/// The parts of a page.
#[derive(Debug, Default)]
pub(super) struct HtmlPage {
    /// The text of `<title>`.
    pub(super) title: String,
    /// The first `<h1>` of the whole page.
    pub(super) first_heading: String,
    /// Names and contents of `meta` elements, in order.
    pub(super) metadata: Vec<(String, String)>,
    /// The address that the page states for itself: `<link rel="canonical">`.
    pub(super) canonical: Option<String>,
    /// For each `time` element, whether its `itemprop` or class says that it is the time of a change, and its
    /// `datetime`.
    pub(super) times: Vec<(bool, String)>,
    /// The labels of links with `rel="tag"`.
    pub(super) tags: Vec<String>,
    pub(super) blocks: Vec<Block>,
}

/// Reads a whole page.
pub(super) fn read(html: &str) -> HtmlPage {
    let mut outline = Outline::default();
    let mut reader = PageReader::new(&mut outline);
    reader.read(html);
    let PageReader { mut page, regions, .. } = reader;
    let blocks = outline.into_blocks();
    let first_h1 = blocks.iter().find(|block| block.kind == BlockKind::Heading(1));
    page.first_heading = first_h1.map(|block| block.text.clone()).unwrap_or_default();
    page.blocks = regions.content(blocks);
    page
}

/// Reads a fragment into an outline that may have blocks already.
pub(super) fn read_into(outline: &mut Outline, html: &str) {
    PageReader::new(outline).read(html);
}

/// The effect of the end of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EndAction {
    Plain,
    Dropped,
    /// The end of `main`, which is never dropped, even within dropped elements. Their number is kept here until it
    /// ends.
    Main {
        n_dropped: usize,
    },
    Region(Region),
    List,
    Item,
    Quote,
    Pre,
    Row,
}

struct OpenElement<'a> {
    name: Cow<'a, str>,
    end_action: EndAction,
}

/// Reads a page, and keeps the state of reading.
struct PageReader<'a, 'o> {
    outline: &'o mut Outline,
    page: HtmlPage,
    regions: Regions,
    /// The open elements whose end has an effect, the outermost first; within a dropped element all open elements.
    stack: Vec<OpenElement<'a>>,
    n_dropped: usize,
    inline: InlineText,
    heading: Option<u8>,
    is_term: bool,
    /// The text of the open `title`.
    title: Option<String>,
    /// The text of the open `pre`.
    code: Option<String>,
    /// The label of the open link with `rel="tag"`.
    tag: Option<String>,
}

impl<'a, 'o> PageReader<'a, 'o> {
    fn new(outline: &'o mut Outline) -> Self {
        PageReader {
            outline,
            page: HtmlPage::default(),
            regions: Regions::default(),
            stack: Vec::new(),
            n_dropped: 0,
            inline: InlineText::default(),
            heading: None,
            is_term: false,
            title: None,
            code: None,
            tag: None,
        }
    }

    fn read(&mut self, html: &'a str) {
        for token in tokens(html) {
            match token {
                HtmlToken::Text(text) => self.text(&text),
                HtmlToken::Start(tag) => self.open(tag),
                HtmlToken::End(name) => self.close(&name),
            }
        }
        self.close_down_to(0);
        self.flush();
        self.take_title();
    }

    fn text(&mut self, text: &str) {
        if self.n_dropped > 0 {
            return;
        }
        if let Some(title) = &mut self.title {
            title.push_str(text);
        } else if let Some(code) = &mut self.code {
            code.push_str(text);
        } else {
            self.inline.push(text);
            if let Some(tag) = &mut self.tag {
                tag.push_str(text);
            }
        }
    }

    /// Ends the current paragraph or heading and adds it to the outline.
    fn flush(&mut self) {
        if self.inline.is_blank() {
            return;
        }
        let is_bold = self.inline.is_bold() || self.is_term;
        let text = self.inline.take();
        self.is_term = false;
        match self.heading.take() {
            Some(level) => self.outline.push(BlockKind::Heading(level), heading_text(&text)),
            None => self.outline.push(if is_bold { BlockKind::Bold } else { BlockKind::Paragraph }, text),
        }
    }

    fn open(&mut self, tag: StartTag<'a>) {
        let element = element_of(&tag);
        self.end_implied(element, &tag.name);
        let is_dropped = is_dropped(&tag, element);
        if is_dropped || self.n_dropped > 0 && element != Element::Main {
            self.open_dropped(tag, element, is_dropped);
            return;
        }
        if element.ends_paragraph() {
            self.flush();
            if let Some(code) = &mut self.code {
                code.push('\n');
            }
        }
        if element.is_kept_open() {
            let end_action = self.begin_block(&tag, element);
            self.stack.push(OpenElement { name: tag.name, end_action });
        } else {
            self.begin_inline(&tag, element);
        }
    }

    /// Within a dropped element every element with an end tag is kept open, so that the right end tag ends it.
    fn open_dropped(&mut self, tag: StartTag<'a>, element: Element, is_dropped: bool) {
        let is_closed = tag.closes_itself && (self.n_dropped > 0 || tag.name == "svg");
        if element.is_void() || is_closed {
            return;
        }
        if self.n_dropped == 0 && element.ends_paragraph() {
            self.flush();
        }
        self.n_dropped += usize::from(is_dropped);
        self.stack.push(OpenElement {
            name: tag.name,
            end_action: if is_dropped { EndAction::Dropped } else { EndAction::Plain },
        });
    }

    /// Handles the start tag of an element that does not go on the stack.
    fn begin_inline(&mut self, tag: &StartTag<'a>, element: Element) {
        match element {
            Element::Bold => self.inline.open_bold(),
            Element::Anchor => {
                self.inline.open_link(LinkAddress::from_page(tag.attribute("href").unwrap_or_default()));
                let rel = tag.attribute("rel").unwrap_or_default();
                self.tag = rel.split(' ').any(|rel| rel == "tag").then(String::new);
            }
            Element::Break => self.break_line(),
            Element::Image => self.inline.push(&format!(" {} ", tag.attribute("alt").unwrap_or_default())),
            Element::Heading(level) => self.heading = Some(level),
            Element::Term => self.is_term = true,
            Element::Title => self.title = Some(String::new()),
            Element::Time => self.take_time(tag),
            Element::Metadata => self.take_metadata(tag),
            _ => {}
        }
    }

    /// Handles the start tag of an element that goes on the stack until it ends. Returns what to do at its end.
    fn begin_block(&mut self, tag: &StartTag<'a>, element: Element) -> EndAction {
        match element {
            Element::List => {
                self.outline.open_list(list_style(tag));
                EndAction::List
            }
            Element::Item => {
                self.outline.open_item(tag.attribute("value").and_then(|value| value.trim().parse().ok()));
                EndAction::Item
            }
            Element::Quote => {
                self.outline.open_quote();
                EndAction::Quote
            }
            Element::Pre => {
                self.code.get_or_insert_default();
                EndAction::Pre
            }
            Element::Table => {
                self.outline.mark_row_as_layout();
                EndAction::Plain
            }
            Element::Row => {
                self.outline.open_row();
                EndAction::Row
            }
            Element::Cell => {
                self.inline.reset_bold();
                self.outline.open_cell();
                EndAction::Plain
            }
            Element::Main | Element::Article | Element::Edge => self.begin_region(element),
            _ => EndAction::Plain,
        }
    }

    fn begin_region(&mut self, element: Element) -> EndAction {
        self.outline.mark_row_as_layout();
        let start = self.outline.len();
        match self.regions.open(element, start) {
            Some(Region::Main) => EndAction::Main { n_dropped: std::mem::take(&mut self.n_dropped) },
            Some(region) => EndAction::Region(region),
            None => EndAction::Plain,
        }
    }

    fn break_line(&mut self) {
        if let Some(code) = &mut self.code {
            code.push('\n');
        } else if self.heading.is_some() {
            self.inline.push(" ");
        } else if self.inline.ends_at_break() {
            self.flush();
        } else {
            self.inline.break_line();
        }
    }

    fn take_title(&mut self) {
        let title = self.title.take().unwrap_or_default();
        if self.page.title.is_empty() {
            self.page.title = with_single_blanks(&title);
        }
    }

    fn take_time(&mut self, tag: &StartTag<'a>) {
        let is_change =
            |name: &str| ["modified", "updated"].iter().any(|word| name.to_ascii_lowercase().contains(word));
        let says_so = ["itemprop", "class"].iter().filter_map(|name| tag.attribute(name)).any(is_change);
        if let Some(time) = tag.attribute("datetime") {
            self.page.times.push((says_so, time.to_owned()));
        }
    }

    fn take_metadata(&mut self, tag: &StartTag<'a>) {
        let name = ["name", "property", "itemprop", "http-equiv"].iter().find_map(|name| tag.attribute(name));
        if let (Some(name), Some(content)) = (name, tag.attribute("content")) {
            self.page.metadata.push((name.to_owned(), content.trim().to_owned()));
        }
        if tag.attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) {
            self.page.canonical = tag.attribute("href").map(str::to_owned);
        }
    }

    fn close(&mut self, name: &str) {
        let element = element(name);
        if self.n_dropped == 0 {
            self.end(element);
        }
        if element.is_kept_open() || self.n_dropped > 0 {
            match name {
                "table" => self.close_nearest(&[name], &[]),
                "tr" | "td" | "th" | "thead" | "tbody" | "tfoot" => self.close_nearest(&[name], &["table"]),
                _ => self.close_nearest(&[name], &["td", "th"]),
            }
        }
    }

    /// Applies an end tag to the current paragraph.
    fn end(&mut self, element: Element) {
        match element {
            Element::Title => self.take_title(),
            Element::Bold => self.inline.close_bold(),
            Element::Anchor => {
                self.inline.close_link();
                self.page.tags.extend(self.tag.take().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()));
            }
            Element::Break => self.break_line(),
            Element::Paragraph | Element::Term => self.flush(),
            Element::Heading(_) => {
                self.flush();
                self.heading = None;
            }
            _ => {}
        }
    }

    /// Closes the elements whose end tag may be left out before the start of `element`.
    fn end_implied(&mut self, element: Element, name: &str) {
        match (element, name) {
            (Element::Item, _) => self.close_nearest(&["li"], &["ul", "ol", "menu", "dir"]),
            (_, "dt" | "dd") => self.close_nearest(&["dd"], &["dl"]),
            (Element::Cell, _) => self.close_nearest(&["td", "th"], &["tr", "table"]),
            (Element::Row, _) | (_, "thead" | "tbody" | "tfoot") => self.close_nearest(&["tr"], &["table"]),
            (_, "option") => self.close_nearest(&["option"], &["select"]),
            (_, "body") => self.close_nearest(&["head"], &[]),
            _ => {}
        }
        // A paragraph is kept open only if it is dropped. It ends where the next block begins.
        if element.ends_paragraph() && self.stack.last().is_some_and(|open| open.name == "p") {
            self.close_down_to(self.stack.len() - 1);
        }
    }

    /// Closes the innermost element with one of `names` and all elements in it, unless an element with one of `stops`
    /// is further in.
    fn close_nearest(&mut self, names: &[&str], stops: &[&str]) {
        let near = self.stack.iter().enumerate().rev().take(REACH);
        let found = near
            .take_while(|(_, open)| !stops.contains(&open.name.as_ref()))
            .find(|(_, open)| names.contains(&open.name.as_ref()));
        if let Some((at, _)) = found {
            self.close_down_to(at);
        }
    }

    fn close_down_to(&mut self, len: usize) {
        while self.stack.len() > len {
            let Some(open) = self.stack.pop() else {
                return;
            };
            self.finish(open.end_action);
        }
    }

    /// Applies the end of an element.
    fn finish(&mut self, end_action: EndAction) {
        if self.n_dropped == 0 {
            self.flush();
        }
        match end_action {
            EndAction::Plain => {}
            EndAction::Dropped => self.n_dropped -= 1,
            EndAction::Main { n_dropped } => {
                self.n_dropped = n_dropped;
                self.regions.close(Region::Main, self.outline.len());
            }
            EndAction::Region(region) => self.regions.close(region, self.outline.len()),
            EndAction::List => self.outline.close_list(),
            EndAction::Item => self.outline.close_item(),
            EndAction::Quote => self.outline.close_quote(),
            EndAction::Pre => {
                let code = self.code.take().unwrap_or_default();
                self.outline.push_code(&code);
            }
            EndAction::Row => self.outline.close_row(),
        }
    }
}

/// Returns the text of a heading on one line, without the `¶` that links to it.
fn heading_text(text: &str) -> String {
    text.trim_end_matches([' ', '¶']).replace('\n', " ")
}

fn list_style(tag: &StartTag<'_>) -> ListStyle {
    if tag.name != "ol" {
        return ListStyle::Bullets;
    }
    let start = tag.attribute("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
    if tag.attribute("type").is_some_and(|style| style.eq_ignore_ascii_case("a")) {
        ListStyle::Letters(start)
    } else {
        ListStyle::Numbers(start)
    }
}
