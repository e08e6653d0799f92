//! The keys of metric streams and of Prometheus series (specification, Streams). They depend only on what is written:
//! two streams that read the same are one.

use sha2::{Digest, Sha256};

use super::attributes::Attributes;
use super::resource::Resource;
use super::streams::{SeriesKey, StreamKey};
use crate::progress::Progress;
use crate::row::signal::MetricName;

/// The keys of a stream whose points have these attributes. Every text follows its length, so that different lists of
/// texts give different keys.
pub(super) fn stream_and_series_key(
    progress: &Progress,
    event: MetricName,
    attributes: &Attributes<'_, '_>,
    resource: &Resource,
) -> (StreamKey, SeriesKey) {
    let mut digest = Sha256::new();
    let add = |digest: &mut Sha256, text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    add(&mut digest, resource.session_id());
    add(&mut digest, resource.deployment_url());
    add(&mut digest, event.text());
    for (key, value) in progress.heed(attributes.strings_by_key()) {
        add(&mut digest, &key);
        add(&mut digest, &value);
    }
    let series = key_of(digest.clone());
    // A resource has a fixed number of texts, so they cannot be mistaken for attributes.
    resource.attributes().into_iter().for_each(|(_, text)| add(&mut digest, text));
    (key_of(digest), series)
}

/// The first bytes of a digest.
fn key_of(digest: Sha256) -> u128 {
    digest.finalize().iter().take(size_of::<u128>()).fold(0, |key, byte| key << 8 | u128::from(*byte))
}
