//! What tells streams of metric points apart, and series of Prometheus (specification, Streams): only what is written. Two that read the same
//! there are one, whatever they were made of.

use sha2::{Digest, Sha256};

use super::attributes::Attributes;
use super::resource::Context;
use super::streams::{SeriesKey, StreamKey};
use crate::progress::Progress;
use crate::row::signal::MetricName;

/// The keys of a stream whose points have these attributes. Every text is preceded by its length, so that no two lists of
/// texts read the same.
pub(super) fn stream_and_series_key(
    progress: &Progress,
    event: MetricName,
    attributes: &Attributes<'_, '_>,
    context: &Context,
) -> (StreamKey, SeriesKey) {
    let mut digest = Sha256::new();
    let add = |digest: &mut Sha256, text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    add(&mut digest, context.session_id());
    add(&mut digest, context.deployment_url());
    add(&mut digest, event.text());
    for (key, value) in progress.heed(attributes.strings_by_key()) {
        add(&mut digest, &key);
        add(&mut digest, &value);
    }
    let series = key_of(digest.clone());
    // Behind any number of attributes, so that the number of texts tells them apart.
    context.attributes().into_iter().for_each(|(_, text)| add(&mut digest, text));
    (key_of(digest), series)
}

/// The first bytes of a digest.
fn key_of(digest: Sha256) -> u128 {
    digest.finalize().iter().take(size_of::<u128>()).fold(0, |key, byte| key << 8 | u128::from(*byte))
}
