#![no_main]
//! A store with any bytes changed: it gives the answers of the sound store or an error. Each five bytes of the input change one
//! byte of one file.

use std::path::PathBuf;
use std::sync::LazyLock;

use casebook::ingest::{Inputs, Root, ingest};
use casebook::store::{SearchOptions, Store, StoreError, search};

struct Sound {
    dir: tempfile::TempDir,
    files: Vec<(PathBuf, Vec<u8>)>,
    answer: String,
}

impl Sound {
    fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    fn restore(&self) {
        for (path, bytes) in &self.files {
            std::fs::write(path, bytes).expect("a writable file");
        }
        // What is known of the files is that of the damaged ones.
        std::fs::remove_file(self.store().join("checksums")).ok();
    }
}

static SOUND: LazyLock<Sound> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(dir.path().join("kb")).expect("a new folder");
    for n in 0..9 {
        let text = format!("# Spindle {n} hums\n\n## Symptoms\n\nError 0x8007{n:04}.\n\n## Resolution\n\n1. Oil it for {n} days.\n");
        std::fs::write(dir.path().join(format!("kb/{n}.md")), text).expect("a writable file");
    }
    let path = dir.path().join("store");
    let mut store = Store::open_or_create(&path).expect("a store");
    ingest(&mut store, &Inputs::new([Root::new(dir.path().join("kb"))], false, 0), &|_| {}).expect("an ingest");
    let files = std::fs::read_dir(path.join("index")).expect("the index").map(|entry| entry.expect("a file").path());
    let files = files.map(|path| (path.clone(), std::fs::read(path).expect("a readable file"))).collect();
    Sound { answer: answer(&path).expect("a sound store"), dir, files }
});

fn answer(path: &std::path::Path) -> Result<String, StoreError> {
    let store = Store::open(path)?;
    let found = search::find(store.index(), &casebook::query::parse("spindle hums 0x80070003"), &SearchOptions::default())?;
    Ok(format!("{found:?} {:?}", store.index().get("kb/4")?))
}

libfuzzer_sys::fuzz_target!(|changes: &[u8]| {
    let sound = &*SOUND;
    sound.restore();
    for change in changes.chunks_exact(5).take(8) {
        let (path, bytes) = &sound.files[usize::from(change[0]) % sound.files.len()];
        let mut bytes = bytes.clone();
        if !bytes.is_empty() {
            let at = usize::from(u16::from_le_bytes([change[1], change[2]])) % bytes.len();
            bytes[at] ^= change[3];
            bytes.truncate(bytes.len() - usize::from(change[4]).saturating_sub(200).min(bytes.len()));
        }
        std::fs::write(path, bytes).expect("a writable file");
    }
    if let Ok(found) = answer(&sound.store()) {
        assert_eq!(found, sound.answer);
    }
});
