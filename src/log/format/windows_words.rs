//! The words of the Windows event viewers and of the commands that print events: names of fields and levels, in the
//! languages of Windows.

use std::borrow::Cow;

use super::columns::Role;
use crate::log::timestamp::StampRules;

/// What a field of an event contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventField {
    /// The name of the log. Blocks of text begin with it.
    LogName,
    /// A field with a role.
    Known(Role),
    /// A field without a role.
    Other,
}

use EventField::{Known, LogName, Other};

/// The names of fields, as the viewers write them above columns and before values, and as commands do. English comes
/// first, then German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish, Russian, Japanese and Chinese.
#[rustfmt::skip]
const NAMES: &[(EventField, &[&str])] = &[
    (LogName, &[
        "log name", "protokollname", "nom du journal", "nombre de registro", "nome registro", "nome do log",
        "nome do registo", "logboeknaam", "loggnamn", "nazwa dziennika", "имя журнала", "ログの名前", "日志名称",
    ]),
    (Known(Role::Date), &[
        "date and time", "timecreated", "timegenerated", "date", "datum und uhrzeit", "datum", "date et heure",
        "fecha y hora", "fecha", "data e ora", "data e hora", "data", "datum en tijd", "datum och tid",
        "data i godzina", "дата и время", "дата", "日付と時刻", "日付", "日期和时间", "日期",
    ]),
    (Known(Role::Time), &["time"]),
    (Known(Role::Level), &[
        "level", "leveldisplayname", "entrytype", "type", "event type", "ebene", "niveau", "nivel", "livello", "nível",
        "nivå", "poziom", "уровень", "レベル", "级别",
    ]),
    (Known(Role::Program), &[
        "source", "providername", "event source", "quelle", "origen", "origine", "fonte", "origem", "bron", "källa",
        "źródło", "источник", "ソース", "来源",
    ]),
    (Known(Role::EventId), &[
        "event id", "eventid", "event", "id", "instanceid", "ereignis-id", "id de l'événement", "id de l’événement",
        "id. de l’événement", "id. del evento", "id. de evento", "id del evento", "id evento",
        "identificação do evento", "id do evento", "gebeurtenis-id", "händelse-id", "identyfikator zdarzenia",
        "код события", "イベント id", "事件 id",
    ]),
    (Known(Role::Host), &[
        "computer", "machinename", "ordinateur", "equipo", "computador", "dator", "komputer", "компьютер",
        "コンピューター", "计算机",
    ]),
    (Known(Role::Message), &[
        "description", "message", "beschreibung", "descripción", "descrizione", "descrição", "beschrijving",
        "beskrivning", "opis", "описание", "説明", "描述",
    ]),
    (Other, &[
        "event category", "task category", "keywords", "user", "user name", "task", "opcode", "keyword",
        "aufgabenkategorie", "schlüsselwörter", "benutzer", "catégorie de la tâche", "mots clés", "utilisateur",
        "categoría de la tarea", "palabras clave", "usuario", "categoria attività", "parole chiave", "utente",
        "categoria da tarefa", "palavras-chave", "usuário", "utilizador", "taakcategorie", "trefwoorden", "gebruiker",
        "aktivitetskategori", "nyckelord", "användare", "kategoria zadania", "słowa kluczowe", "użytkownik",
        "категория задачи", "ключевые слова", "пользователь", "タスクのカテゴリ", "キーワード", "ユーザー", "任务类别",
        "关键字", "用户",
    ]),
];

/// Words for levels in languages other than English, and the numbers that Windows stores, each with its English word.
#[rustfmt::skip]
const LEVELS: &[(&str, &[&str])] = &[
    ("critical", &[
        "1", "kritisch", "critique", "crítico", "critico", "kritiek", "kritisk", "krytyczny", "критический",
        "критическое", "重大", "关键",
    ]),
    ("error", &["2", "fehler", "erreur", "errore", "erro", "fout", "fel", "błąd", "ошибка", "エラー", "错误"]),
    ("warning", &[
        "3", "warnung", "avertissement", "advertencia", "avviso", "aviso", "waarschuwing", "varning", "ostrzeżenie",
        "предупреждение", "警告",
    ]),
    ("information", &[
        "0", "4", "informationen", "información", "informazioni", "informações", "informatie", "gegevens",
        "informacje", "сведения", "情報", "信息",
    ]),
    ("verbose", &["5", "ausführlich", "commentaires", "detallado", "dettagliato", "detalhado", "uitgebreid"]),
    ("failure audit", &["überwachung gescheitert", "echec de l'audit", "échec de l’audit", "error de auditoría"]),
    ("success audit", &["überwachung erfolgreich", "succès de l’audit", "auditoría correcta"]),
];

/// Returns what the field called `name` contains, ignoring case; `None` if the name is unknown.
pub(super) fn event_field(name: &[u8]) -> Option<EventField> {
    let name = name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name).trim_ascii();
    let name = std::str::from_utf8(name).ok()?.trim().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field)
}

/// Returns how stamps are read in a source that names its fields in another language than English: in dates such as
/// `05/06/2026`, the day comes first.
pub(super) fn day_first(rules: &StampRules) -> Cow<'_, StampRules> {
    if rules.day_first { Cow::Borrowed(rules) } else { Cow::Owned(StampRules { day_first: true, ..rules.clone() }) }
}

/// Returns the role of the field called `name`; `None` if it has none.
pub(super) fn role(name: &[u8]) -> Option<Role> {
    match event_field(name)? {
        Known(role) => Some(role),
        LogName | Other => None,
    }
}

/// Returns the English word for a level, or `word` itself if it is in no table.
pub(super) fn level_word(word: &[u8]) -> &[u8] {
    let lower = std::str::from_utf8(word).unwrap_or_default().trim().to_lowercase();
    LEVELS.iter().find(|(_, words)| words.contains(&lower.as_str())).map_or(word, |(level, _)| level.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_levels_are_known_in_many_languages() {
        assert_eq!(event_field("Schlüsselwörter".as_bytes()), Some(Other));
        assert_eq!(role("Id. del evento".as_bytes()), Some(Role::EventId));
        assert_eq!(role("ÚROVEŇ".as_bytes()), None);
        assert_eq!(level_word("Błąd".as_bytes()), b"error");
        assert_eq!(level_word("Ausführlich".as_bytes()), b"verbose");
        assert_eq!(level_word(b"Warning"), b"Warning");
        assert_eq!(level_word(b"\xff"), b"\xff");
    }

    #[test]
    fn each_name_has_one_meaning_and_is_written_in_lower_case() {
        let mut names: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let n_names = names.len();
        assert!(names.iter().all(|name| name.to_lowercase() == *name));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n_names);
    }
}
