//! The table of the background, and its form in the file.
//!
//! The file has the number of words and that of pairs, then the keys of the words in ascending order and one byte for
//! each, then the same for the pairs. Numbers have four bytes, the lowest first.

/// A table, in the form of its file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    words: Column<'a>,
    pairs: Column<'a>,
}

/// Ascending keys, with a byte for each.
#[derive(Debug, Clone, Copy)]
struct Column<'a> {
    keys: &'a [[u8; 4]],
    values: &'a [u8],
}

impl Table<'static> {
    /// The table that casebook ships.
    pub(super) fn shipped() -> Table<'static> {
        static BYTES: &[u8] = include_bytes!("background.bin");
        static TABLE: std::sync::LazyLock<Table<'static>> =
            std::sync::LazyLock::new(|| Table::new(BYTES).expect("a test reads the shipped table"));
        *TABLE
    }
}

impl<'a> Table<'a> {
    /// Reads the form of a file; `None` if the sizes do not fit.
    pub(super) fn new(bytes: &'a [u8]) -> Option<Table<'a>> {
        let (sizes, rest) = bytes.split_at_checked(8)?;
        let (sizes, _) = sizes.as_chunks::<4>();
        let [n_words, n_pairs] = [sizes[0], sizes[1]].map(|size| u32::from_le_bytes(size) as usize);
        let (words, rest) = Column::split(rest, n_words)?;
        let (pairs, rest) = Column::split(rest, n_pairs)?;
        rest.is_empty().then_some(Table { words, pairs })
    }

    /// The information of a word, 0–1.
    pub(super) fn word(self, stem: &str) -> f32 {
        self.words.get(key(&[stem])).unwrap_or(1.0)
    }

    /// The information of two neighbours together, 0–2; `None` if they are no more frequent together than by chance.
    pub(super) fn pair(self, before: &str, stem: &str) -> Option<f32> {
        self.pairs.get(key(&[before, stem])).map(|information| 2.0 * information)
    }
}

impl<'a> Column<'a> {
    fn split(bytes: &'a [u8], n: usize) -> Option<(Column<'a>, &'a [u8])> {
        let (keys, rest) = bytes.split_at_checked(n.checked_mul(4)?)?;
        let (values, rest) = rest.split_at_checked(n)?;
        Some((Column { keys: keys.as_chunks().0, values }, rest))
    }

    /// The value of a key, as a share of 255.
    fn get(self, key: u32) -> Option<f32> {
        let at = self.keys.binary_search_by_key(&key, |bytes| u32::from_le_bytes(*bytes)).ok()?;
        Some(f32::from(self.values[at]) / 255.0)
    }
}

/// The key of a word or of two neighbours: FNV-1a, folded to 32 bits. Two of 100,000 keys that are equal by chance make a
/// rare word look less rare, which does no harm.
pub(super) fn key(stems: &[&str]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in stems.iter().flat_map(|stem| stem.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    (hash ^ (hash >> 32)) as u32
}
