//! What each sign of a fitting article counts for: data, so that it can be read, fitted and replaced.

use serde::{Deserialize, Serialize};

/// The weights of the ranking. The shipped ones are in `src/store/ranking.toml`, which says what each means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the data file explains each, for users too")]
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
}

const SHIPPED: &str = include_str!("ranking.toml");

impl Default for Ranking {
    fn default() -> Self {
        toml::from_str(SHIPPED).expect("the shipped weights are read by a test")
    }
}

impl Ranking {
    /// Reads weights from TOML. Those not named are the shipped ones; a name that is none is an error.
    pub fn from_toml(text: &str) -> Result<Ranking, toml::de::Error> {
        let mut weights: toml::Table = toml::from_str(SHIPPED)?;
        weights.extend(toml::from_str::<toml::Table>(text)?);
        weights.try_into()
    }

    /// The weights by name, sorted.
    pub fn named(&self) -> Vec<(String, f64)> {
        let table = toml::Table::try_from(self).expect("a struct of numbers has a TOML form");
        table.into_iter().filter_map(|(name, value)| Some((name, value.as_float()?))).collect()
    }

    /// These weights with others in place of some. A name that is none changes nothing.
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
        assert!(Ranking::from_toml("leed = 2").is_err());
        assert_eq!(shipped.named().len(), 21);
    }
}
