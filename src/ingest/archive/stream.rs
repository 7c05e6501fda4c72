//! Reads compressed streams that hold a tar archive or a single file.

use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;

use super::budget::{Budget, Metered};
use super::sniff::{BLOCK, is_tar};
use super::{Cause, Members, content_of, tar};

/// Base-2 logarithm of the longest window that is accepted: 128 MiB, as `zstd --long` uses.
const WINDOW_LOG: u32 = 27;

/// Bytes decompressed at a time.
const CHUNK: usize = 128 << 10;

/// Suffixes of compressed files; they are dropped from the name of the file inside.
const SUFFIXES: [&str; 4] = [".gz", ".zst", ".zstd", ".gzip"];

/// Decompresses a gzip file, including one that consists of several gzip streams one after the other (made by `cat` or
/// pigz).
pub(super) fn gzip(file: impl Read) -> impl Read {
    flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(CHUNK, file))
}

pub(super) fn zstd(file: impl Read) -> io::Result<impl Read> {
    let mut decoder = zstd::Decoder::new(file)?;
    decoder.window_log_max(WINDOW_LOG)?;
    Ok(decoder)
}

/// Visits the members of a decompressed tar archive, or the single file if it is none.
pub(super) fn walk(
    decompressed: impl Read,
    name_hint: &str,
    budget: &mut Budget,
    members: &mut Members<'_>,
) -> Result<ControlFlow<()>, Cause> {
    let mut stream = BufReader::with_capacity(CHUNK, Metered::new(decompressed, budget));
    let mut head = Vec::with_capacity(BLOCK);
    stream.by_ref().take(BLOCK as u64).read_to_end(&mut head)?;
    let is_tar = is_tar(&head);
    let mut whole = head.chain(stream);
    if !is_tar {
        return single(whole, inner_name(name_hint), members);
    }
    let flow = tar::walk(&mut whole, members)?;
    if flow.is_continue() {
        // Read to the end, because the checksum of the compressed stream comes last.
        io::copy(&mut whole, &mut io::sink())?;
    }
    Ok(flow)
}

fn single(file: impl Read, name: &str, members: &mut Members<'_>) -> Result<ControlFlow<()>, Cause> {
    match members.name(name)? {
        Some(path) => {
            let content = content_of(file, 0)?;
            Ok(members.give(path, content))
        }
        None => Ok(ControlFlow::Continue(())),
    }
}

/// Returns `notes.txt` for `notes.txt.gz`.
fn inner_name(name: &str) -> &str {
    let stem = SUFFIXES.iter().find_map(|suffix| {
        let (stem, end) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
        (!stem.is_empty() && end.eq_ignore_ascii_case(suffix)).then_some(stem)
    });
    stem.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_file_loses_the_suffix_of_its_compression() {
        for (name, inner) in
            [("a.txt.gz", "a.txt"), ("A.TXT.GZ", "A.TXT"), ("a.zst", "a"), ("a", "a"), (".gz", ".gz"), ("é", "é")]
        {
            assert_eq!(inner_name(name), inner);
        }
    }
}
