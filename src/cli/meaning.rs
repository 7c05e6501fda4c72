//! Finding what queries mean with the model of the workspace, loaded when a query first needs it.

use std::sync::{Arc, OnceLock};

use crate::semantic::FindMeaning;
use crate::workspace::Workspace;

/// `None` where no model is configured. What goes wrong later is said on standard error once, and words alone count.
#[cfg(not(feature = "semantic"))]
pub(super) fn find_meaning(_: &Workspace) -> Option<FindMeaning> {
    None
}

/// `None` where no model is configured. What goes wrong later is said on standard error once, and words alone count.
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
                super::warn("the articles have no vectors yet: run `casebook semantic build`; searched by words alone");
                None
            }
            Err(error) => {
                super::warn(&format!("{}; searched by words alone", crate::error::chain(&error)));
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
                super::warn(&format!("{}; searched by words alone", crate::error::chain(&error)));
                None
            }
        }
    }))
}
