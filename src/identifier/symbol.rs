//! Names of codes: `E_ACCESSDENIED`, `STATUS_ACCESS_VIOLATION`, `WSAECONNREFUSED`, and names of STOP codes.
//!
//! The tables are text, sorted by name. Each line has a name and eight hexadecimal digits. They are searched in this
//! form, so a process that meets no name spends no time on them. Names and numbers come from the Windows SDK headers
//! (`winerror.h`, `ntstatus.h`, `winsock2.h`, `lmerr.h`, `raserror.h`, `wininet.h`, `mapicode.h`, `mq.h`, `wbemcli.h`,
//! `bugcodes.h`). Only errors are included, without the families that only later hardware and virtualisation report. A
//! Win32 error has the number of the HRESULT that wraps it.

/// Names of HRESULTs, NTSTATUS values and Win32 errors.
const CODES: &str = include_str!("codes.tsv");

/// Names of STOP codes. Names of two everyday words (`FILE_SYSTEM`) are left out.
const STOPS: &str = include_str!("stops.tsv");

/// The longest name in either table, in bytes. No more of a word is read, however long it is.
pub(super) const LONGEST: usize = 72;

/// The code called `name`. A Win32 error gives the HRESULT that wraps it.
pub(super) fn code(name: &str) -> Option<u32> {
    value(CODES, name)
}

/// The STOP code called `name`.
pub(super) fn stop(name: &str) -> Option<u32> {
    value(STOPS, name)
}

/// The names of a code in canonical form, in alphabetical order. `0x80070005` is `E_ACCESSDENIED`,
/// `ERROR_ACCESS_DENIED` and others. STOP codes such as `stop 0x0000000a` have a table of their own. Reads a whole
/// table, which takes about 0.1 ms.
pub fn names_of(canonical: &str) -> impl Iterator<Item = &'static str> {
    let (table, digits) = match canonical.strip_prefix("stop ") {
        Some(rest) => (STOPS, rest.strip_prefix("0x")),
        None => (CODES, canonical.strip_prefix("0x")),
    };
    table
        .lines()
        .filter_map(move |row| row.split_once('\t').filter(|(_, value)| Some(*value) == digits))
        .map(|(name, _)| name)
}

/// Returns the value of `name`, by binary search over the lines of a table.
fn value(table: &'static str, name: &str) -> Option<u32> {
    let mut rest = table;
    while !rest.is_empty() {
        let middle = rest[..rest.len() / 2].rfind('\n').map_or(0, |end| end + 1);
        let (row, after) = rest[middle..].split_once('\n')?;
        let (found, digits) = row.split_once('\t')?;
        match name.cmp(found) {
            std::cmp::Ordering::Equal => return u32::from_str_radix(digits, 16).ok(),
            std::cmp::Ordering::Less => rest = &rest[..middle],
            std::cmp::Ordering::Greater => rest = after,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_rows_of_a_name_and_a_value() {
        for table in [CODES, STOPS] {
            assert!(table.is_ascii() && table.ends_with('\n'));
            let rows: Vec<(&str, &str)> =
                table.lines().map(|row| row.split_once('\t').expect("a name, a tab, a value")).collect();
            assert!(rows.is_sorted_by(|a, b| a.0 < b.0));
            assert!(rows.iter().all(|(_, digits)| digits.len() == 8 && u32::from_str_radix(digits, 16).is_ok()));
        }
        let names = CODES.lines().chain(STOPS.lines()).filter_map(|row| Some(row.split_once('\t')?.0));
        assert_eq!(names.map(str::len).max(), Some(LONGEST));
    }

    #[test]
    fn every_name_is_found_and_no_part_of_one() {
        for (table, find) in [(CODES, code as fn(&str) -> Option<u32>), (STOPS, stop)] {
            for row in table.lines() {
                let (name, digits) = row.split_once('\t').expect("a name, a tab, a value");
                assert_eq!(find(name), u32::from_str_radix(digits, 16).ok(), "{name}");
            }
        }
        for name in ["", "A", "E_FAI", "E_FAILED", "ZZZ", "e_fail", "IRQL_NOT_LESS_OR_EQUAL"] {
            assert_eq!(code(name), None, "{name}");
        }
    }

    #[test]
    fn a_code_knows_its_names() {
        let names = |canonical| names_of(canonical).collect::<Vec<_>>();
        assert_eq!(
            names("0x80070005"),
            ["ERROR_ACCESS_DENIED", "E_ACCESSDENIED", "MAPI_E_NO_ACCESS", "RPC_S_ACCESS_DENIED"]
        );
        assert_eq!(names("stop 0x0000000a"), ["IRQL_NOT_LESS_OR_EQUAL"]);
        assert_eq!(names("0x0000000a"), [""; 0]);
        assert_eq!(names("MSExchangeIMC/9035"), [""; 0]);
    }
}
