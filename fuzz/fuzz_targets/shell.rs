#![no_main]
//! Any text as a command of a rule, for either shell: the lexer that decides about quotes ends, and its remarks are in the text.

use casebook::rule::{RuleText, load};

libfuzzer_sys::fuzz_target!(|command: &str| {
    let quoted: String = command.chars().flat_map(|c| if matches!(c, '"' | '\\') { vec!['\\', c] } else { vec![c] }).collect();
    for shell in ["run", "run powershell"] {
        let text = format!(
            "symptom s \"x\" {{ match \"user {{u}} failed\" }}\ncause c \"c\" {{ shows s }}\n\
             resolution r \"r\" {{ resolves c\n step \"do\" {shell} \"{quoted}\" }}\n"
        );
        let file = RuleText { path: "a.rules".to_owned(), text };
        let (_, remarks) = load(std::slice::from_ref(&file), None);
        for (_, remark) in remarks {
            for label in remark.labels {
                assert!(file.text.get(label.span.start..label.span.end).is_some(), "{:?}", label.span);
            }
        }
    }
});
