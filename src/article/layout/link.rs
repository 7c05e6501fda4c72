//! Writes links as plain text.

/// The greatest length of an address in bytes. Longer ones contain session data and are left out.
const LONGEST: usize = 300;

/// The address of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinkAddress(String);

impl LinkAddress {
    pub(super) fn new(url: &str) -> Self {
        LinkAddress(url.trim().to_owned())
    }

    /// Makes the address of a link on a web page. A relative address is useless once the page is stored, so it is kept
    /// only if it names an article.
    pub(super) fn from_page(url: &str) -> Self {
        let address = LinkAddress::new(url);
        if address.is_absolute() || address.article().is_some() { address } else { LinkAddress(String::new()) }
    }

    fn is_absolute(&self) -> bool {
        ["http://", "https://", "ftp://", "mailto:"].iter().any(|scheme| starts_with_ignoring_case(&self.0, scheme))
    }

    /// Returns the id of the article at the address, in the form in which texts mention it.
    pub(super) fn article(&self) -> Option<String> {
        article_in(&self.0)
    }
}

/// Returns a link as text: `label (https://…)`, `label (Q305394)`, or `Q305394` if the label is the number. Returns
/// `None` if the label is enough.
pub(super) fn written_out(label: &str, address: &LinkAddress) -> Option<String> {
    if let Some(id) = address.article() {
        let number = id.trim_start_matches('Q');
        return if label == number {
            Some(id)
        } else if label.contains(number) {
            None
        } else {
            Some(join(label, &id))
        };
    }
    let url = address.0.strip_prefix("mailto:").unwrap_or(&address.0);
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    let leads_nowhere = url.is_empty() || url.starts_with('#') || starts_with_ignoring_case(url, "javascript:");
    let is_said = label.contains(bare) && !bare.is_empty();
    (!leads_nowhere && !is_said && url.len() <= LONGEST).then(|| join(label, url))
}

fn join(label: &str, what: &str) -> String {
    if label.is_empty() { what.to_owned() } else { format!("{label} ({what})") }
}

/// Returns the article id in an address: `Q305394` in `…/kb/305394`, `…?kbid=305394`, `…;en-us;305394` or
/// `…/Q305394.htm`; `cb-disk-full` in `../cb-disk-full.md`.
fn article_in(url: &str) -> Option<String> {
    const BEFORE_NUMBER: [&str; 5] = ["kb", "kbid", "help", "us", "article"];
    let mut before = "";
    for word in url.split(|c: char| !(c.is_ascii_alphanumeric())).filter(|word| !word.is_empty()) {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let letters = &word[..word.len() - digits.len()];
        let is_number = (5..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        let is_announced = BEFORE_NUMBER.iter().any(|name| before.eq_ignore_ascii_case(name));
        let has_prefix = ["q", "kb"].iter().any(|prefix| letters.eq_ignore_ascii_case(prefix));
        if is_number && (has_prefix || letters.is_empty() && is_announced) {
            return Some(format!("Q{digits}"));
        }
        before = word;
    }
    named_article(url)
}

/// Returns the id of an article whose file name is its id, such as `cb-disk-full.md`.
fn named_article(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default();
    let is_name =
        name.len() > "cb-".len() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (name.starts_with("cb-") && is_name).then(|| name.to_owned())
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, url: &str, expect: Option<&str>) {
        assert_eq!(written_out(label, &LinkAddress::new(url)).as_deref(), expect);
    }

    #[test]
    fn an_address_follows_its_label_unless_the_label_contains_it() {
        check("the page", "https://acme.example/a", Some("the page (https://acme.example/a)"));
        check("https://acme.example/", "https://acme.example", None);
        check("acme.example/a", "https://acme.example/a", None);
        check("ops", "mailto:ops@acme.example", Some("ops (ops@acme.example)"));
        check("disk full", "../storage/disk-full.md", Some("disk full (../storage/disk-full.md)"));
        check("", "https://acme.example", Some("https://acme.example"));
    }

    #[test]
    fn what_leads_nowhere_is_left_out() {
        check("above", "#top", None);
        check("go", "javascript:void(0)", None);
        check("x", "", None);
        check("x", &format!("https://acme.example/{}", "a".repeat(LONGEST)), None);
        assert_eq!(LinkAddress::from_page("/hc/articles/1-x"), LinkAddress::new(""));
        assert_eq!(LinkAddress::from_page("https://acme.example"), LinkAddress::new("https://acme.example"));
    }

    #[test]
    fn articles_are_mentioned_by_id() {
        check("305394", "https://support.acme.example/kb/305394/en-us", Some("Q305394"));
        check("Mail waits", "/default.aspx?scid=kb;EN-US;305394", Some("Mail waits (Q305394)"));
        check("Q305394", "https://support.acme.example/?kbid=305394", None);
        check("Mail waits", "Q305394.htm", Some("Mail waits (Q305394)"));
        check("Disk full", "../storage/cb-disk-full.md#fix", Some("Disk full (cb-disk-full)"));
    }

    #[test]
    fn other_numbers_are_no_articles() {
        check("x", "https://acme.example/issues/305394", Some("x (https://acme.example/issues/305394)"));
        check("x", "https://acme.example/kb/3053941234", Some("x (https://acme.example/kb/3053941234)"));
    }
}
