//! The names of months and weekdays in stamps, as data: English, and the languages in which `date`, `journalctl` and
//! event viewers print them. All names are in lower case and without points.

use std::sync::LazyLock;

/// Twelve names for the months in one language and length.
type MonthNames = [&'static str; 12];

#[rustfmt::skip]
const MONTHS: &[MonthNames] = &[
    // English
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"],
    // German, also of Austria
    ["jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"],
    ["januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"],
    ["jän", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"],
    ["jänner", "feber", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"],
    // French, also of Canada and without accents
    ["janv", "févr", "mars", "avril", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"],
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    ["jan", "fév", "mar", "avr", "mai", "jun", "jui", "aoû", "sep", "oct", "nov", "déc"],
    ["janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec"],
    // Spanish
    ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
    ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "setiembre", "oct", "nov", "dic"],
    // Italian
    ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
    ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"],
    // Portuguese
    ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
    ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"],
    // Dutch
    ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    // Polish
    ["sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"],
    ["stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"],
    // Swedish, Danish, Norwegian
    ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"],
    ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
    ["jan", "feb", "mars", "april", "mai", "juni", "juli", "aug", "sep", "okt", "nov", "des"],
    ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"],
    // Finnish
    ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"],
    // Czech
    ["led", "úno", "bře", "dub", "kvě", "čen", "čec", "srp", "zář", "říj", "lis", "pro"],
    // Hungarian
    ["jan", "febr", "márc", "ápr", "máj", "jún", "júl", "aug", "szept", "okt", "nov", "dec"],
    // Romanian
    ["ian", "feb", "mar", "apr", "mai", "iun", "iul", "aug", "sep", "oct", "noi", "dec"],
    // Turkish
    ["oca", "şub", "mar", "nis", "may", "haz", "tem", "ağu", "eyl", "eki", "kas", "ara"],
    // Russian
    ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
];

/// The weekdays in several languages, Monday first.
#[rustfmt::skip]
const WEEKDAYS: &[[&str; 7]] = &[
    // English
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    // German
    ["mo", "di", "mi", "do", "fr", "sa", "so"],
    ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"],
    // French
    ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    // Spanish
    ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
    ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    // Italian
    ["lun", "mar", "mer", "gio", "ven", "sab", "dom"],
    // Portuguese
    ["seg", "ter", "qua", "qui", "sex", "sáb", "dom"],
    // Dutch
    ["ma", "di", "wo", "do", "vr", "za", "zo"],
    // Polish
    ["pon", "wto", "śro", "czw", "pią", "sob", "nie"],
    ["pon", "wt", "śr", "czw", "pt", "sob", "ndz"],
    // Swedish, Danish, Norwegian
    ["mån", "tis", "ons", "tor", "fre", "lör", "sön"],
    ["man", "tir", "ons", "tor", "fre", "lør", "søn"],
    // Finnish
    ["ma", "ti", "ke", "to", "pe", "la", "su"],
    // Czech
    ["po", "út", "st", "čt", "pá", "so", "ne"],
    // Russian
    ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
];

/// No name is longer than this, in bytes.
const MAX_NAME: usize = 24;

/// A word and what it names: the month from 1 or the weekday from 0.
type Named = (&'static str, i8);

static MONTHS_BY_NAME: LazyLock<Vec<Named>> = LazyLock::new(|| by_name(MONTHS.iter().map(|names| &names[..]), 1));
static WEEKDAYS_BY_NAME: LazyLock<Vec<Named>> = LazyLock::new(|| by_name(WEEKDAYS.iter().map(|names| &names[..]), 0));

fn by_name(lists: impl Iterator<Item = &'static [&'static str]>, first: i8) -> Vec<Named> {
    let mut named: Vec<Named> = lists.flat_map(|names| names.iter().copied().zip(first..)).collect();
    named.sort_unstable();
    named.dedup_by_key(|(name, _)| *name);
    named
}

/// Returns the month, from 1, with whose name `text` begins, and the length of the name with the point of an
/// abbreviation.
pub(super) fn month_at(text: &[u8]) -> Option<(i8, usize)> {
    let (word, len) = before_number(text)?;
    let month = english(&ENGLISH_MONTHS, word).map(|index| index + 1);
    month.or_else(|| named(&MONTHS_BY_NAME, word)).map(|month| (month, len))
}

/// Returns the word at the beginning of `text`, and its length with a point, if a separator and a number follow, as
/// after the name of a month. This is checked first, because few words are before a number.
fn before_number(text: &[u8]) -> Option<(&[u8], usize)> {
    let word = word_len(text);
    let len = word + usize::from(text.get(word) == Some(&b'.'));
    let is_number = matches!(
        text.get(len..)?,
        [b' ' | b'-' | b'/', b'0'..=b'9', ..] | [b' ' | b',', b' ', b'0'..=b'9', ..] | [b'0'..=b'9', ..]
    );
    (word >= 3 && is_number).then_some((&text[..word], len))
}

/// Returns the length of the weekday at the beginning of `text`, with the comma and the blanks after it; 0 if there is
/// none, or if neither a number nor a month follows.
pub(super) fn weekday_len(text: &[u8]) -> usize {
    let word = word_len(text);
    let marks = text[word..].iter().take(2).take_while(|byte| b".,".contains(byte)).count();
    let blanks = text[word + marks..].iter().take(2).take_while(|byte| **byte == b' ').count();
    let len = word + marks + blanks;
    let rest = &text[len..];
    let is_date = rest.first().is_some_and(u8::is_ascii_digit) || before_number(rest).is_some();
    if word >= 2 && blanks > 0 && is_date && is_weekday(&text[..word]) { len } else { 0 }
}

fn is_weekday(word: &[u8]) -> bool {
    english(&ENGLISH_WEEKDAYS, word).is_some() || named(&WEEKDAYS_BY_NAME, word).is_some()
}

const ENGLISH_MONTHS: [u32; 12] = packed(&MONTHS[0]);
const ENGLISH_WEEKDAYS: [u32; 7] = packed(&WEEKDAYS[0]);

/// Packs names of three letters into numbers, which are compared faster than names.
const fn packed<const N: usize>(names: &[&str; N]) -> [u32; N] {
    let mut numbers = [0; N];
    let mut index = 0;
    while index < N {
        let name = names[index].as_bytes();
        numbers[index] = u32::from_be_bytes([0, name[0], name[1], name[2]]);
        index += 1;
    }
    numbers
}

fn english(numbers: &[u32], word: &[u8]) -> Option<i8> {
    let [a, b, c] = *word else { return None };
    let number = u32::from_be_bytes([0, a | 0x20, b | 0x20, c | 0x20]);
    numbers.iter().position(|other| *other == number).and_then(|index| i8::try_from(index).ok())
}

/// For each first letter of a name, its possible second letters as bits; bit 26 stands for a letter outside ASCII.
const LETTER_PAIRS: [u32; 26] = {
    let mut pairs = [0; 26];
    let mut list = 0;
    while list < MONTHS.len() {
        add_pairs(&mut pairs, &MONTHS[list]);
        list += 1;
    }
    list = 0;
    while list < WEEKDAYS.len() {
        add_pairs(&mut pairs, &WEEKDAYS[list]);
        list += 1;
    }
    pairs
};

const fn add_pairs(pairs: &mut [u32; 26], names: &[&str]) {
    let mut index = 0;
    while index < names.len() {
        let name = names[index].as_bytes();
        if name[0].is_ascii_lowercase() {
            pairs[(name[0] - b'a') as usize] |= 1 << letter_bit(name[1]);
        }
        index += 1;
    }
}

const fn letter_bit(letter: u8) -> u32 {
    if letter.is_ascii_alphabetic() { ((letter | 0x20) - b'a') as u32 } else { 26 }
}

/// Whether the first two bytes of `text` are those of a name, so that it is worth looking further. Names that begin
/// with a letter outside ASCII are rare, so they are not checked.
pub(super) fn may_be_name(text: &[u8]) -> bool {
    match *text {
        [first, second, ..] if first.is_ascii_alphabetic() && (second.is_ascii_alphabetic() || second >= 0x80) => {
            LETTER_PAIRS[usize::from((first | 0x20) - b'a')] & (1 << letter_bit(second)) != 0
        }
        [first, ..] => first >= 0x80,
        [] => false,
    }
}

/// Whether some name begins with the first three letters of `word`. True for words with other letters than those of ASCII.
fn has_known_third_letter(word: &[u8]) -> bool {
    static THIRD_LETTERS: LazyLock<Box<[u32; 26 * 26]>> = LazyLock::new(|| {
        let mut letters = Box::new([0; 26 * 26]);
        for (name, _) in MONTHS_BY_NAME.iter().chain(WEEKDAYS_BY_NAME.iter()) {
            if let Some((pair, third)) = pair_and_third(name.as_bytes()) {
                letters[pair] |= 1 << third;
            }
        }
        letters
    });
    pair_and_third(word).is_none_or(|(pair, third)| THIRD_LETTERS[pair] & (1 << third) != 0)
}

/// Returns a number for the first two letters of `word` and one for the third; `None` if one of them is not of ASCII.
fn pair_and_third(word: &[u8]) -> Option<(usize, u32)> {
    let letter = |byte: u8| byte.is_ascii_alphabetic().then(|| (byte | 0x20) - b'a');
    let [first, second, third, ..] = *word else { return None };
    Some((usize::from(letter(first)?) * 26 + usize::from(letter(second)?), u32::from(letter(third)?)))
}

fn named(names: &[Named], word: &[u8]) -> Option<i8> {
    if !may_be_name(word) || !has_known_third_letter(word) {
        return None;
    }
    let word = std::str::from_utf8(word).ok()?;
    let mut lower = [0; MAX_NAME];
    let mut len = 0;
    for letter in word.chars().flat_map(char::to_lowercase) {
        let end = len + letter.len_utf8();
        letter.encode_utf8(lower.get_mut(len..end)?);
        len = end;
    }
    let index = names.binary_search_by(|(name, _)| name.as_bytes().cmp(&lower[..len])).ok()?;
    Some(names[index].1)
}

/// Returns the length of the word at the beginning of `text`; 0 if it is too long for a name.
fn word_len(text: &[u8]) -> usize {
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic() || **byte >= 0x80;
    let len = text.iter().take(MAX_NAME + 1).take_while(is_letter).count();
    if len > MAX_NAME { 0 } else { len }
}

/// Returns the name of `month`, from 1, in the language, case and length of `old`, another name of a month.
pub(super) fn month_like(old: &str, month: i8) -> String {
    let bare = old.trim_end_matches('.');
    let lower = bare.to_lowercase();
    let index = usize::from(month.unsigned_abs().clamp(1, 12) - 1);
    let list = MONTHS.iter().find(|names| names.contains(&lower.as_str())).unwrap_or(&MONTHS[0]);
    in_case_of(bare, list[index]) + &old[bare.len()..]
}

/// Returns the name of the weekday, from 0 for Monday, in the language, case and length of the one in `old`, with the
/// marks after it.
pub(super) fn weekday_like(old: &str, weekday: i8) -> String {
    let bare = old.trim_end_matches([' ', '.', ',']);
    let lower = bare.to_lowercase();
    let index = usize::from(weekday.unsigned_abs().min(6));
    let list = WEEKDAYS.iter().find(|names| names.contains(&lower.as_str())).unwrap_or(&WEEKDAYS[0]);
    in_case_of(bare, list[index]) + &old[bare.len()..]
}

fn in_case_of(old: &str, name: &str) -> String {
    if old.chars().all(char::is_uppercase) {
        return name.to_uppercase();
    }
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if old.starts_with(char::is_uppercase) => first.to_uppercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_months() {
        for (name, month) in MONTHS.iter().flat_map(|names| names.iter().zip(1..)) {
            assert_eq!(month_at(format!("{name} 1").as_bytes()), Some((month, name.len())), "{name}");
            assert!(name.len() <= MAX_NAME);
        }
    }

    #[test]
    fn months_of_several_languages_are_read_and_written() {
        let month = |text: &str| month_at(text.as_bytes());
        assert_eq!(month("Nov 12"), Some((11, 3)));
        assert_eq!(month("NOV-12"), Some((11, 3)));
        assert_eq!(month("sept./2015"), Some((9, 5)));
        assert_eq!(month("août 19"), Some((8, 5)));
        assert_eq!(month("Févr. 1"), Some((2, 6)));
        assert_eq!(month("Янв 5"), Some((1, 6)));
        for left in ["Nov", "Novel 1", "no 1", "Nov_1", "Maybe 12"] {
            assert_eq!(month(left), None, "{left}");
        }
        assert_eq!(month_like("déc.", 2), "févr.");
        assert_eq!(month_like("DEC", 2), "FEB");
        assert_eq!(month_like("März", 11), "November");
        assert_eq!(weekday_like("Thu, ", 6), "Sun, ");
        assert_eq!(weekday_like("jeu. ", 0), "lun. ");
    }

    #[test]
    fn weekdays_end_with_a_blank() {
        let found = ["Thu 1", "Thu, 1", "Donnerstag, 1", "jeu. 1", "Thu  1", "Thursday1", "Thus 1", "Th 1", "so"];
        assert_eq!(found.map(|text| weekday_len(text.as_bytes())), [4, 5, 12, 5, 5, 0, 0, 0, 0]);
    }
}
