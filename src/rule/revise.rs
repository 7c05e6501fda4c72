//! Applies changes to a text, and shows them as a unified diff.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Lines of context around a change in a diff.
const CONTEXT: usize = 3;

/// A replacement of one place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The byte range that is replaced.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// One hunk of a unified diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Indices of the edits that it contains.
    pub edits: Range<usize>,
    /// `@@ -a,b +c,d @@` and the lines with their marks, each without its line end.
    pub lines: Vec<String>,
}

/// Returns the changes of one file that the fixes of `found` are, in order and without overlap. The fix of a mistake is left out
/// as a whole if it touches that of an earlier one.
pub fn fixes<'d>(found: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for diagnostic in found {
        let new = diagnostic.fix.iter().map(|change| Edit { span: change.span, text: change.text.clone() });
        let new: Vec<Edit> = new.filter(|edit| !edits.contains(edit)).collect();
        if diagnostic.fix.windows(2).any(|pair| pair[1].span.start < pair[0].span.end) {
            continue;
        }
        let apart = |a: &Edit, b: &Edit| a.span.end < b.span.start || b.span.end < a.span.start;
        if new.iter().all(|edit| edits.iter().all(|other| apart(edit, other))) {
            edits.extend(new);
        }
    }
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

/// Returns `text` after all `edits`, which are in order and do not overlap.
pub fn revised(text: &str, edits: &[Edit]) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        new.push_str(&text[at..edit.span.start]);
        new.push_str(&edit.text);
        at = edit.span.end;
    }
    new + &text[at..]
}

/// Returns the changes as the hunks of a unified diff. Changes near each other share a hunk, so that each hunk can be
/// applied alone.
pub fn hunks(text: &str, edits: &[Edit]) -> Vec<Hunk> {
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let starts: Vec<usize> = old
        .iter()
        .scan(0, |at, line| {
            *at += line.len();
            Some(*at - line.len())
        })
        .collect();
    let line_at = |at: usize| starts.partition_point(|&start| start <= at).saturating_sub(1);
    let touched: Vec<Range<usize>> =
        edits.iter().map(|edit| line_at(edit.span.start)..line_at(edit.span.end) + 1).collect();
    let mut diff = Diff { text, old, starts, grown: 0 };
    let mut hunks = Vec::new();
    let mut first = 0;
    for next in 1..=edits.len() {
        let is_near = touched.get(next).is_some_and(|lines| lines.start <= touched[next - 1].end + 2 * CONTEXT);
        if !is_near {
            hunks.push(diff.hunk(edits, &touched, first..next));
            first = next;
        }
    }
    hunks
}

struct Diff<'t> {
    text: &'t str,
    old: Vec<&'t str>,
    /// The byte offset at which each line begins.
    starts: Vec<usize>,
    /// The number of lines that earlier hunks have added, less those that they removed.
    grown: isize,
}

impl Diff<'_> {
    fn hunk(&mut self, edits: &[Edit], touched: &[Range<usize>], range: Range<usize>) -> Hunk {
        let from = touched[range.start].start.saturating_sub(CONTEXT);
        let to = self.old.len().min(touched[range.end - 1].end + CONTEXT);
        let mut body = Vec::new();
        let mut at = from;
        let mut added = 0isize;
        let mut index = range.start;
        while index < range.end {
            // Edits of one line are shown together.
            let mut start = touched[index].start;
            let mut end = touched[index].end;
            let first = index;
            index += 1;
            while index < range.end && touched[index].start < end {
                end = end.max(touched[index].end);
                index += 1;
            }
            let new = self.revised_lines(start..end, &edits[first..index]);
            let mut new: Vec<&str> = new.split_inclusive('\n').collect();
            added += new.len() as isize - (end - start) as isize;
            // An edit that begins or ends at a line's edge changes nothing of the line behind the edge.
            while start < end && new.last() == Some(&self.old[end - 1]) {
                new.pop();
                end -= 1;
            }
            let n_same = new.iter().zip(&self.old[start..end]).take_while(|(new, old)| new == old).count();
            new.drain(..n_same);
            start += n_same;
            self.old[at..start].iter().for_each(|line| mark(&mut body, ' ', line));
            self.old[start..end].iter().for_each(|line| mark(&mut body, '-', line));
            new.iter().for_each(|line| mark(&mut body, '+', line));
            at = end;
        }
        self.old[at..to].iter().for_each(|line| mark(&mut body, ' ', line));
        let (old_len, old_start) = (to - from, from + 1);
        let new_start = old_start.saturating_add_signed(self.grown);
        let head = format!("@@ -{old_start},{old_len} +{new_start},{} @@", old_len.saturating_add_signed(added));
        self.grown += added;
        Hunk { edits: range, lines: std::iter::once(head).chain(body).collect() }
    }

    /// Returns the text of `lines` after `edits`, all of which are in these lines.
    fn revised_lines(&self, lines: Range<usize>, edits: &[Edit]) -> String {
        let start = self.starts[lines.start];
        let end = self.starts.get(lines.end).copied().unwrap_or(self.text.len());
        let moved = edits.iter().map(|edit| Edit {
            span: Span::new(edit.span.start - start, edit.span.end - start),
            text: edit.text.clone(),
        });
        revised(&self.text[start..end], &moved.collect::<Vec<_>>())
    }
}

fn mark(body: &mut Vec<String>, mark: char, line: &str) {
    body.push(format!("{mark}{}", line.trim_end_matches(['\n', '\r'])));
    if !line.ends_with('\n') {
        body.push("\\ No newline at end of file".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit(text: &str, from: &str, to: &str) -> Edit {
        let at = text.find(from).expect("it stands there");
        Edit { span: Span::new(at, at + from.len()), text: to.to_owned() }
    }

    #[test]
    fn a_hunk_has_three_lines_around_and_near_changes_share_one() {
        let text: String = (1..=20).map(|n| format!("line <{n}>\n")).collect();
        let edits = [("<2>", "two"), ("<8>", "eight"), ("<20>", "twenty")].map(|(from, to)| edit(&text, from, to));
        let hunks = hunks(&text, &edits);
        let heads: Vec<(Range<usize>, &str)> =
            hunks.iter().map(|hunk| (hunk.edits.clone(), hunk.lines[0].as_str())).collect();
        assert_eq!(heads, [(0..2, "@@ -1,11 +1,11 @@"), (2..3, "@@ -17,4 +17,4 @@")]);
        let changed: Vec<&str> =
            hunks[0].lines[1..].iter().map(String::as_str).filter(|l| !l.starts_with(' ')).collect();
        assert_eq!(changed, ["-line <2>", "+line two", "-line <8>", "+line eight"]);
    }

    /// Applies the hunks to `text` as `patch` does.
    fn patched(text: &str, hunks: &[Hunk]) -> String {
        let old: Vec<&str> = text.split_inclusive('\n').collect();
        let mut new = String::new();
        let mut at = 0;
        for hunk in hunks {
            let start: usize = hunk.lines[0][4..].split(',').next().expect("a number").parse().expect("a number");
            old[at..start - 1].iter().for_each(|line| new.push_str(line));
            at = start - 1;
            let body = &hunk.lines[1..];
            for (line, next) in body.iter().zip(body[1..].iter().map(Some).chain([None])) {
                let (mark, content) = line.split_at(1);
                let end = if next.is_some_and(|next| next.starts_with('\\')) { "" } else { "\n" };
                if matches!(mark, "+" | " ") {
                    new.push_str(&format!("{content}{end}"));
                }
                if matches!(mark, "-" | " ") {
                    assert_eq!(old[at], format!("{content}{end}"));
                    at += 1;
                }
            }
        }
        old[at..].iter().for_each(|line| new.push_str(line));
        new
    }

    proptest! {
        #[test]
        fn the_diff_leads_to_the_revised_text(
            lines in prop::collection::vec("[a-c]{1,5}", 1..40),
            places in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
            ends in any::<bool>(),
        ) {
            let text = lines.join("\n") + if ends { "\n" } else { "" };
            let mut at: Vec<usize> = places.iter().map(|place| place.index(text.len())).collect();
            at.sort_unstable();
            at.dedup();
            at.retain(|&at| text.as_bytes()[at] != b'\n');
            let edits: Vec<Edit> =
                at.into_iter().map(|at| Edit { span: Span::new(at, at + 1), text: "90%".to_owned() }).collect();
            prop_assert_eq!(patched(&text, &hunks(&text, &edits)), revised(&text, &edits));
        }
    }
}
