//! Finds what a notification of an alert is about: its name and annotations. Its labels name the place of the alert, such as a
//! pod called `cart`, and would lead a search astray.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// The label with the name of an alert, as Prometheus, Alertmanager, Grafana and what they notify write it: `alertname="X"`,
/// `"alertname": "X"`, `alertname = X`.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?-u)\balertname\\?"?\s?[:=]\s?\\?"?([A-Za-z_][\w:-]*)"#).expect("a regex that compiles")
});

/// An annotation or title, up to the quote or the line that ends it.
static ANNOTATION: LazyLock<Regex> = LazyLock::new(|| {
    let pattern =
        r#"(?-u:\b)(summary|description|message|title|runbook_url|runbook)\\?"?(?-u:\s)?[:=](?-u:\s)?\\?"?([^"\\\n]+)"#;
    Regex::new(pattern).expect("a regex that compiles")
});

/// The text to search for if `text` is a notification of alerts: their names, what their annotations say, and the names of their
/// runbooks. `None` if it names no alert. Takes time linear in the text.
pub(super) fn searched_text(text: &str) -> Option<String> {
    if !text.contains("alertname") {
        return None;
    }
    let mut parts: Vec<&str> = NAME.captures_iter(text).filter_map(|found| Some(found.get(1)?.as_str())).collect();
    if parts.is_empty() {
        return None;
    }
    for found in ANNOTATION.captures_iter(text) {
        let (Some(name), Some(value)) = (found.get(1), found.get(2)) else { continue };
        let value = value.as_str().trim();
        let is_runbook = name.as_str().starts_with("runbook");
        parts.push(if is_runbook { name_of_page(value) } else { value });
    }
    let mut known = BTreeSet::new();
    parts.retain(|part| known.insert(*part));
    Some(parts.join(" "))
}

/// The last part of an address or path, without the suffix of a file.
fn name_of_page(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    last.rsplit_once('.').map_or(last, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(searched_text(text).as_deref(), expected);
    }

    #[test]
    fn an_alert_is_searched_for_by_its_name_and_annotations() {
        check(
            r#"{"status":"firing","labels":{"alertname":"BeltTooSlow","pod":"cart-7"},"annotations":{"summary":"The belt is slow.","runbook_url":"https://books.example/belts/belt-slow.html#see"}}"#,
            Some("BeltTooSlow The belt is slow. belt-slow"),
        );
        check(r#"ALERTS{alertname="BeltTooSlow", pod="cart-7"} 1"#, Some("BeltTooSlow"));
        check(
            "Labels:\n - alertname = BeltTooSlow\n - pod = cart-7\nAnnotations:\n - description = Slow.\n",
            Some("BeltTooSlow Slow."),
        );
        check(r#"{"firing": "Labels:\n - alertname = BeltTooSlow\n - pod = cart"}"#, Some("BeltTooSlow"));
        check(r#"{"body":"{\"alertname\":\"BeltTooSlow\",\"pod\":\"cart\"}"}"#, Some("BeltTooSlow"));
    }

    #[test]
    fn each_alert_of_a_notification_counts_once() {
        let one = |name: &str| format!(r#"{{"labels":{{"alertname":"{name}"}}}}"#);
        check(&[one("A_b"), one("C:d"), one("A_b")].join(","), Some("A_b C:d"));
    }

    #[test]
    fn other_records_are_no_alerts() {
        check(r#"{"message":"the belt is slow","title":"Belt"}"#, None);
        check("the alertname is missing", None);
        check("", None);
    }
}
