//! The types of a posterior: of a whole component, and of the blocks it falls into.

/// What the evidence says about the causes of one component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Posterior {
    /// One for each cause of the component, in its order.
    pub(crate) causes: Vec<Belief>,
    /// P(no cause of the component | evidence).
    pub(crate) none: f64,
    /// ln P(evidence). The factors of `against` and of failed resolutions count as likelihoods.
    pub(crate) ln_evidence: f64,
    /// Largest standard error of a cause's probability, where a block was too large to be exact.
    pub(crate) standard_error: Option<f64>,
}

/// Probability and odds of one cause, each computed without subtracting from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Belief {
    /// 0–1.
    pub(crate) probability: f64,
    /// ln(P / (1 − P)).
    pub(crate) ln_odds: f64,
    /// P(it is there and arose by itself), at most [`probability`](Belief::probability): less where another cause led to it.
    pub(crate) by_itself: f64,
}

impl Belief {
    /// From the weights of "it is there" and "it is not", on any common scale, and of "it is there by itself".
    pub(crate) fn from_weights(present: f64, absent: f64, by_itself: f64) -> Self {
        // A weight can underflow where hundreds of findings speak against a cause; its odds stay finite.
        let (present, absent) = (present.max(f64::MIN_POSITIVE), absent.max(f64::MIN_POSITIVE));
        let probability = present / (present + absent);
        Belief {
            probability,
            ln_odds: present.ln() - absent.ln(),
            by_itself: probability * (by_itself / present).min(1.0),
        }
    }
}

/// Causes that positive findings and `leads to` couple, with those findings as bits `0..leaks.len()`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    /// The causes.
    pub(crate) causes: Vec<BlockCause>,
    /// Leak of each positive finding.
    pub(crate) leaks: Vec<f64>,
}

/// A cause of a block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockCause {
    /// Weight of "it arose by itself".
    pub(crate) arises: f64,
    /// Weight of "it did not": it is not there unless another cause led to it. On the same scale.
    pub(crate) stays_away: f64,
    /// Likelihood of all evidence but the block's positive findings when it is there, over that when it is not. For a cause
    /// without `leads to` from or to another this is in the two weights already, and 1 here.
    pub(crate) fits: f64,
    /// The block's findings that it shows, with the chance of each.
    pub(crate) shows: Vec<(usize, f64)>,
    /// Indices of the block's causes that it leads to, with the chance of each. No way leads back.
    pub(crate) leads_to: Vec<(usize, f64)>,
}

/// What a block says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockPosterior {
    /// One for each cause of the block, in its order.
    pub(crate) causes: Vec<Belief>,
    /// ln P(all findings of the block).
    pub(crate) ln_evidence: f64,
    /// As [`Posterior::standard_error`].
    pub(crate) standard_error: Option<f64>,
}
