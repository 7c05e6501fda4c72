//! Types for the posterior of a whole component, and of the blocks that it is divided into.

/// The posterior of the causes of one component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Posterior {
    /// One for each cause of the component, in its order.
    pub(crate) causes: Vec<Belief>,
    /// P(no cause of the component | evidence).
    pub(crate) none: f64,
    /// ln P(evidence). The factors of `against` and of failed resolutions count as likelihoods.
    pub(crate) ln_evidence: f64,
    /// The true probability of each cause is within this distance of the estimate with 95 % certainty, 0–1; `None` where all are
    /// exact.
    pub(crate) margin: Option<f64>,
}

/// Probability and odds of one cause, each computed without subtracting from 1, so that neither loses digits near 0 or
/// 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Belief {
    /// P(cause | evidence), 0–1.
    pub(crate) probability: f64,
    /// ln(P / (1 − P)).
    pub(crate) ln_odds: f64,
    /// P(the cause is present and arose by itself), at most [`probability`](Belief::probability); less where another
    /// cause led to it.
    pub(crate) by_itself: f64,
}

impl Belief {
    /// Computes a belief from the weights of "present", "absent" and "arose by itself". Only the ratios of the weights
    /// matter.
    pub(crate) fn from_weights(present: f64, absent: f64, by_itself: f64) -> Self {
        // Hundreds of findings against a cause can make a weight underflow; the odds stay finite.
        let (present, absent) = (present.max(f64::MIN_POSITIVE), absent.max(f64::MIN_POSITIVE));
        let probability = present / (present + absent);
        Belief {
            probability,
            ln_odds: present.ln() - absent.ln(),
            by_itself: probability * (by_itself / present).min(1.0),
        }
    }
}

/// Causes that positive findings and `leads to` connect.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CauseBlock {
    pub(crate) causes: Vec<BlockCause>,
    /// The leak of each positive finding: its chance without any cause.
    pub(crate) leaks: Vec<f64>,
}

/// A cause of a block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockCause {
    /// Weight of "arose by itself". This and `stays_away` add up to 1.
    pub(crate) arises: f64,
    /// Weight of "did not arise by itself": the cause is absent unless another one led to it.
    pub(crate) stays_away: f64,
    /// Likelihood ratio, present to absent, of all evidence except the block's positive findings. It is 1 for a cause
    /// without `leads to` from or to another: there the two weights contain it already.
    pub(crate) fits: f64,
    /// The block's findings that the cause shows, with the chance of each.
    pub(crate) shows: Vec<(usize, f64)>,
    /// Indices of the block's causes that this one leads to, with the chance of each. The links form no cycle.
    pub(crate) leads_to: Vec<(usize, f64)>,
}

/// The posterior of one block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockPosterior {
    /// One for each cause of the block, in its order.
    pub(crate) causes: Vec<Belief>,
    /// ln P(all positive findings of the block).
    pub(crate) ln_evidence: f64,
    /// As [`Posterior::margin`].
    pub(crate) margin: Option<f64>,
}
