//! What tells streams of metric points apart, and series of Prometheus (spec §5).

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::resource::Context;
use crate::event::Event;
use crate::json_scan::members;
use crate::json_text::JsonString;
use crate::progress::Progress;
use crate::streams::{SeriesKey, StreamKey};

/// Every text is preceded by its length, so that no two streams read the same.
pub(super) fn stream_and_series_key(
    progress: &Progress,
    event: &Event<'_>,
    context: &Context,
) -> (StreamKey, SeriesKey) {
    let mut digest = Sha256::new();
    let add = |digest: &mut Sha256, text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    add(&mut digest, context.session_id());
    add(&mut digest, context.deployment_url());
    add(&mut digest, &event.event_name.decoded());
    let properties: BTreeMap<_, _> = progress
        .heed(members(event.properties))
        .filter_map(|member| Some((member.key.decoded(), JsonString::of_value(member.value)?.decoded())))
        .collect();
    for (key, value) in progress.heed(&properties) {
        add(&mut digest, key);
        add(&mut digest, value);
    }
    let series = key_of(digest.clone());
    // Behind any number of properties, so that the number of texts tells them apart.
    context.fields().iter().for_each(|field| add(&mut digest, field));
    (key_of(digest), series)
}

/// The first bytes of a digest.
fn key_of(digest: Sha256) -> u128 {
    digest.finalize().iter().take(size_of::<u128>()).fold(0, |key, byte| key << 8 | u128::from(*byte))
}
