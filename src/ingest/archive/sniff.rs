//! Recognises archives by their first bytes, never by their name.

use super::ArchiveKind;

/// Bytes of a block of a tar archive. [`sniff`] looks at that many.
pub(super) const BLOCK: usize = 512;

/// The kind of the archive that begins with `head`, the first 512 bytes of a file (or all of a shorter one). `None` for
/// other files, including packed documents (`.docx`, `.epub`, `.jar`).
pub(in crate::ingest) fn sniff(head: &[u8]) -> Option<ArchiveKind> {
    match head {
        [b'P', b'K', 3, 4, ..] => (!is_packed_document(head)).then_some(ArchiveKind::Zip),
        // An archive without members, or one split into parts.
        [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, b'P', b'K', ..] => Some(ArchiveKind::Zip),
        [0x1f, 0x8b, 8, ..] => Some(ArchiveKind::Gzip),
        // A frame, or the skippable frame that pzstd puts before it.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50, 0x2a, 0x4d, 0x18, ..] => Some(ArchiveKind::Zstd),
        _ => is_tar(head).then_some(ArchiveKind::Tar),
    }
}

/// Whether `head` begins with a tar header in any variant of the format, or with a block of zeros, which ends an
/// archive without members.
pub(super) fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<BLOCK>() else { return false };
    block.iter().all(|&b| b == 0) || has_valid_checksum(block)
}

/// Whether the checksum in the header `block` is right: the sum of all bytes, with those of the checksum itself taken
/// as blanks. Practically never true for text.
pub(super) fn has_valid_checksum(block: &[u8; BLOCK]) -> bool {
    let sum: u32 = block[..148].iter().chain(&block[156..]).map(|&b| u32::from(b)).sum();
    tar::Header::from_byte_slice(block).cksum().is_ok_and(|stated| stated == sum + 8 * u32::from(b' '))
}

/// Whether the first member of a zip archive is one that office documents, e-books and Java programs begin with.
fn is_packed_document(head: &[u8]) -> bool {
    const NAME_AT: usize = 30;
    const FIRST_MEMBERS: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/", b"mimetype", b"META-INF/"];
    FIRST_MEMBERS.iter().any(|name| head.get(NAME_AT..).is_some_and(|rest| rest.starts_with(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tar_header(make: fn() -> tar::Header) -> [u8; BLOCK] {
        let mut header = make();
        header.set_path("a.txt").expect("a short path");
        header.set_size(3);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        *header.as_bytes()
    }

    #[test]
    fn archives_are_known_by_their_first_bytes() {
        assert_eq!(sniff(b"PK\x03\x04\x14\0"), Some(ArchiveKind::Zip));
        assert_eq!(sniff(b"PK\x05\x06"), Some(ArchiveKind::Zip));
        assert_eq!(sniff(b"\x1f\x8b\x08\0"), Some(ArchiveKind::Gzip));
        assert_eq!(sniff(b"\x28\xb5\x2f\xfd\0"), Some(ArchiveKind::Zstd));
        for make in [tar::Header::new_old, tar::Header::new_ustar, tar::Header::new_gnu] {
            assert_eq!(sniff(&tar_header(make)), Some(ArchiveKind::Tar));
        }
        assert_eq!(sniff(&[0; 1024]), Some(ArchiveKind::Tar), "an empty one");
    }

    #[test]
    fn other_files_are_no_archives() {
        let mut damaged = tar_header(tar::Header::new_old);
        damaged[0] ^= 1;
        let document = [&b"PK\x03\x04"[..], &[0; 26], b"[Content_Types].xml"].concat();
        let text = "DOCUMENT:Q1234 ".repeat(60);
        for head in [&b""[..], b"PK", b"\x1f\x8b", &[0; 511], &damaged, &document, text.as_bytes()] {
            assert_eq!(sniff(head), None, "{:?}", &head[..head.len().min(8)]);
        }
    }
}
