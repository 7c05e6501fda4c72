//! Tests how articles are read: fixtures of every layout, the five seed articles, and extreme texts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use casebook::article::{Article, NotAnArticle, Section, SectionKind, decode, parse, parse_file};
use casebook::identifier::IdentifierKind;
use expect_test::expect_file;
use proptest::prelude::*;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/article")
}

#[track_caller]
fn read(path: &Path) -> Article {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = decode(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    parse_file(&text, &path.display().to_string(), "the-file")
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Parses an article. If its text states no id, it gets the id `the-file`.
fn read_bytes(bytes: &[u8]) -> Result<Article, NotAnArticle> {
    decode(bytes).and_then(|text| parse(&text, "the-file"))
}

/// Compares every fixture with the `.expect` file beside it. `UPDATE_EXPECT=1` rewrites those files; review the diff.
#[test]
fn fixtures_parse_as_expected() {
    let mut n_fixtures = 0;
    for layout in ["document", "export", "page", "web_text", "html", "markdown", "asciidoc", "restructured"] {
        for path in fixtures(layout) {
            expect_file![path.with_extension("expect")].assert_eq(&printed(&read(&path)));
            n_fixtures += 1;
        }
    }
    assert_eq!(n_fixtures, 41);
}

#[test]
fn what_is_odd_about_a_page_or_a_runbook_is_said() {
    let said = |text: &str| -> Vec<(&str, String)> {
        let article = parse(text, "the-file").expect("an article");
        let place = |span: casebook::source::Span| text[span.start..span.end].to_owned();
        article.diagnostics.iter().map(|diagnostic| (diagnostic.code, place(diagnostic.span()))).collect()
    };
    let nowhere = String::new;
    assert_eq!(said("<html><body><div id=app></div></body></html>"), [("A002", nowhere()), ("A005", nowhere())]);
    assert_eq!(
        said("---\nupdated: next week\ntags: [a]\n---\n\n# Cause\n\nThe disk is full.\n"),
        [("A002", nowhere()), ("A003", "next week".to_owned())]
    );
    assert_eq!(said("# Disk full\n\nDelete the logs.\n"), []);
}

/// The files of one folder of cases, sorted, without `.expect` files.
fn fixtures(folder: &str) -> Vec<PathBuf> {
    let entries = cases().join(folder).read_dir().expect("fixtures exist");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("is readable").path()).collect();
    paths.retain(|path| path.extension().is_none_or(|extension| extension != "expect"));
    paths.sort();
    paths
}

/// Scripts, settings, logs and letters contain many `#` and tags, but are not articles.
#[test]
fn what_programs_read_or_write_is_no_article() {
    let paths = fixtures("no_article");
    assert_eq!(paths.len(), 10);
    for path in paths {
        let bytes = std::fs::read(&path).expect("is readable");
        assert_eq!(read_bytes(&bytes), Err(NotAnArticle::UnknownLayout), "{}", path.display());
    }
}

/// Prints an article, with one fact on each line.
fn printed(article: &Article) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            writeln!(out, "{name}: {value}").expect("a string takes all");
        }
    };
    line("id", article.id.clone());
    line("aliases", article.aliases.join(" "));
    line("layout", article.layout.name().to_owned());
    line("prefix", article.prefix.clone().unwrap_or_default());
    line("title", article.title.clone());
    line("issue type", article.issue_type.clone().unwrap_or_default());
    for product in &article.products {
        line("product", format!("{} {:?}", product.name, product.versions));
    }
    line("os", article.os.join(" | "));
    line("modified", article.modified.map(|date| date.to_string()).unwrap_or_default());
    line("keywords", article.keywords.join(" "));
    line("technology", article.technology.join(" "));
    for section in &article.sections {
        line("section", format!("{} {} {:?} {:?}", section.level, section.kind.name(), section.title, section.text));
    }
    for procedure in &article.procedures {
        for step in &procedure.steps {
            line("step", format!("{}/{} {:?}", procedure.section, step.number, step.text));
        }
    }
    for reference in &article.references {
        line("reference", format!("{} {:?}", reference.id, reference.title));
    }
    for identifier in &article.identifiers {
        let as_printed = &article.sections[identifier.section].text[identifier.span.start..identifier.span.end];
        let place = format!("{}..{}", identifier.span.start, identifier.span.end);
        line(
            "identifier",
            format!("{} {:?} {}/{place} {as_printed:?}", identifier.kind.name(), identifier.value, identifier.section),
        );
    }
    for diagnostic in &article.diagnostics {
        line("diagnostic", format!("{} {} {:?}", diagnostic.code, diagnostic.title, diagnostic.span()));
    }
    out
}

#[test]
fn two_renderings_of_one_article_differ_in_their_layout_alone() {
    let document = read(&cases().join("document/queue_waits.txt"));
    let page = read(&cases().join("page/queue_waits.md"));
    assert_eq!(Article { layout: document.layout, ..page }, document);
}

#[test]
fn a_page_of_the_old_families_reads_as_its_web_text() {
    let page = read(&cases().join("html/old_kb.html"));
    let web_text = read(&cases().join("web_text/firewall.txt"));
    // Layouts differ in blanks and in the signs for bullets.
    let words = |article: &Article| -> Vec<String> {
        let texts = article.sections.iter().map(|section| section.text.replace('•', "-"));
        texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(words(&page), words(&web_text));
    let bare = |article: &Article| Article {
        layout: web_text.layout,
        identifiers: vec![],
        sections: article
            .sections
            .iter()
            .map(|section| Section { text: String::new(), listings: None, ..section.clone() })
            .collect(),
        ..article.clone()
    };
    assert_eq!(bare(&page), bare(&web_text));
    assert_eq!(
        page.identifiers.iter().map(|found| &found.value).collect::<Vec<_>>(),
        web_text.identifiers.iter().map(|found| &found.value).collect::<Vec<_>>()
    );
}

#[test]
fn encoding_and_line_ends_do_not_change_what_is_read() {
    let text = std::fs::read_to_string(cases().join("web_text/firewall.txt")).expect("the fixture exists");
    let expected = parse(&text, "");
    let crlf = text.replace('\n', "\r\n");
    let windows_1252: Vec<u8> = crlf
        .chars()
        .map(|c| match c {
            '•' => 0x95,
            '“' => 0x93,
            '”' => 0x94,
            _ => u8::try_from(c).expect("the fixture holds no other characters beyond ASCII"),
        })
        .collect();
    assert_eq!(read_bytes(crlf.as_bytes()), expected);
    assert_eq!(read_bytes(format!("\u{feff}{text}").as_bytes()), expected);
    assert_eq!(read_bytes(&windows_1252), expected);
}

#[test]
fn what_is_no_article_says_why() {
    assert_eq!(read_bytes(b""), Err(NotAnArticle::Empty));
    assert_eq!(read_bytes(b"\r\n  \r\n"), Err(NotAnArticle::Empty));
    assert_eq!(read_bytes(b"\x7fELF\x02\x01\x01\x00\x00"), Err(NotAnArticle::Binary));
    assert_eq!(read_bytes(b"Dear all,\n\nthe canteen is shut today.\n"), Err(NotAnArticle::UnknownLayout));
}

#[test]
fn a_cut_off_article_keeps_what_was_there_at_every_length() {
    let text = std::fs::read_to_string(cases().join("document/queue_waits.txt")).expect("the fixture exists");
    let footer = text.find("\nKeywords   ").expect("the fixture has a footer");
    let whole = parse(&text, "").expect("the fixture parses");
    let id_end = text.find("  12-NOV").expect("the fixture has a date");
    for end in (id_end..footer).filter(|&end| text.is_char_boundary(end)) {
        let article = parse(&text[..end], "").expect("a document with an id parses");
        assert_eq!(article.id, whole.id);
        assert!(article.diagnostics.iter().any(|diagnostic| diagnostic.code == "A001"), "cut at {end}");
        assert!(article.sections.len() <= whole.sections.len(), "cut at {end}");
    }
}

proptest! {
    #[test]
    fn parse_never_panics_on_any_text(text in "(DOCUMENT:|---\n|layout: page\n|\tArticle: |Q123456|\\(305394\\)|SYMPTOMS\n|====|---|\t|\\PC|\n| ){0,60}") {
        if let Ok(article) = parse(&text, "") {
            holds_together(&article)?;
        }
    }

    #[test]
    fn parse_never_panics_on_any_page(text in "(<(html|p|b|td|tr|table|li|ul|main|article|aside|pre|h1|dd|title|a href=/kb/12345|p hidden|x y=')>?|</(p|td|tr|ul|main|article|aside|table|a|title)>|&[a-z]{0,3};?|&#[0-9]{0,7};|Q12345|Updated: |2026|\\PC|\n| ){0,60}") {
        if let Ok(article) = parse(&format!("<html>{text}"), "it") {
            holds_together(&article)?;
        }
    }

    #[test]
    fn parse_never_panics_on_any_markdown(text in "(# |- |> |1\\. |```|:::|note|!!! |=== \"|\\{\\{<|>\\}\\}|\\{% |%\\}|<Tab|<summary>|\\[!|\\{:|    |error: |\\||\\[|\\]\\(|\\)|\\*\\*|---\n|title: |id: |<b>|<br|&amp|Applies to: |\\PC|\t|\n| ){0,60}") {
        for start in ["# Title\n\nThis is it.\n", "---\n"] {
            if let Ok(article) = parse(&format!("{start}{text}"), "it") {
                holds_together(&article)?;
            }
        }
    }

    #[test]
    fn parse_never_panics_on_any_asciidoc(text in "(= |== |\\* |\\. |1\\. |----\n|====\n|--\n|\\|===\n|\\||a\\||\\[NOTE\\]\n|\\[source\\]\n|\\+\n|x:: |ifdef::a\\[\\]\n|endif::\\[\\]\n|:a: |\\{a\\}|<<|>>|link:|xref:|\\[|\\]|\\*|_|`|#|\\^|\"`|`\"|\\(\\(|\\)\\)|\\\\|&|\\PC|\t|\n| ){0,60}") {
        if let Ok(article) = parse(&format!("= Title\n:toc:\n\n{text}"), "it") {
            holds_together(&article)?;
        }
    }

    #[test]
    fn parse_never_panics_on_any_restructured_text(text in "(====\n|----\n|\\* |#\\. |a\\) |\\.\\. |note:: |code-block:: |list-table:: |table:: |csv-table:: |toctree::\n|_a: |\\|a\\||:ref:|`|``|`_|__|\\*|\\*\\*|<|>|::\n|:a: |-a  |\\| |\\+--\\+\n|== ==\n|>>> |\\[1\\]_|\\\\|\\PC|\t|   |\n| ){0,60}") {
        if let Ok(article) = parse(&format!("Title\n=====\n\n.. note:: it\n\n{text}"), "it") {
            holds_together(&article)?;
        }
    }

    #[test]
    fn parse_never_panics_on_damaged_articles(
        which in 0usize..9, cut in 0usize..4000, at in 0usize..4000, junk in "(\n|\t|=|-|\"|Q9|1\\. |a\\. |0x|Event ID: 1|é|\u{2022}| ){0,8}",
    ) {
        let path = [
            "document/queue_waits.txt",
            "page/queue_waits.md",
            "web_text/firewall.txt",
            "html/help_centre.html",
            "html/old_kb.html",
            "markdown/front_matter.md",
            "asciidoc/roller.adoc",
            "asciidoc/old_style.txt",
            "restructured/crane.rst",
        ][which];
        let mut text = std::fs::read_to_string(cases().join(path)).expect("the fixture exists");
        text.insert_str(text.floor_char_boundary(at), &junk);
        text.truncate(text.floor_char_boundary(cut));
        if let Ok(article) = parse(&text, "it") {
            holds_together(&article)?;
        }
    }

    #[test]
    fn decode_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = decode(&bytes) {
            prop_assert!(!text.contains('\r'));
        }
    }
}

/// Checks what holds for every article, however strange its text is.
fn holds_together(article: &Article) -> Result<(), TestCaseError> {
    prop_assert!(!article.id.is_empty() && !article.title.is_empty());
    for identifier in &article.identifiers {
        let text = &article.sections[identifier.section].text;
        prop_assert!(text.get(identifier.span.start..identifier.span.end).is_some_and(|printed| !printed.is_empty()));
    }
    for procedure in &article.procedures {
        prop_assert!(procedure.section < article.sections.len() && procedure.steps.len() > 1);
    }
    Ok(())
}

/// The seed article whose file name starts with `number`; `None` if the folder of shared data is missing.
fn seed(number: &str) -> Option<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/seeds");
    let Ok(entries) = folder.read_dir() else {
        println!("skipped: no {}", folder.display());
        return None;
    };
    let mut paths = entries.map(|entry| entry.expect("is readable").path());
    let is_wanted = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(number));
    Some(read(&paths.find(is_wanted).expect("all five seeds are there")))
}

fn products(article: &Article) -> Vec<(&str, Vec<&str>)> {
    article.products.iter().map(|p| (p.name.as_str(), p.versions.iter().map(String::as_str).collect())).collect()
}

fn kinds(article: &Article) -> Vec<SectionKind> {
    article.sections.iter().map(|section| section.kind).collect()
}

fn steps(article: &Article) -> Vec<(usize, String)> {
    let numbers =
        |steps: &[casebook::article::Step]| steps.iter().map(|step| step.number.as_str()).collect::<Vec<_>>().join(" ");
    article.procedures.iter().map(|procedure| (procedure.section, numbers(&procedure.steps))).collect()
}

fn references(article: &Article) -> Vec<(&str, bool)> {
    article.references.iter().map(|reference| (reference.id.as_str(), reference.title.is_some())).collect()
}

fn identifiers(article: &Article) -> Vec<(IdentifierKind, &str, usize)> {
    article.identifiers.iter().map(|found| (found.kind, found.value.as_str(), found.section)).collect()
}

use SectionKind::{Body, Cause, MoreInformation, QueryWords, Resolution, Summary, Symptoms, Workaround};

#[test]
fn seed_000_a_page_with_references() {
    let Some(article) = seed("000") else { return };
    assert_eq!((article.id.as_str(), article.prefix.as_deref()), ("Q262270", None));
    assert_eq!(article.modified, Some(jiff::civil::date(2001, 5, 18)));
    assert_eq!(products(&article), [("Microsoft Exchange Server", vec!["5.5 SP3"])]);
    assert_eq!(
        (article.os, article.keywords),
        (vec!["Microsoft Windows 2000".to_owned()], vec!["exc55sp3".to_owned()])
    );
    assert_eq!((article.issue_type.as_deref(), article.technology.len()), (Some("kbprb"), 4));
}

#[test]
fn seed_000_sections_and_references() {
    let Some(article) = seed("000") else { return };
    assert_eq!(kinds(&article), [Symptoms, Cause, Resolution, MoreInformation]);
    assert_eq!(references(&article), [("Q146556", true), ("Q135919", true), ("Q203204", true)]);
    assert_eq!(article.references[0].title.as_deref(), Some("XFOR: Method Used by IMS to Obtain IP Address"));
    let url = "http://www.microsoft.com/WINDOWS2000/library/howitworks/communications/nameadrmgmt/w2kdns.asp";
    assert_eq!(identifiers(&article), [(IdentifierKind::Url, url, 3), (IdentifierKind::File, "nslookup.exe", 3)]);
    assert_eq!((steps(&article), article.diagnostics), (vec![], vec![]));
}

#[test]
fn seed_001_a_page_with_nested_steps() {
    let Some(article) = seed("001") else { return };
    assert_eq!((article.id.as_str(), article.prefix.as_deref()), ("Q182339", Some("XFOR")));
    assert_eq!(article.modified, Some(jiff::civil::date(1999, 8, 18)));
    assert_eq!(
        products(&article),
        [
            ("Microsoft Exchange Server", vec!["4.0", "5.0", "5.5"]),
            ("Microsoft BackOffice Small Business Server", vec!["4.0", "4.0a", "4.5"]),
        ]
    );
    assert_eq!(kinds(&article), [Summary, MoreInformation, QueryWords]);
    assert_eq!(article.sections[2].text.split(' ').count(), 4);
    let numbers = "1 2 2.a 2.b 2.c 3 4 5 5.a 5.b 5.c 6 6.a 6.b 6.c 6.d 6.e 6.f";
    assert_eq!(steps(&article), [(1, numbers.to_owned())]);
    assert_eq!(
        (article.issue_type.as_deref(), article.keywords.len(), article.technology.len()),
        (Some("kbhowto"), 3, 10)
    );
    assert_eq!(identifiers(&article), [(IdentifierKind::File, "nslookup.exe", 1)]);
    assert_eq!((references(&article), article.os.len()), (vec![], 0));
    assert_eq!(article.diagnostics, []);
}

#[test]
fn seed_001_a_step_holds_its_bullets_and_the_text_before_its_nested_steps() {
    let Some(article) = seed("001") else { return };
    let steps = &article.procedures[0].steps;
    assert_eq!(steps[1].text.lines().count(), 5);
    assert!(steps[1].text.ends_with("To do so, follow these steps:"));
    assert_eq!(steps[0].text.lines().count(), 2);
    assert_eq!(steps[3].text, "Click the Connections tab.");
}

#[test]
fn seed_002_a_document_with_two_steps() {
    let Some(article) = seed("002") else { return };
    assert_eq!((article.id.as_str(), article.prefix.as_deref()), ("Q146556", Some("XFOR")));
    assert_eq!(article.modified, Some(jiff::civil::date(1999, 3, 16)));
    assert_eq!(products(&article), [("Microsoft Exchange Server", vec!["5.0"])]);
    assert_eq!(kinds(&article), [Summary, MoreInformation, QueryWords]);
    assert_eq!(steps(&article), [(1, "1 2".to_owned())]);
    assert_eq!(article.procedures[0].steps[1].text.lines().count(), 5);
    assert_eq!(references(&article), [("Q163391", true), ("Q169790", true)]);
    assert_eq!(article.keywords, ["kbnetwork", "kbusage"]);
    assert_eq!((article.issue_type.as_deref(), article.technology.len(), identifiers(&article)), (None, 3, vec![]));
    assert_eq!(article.diagnostics, []);
}

#[test]
fn seed_003_web_text_with_two_procedures() {
    let Some(article) = seed("003") else { return };
    assert_eq!((article.id.as_str(), article.aliases.len(), article.prefix.as_deref()), ("Q305394", 0, None));
    assert_eq!(article.modified, Some(jiff::civil::date(2005, 11, 9)));
    let expected = [
        ("Microsoft Exchange 2000 Server", vec![]),
        ("Microsoft Exchange Server 2003 Enterprise Edition", vec![]),
        ("Microsoft Exchange Server 2003 Standard Edition", vec![]),
        ("Microsoft Windows Small Business Server 2003, Premium Edition", vec![]),
        ("Microsoft Windows Small Business Server 2003, Standard Edition", vec![]),
    ];
    assert_eq!(products(&article), expected);
    assert_eq!(kinds(&article), [Symptoms, Cause, Resolution]);
    assert_eq!(steps(&article), [(2, "1 2 3".to_owned()), (2, "1 2".to_owned())]);
    assert_eq!((article.keywords, article.issue_type), (vec!["kbprb".to_owned()], Some("kbprb".to_owned())));
    assert_eq!((article.references, article.identifiers, article.diagnostics), (vec![], vec![], vec![]));
}

#[test]
fn seed_004_a_document_with_a_message() {
    let Some(article) = seed("004") else { return };
    assert_eq!((article.id.as_str(), article.prefix.as_deref()), ("Q169781", Some("XFOR")));
    assert_eq!(article.modified, Some(jiff::civil::date(2001, 8, 30)));
    assert_eq!(products(&article), [("Microsoft Exchange Server", vec!["4.0", "5.0"])]);
    assert_eq!(kinds(&article), [Body, Symptoms, Workaround]);
    assert_eq!(steps(&article), [(2, "1 2 3 4 5 6".to_owned())]);
    assert_eq!(references(&article), [("Q150969", false)]);
    let message = "421 NSO hq.com Unable to contact destination SMTP demon nestle.com";
    let parameters = "hklm\\system\\ccs\\services\\msexchangeimc\\parameters";
    let expected = [
        (IdentifierKind::File, "regedit.exe", 0),
        (IdentifierKind::File, "regedt32.exe", 0),
        (IdentifierKind::Message, message, 1),
        (IdentifierKind::Reply, "smtp 421", 1),
        (IdentifierKind::File, "regedit.exe", 2),
        (IdentifierKind::File, "regedt32.exe", 2),
        (IdentifierKind::Registry, parameters, 2),
    ];
    assert_eq!(identifiers(&article), expected);
    assert_eq!((article.keywords, article.issue_type.as_deref()), (vec!["kbusage".to_owned()], Some("kbprb")));
    assert_eq!(article.diagnostics, []);
}

/// If any step took quadratic time, this would take minutes.
#[test]
fn one_enormous_paragraph_is_read_in_linear_time() {
    let unit = "Event ID: 1 Q123456 error \"a b c d e\" 0x8007000E E_FAIL ";
    let text = format!("DOCUMENT:Q900001\n\n{}", unit.repeat(20_000));
    let article = parse(&text, "").expect("a document with an id parses");
    assert_eq!(article.references.len(), 1);
    assert_eq!(article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Event).count(), 20_000);
}

/// The parser splits these texts where the repeated unit occurs. It must not compare every piece with every other.
#[test]
fn what_is_repeated_without_end_is_read_in_linear_time() {
    for unit in [
        "<![CDATA[",
        "cb-",
        "E_",
        "STATUS_",
        "Q12345 (",
        "ARTICLE-ID:                       Q12345 ",
        "Q12345, \"",
        "Q12345\n",
        "| Q12345 | ",
    ] {
        check_linear("DOCUMENT:Q900001\n\n", unit);
    }
}

/// Pages of elements that are not closed, end tags without elements, and comments and attribute values that do not end.
#[test]
fn pages_of_one_tag_are_read_in_linear_time() {
    let start = "<html><h1>Title</h1><p>Text ";
    for unit in [
        "<div>",
        "<b>",
        "<font color=red>",
        "<li>",
        "<ul><li>x",
        "<ol><li><p>x",
        "<table><tr><td>x",
        "<td>x",
        "<tr>",
        "</div>",
        "<blockquote>x",
        "<pre>x",
        "<h2>x",
        "<main>",
        "<article>x",
        "<aside>x",
        "<div hidden>",
        "<a class=share>",
        "<p hidden>x",
        "<dl><dt>x<dd>",
        "<svg>",
        "<title>",
        "<script>",
        "<",
        "</",
        "<!",
        "<!--",
        "<!-- -",
        "<![CDATA[",
        "<a href=",
        "<a b=\"",
        "<a b='>",
        "&",
        "&#",
        "&#xD800;",
        "&notit",
        "<a href=x>y",
        "-<br>",
        "<b>x</b><br>",
        "\0",
        "\u{1}",
        " Updated: ",
    ] {
        check_linear(start, unit);
    }
}

#[test]
fn a_tag_of_many_attributes_is_read_in_linear_time() {
    let tag = |n: usize| format!("<html><p{}>Text.", (0..n).map(|at| format!(" a{at}")).collect::<String>());
    assert!(grows_linearly(&tag(10_000), &tag(40_000)));
}

#[test]
fn markdown_of_one_mark_is_read_in_linear_time() {
    // There is enough prose for the text to count as Markdown whatever follows.
    let start = format!("# Title\n\n{}", "This is the text.\n\n".repeat(300));
    for unit in [
        ">",
        "> ",
        "- ",
        "* ",
        "1. ",
        "\t- ",
        "> - ",
        "[",
        "]",
        "[a](",
        "![",
        "[a]",
        "[^1]",
        "*a ",
        "**a",
        "_a_",
        "`",
        "``` ",
        "~~",
        "<",
        "<a ",
        "<!--",
        "<div>\n",
        "<?",
        "&",
        "\\",
        "| ",
        "|-",
        "# x\n",
        "x\n===\n",
        "- x\n",
        "- x\n\n",
        "\n",
        "\0",
        "[a]: b\n",
        "**x**\n\n",
        "|a|\n|-|\n",
        "{",
        "{{",
        "{{<",
        "{{< a >}}",
        "{% a %}",
        "{:",
        "){:x}",
        ":::",
        ":::image ",
        ":::image alt-text=\"a\"::: ",
        ":::note\n",
        "[!",
        "[!NOTE] ",
        "> [!NOTE]\n",
        "!!! note\n    ",
        "=== \"a\"\n",
        "<Tab>",
        "<Tab ",
        "<summary>",
        "<details>\n",
        "{/*",
        "{% highlight x %}\n",
        "```\nerror: it has failed again\n```\n",
        "`error: it has failed again` ",
        "\"error: it has failed again\" ",
        "A_BELT: it is cold. ",
        "![a](b) ",
        "[\"error a b\" ",
    ] {
        check_linear(&start, unit);
    }
}

#[test]
fn asciidoc_of_one_mark_is_read_in_linear_time() {
    let start = "= Title\n:toc:\n\nThis is the text.\n\n";
    for unit in [
        "* x\n",
        "** x\n*** y\n",
        ". x\n+\n",
        "====\n",
        "====\n=====\n",
        "--\n",
        "----\n",
        "____\n\n",
        "[NOTE]\n",
        "|===\n",
        "|===\na|\n",
        "| ",
        "a| x\n",
        "2*| ",
        "x::\n",
        "x:: y\n",
        "*a ",
        "_a ",
        "`a ",
        "**a",
        "#a ",
        "+a ",
        "++",
        "^a",
        "~",
        "\"`",
        "``a",
        "$$",
        "<<",
        "<<a",
        "((",
        "(((",
        "[[",
        "[.a]",
        "[",
        "]",
        "link:",
        "link:a[",
        "xref:a[",
        "a:",
        "http://",
        "kbd:[",
        "{a}",
        "{",
        "\\",
        "\\*",
        "&",
        "&#",
        "ifdef::a[]\n",
        "ifdef::a[x]\n",
        "endif::[]\n",
        ":a: {a}{a}\n",
        ":a: \\\n",
        "== x\n",
        "x\n-\n",
        "x\n---\n",
        " x\n",
        "+\n",
        "\n",
        "\0",
        "//\n",
        "////\n",
        "<1> ",
        "x <1>\n",
        ".x\n",
        "'''\n",
        "[[a]]\n== b\n<<a>>\n",
    ] {
        check_linear(start, unit);
    }
}

#[test]
fn restructured_text_of_one_mark_is_read_in_linear_time() {
    let start = "Title\n=====\n\n.. note:: x\n\nThis is the text.\n\n";
    for unit in [
        "* x\n",
        "* ",
        "#. ",
        "a) ",
        "- - ",
        "   ",
        "\t",
        "x\n  ",
        "=\n",
        "==\n",
        "====\n",
        "x\n==\n",
        ".. ",
        ".. a::\n",
        ".. note:: ",
        ".. _a:\n",
        ".. _a: b\n",
        ".. |a| replace:: b\n",
        "|a| ",
        "|",
        "| x\n",
        "+--+\n",
        "+--+\n|",
        "== ==\n",
        "== ==\nx\n",
        "`a ",
        "``a ",
        "`a`_ ",
        "`a <b>`_ ",
        ":a:",
        ":ref:`a ",
        ":ref:`a` ",
        "a_ ",
        "_",
        "__",
        "*a ",
        "**a ",
        "[1]_ ",
        "[",
        "\\",
        "x::\n\n",
        "::\n",
        ">>> x\n",
        ":a: b\n",
        "-a  b\n",
        ".. list-table::\n\n   * - a\n\n",
        ".. csv-table::\n\n   \"a, b\n\n",
        "\n",
        "\0",
        "http://",
    ] {
        check_linear(start, unit);
    }
}

#[test]
fn deep_indents_are_read_in_linear_time() {
    let deep = |n: usize| {
        let lines = (0..n).map(|at| format!("{}* x\n", " ".repeat(at.min(200)))).collect::<String>();
        format!("Title\n=====\n\n.. note:: x\n\n{lines}")
    };
    assert!(grows_linearly(&deep(2_000), &deep(8_000)));
}

#[test]
fn documents_of_other_programs_say_how_to_convert_them() {
    let reason = |bytes: &[u8]| read_bytes(bytes).expect_err("no article").to_string();
    assert_eq!(reason(b"%PDF-1.4\n\0"), "a PDF file; convert it with `pdftohtml -s -noframes FILE`");
    assert_eq!(
        reason(b"== Symptoms ==\nThe ramp is '''icy'''.\n\n== Solution ==\n* Salt it.\n"),
        "MediaWiki text; convert it with `pandoc -f mediawiki -t gfm FILE -o FILE.md`"
    );
}

/// The parser checks every open list at every line, so it must limit their number.
#[test]
fn a_deep_list_above_many_lines_is_read_in_linear_time() {
    let text = |n: usize| format!("# Title\n\nThis is the text.\n\n{}x\n{}", "- ".repeat(n), "\n".repeat(n));
    assert!(grows_linearly(&text(10_000), &text(40_000)));
}

#[track_caller]
fn check_linear(start: &str, unit: &str) {
    let text = |bytes: usize| format!("{start}{}", unit.repeat(bytes / unit.len()));
    assert!(grows_linearly(&text(20_000), &text(80_000)), "{unit:?}");
}

/// Whether the time grows linearly from `small` to `large`, which is four times as long: quadratic work would take
/// sixteen times as long. Times close to zero cannot be compared, and count as linear.
fn grows_linearly(small: &str, large: &str) -> bool {
    (0..3).any(|_| {
        let taken = seconds(large);
        taken < 0.1 || taken / seconds(small) < 8.0
    })
}

fn seconds(text: &str) -> f64 {
    let start = Instant::now();
    parse(text, "it").expect("an article");
    start.elapsed().as_secs_f64()
}
