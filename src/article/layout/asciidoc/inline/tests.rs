//! Tests of marks within a paragraph.

use super::*;
use crate::article::layout::inline::InlineText;
use crate::article::layout::piece::fill;

#[track_caller]
fn check(text: &str, expect: &str) {
    let titles = Titles::from([("fix".to_owned(), "The fix".to_owned())]);
    let mut inline = InlineText::default();
    fill(&mut inline, &pieces(text, &titles));
    assert_eq!(inline.take(), expect);
}

#[test]
fn marks_of_type_are_removed() {
    check("a *b* _c_ `d` #e# **f**g __h__i H~2~O x^2^", "a b c d e fg hi H2O x2");
    check("[.path]`a` [.x]#b# `+c*d*+` +e*f*+ $$*g*$$", "a b c*d* e*f* *g*");
    check("`_<name>_` and `pod`s, \"`so`\" and ``so''", "<name> and pods, “so” and “so”");
}

#[test]
fn marks_without_an_end_are_text() {
    check(
        "2 * 3 * 4, a_b_c, `x, *y, ~/a and ~/b, #5 and #6, C++",
        "2 * 3 * 4, a_b_c, `x, *y, ~/a and ~/b, #5 and #6, C++",
    );
    check("\\*a* \\_b_ \\{c} \\<<d>>", "*a* _b_ {c} <<d>>");
}

#[test]
fn links_and_references_are_written_out() {
    check("<<fix>>, <<fix,there>>, <<other.adoc#x,the other>>", "The fix, there, the other (other.adoc#x)");
    check("xref:#fix[], xref:a.adoc[A *b*].", "The fix, A b (a.adoc).");
    check(
        "see https://acme.example/a_b_[x], <https://acme.example>",
        "see x (https://acme.example/a_b_), https://acme.example",
    );
    check(
        "[[here]]a (((index)))b ((c)) {unknown-name} `{kept}` &#8217; &amp; x +\ny",
        "a b c unknown-name {kept} ’ & x\ny",
    );
}
