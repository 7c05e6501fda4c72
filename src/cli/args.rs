//! The command line: what can be given, and the help that says so.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::eval::own;
use crate::log;

/// Search KB articles by symptom, diagnose logs, and write the rules that tie them together.
#[derive(Debug, Parser)]
#[command(name = "casebook", version, propagate_version = true, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Cli {
    /// Workspace folder; without it, the nearest folder upwards with a casebook.toml, else one store per user
    #[arg(long, global = true, value_name = "DIR", env = "CASEBOOK_WORKSPACE", help_heading = "Global options")]
    pub(super) workspace: Option<PathBuf>,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub(super) color: Color,

    #[command(subcommand)]
    pub(super) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  casebook diagnose /var/log/mail.log          what is wrong, why, and what to do
  journalctl -u nginx | casebook diagnose -    the same for what is piped in
  casebook search 421 Unable to contact destination SMTP daemon
  casebook show Q169781
  casebook ingest ~/kb-archive                 make articles searchable
  casebook rule test rules/                    run the tests beside the rules

Exit codes: 0 done, 1 a rule test failed or --fail-on was reached, 2 usage, 3 bad input or rules, 4 failure";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find what is wrong in a log: ranked causes, articles and fixes, with their evidence
    Diagnose(Diagnose),
    /// Look after cases, which `diagnose --case` keeps
    #[command(subcommand, after_help = CASE_EXAMPLES)]
    Case(Case),
    /// Find articles by symptom or by a pasted message
    Search(Search),
    /// Print an article
    Show(Show),
    /// Read articles from files and folders into the store
    Ingest(Ingest),
    /// Check and test rules
    #[command(subcommand)]
    Rule(Rule),
    /// Look after articles
    #[command(subcommand)]
    Kb(Kb),
    /// Measure how good the search is
    #[command(subcommand)]
    Eval(Eval),
    /// Find articles by meaning as well as by words, with a sentence encoder of your own
    #[cfg(feature = "semantic")]
    #[command(subcommand)]
    Semantic(Semantic),
    /// Say what the store holds
    Status(Output),
    /// Make a workspace: a casebook.toml, a folder for articles and one for rules
    Init(Init),
}

#[derive(Debug, Args)]
pub(super) struct Output {
    /// Form of the answer
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading
    Text,
    /// For programs; the schemas are in docs/schema
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Diagnose {
    /// Log files, gzipped or not; `-` reads what is piped in or pasted. With --case, those of the case if none is named
    #[arg(value_name = "FILE", required_unless_present_any = ["source", "case"])]
    pub(super) files: Vec<PathBuf>,

    /// Keep what was given and what came of it in this file (TOML), and go on from there if it exists:
    /// `--case mail.toml mail.log`, and later `--case mail.toml --answer outbound_queue_grows=yes`
    #[arg(long, value_name = "CASE.toml", value_parser = case_file)]
    pub(super) case: Option<PathBuf>,

    /// Go on at a prompt: asks what is worth finding out, and says after each answer what it changes
    #[arg(long, short, conflicts_with_all = ["format", "why", "why_not"])]
    pub(super) interactive: bool,

    /// Read PATH as the source called NAME, which the `on` of rules can ask for; may be repeated
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    pub(super) source: Vec<(String, String)>,

    #[arg(long, value_name = "NAME", help = log_format_help())]
    pub(super) log_format: Option<String>,

    /// A log of ordinary times, or a folder of them: what is in it is searched for after what is new, unless it comes ten
    /// times as often; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(super) baseline: Vec<PathBuf>,

    /// Answer the question of a symptom: yes, no or unknown; may be repeated
    #[arg(long, value_name = "SYMPTOM=ANSWER", value_parser = answer)]
    pub(super) answer: Vec<(String, Option<bool>)>,

    /// Give the output of a symptom's probe; may be repeated
    #[arg(long, value_name = "SYMPTOM=FILE", value_parser = pair)]
    pub(super) probe: Vec<(String, String)>,

    /// Say which version of a product runs, such as exchange=5.5; may be repeated
    #[arg(long, value_name = "PRODUCT=VERSION", value_parser = pair)]
    pub(super) product: Vec<(String, String)>,

    /// Say that a resolution was tried and did not help; may be repeated
    #[arg(long, value_name = "RESOLUTION")]
    pub(super) tried: Vec<String>,

    /// Add where the probability of this cause comes from: prior, evidence, rivals
    #[arg(long, value_name = "CAUSE")]
    pub(super) why: Option<String>,

    /// Add why this symptom was not seen: which records come nearest, and what keeps each from showing it; may be repeated.
    /// The logs are read once more for it, and what is piped in is kept in memory for that
    #[arg(long, value_name = "SYMPTOM")]
    pub(super) why_not: Vec<String>,

    /// Exit with 1 when the verdict is at least this sure
    #[arg(long, value_name = "VERDICT")]
    pub(super) fail_on: Option<FailOn>,

    /// Entries of each list
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit)]
    pub(super) limit: usize,

    /// Form of the answer: `--format html app.log > report.html`
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(super) format: DiagnoseFormat,
}

const CASE_EXAMPLES: &str = "\
Examples:
  casebook diagnose -i --case mail.toml mail.log     begin a case, and go on at a prompt
  casebook diagnose --case mail.toml                 read its logs again
  casebook case show mail.toml
  casebook case note mail.toml the name server was moved on Monday
  casebook case close mail.toml --fixed-by correct_dns
  casebook case list cases/";

#[derive(Debug, Subcommand)]
pub(super) enum Case {
    /// Print a case: what was given, what came of it, how it ended
    Show(CaseShow),
    /// List the cases in a folder
    List(CaseList),
    /// Say how a case ended
    Close(CaseClose),
    /// Write something down in a case
    Note(CaseNote),
}

#[derive(Debug, Args)]
pub(super) struct CaseShow {
    /// The case
    #[arg(value_name = "CASE.toml")]
    pub(super) file: PathBuf,

    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct CaseList {
    /// Folder with cases
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) dir: PathBuf,

    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct CaseClose {
    /// The case
    #[arg(value_name = "CASE.toml")]
    pub(super) file: PathBuf,

    /// The resolution that mended it
    #[arg(long, value_name = "RESOLUTION", required_unless_present = "unresolved", conflicts_with = "unresolved")]
    pub(super) fixed_by: Option<String>,

    /// Nothing mended it, or nobody looked further
    #[arg(long)]
    pub(super) unresolved: bool,

    /// What was wrong, where the resolution alone does not tell
    #[arg(long, value_name = "CAUSE")]
    pub(super) cause: Option<String>,

    /// Anything else worth knowing
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,

    /// Close it anew though it is closed
    #[arg(long)]
    pub(super) again: bool,
}

#[derive(Debug, Args)]
pub(super) struct CaseNote {
    /// The case
    #[arg(value_name = "CASE.toml")]
    pub(super) file: PathBuf,

    /// What to write down
    #[arg(value_name = "TEXT", required = true)]
    pub(super) text: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DiagnoseFormat {
    /// For reading: `casebook diagnose app.log`
    Text,
    /// For programs; the schema is in docs/schema: `casebook diagnose --format json app.log | jq .causes`
    Json,
    /// To paste into a ticket: `casebook diagnose --format markdown app.log > ticket.md`
    Markdown,
    /// One page with the log lines, for a browser: `casebook diagnose --format html app.log > report.html`
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Likely,
    Known,
}

const SEARCH_SYNTAX: &str = r#"Words are searched in any order. Put the query in single quotes where it holds any of these:
  '"public folder" slow'               words that stand together
  'calendar -outlook -"free busy"'     words and phrases that must not occur; not to begin with
  'mail product:exchange version:5.5'  a product, and a version; a part of the name will do
  'queue kind:howto'                   bug, fix, prb, howto, info, or what titles begin with
  'disk section:cause'                 all words stand in the cause, symptoms, resolution …
  'code:E_OUTOFMEMORY'                 an error code in any spelling: 0x8007000e, -2147024882
  'event:9035 source:MSExchangeIMC'    an event and what logs it; or event:MSExchangeIMC/9035
  'crash file:store.exe'               a program, library or driver
  'id:Q169781'                         an article by its id or alias
  'mail since:2000-03 until:2001'      last modified within these years, months or days
  'restart in:runbooks'                a collection
  'mail -product:outlook'              a minus before a field leaves out what fulfils it
What does not read like one of these is text, and so is all of a pasted text of several lines."#;

#[derive(Debug, Args)]
#[command(after_help = SEARCH_SYNTAX)]
pub(super) struct Search {
    /// Words in any order, or a pasted message; phrases, exclusions and filters as below
    #[arg(value_name = "QUERY", required_unless_present_any = ["more_like", "interactive"], allow_negative_numbers = true)]
    pub(super) query: Vec<String>,

    /// Search this collection alone; may be repeated: `--in runbooks restart`. The word in:runbooks in the query means the
    /// same
    #[arg(long = "in", value_name = "NAME")]
    pub(super) only: Vec<String>,

    /// Count all articles found by collection, product, kind and year: `--facets mail`
    #[arg(long)]
    pub(super) facets: bool,

    /// Say of each hit where its score comes from, word by word: `--explain ndr on nt4`
    #[arg(long)]
    pub(super) explain: bool,

    /// Say why this article is not among the hits, or where it stands: `--why-not Q169781 mail stays in queue`
    #[arg(long, value_name = "ID", conflicts_with = "more_like")]
    pub(super) why_not: Option<String>,

    /// Find articles like this one, by the most telling words of its title and opening: `--more-like Q169781`; a query
    /// beside it restricts them and adds words: `--more-like Q169781 product:exchange`
    #[arg(long, value_name = "ID")]
    pub(super) more_like: Option<String>,

    /// Go on at a prompt: read a hit by its number, turn the page, refine the query: `-i mail stays in queue`
    #[arg(long, short, conflicts_with_all = ["format", "why_not", "more_like"])]
    pub(super) interactive: bool,

    /// Hits shown, at most; articles that say the same count as one: `--limit 3`
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit)]
    pub(super) limit: usize,

    /// Rank with the weights in this file instead of the workspace's, such as one that `eval search --fit` wrote
    #[arg(long, value_name = "FILE")]
    pub(super) ranking: Option<PathBuf>,

    /// Form of the answer: `--format csv mail stays in queue > hits.csv`
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(super) format: SearchFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SearchFormat {
    /// For reading
    Text,
    /// For programs; the schema is in docs/schema
    Json,
    /// One row a hit: id, title, score, product, version, date, section, snippet, source
    Csv,
    /// A list to paste into a ticket, each hit linked to its source
    Markdown,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// Id in any form: Q169781, KB169781, 169781, cb-disk-full
    #[arg(value_name = "ID")]
    pub(super) id: String,

    /// Add the articles that have to do with it: near-copies, references both ways, the same codes
    #[arg(long)]
    pub(super) related: bool,

    /// Add by what a log gives it away: messages with holes for what changes, events, codes and files, each with how rare it is
    #[arg(long)]
    pub(super) signatures: bool,

    /// Related articles shown
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit, requires = "related")]
    pub(super) limit: usize,

    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Ingest {
    /// Files, folders and archives (tar, tar.gz, tar.zst, zip); without any, those of the workspace and those ingested
    /// before
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The collection that the articles at these paths belong to; without it, each is named after its file or folder
    #[arg(long, value_name = "NAME", requires = "paths")]
    pub(super) collection: Option<String>,

    /// Forget articles from files and folders that are not among these inputs
    #[arg(long)]
    pub(super) prune: bool,

    /// Compare every file by content, also those whose size and times say that they are unchanged
    #[arg(long)]
    pub(super) verify: bool,

    /// Go on watching these inputs and take over changes as they happen, until interrupted
    #[arg(long)]
    pub(super) watch: bool,

    /// Exit with 3 when any file was skipped
    #[arg(long)]
    pub(super) strict: bool,

    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Subcommand)]
pub(super) enum Rule {
    /// Report every mistake in rule files, and what looks like one
    Check(RulePaths),
    /// Run the tests that stand beside the rules
    Test(RulePaths),
    /// Say which chances in the workspace's rules closed cases would have otherwise, as a diff to review
    #[command(after_help = LEARN_EXAMPLES)]
    Learn(RuleLearn),
}

const LEARN_EXAMPLES: &str = "\
A chance p that k of n closed cases bear out becomes (10 p + k) / (10 + n), from three cases on.

Examples:
  casebook rule learn cases/                        look at the diff
  casebook rule learn cases/ > learnt.diff          keep it, for `patch -p0`
  casebook rule learn cases/ other/mail.toml --write";

#[derive(Debug, Args)]
pub(super) struct RuleLearn {
    /// Cases, and folders with cases; only closed ones count
    #[arg(value_name = "CASE-OR-DIR", required = true)]
    pub(super) cases: Vec<PathBuf>,

    /// Write the changes into the rule files; those of the bundled rules cannot be
    #[arg(long)]
    pub(super) write: bool,

    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct RulePaths {
    /// Rule files and folders; without any, those of the workspace, else the bundled ones
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Kb {
    /// Find dead links and missing sections in articles
    Check(KbPaths),
}

#[derive(Debug, Args)]
pub(super) struct KbPaths {
    /// Article files and folders; without any, those of the workspace, else the bundled ones
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Eval {
    /// Ask judged questions: how often is a right article among the first?
    #[command(after_help = EVAL_SEARCH_EXAMPLES)]
    Search(EvalSearch),
    /// Ask questions made of the articles: is an article found by what it says?
    #[command(name = "self", after_help = EVAL_SELF_EXAMPLES)]
    Own(EvalSelf),
    /// Diagnose judged log excerpts: how often is a right article first, and is the confidence deserved?
    #[command(after_help = EVAL_DIAGNOSE_EXAMPLES)]
    Diagnose(EvalDiagnose),
}

const EVAL_DIAGNOSE_EXAMPLES: &str = "\
Each line of FILE is one log excerpt:
  {\"id\": \"1\", \"log\": \"421 Unable to contact\\n...\", \"relevant\": [\"Q169781\"]}
Rules take no part: what is measured is what the articles alone can do.

Examples:
  casebook eval diagnose excerpts.jsonl --misses                      the excerpts alone
  casebook eval diagnose excerpts.jsonl --noise logs/ --lines 200     each hidden among 200 lines of one of these logs
  casebook eval diagnose --generated 1000 --nothing 300 --noise logs/ --fit fitted.toml
                                    messages that articles quote, and logs about nothing: is the confidence deserved?
  casebook eval diagnose excerpts.jsonl --generated 500 --seed 7 --save before.json
  casebook eval diagnose excerpts.jsonl --generated 500 --seed 7 --against before.json";

const EVAL_SEARCH_EXAMPLES: &str = "\
Each line of FILE is one question; `style` may be left out:
  {\"id\": \"1\", \"query\": \"mail stays in the queue\", \"relevant\": [\"Q169781\"], \"style\": \"keywords\"}

Examples:
  casebook eval search judged.jsonl --misses              which questions are not answered first
  casebook eval search judged.jsonl --save before.json    keep what was found
  casebook eval search judged.jsonl --against before.json what changed since then, and is it luck?
  casebook eval search judged.jsonl --in runbooks --limit 50 --format json
  casebook eval search a.jsonl b.jsonl --fit fitted.toml  better weights, and what they are worth on other questions
  casebook eval search judged.jsonl --fit --folds 10      the same without writing them
  casebook eval search judged.jsonl --ranking fitted.toml --against before.json";

const EVAL_SELF_EXAMPLES: &str = "\
Examples:
  casebook eval self                                      2000 articles by words of their symptoms
  casebook eval self --kind messages --misses             by messages that they quote, names and numbers changed
  casebook eval self --sample 200 --seed 7 --save before.json
  casebook eval self --sample 200 --seed 7 --against before.json --in runbooks --limit 50 --format json";

#[derive(Debug, Args)]
pub(super) struct EvalSearch {
    /// Judged questions, JSON Lines; those of several files are asked together
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,

    /// Look for weights of the ranking that put the right articles higher, each FILE counting the same, and say what they
    /// are worth on questions that were held out; with OUT.toml, write them there. Takes minutes
    #[arg(long, value_name = "OUT.toml", num_args = 0..=1, value_parser = toml_file)]
    pub(super) fit: Option<Option<PathBuf>>,

    /// With --fit: parts of the questions that are held out in turn; 1 for none
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = folds, requires = "fit")]
    pub(super) folds: usize,

    #[command(flatten)]
    pub(super) with: Evaluated,
}

#[derive(Debug, Args)]
pub(super) struct EvalSelf {
    /// Questions asked, each made of another article
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = sample)]
    pub(super) sample: usize,

    /// Decides which articles are taken and what is asked about them
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,

    /// What the questions are made of
    #[arg(long, value_name = "KIND", default_value = "symptoms")]
    pub(super) kind: EvalKind,

    #[command(flatten)]
    pub(super) with: Evaluated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EvalKind {
    /// Seven in ten of the words of the symptoms section, without those of the title
    Symptoms,
    /// A quoted message of at least five words, with other names, numbers and paths in it; any article that quotes the
    /// same message is right
    Messages,
}

impl From<EvalKind> for own::Kind {
    fn from(kind: EvalKind) -> Self {
        match kind {
            EvalKind::Symptoms => own::Kind::Symptoms,
            EvalKind::Messages => own::Kind::Messages,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct EvalDiagnose {
    /// Judged log excerpts, JSON Lines; those of several files are taken together
    #[arg(value_name = "FILE", required_unless_present_any = ["generated", "nothing"])]
    pub(super) files: Vec<PathBuf>,

    /// Take so many messages that articles quote, too, with other names, numbers and paths in them
    #[arg(long, value_name = "N", value_parser = sample)]
    pub(super) generated: Option<usize>,

    /// Diagnose so many stretches of the --noise logs, too, about which no article is
    #[arg(long, value_name = "N", value_parser = sample, requires = "noise")]
    pub(super) nothing: Option<usize>,

    /// Hide each excerpt in one of these logs, or of the logs in these folders; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(super) noise: Vec<PathBuf>,

    /// Lines around each excerpt
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = sample)]
    pub(super) lines: usize,

    /// Decides which messages are taken and what surrounds each excerpt
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,

    /// Fit the weights of the confidence, and say how well they do on excerpts that were held out; with OUT.toml, write them
    /// there, for `[diagnosis] confidence` in casebook.toml
    #[arg(long, value_name = "OUT.toml", num_args = 0..=1, value_parser = toml_file)]
    pub(super) fit: Option<Option<PathBuf>>,

    /// With --fit: parts of the excerpts that are held out in turn
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = folds, requires = "fit")]
    pub(super) folds: usize,

    #[command(flatten)]
    pub(super) with: Evaluated,
}

/// What all kinds of questions have in common.
#[derive(Debug, Args)]
pub(super) struct Evaluated {
    /// Keep what was found in a file, to compare with later
    #[arg(long, value_name = "RUN.json")]
    pub(super) save: Option<PathBuf>,

    /// Compare with a run that was kept: what changed, and whether that is more than chance
    #[arg(long, value_name = "RUN.json")]
    pub(super) against: Option<PathBuf>,

    /// List the questions without their article first; JSON has them always
    #[arg(long)]
    pub(super) misses: bool,

    /// Search this collection alone; may be repeated
    #[arg(long = "in", value_name = "NAME")]
    pub(super) only: Vec<String>,

    /// Hits looked at, at least the ten that are measured
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = eval_limit)]
    pub(super) limit: usize,

    /// Rank with the weights in this file instead of the workspace's
    #[arg(long, value_name = "FILE")]
    pub(super) ranking: Option<PathBuf>,

    #[command(flatten)]
    pub(super) output: Output,
}

#[cfg(feature = "semantic")]
#[derive(Debug, Subcommand)]
#[command(after_help = SEMANTIC_EXAMPLES)]
pub(super) enum Semantic {
    /// Use the sentence encoder in a folder for this workspace, and write that into casebook.toml
    #[command(after_help = MODEL_FILES)]
    Use(SemanticUse),
    /// Search by words alone again; vectors that were made stay where they are
    Off,
    /// Make the vectors of all articles that have none yet; goes on where it was interrupted
    Build,
    /// Say which model is used and how many passages have vectors
    Status,
}

#[cfg(feature = "semantic")]
const SEMANTIC_EXAMPLES: &str = "\
Examples:
  casebook semantic use models/all-MiniLM-L6-v2    choose the model of this workspace
  casebook semantic build                          make vectors: some 20 ms an article on two cores
  casebook ingest && casebook semantic build       take over changes; only new texts are encoded
  casebook semantic status
  casebook semantic off";

#[cfg(feature = "semantic")]
const MODEL_FILES: &str = "\
The folder holds, as sentence-transformers has them:
  model.onnx (or onnx/model.onnx)     the network, with float or int8 weights
  vocab.txt or tokenizer.json         a WordPiece vocabulary
  1_Pooling/config.json               optional: mean (the default) or first token
  sentence_bert_config.json           optional: tokens that a text is cut at (256)

Example:
  casebook semantic use models/all-MiniLM-L6-v2";

#[cfg(feature = "semantic")]
#[derive(Debug, Args)]
pub(super) struct SemanticUse {
    /// Folder of the model, such as models/all-MiniLM-L6-v2
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Folder to make the workspace in
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) dir: PathBuf,
}

/// More entries than anybody reads; tantivy makes room for all of them at once.
const MAX_LIMIT: usize = 10_000;

fn log_format_help() -> String {
    let names: Vec<&str> = log::Format::ALL.iter().map(|format| format.name()).collect();
    format!("Take the logs to be of this format instead of detecting it: {}", names.join(", "))
}

fn limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(limit @ 1..=MAX_LIMIT) => Ok(limit),
        _ => Err(format!("expected a number from 1 to {MAX_LIMIT}")),
    }
}

/// Fewer hits than the metrics look at would measure something else under the same name.
const MIN_EVAL_LIMIT: usize = 10;

fn eval_limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(limit @ MIN_EVAL_LIMIT..=MAX_LIMIT) => Ok(limit),
        _ => Err(format!("expected a number from {MIN_EVAL_LIMIT} to {MAX_LIMIT}")),
    }
}

/// Each fold takes another fit, and questions are few.
const MAX_FOLDS: usize = 100;

fn folds(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=MAX_FOLDS) => Ok(n),
        _ => Err(format!("expected a number from 1 to {MAX_FOLDS}")),
    }
}

/// Anything else could be a file of questions, which would be overwritten.
fn toml_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension() {
        Some(extension) if extension == "toml" => Ok(path),
        _ => Err("expected a name that ends in `.toml`; files of questions come before --fit".to_owned()),
    }
}

/// Anything else could be a log, which would be taken for a case that is damaged.
fn case_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension() {
        Some(extension) if extension == "toml" => Ok(path),
        _ => Err("expected a name that ends in `.toml`".to_owned()),
    }
}

fn sample(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("expected a number above 0".to_owned()),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected two parts with `=` between them".to_owned()),
    }
}

fn answer(text: &str) -> Result<(String, Option<bool>), String> {
    let (name, answer) = pair(text)?;
    match answer.as_str() {
        "yes" => Ok((name, Some(true))),
        "no" => Ok((name, Some(false))),
        "unknown" => Ok((name, None)),
        _ => Err("expected SYMPTOM=yes, SYMPTOM=no or SYMPTOM=unknown".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_every_flag_has_help() {
        let mut command = Cli::command();
        command.clone().debug_assert();
        command.build();
        let mut open = vec![command];
        while let Some(command) = open.pop() {
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {} has no help", command.get_name(), argument.get_id());
            }
            open.extend(command.get_subcommands().cloned());
        }
    }
}
