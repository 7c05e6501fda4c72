//! How the found articles are spread over collections.

use std::collections::BTreeMap;

use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::AggregationResults;

use super::schema::COLLECTION;

/// Facet, then value, then number of articles.
pub type Facets = BTreeMap<String, BTreeMap<String, u64>>;

pub(super) fn collector() -> AggregationCollector {
    let request = serde_json::json!({ COLLECTION: { "terms": { "field": COLLECTION } } });
    let request: Aggregations = serde_json::from_value(request).expect("a fixed request of a known form");
    AggregationCollector::from_aggs(request, Default::default())
}

pub(super) fn of(results: AggregationResults) -> Facets {
    // tantivy's results are made to be serialised; the types inside are a deep tree of enums.
    let results = serde_json::to_value(results).unwrap_or_default();
    let buckets = results[COLLECTION]["buckets"].as_array();
    let counts = buckets
        .into_iter()
        .flatten()
        .filter_map(|bucket| Some((bucket["key"].as_str()?.to_owned(), bucket["doc_count"].as_u64()?)));
    BTreeMap::from([(COLLECTION.to_owned(), counts.collect())])
}
