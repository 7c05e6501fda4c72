//! A vector of which only the direction counts, in one byte a value.

/// A direction: the values of a vector, the greatest of them ±127, rounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Direction {
    values: Vec<i8>,
    length: f32,
}

impl Direction {
    /// The direction of a vector of any length. One without a direction, or with values that are not finite, is at a right
    /// angle to all.
    pub fn of(vector: &[f32]) -> Direction {
        let greatest = vector.iter().fold(0.0f32, |greatest, value| greatest.max(value.abs()));
        // A cast of a number that is none gives 0, so nothing needs to be asked here.
        let values: Vec<i8> = vector.iter().map(|value| (value / greatest * 127.0).round() as i8).collect();
        Direction { length: length(&values), values }
    }

    pub(super) fn dimension(&self) -> usize {
        self.values.len()
    }

    pub(super) fn values(&self) -> &[i8] {
        &self.values
    }

    pub(super) fn length(&self) -> f32 {
        self.length
    }
}

/// The cosine of the angle between two vectors of one dimension, each with its length; 0 where one has no length.
pub(super) fn cosine(a: (&[i8], f32), b: (&[i8], f32)) -> f32 {
    let lengths = a.1 * b.1;
    if lengths > 0.0 { (dot(a.0, b.0) as f32 / lengths).clamp(-1.0, 1.0) } else { 0.0 }
}

/// The Euclidean length.
pub(super) fn length(values: &[i8]) -> f32 {
    (dot(values, values) as f32).sqrt()
}

/// Cannot overflow below a dimension of 131,072. Products of neighbours are added in pairs, for which processors have an
/// instruction that the compiler finds in this form.
pub(super) fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(i16::from(a) * i16::from(b))).sum()
}
