//! Encodes queries with the sentence encoder of the workspace. It is loaded when a query first needs it.

use std::sync::{Arc, OnceLock};

use crate::semantic::FindMeaning;
use crate::workspace::Workspace;

/// `None` if no model is configured. Later errors are warnings, and the search uses words alone.
#[cfg(not(feature = "semantic"))]
pub(super) fn find_meaning(_: &Workspace) -> Option<FindMeaning> {
    None
}

/// `None` if no model is configured. Later errors are warnings, and the search uses words alone.
#[cfg(feature = "semantic")]
pub(super) fn find_meaning(workspace: &Workspace) -> Option<FindMeaning> {
    use crate::semantic::{Direction, Encoder, Meaning, SemanticError, Vectors};

    let (model, folder) = (workspace.model.clone()?, Vectors::folder(&workspace.store));
    let open = move || -> Result<Option<(Encoder, Arc<Vectors>)>, SemanticError> {
        let encoder = Encoder::open(&model)?;
        let vectors = Vectors::open(&folder, encoder.fingerprint())?;
        Ok(vectors.map(|vectors| (encoder, Arc::new(vectors))))
    };
    let opened: OnceLock<Option<(Encoder, Arc<Vectors>)>> = OnceLock::new();
    Some(FindMeaning::new(move |text| {
        let opened = opened.get_or_init(|| match open() {
            Ok(Some(opened)) => Some(opened),
            Ok(None) => {
                super::warn(
                    "the articles have no vectors yet: run `casebook semantic build`; searching by words alone",
                );
                None
            }
            Err(error) => {
                super::warn(&format!("{}; searching by words alone", crate::error::chain(&error)));
                None
            }
        });
        let (encoder, vectors) = opened.as_ref()?;
        match encoder.encode(&[text]) {
            Ok(encoded) => {
                let direction = Direction::from_vector(encoded.first()?);
                Some(Meaning { direction, vectors: Arc::clone(vectors) })
            }
            Err(error) => {
                super::warn(&format!("{}; searching by words alone", crate::error::chain(&error)));
                None
            }
        }
    }))
}
