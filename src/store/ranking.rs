//! Reads the weights of the ranking, which are data, so that they can be fitted and replaced.

use serde::{Deserialize, Serialize};

use crate::diagnostic::did_you_mean;

/// The weights of the ranking. [`Ranking::SHIPPED`] explains each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the data file explains each, also for users")]
pub struct Ranking {
    pub title_words: f32,
    pub lead_words: f32,
    pub message_words: f32,
    pub saturation: f32,
    pub length: f32,
    pub lead: f32,
    pub lead_length: f32,
    pub title: f32,
    pub title_length: f32,
    pub small_words: f32,
    pub parts: f32,
    pub product_words: f32,
    pub synonyms: f32,
    pub product: f32,
    pub version: f32,
    pub cited: f32,
    pub message_order: f32,
    pub exact_title: f32,
    pub meaning: f32,
    pub code: f32,
    pub id: f32,
    pub record_order: f32,
    pub record_title: f32,
    pub record_code: f32,
    pub record_symbols: f32,
}

/// Weights from 0 to 1: the share of the meaning in the score, and how much BM25 corrects for the length of a text. With more
/// than 1, short texts would score below 0.
const SHARES: [&str; 4] = ["length", "lead_length", "title_length", "meaning"];

/// An error in a file of weights.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RankingError {
    /// The text is not TOML.
    #[error("it is not TOML")]
    Syntax(#[source] Box<toml::de::Error>),
    /// There is no such weight.
    #[error("there is no weight `{name}`")]
    Unknown {
        /// The name as written.
        name: String,
        /// The weight with the most similar name.
        near: Option<String>,
    },
    /// The weight cannot have this value.
    #[error("`{name}` should be a number {}", if *.is_share { "from 0 to 1" } else { "of at least 0" })]
    Value {
        /// The weight.
        name: String,
        /// Whether the weight is a share, from 0 to 1.
        is_share: bool,
    },
}

impl Default for Ranking {
    fn default() -> Self {
        toml::from_str(Ranking::SHIPPED).expect("the shipped weights are read by a test")
    }
}

impl Ranking {
    /// The shipped weights as TOML, with comments that explain each.
    pub const SHIPPED: &str = include_str!("ranking.toml");

    /// Reads weights from TOML; a weight that is not named keeps its shipped value. Fails at the first mistake.
    pub fn from_toml(text: &str) -> Result<Ranking, RankingError> {
        let given: toml::Table = toml::from_str(text).map_err(|error| RankingError::Syntax(Box::new(error)))?;
        let shipped = Ranking::default();
        let mut weights = Vec::with_capacity(given.len());
        for (name, value) in given {
            weights.push((shipped.checked(&name, &value)?, name));
        }
        Ok(shipped.with(weights.into_iter().map(|(value, name)| (name, value))))
    }

    /// Checks the name and the range of a weight.
    fn checked(&self, name: &str, value: &toml::Value) -> Result<f64, RankingError> {
        let known = self.named();
        let known = || known.iter().map(|(name, _)| name.as_str());
        if !known().any(|known| known == name) {
            let near = did_you_mean(name, known()).map(str::to_owned);
            return Err(RankingError::Unknown { name: name.to_owned(), near });
        }
        let is_share = SHARES.contains(&name);
        let most = if is_share { 1.0 } else { f64::from(f32::MAX) };
        let number = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
        let number = number.filter(|number| (0.0..=most).contains(number));
        number.ok_or_else(|| RankingError::Value { name: name.to_owned(), is_share })
    }

    /// The weights by name, sorted.
    pub fn named(&self) -> Vec<(String, f64)> {
        let table = toml::Table::try_from(self).expect("a struct of numbers has a TOML form");
        table.into_iter().filter_map(|(name, value)| Some((name, value.as_float()?))).collect()
    }

    /// These weights with some of them replaced. Ignores unknown names.
    pub fn with(&self, others: impl IntoIterator<Item = (String, f64)>) -> Ranking {
        let mut table = toml::Table::try_from(self).expect("a struct of numbers has a TOML form");
        for (name, value) in others {
            if let Some(weight) = table.get_mut(&name) {
                *weight = toml::Value::Float(value);
            }
        }
        table.try_into().expect("the names are those of the struct")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_can_be_read_and_replaced_one_by_one() {
        let shipped = Ranking::default();
        assert_eq!(Ranking::from_toml(""), Ok(shipped.clone()));
        let other = Ranking::from_toml("lead = 2").expect("a weight that is known");
        assert_eq!(other, Ranking { lead: 2.0, ..shipped.clone() });
        assert_eq!(shipped.with([("lead".to_owned(), 2.0), ("no weight".to_owned(), 1.0)]), other);
        assert_eq!(shipped.named().len(), 25);
    }

    #[test]
    fn a_weight_that_cannot_be_is_an_error_that_says_why() {
        let said = |text: &str| Ranking::from_toml(text).expect_err(text).to_string();
        let near = |name: &str, near: Option<&str>| {
            Err(RankingError::Unknown { name: name.to_owned(), near: near.map(str::to_owned) })
        };
        assert_eq!(Ranking::from_toml("leed = 2"), near("leed", Some("lead")));
        assert_eq!(Ranking::from_toml("zxqvw = 2"), near("zxqvw", None));
        assert_eq!(said("leed = 2"), "there is no weight `leed`");
        for value in ["-1", "nan", "inf", "1e300", "'much'", "[1]"] {
            assert_eq!(said(&format!("title = {value}")), "`title` should be a number of at least 0");
        }
        assert_eq!(said("title_length = 1.5"), "`title_length` should be a number from 0 to 1");
        assert_eq!(said("title ="), "it is not TOML");
        let extremes = Ranking::from_toml("title_length = 1\ntitle = 0").expect("both are possible");
        assert_eq!(extremes, Ranking { title_length: 1.0, title: 0.0, ..Ranking::default() });
    }
}
