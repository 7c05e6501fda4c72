//! Tests what each kind of site adds to Markdown.

use super::*;

#[track_caller]
fn check(text: &str, expect: &str) {
    let lines = |text: &str| -> Vec<String> {
        // Runs of blank lines mean the same as one.
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.dedup_by(|a, b| a.trim().is_empty() && b.trim().is_empty());
        lines
    };
    let rewritten = plain(text);
    assert_eq!(lines(rewritten.trim_matches('\n')), lines(expect), "{text}");
}

#[test]
fn plain_markdown_is_unchanged() {
    for text in [
        "# Belt\n\n- a\n  - b\n\n> quoted\n\n    code <Tab>\n",
        "```sh\nimport x from 'y'\n:::note\n!!! tip\n{% if %}\n<details>\n```\n",
        "Head\n===\n\nA {word} and {{ $value }}, [x](y).\n",
        "Import the belt from 'x'.\n\n!!! It is hot, mind it !!!\n",
        "<div>\n<Event>\n</div>\n",
        "",
    ] {
        check(text, text.trim_matches('\n'));
    }
}

#[test]
fn boxes_begin_with_the_word_that_announces_them() {
    check(":::note\n\nOil it.\n\n:::\n", "NOTE: Oil it.");
    check(":::danger Hot belts\n- a\n:::\n", "CAUTION: Hot belts\n\n- a");
    check("!!! tip\n    Oil it\n    often.\n\nNow go.\n", "TIP: Oil it\noften.\n\nNow go.");
    check("??? warning \"Hot\"\n\n    - a\n", "WARNING: Hot\n\n- a");
    check(":::info\n```\nx\n```\n:::\n", "NOTE:\n\n```\nx\n```");
    check("{{< hint warning >}}\nMind it.\n{{< /hint >}}\n", "WARNING: Mind it.");
    check("{{% alert title=\"Hot belts\" color=\"danger\" %}}Mind it.{{% /alert %}}", "CAUTION: Hot belts Mind it.");
    check("<Admonition type=\"tip\">\n\nOil it.\n\n</Admonition>\n", "TIP: Oil it.");
    check("{: .warning }\nMind it.\n", "WARNING: Mind it.");
    check("> [!NOTE]\n> Oil it.\n", "> NOTE: \n> Oil it.");
}

#[test]
fn code_in_tabs_and_boxes_keeps_its_lines() {
    check(
        "<Tabs groupId=\"x\">\n<TabItem value=\"sh\" label=\"Shell\">\n```sh\na\nb\n```\n</TabItem>\n</Tabs>\n",
        "Shell:\n\n```sh\na\nb\n```\n",
    );
    check(
        "=== \"Shell\"\n\n    ```sh\n    a\n      b\n    ```\n\n=== \"Window\"\n\n    c\n",
        "Shell:\n\n```sh\na\n  b\n```\n\nWindow:\n\nc",
    );
    check(
        "- x\n\n    !!! note\n        y\n\n        ```\n        z\n        ```\n",
        "- x\n\n    NOTE: y\n\n    ```\n    z\n    ```",
    );
    check("=== \"A\"\n    !!! tip\n        t\n\n    u\nv\n", "A:\n\nTIP: t\n\nu\nv");
    check("!!! note\n\tt\n\n\t```\n\tx\n", "NOTE: t\n\n```\nx");
    check("!!! note\n    ```\n    x\ny\n", "NOTE:\n\n```\nx\n```\ny");
    check("{% highlight sh %}\na\n{% if %}\n{% endhighlight %}\nb\n", "```sh\na\n{% if %}\n```\nb");
    check("<div>\n```\na\n```\n</div>\n", "<div>\n\n```\na\n```\n</div>");
}

#[test]
fn parts_that_unfold_have_their_summary_above_them() {
    check(
        "<details><summary>For all</summary>\n1. Stop.\n2. Start.\n</details>\n",
        "For all:\n\n1. Stop.\n2. Start.\n",
    );
    check("<details><summary>More information</summary>\nOld.\n</details>\n", "**More information**\n\nOld.\n");
    check("<details>\n<summary>\nWhy?\n</summary>\n\nCold.\n</details>", "Why?\n\nCold.\n");
}

#[test]
fn tabs_of_headings_are_labels() {
    check("## Fix\n\n# [Shell](#tab/sh)\n\na\n\n---\n", "## Fix\n\nShell:\n\na\n\n---");
    check("# [Belt](#belt)\n", "# [Belt](#belt)");
}

#[test]
fn statements_comments_and_contents_are_dropped() {
    check("import A from '@x';\nimport B from \"y\";\n\n# T\n", "# T");
    check("import {\n  A,\n} from 'x';\n\n{/* no\nmore */}\n\ntext\n", "text");
    check("export const A = () => (\n  <b/>\n);\n\ntext\n", "text");
    check("[[_TOC_]]\n\n* TOC\n{:toc}\n\ntext\n", "text");
    check("{% comment %}\nx\n{% endcomment %}\ntext\n", "text");
    check("a [!INCLUDE [x](y.md)] b\n", "a  b");
}

#[test]
fn addresses_and_values_of_the_site_are_read() {
    check("See [x]({{< ref \"a.md\" >}}) and [y]({{ site.baseurl }}/kb/y/).", "See [x](a.md) and [y](/kb/y/).");
    check("[x](y){:target=\"_blank\"} and ![p](q){ width=\"3\" }.", "[x](y) and ![p](q).");
    check("## Fix {: #fix }", "## Fix");
    check("open {% tag\n\n# Head\n", "open {% tag\n\n# Head");
    check("{{<\n  figure src=\"x\" alt=\"A belt\"\n>}}", "![A belt](x)");
}
