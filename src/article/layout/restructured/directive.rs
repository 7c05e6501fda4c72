//! Prints directives: `.. note::`, `.. code-block:: bash`, `.. toctree::`.

use super::line::{self, Line};
use super::reader::Reader;
use crate::article::field_name::field_named;
use crate::article::layout::blocks::{BlockKind, ListStyle};
use crate::article::layout::inline::InlineText;
use crate::article::layout::link::{LinkAddress, written_out};
use crate::article::layout::{csv_line, html, notices};

/// What a directive does with its argument and its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Prints both after a label. The label is the argument if it is empty here.
    Admonition(&'static str),
    /// Prints the content unchanged.
    Code,
    /// Prints the argument in bold type, and the content.
    Titled,
    /// Prints the argument, and the content indented.
    Described,
    /// Prints the argument and the content.
    Plain,
    /// Prints the content alone.
    Group,
    CodeTab,
    Contents,
    Image,
    File,
    ListTable,
    CsvTable,
    RawText,
    Metadata,
    Nothing,
}

fn effect(name: &str) -> Effect {
    match name {
        "note" => Effect::Admonition("NOTE"),
        "tip" | "hint" => Effect::Admonition("TIP"),
        "important" => Effect::Admonition("IMPORTANT"),
        "warning" | "danger" => Effect::Admonition("WARNING"),
        "caution" | "attention" => Effect::Admonition("CAUTION"),
        "error" => Effect::Admonition("ERROR"),
        "seealso" => Effect::Admonition("See also"),
        "todo" => Effect::Admonition("TODO"),
        "versionadded" => Effect::Admonition("Added in version"),
        "versionchanged" => Effect::Admonition("Changed in version"),
        "deprecated" => Effect::Admonition("Deprecated since version"),
        "admonition" => Effect::Admonition(""),
        "code" | "code-block" | "sourcecode" | "parsed-literal" | "prompt" | "console" | "math" | "command-output"
        | "productionlist" | "graphviz" | "digraph" | "graph" | "mermaid" | "uml" | "blockdiag" | "seqdiag"
        | "ditaa" | "ipython" | "doctest" | "testcode" | "testoutput" | "terminal" => Effect::Code,
        "rubric" | "topic" | "sidebar" | "table" | "tab" | "tab-item" | "group-tab" | "dropdown" | "details"
        | "collapse" | "card" | "grid-item-card" => Effect::Titled,
        "code-tab" => Effect::CodeTab,
        "tabs" | "tab-set" | "container" | "class" | "rst-class" | "cssclass" | "compound" | "only" | "ifconfig"
        | "grid" | "grid-item" | "hlist" | "epigraph" | "highlights" | "pull-quote" | "glossary" => Effect::Group,
        "toctree" => Effect::Contents,
        "image" | "figure" | "thumbnail" => Effect::Image,
        "include" | "literalinclude" | "remote-include" => Effect::File,
        "list-table" => Effect::ListTable,
        "csv-table" => Effect::CsvTable,
        "raw" => Effect::RawText,
        "meta" => Effect::Metadata,
        "contents" | "index" | "highlight" | "tabularcolumns" | "role" | "default-role" | "currentmodule"
        | "py:currentmodule" | "module" | "py:module" | "program" | "sectnum" | "header" | "footer"
        | "target-notes" | "default-domain" | "sectionauthor" | "moduleauthor" | "codeauthor" | "testsetup"
        | "testcleanup" | "title" => Effect::Nothing,
        "option" | "envvar" | "confval" | "function" | "method" | "data" | "describe" | "object" | "cmdoption" => {
            Effect::Described
        }
        name if name.contains(':') => Effect::Described,
        _ => Effect::Plain,
    }
}

impl Reader<'_> {
    /// Prints the directive `name` with `argument`. `below` is indented below it: options, then its content.
    pub(super) fn directive(&mut self, name: &str, argument: &str, below: &[Line<'_>], depth: usize) {
        let n_options = n_options(below);
        let (options, content) = below.split_at(n_options);
        let option = |name: &str| {
            options
                .iter()
                .find_map(|line| line::field(line.text).filter(|(known, _)| *known == name))
                .map(|(_, value)| value)
        };
        match effect(name) {
            Effect::Admonition(label) => self.admonition(label, argument, content, depth),
            Effect::Code => {
                self.titled(option("caption").unwrap_or_default());
                if name == "parsed-literal" { self.parsed(content) } else { self.push_code(content) }
            }
            Effect::CodeTab => {
                self.titled(argument.split_once(' ').map_or("", |(_, title)| title));
                self.push_code(content);
            }
            Effect::Titled => {
                self.titled(argument);
                self.blocks(content, depth + 1);
            }
            Effect::Described => {
                self.push_text(argument);
                self.settle();
                self.outline.open_quote();
                self.blocks(content, depth + 1);
                self.outline.close_quote();
            }
            Effect::Plain => {
                self.push_text(argument);
                self.blocks(content, depth + 1);
            }
            Effect::Group => self.blocks(content, depth + 1),
            Effect::Contents => {
                self.titled(option("caption").unwrap_or_default());
                self.contents(argument, content);
            }
            Effect::Image => {
                self.push_text(option("alt").unwrap_or_default());
                self.blocks(content, depth + 1);
            }
            // The text is not there, so the reader is told where it is.
            Effect::File => {
                let path = argument.strip_prefix('<').map_or(argument, |_| "");
                self.push_link("", path);
            }
            Effect::ListTable => {
                self.titled(argument);
                self.list_table(content, depth);
            }
            Effect::CsvTable => {
                self.titled(argument);
                self.csv_table(option("header"), content, depth);
            }
            Effect::RawText => {
                if argument.contains("html") {
                    self.settle();
                    html::read_into(self.outline, &line::joined(content));
                }
            }
            Effect::Metadata => self.metadata(options),
            Effect::Nothing => {}
        }
    }

    fn admonition(&mut self, label: &str, argument: &str, content: &[Line<'_>], depth: usize) {
        self.settle();
        self.outline.open_quote();
        let (label, text) = if label.is_empty() { (argument, "") } else { (label, argument) };
        let is_version = label.ends_with("version");
        // The version belongs to the label.
        let (version, text) = if is_version { text.split_once(' ').unwrap_or((text, "")) } else { ("", text) };
        self.label = format!("{label} {version}").trim_end().to_owned();
        let mut lines = vec![Line { indent: line::margin(content), text }];
        lines.extend_from_slice(content);
        self.blocks(&lines, depth + 1);
        self.settle();
        self.outline.close_quote();
    }

    /// Adds the fields that describe the text.
    fn metadata(&mut self, options: &[Line<'_>]) {
        let named = options.iter().filter_map(|line| line::field(line.text));
        for (name, value) in named.filter_map(|(name, value)| Some((field_named(name)?, value))) {
            self.fields.extend(notices::split_value(name, value).map(|value| (name, value.to_owned())));
        }
    }

    /// Prints a table whose rows are lines of values.
    fn csv_table(&mut self, header: Option<&str>, content: &[Line<'_>], depth: usize) {
        let lines = header.into_iter().chain(content.iter().map(|line| line.text));
        for line in lines.filter(|line| !line.is_empty()) {
            let values: Vec<String> = csv_line::values(line, ',').collect();
            let cells: Vec<[Line<'_>; 1]> = values.iter().map(|value| [Line::new(value)]).collect();
            let cells: Vec<&[Line<'_>]> = cells.iter().map(|cell| &cell[..]).collect();
            self.row(&cells, depth);
        }
    }

    fn titled(&mut self, title: &str) {
        let title = self.plain(title);
        if !title.is_empty() {
            self.settle();
            self.outline.push(BlockKind::Bold, title);
        }
    }

    /// Prints lines of code that contain marks.
    fn parsed(&mut self, content: &[Line<'_>]) {
        self.settle();
        let code = super::plain_lines(&line::joined(content), self.targets);
        self.outline.push_code(&code);
    }

    fn push_link(&mut self, label: &str, address: &str) {
        self.settle();
        let address = LinkAddress::new(address);
        let text = written_out(label, &address).unwrap_or_else(|| label.to_owned());
        self.outline.push(BlockKind::Paragraph, text);
    }

    /// Prints the entries of a table of contents as links.
    fn contents(&mut self, argument: &str, content: &[Line<'_>]) {
        self.settle();
        self.outline.open_list(ListStyle::Bullets);
        for entry in std::iter::once(argument).chain(content.iter().map(|line| line.text)) {
            let is_pattern = entry.contains(['*', '?']) || entry == "self";
            if entry.is_empty() || is_pattern {
                continue;
            }
            let (label, target) = super::role::label_and_target(entry);
            let (label, target) = target.map_or(("", entry), |target| (label, target));
            self.outline.open_item(None);
            let mut inline = InlineText::default();
            inline.push(label);
            self.push_link(&inline.take(), target);
            self.outline.close_item();
        }
        self.outline.close_list();
    }

    /// Prints a table that is written as a list of lists.
    fn list_table(&mut self, content: &[Line<'_>], depth: usize) {
        for row in items(content) {
            let cells = items(&row);
            let cells: Vec<&[Line<'_>]> = cells.iter().map(Vec::as_slice).collect();
            self.row(&cells, depth);
        }
    }
}

/// Returns the number of lines of options at the start of what is below a directive.
fn n_options(below: &[Line<'_>]) -> usize {
    let margin = below.first().map_or(0, |line| line.indent);
    let mut at = 0;
    while below.get(at).is_some_and(|line| line.indent == margin && line::field(line.text).is_some()) {
        at += 1 + below[at + 1..].iter().take_while(|line| !line.is_blank() && line.indent > margin).count();
    }
    at
}

/// Splits the items of a list with bullets: the lines of each, without its bullet.
fn items<'t>(lines: &[Line<'t>]) -> Vec<Vec<Line<'t>>> {
    let margin = line::margin(lines);
    let mut found: Vec<Vec<Line<'t>>> = Vec::new();
    for line in lines {
        let item = line::item(line.text).or((matches!(line.text, "*" | "-")).then_some(line::ItemStart {
            marker: line::Marker::Bullet('-'),
            width: 2,
            text: "",
        }));
        match item.filter(|_| line.indent == margin && !line.is_blank()) {
            Some(item) => found.push(vec![Line { indent: line.indent + item.width, text: item.text }]),
            None => {
                if let Some(last) = found.last_mut() {
                    last.push(*line);
                }
            }
        }
    }
    found
}
