//! Reads and writes vectors as a file: a header with the model, the keys, then the values. A new file is written whole,
//! then renamed to replace the old one. So after a crash there is the old file or the new one.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::{ModelFingerprint, Vectors};
use crate::semantic::{PassageKey, SemanticError};

/// The first bytes of a file. The last one is the version of the format and of the rounding of values.
const MAGIC: [u8; 8] = *b"cbvecs\0\x01";

/// The bytes before the keys: magic, model, dimension and number of vectors, eight bytes each.
const HEADER: usize = 32;

/// The highest dimension to accept. No encoder has a higher one, and dot products fit an `i32`.
const MAX_DIMENSION: u64 = 1 << 16;

impl Vectors {
    /// Returns the folder for vectors inside the folder `store`.
    pub fn folder(store: &Path) -> PathBuf {
        store.join("vectors")
    }

    /// Returns the path of the file in `folder` for the vectors of `model`.
    pub fn path(folder: &Path, model: ModelFingerprint) -> PathBuf {
        folder.join(format!("{model}.bin"))
    }

    /// Reads the vectors of `model` in `folder`. `None` when they have not been built yet. Takes about 10 ms for 57,000
    /// vectors.
    pub fn open(folder: &Path, model: ModelFingerprint) -> Result<Option<Vectors>, SemanticError> {
        let path = Vectors::path(folder, model);
        match File::open(&path).and_then(|file| read(file, model)) {
            Ok(VectorsFile::Vectors(vectors)) => Ok(Some(vectors)),
            Ok(VectorsFile::Foreign) => Err(SemanticError::Foreign { path }),
            Ok(VectorsFile::Damaged) => Err(SemanticError::Damaged { path }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(SemanticError::Io { path, source }),
        }
    }

    /// Replaces the vectors of the model in `folder`, which must exist. Only one process may do so at a time.
    pub(in crate::semantic) fn save(&self, folder: &Path) -> Result<(), SemanticError> {
        let path = Vectors::path(folder, self.model);
        let unfinished = path.with_extension("new");
        let written = File::create(&unfinished).and_then(|file| {
            let mut out = BufWriter::new(file);
            self.write(&mut out)?;
            out.into_inner()?.sync_all()
        });
        let placed = written.and_then(|()| fs::rename(&unfinished, &path));
        placed.map_err(|source| SemanticError::Io { path, source })
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&MAGIC)?;
        for number in [self.model.0, self.dimension as u64, self.keys.len() as u64] {
            out.write_all(&number.to_le_bytes())?;
        }
        for key in &self.keys {
            out.write_all(&key.0.to_le_bytes())?;
        }
        let mut row_bytes = Vec::with_capacity(self.dimension);
        for row in self.values.chunks_exact(self.dimension.max(1)) {
            row_bytes.clear();
            row_bytes.extend(row.iter().map(|&value| value as u8));
            out.write_all(&row_bytes)?;
        }
        Ok(())
    }
}

/// What a file contains: vectors, or those of another model or version, or invalid data.
enum VectorsFile {
    Vectors(Vectors),
    Foreign,
    Damaged,
}

fn read(mut file: File, model: ModelFingerprint) -> io::Result<VectorsFile> {
    let n_bytes = file.metadata()?.len();
    let mut header = [0; HEADER];
    match file.read_exact(&mut header) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(VectorsFile::Damaged),
        other => other?,
    }
    let number = |index: usize| u64::from_le_bytes(header[index * 8..][..8].try_into().expect("eight bytes"));
    if header[..8] != MAGIC || number(1) != model.0 {
        return Ok(VectorsFile::Foreign);
    }
    let (dimension, n_vectors) = (number(2), number(3));
    let is_whole = dimension <= MAX_DIMENSION
        && n_vectors.checked_mul(8 + dimension).and_then(|n| n.checked_add(HEADER as u64)) == Some(n_bytes);
    if !is_whole {
        return Ok(VectorsFile::Damaged);
    }
    // The size of the file agrees with both numbers, so a damaged header cannot cause huge allocations.
    let mut key_bytes = vec![0; n_vectors as usize * 8];
    file.read_exact(&mut key_bytes)?;
    let mut value_bytes = vec![0; n_vectors as usize * dimension as usize];
    file.read_exact(&mut value_bytes)?;
    let key = |bytes: &[u8]| PassageKey(u64::from_le_bytes(bytes.try_into().expect("eight bytes")));
    let keys: Vec<PassageKey> = key_bytes.chunks_exact(8).map(key).collect();
    if !keys.is_sorted_by(|a, b| a < b) {
        return Ok(VectorsFile::Damaged);
    }
    // `collect` converts the values in place, so this reuses the allocation.
    let values = value_bytes.into_iter().map(|byte| byte as i8).collect();
    Ok(VectorsFile::Vectors(Vectors::new(model, dimension as usize, keys, values)))
}
