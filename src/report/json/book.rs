//! `casebook book`, `book list` and `book show` with `--format json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::{Catalog, CausePage, ListedCause, RivalCause};
use crate::report::book::{patterns, severity_word};
use crate::report::diagnosis::as_written;
use crate::rule::{
    CauseId, Meta, Pack, Program, Resolution, ResolutionStep, Symptom, SymptomId, Verify, time_statements,
};

/// `casebook book --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Book {
    /// The areas of the bundled packs, by name.
    areas: Vec<BookArea>,
    /// The packs of the workspace's own rule files, in the order of the files.
    own: Vec<BookPack>,
    total: BookTotal,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookArea {
    name: String,
    packs: Vec<BookPack>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookPack {
    pack: String,
    /// Null if the file declares none.
    title: Option<String>,
    /// The path of its file; that of a bundled file begins with `book:`.
    path: String,
    /// The number of its causes.
    causes: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookTotal {
    packs: usize,
    causes: usize,
    symptoms: usize,
    resolutions: usize,
}

/// `casebook book list --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BookList {
    /// In the order of the packs.
    causes: Vec<BookListed>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookListed {
    cause: String,
    title: String,
    pack: String,
}

/// `casebook book show --format json`. In titles and texts, captures are written `{name}`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BookCause {
    cause: String,
    title: String,
    pack: Option<String>,
    /// P(cause) before any evidence, 0–1.
    prior: f64,
    /// The products and versions that it applies to; empty means any.
    applies: Vec<String>,
    /// In the order of the rule.
    shows: Vec<BookShown>,
    against: Vec<BookAgainst>,
    leads_to: Vec<BookLink>,
    /// The causes that lead to it, the most likely one first.
    led_to_by: Vec<BookLink>,
    /// All other causes of its symptoms, those first that are most alike.
    rivals: Vec<BookRival>,
    /// Its symptoms that can be asked or probed.
    checks: Vec<BookCheck>,
    /// In the order to try them.
    resolutions: Vec<BookResolution>,
    articles: Vec<BookArticle>,
    /// The metadata of the cause, in the order of the rule.
    meta: Vec<BookMeta>,
}

/// A key of metadata (`meta`) with its texts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BookMeta {
    key: String,
    texts: Vec<String>,
}

pub(super) fn book_meta(meta: &Meta) -> Vec<BookMeta> {
    meta.iter().map(|(key, texts)| BookMeta { key: key.clone(), texts: texts.clone() }).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookShown {
    /// The chance, 0–1, that the cause alone shows it.
    chance: f64,
    #[serde(flatten)]
    symptom: BookSymptom,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookAgainst {
    /// Seeing it multiplies the prior odds of the cause by this, below 1.
    factor: f64,
    #[serde(flatten)]
    symptom: BookSymptom,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BookSymptom {
    symptom: String,
    title: String,
    /// `low`, `medium`, `high` or `critical`.
    severity: &'static str,
    /// `record`, `question` or `probe`: where it is read from. A question may be read from records as well.
    from: &'static str,
    /// The sources that it is read from; empty means all.
    on: Vec<String>,
    /// Each is enough to show it.
    matches: Vec<BookMatch>,
    /// The condition on all records that show it, if there is one.
    condition: Option<String>,
    /// Whether a condition on time (`when`) must hold as well.
    timed: bool,
    /// The statements about time, as rules write them: `when …`, `unless …`; empty if there are none.
    when: Vec<String>,
    /// Its metadata, in the order of the rule.
    meta: Vec<BookMeta>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookMatch {
    name: String,
    /// As rules write them, `any` for every record, `symptom NAME` for another symptom. One is enough.
    patterns: Vec<String>,
    /// The condition on the record, if there is one.
    condition: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookLink {
    cause: String,
    title: String,
    /// The chance, 0–1, that one leads to the other.
    chance: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookRival {
    cause: String,
    title: String,
    prior: f64,
    /// Symptoms that both show.
    shared: Vec<String>,
    /// Symptoms that speak for this cause and say nothing for the rival.
    for_cause: Vec<String>,
    /// Symptoms that speak for the rival and say nothing for this cause.
    for_rival: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookCheck {
    symptom: String,
    /// Answered with `--answer SYMPTOM=yes`.
    question: Option<String>,
    /// Its output is given with `--probe SYMPTOM=FILE`.
    probe: Option<BookProbe>,
    /// Where to look.
    how: Option<String>,
    /// Time it takes, in seconds.
    cost_s: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookProbe {
    question: String,
    /// The command; casebook never runs it.
    run: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookResolution {
    resolution: String,
    title: String,
    /// The chance, 0–1, that it helps.
    chance: f64,
    /// Time it takes, in seconds.
    cost_s: u64,
    /// `low`, `medium` or `high`.
    risk: &'static str,
    needs: Vec<String>,
    steps: Vec<BookStep>,
    verify: Option<BookVerify>,
    undo: Option<String>,
    irreversible: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookStep {
    text: String,
    /// The command; casebook never runs it.
    run: Option<String>,
}

/// How to see that a resolution worked: a check, or a symptom that is no longer seen for some time.
#[derive(Debug, Serialize, JsonSchema)]
struct BookVerify {
    text: Option<String>,
    run: Option<String>,
    no_symptom: Option<String>,
    for_s: Option<u64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BookArticle {
    id: String,
    /// Null if the article is not known.
    title: Option<String>,
}

/// The answer of `book`.
pub fn book(catalog: &Catalog) -> Book {
    let packs = |packs: &[&Pack]| packs.iter().map(|pack| book_pack(pack)).collect();
    let program = catalog.program;
    Book {
        areas: catalog
            .areas
            .iter()
            .map(|area| BookArea { name: area.name.to_owned(), packs: packs(&area.packs) })
            .collect(),
        own: packs(&catalog.own),
        total: BookTotal {
            packs: program.packs.len(),
            causes: program.causes.len(),
            symptoms: program.symptoms.len(),
            resolutions: program.resolutions.len(),
        },
    }
}

fn book_pack(pack: &Pack) -> BookPack {
    let Pack { name, title, path, causes, .. } = pack;
    BookPack { pack: name.clone(), title: title.clone(), path: path.clone(), causes: causes.len() }
}

/// The answer of `book list`.
pub fn book_list(causes: &[ListedCause]) -> BookList {
    let listed = |ListedCause { cause, pack }: &ListedCause| BookListed {
        cause: cause.name.clone(),
        title: cause.title.to_string(),
        pack: pack.name.clone(),
    };
    BookList { causes: causes.iter().map(listed).collect() }
}

/// The answer of `book show`.
pub fn book_cause(page: &CausePage) -> BookCause {
    let CausePage { program, cause, .. } = page;
    let symptom = |id: SymptomId| book_symptom(program, program.symptom(id));
    let shows = cause.shows.iter().map(|&(id, chance)| BookShown { chance, symptom: symptom(id) });
    let against = cause.against.iter().map(|&(id, factor)| BookAgainst { factor, symptom: symptom(id) });
    let links = |links: &[(CauseId, f64)]| links.iter().map(|link| book_link(program, *link)).collect();
    let articles = page.articles.iter().map(|(id, title)| BookArticle { id: id.clone(), title: title.clone() });
    BookCause {
        cause: cause.name.clone(),
        title: cause.title.to_string(),
        pack: page.pack.map(|pack| pack.name.clone()),
        prior: cause.prior,
        applies: cause.applies.iter().map(ToString::to_string).collect(),
        shows: shows.collect(),
        against: against.collect(),
        leads_to: links(&cause.leads_to),
        led_to_by: links(&page.led_to_by),
        rivals: page.rivals.iter().map(|rival| book_rival(program, rival)).collect(),
        checks: page.checks.iter().map(|id| check(program.symptom(*id))).collect(),
        resolutions: page.resolutions.iter().map(|found| book_resolution(program, *found)).collect(),
        articles: articles.collect(),
        meta: book_meta(&cause.meta),
    }
}

pub(super) fn book_symptom(program: &Program, symptom: &Symptom) -> BookSymptom {
    let from = match symptom {
        Symptom { probe: Some(_), .. } => "probe",
        Symptom { ask: Some(_), .. } => "question",
        _ => "record",
    };
    let matches = symptom.bindings.iter().map(|binding| BookMatch {
        name: binding.name.clone(),
        patterns: patterns(program, binding),
        condition: binding.filter.as_ref().map(ToString::to_string),
    });
    BookSymptom {
        symptom: symptom.name.clone(),
        title: symptom.title.to_string(),
        severity: severity_word(symptom.severity),
        from,
        on: symptom.on.clone(),
        matches: matches.collect(),
        condition: symptom.filter.as_ref().map(ToString::to_string),
        timed: symptom.time.is_some(),
        when: time_statements(symptom),
        meta: book_meta(&symptom.meta),
    }
}

fn book_link(program: &Program, (id, chance): (CauseId, f64)) -> BookLink {
    let cause = program.cause(id);
    BookLink { cause: cause.name.clone(), title: cause.title.to_string(), chance }
}

fn book_rival(program: &Program, rival: &RivalCause) -> BookRival {
    let names = |ids: &[SymptomId]| ids.iter().map(|id| program.symptom(*id).name.clone()).collect();
    let cause = program.cause(rival.cause);
    BookRival {
        cause: cause.name.clone(),
        title: cause.title.to_string(),
        prior: cause.prior,
        shared: names(&rival.shared),
        for_cause: names(&rival.for_cause),
        for_rival: names(&rival.for_rival),
    }
}

fn check(symptom: &Symptom) -> BookCheck {
    let probe = symptom
        .probe
        .as_ref()
        .map(|probe| BookProbe { question: probe.question.to_string(), run: probe.run.as_ref().map(as_written) });
    BookCheck {
        symptom: symptom.name.clone(),
        question: symptom.ask.as_ref().map(ToString::to_string),
        probe,
        how: symptom.how.as_ref().map(ToString::to_string),
        cost_s: symptom.cost.as_secs(),
    }
}

fn book_resolution(program: &Program, (resolution, chance): (&Resolution, f64)) -> BookResolution {
    let step = |step: &ResolutionStep| BookStep { text: step.text.to_string(), run: step.run.as_ref().map(as_written) };
    let verify = resolution.verify.as_ref().map(|verify| match verify {
        Verify::Silence(symptom, time) => BookVerify {
            text: None,
            run: None,
            no_symptom: Some(program.symptom(*symptom).name.clone()),
            for_s: Some(time.as_secs()),
        },
        Verify::Check(check) => {
            let BookStep { text, run } = step(check);
            BookVerify { text: Some(text), run, no_symptom: None, for_s: None }
        }
    });
    BookResolution {
        resolution: resolution.name.clone(),
        title: resolution.title.to_string(),
        chance,
        cost_s: resolution.cost.as_secs(),
        risk: resolution.risk.name(),
        needs: resolution.needs.iter().map(ToString::to_string).collect(),
        steps: resolution.steps.iter().map(step).collect(),
        verify,
        undo: resolution.undo.as_ref().map(ToString::to_string),
        irreversible: resolution.irreversible,
    }
}
