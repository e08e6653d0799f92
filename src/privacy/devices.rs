//! Devices that are named after their owner.

use std::ops::Range;

use super::characters::in_name;
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::Trigger;
use super::words::is_ordinary;

/// Ends of device names. Their case counts.
const DEVICES: [&str; 9] =
    [" MacBook", " iMac", " iPhone", " iPad", "-MacBook", "-MBP", " ThinkPad", " Laptop", " PC"];

pub(super) const TRIGGERS: &[Trigger] = &[Trigger {
    words: &["macbook", "imac", "iphone", "ipad", "mbp", "thinkpad", "laptop", "pc"],
    check: check_device,
}];

/// Marks a device with its owner before it, as in `Annas MacBook Pro`.
fn check_device(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The longest name of an owner.
    const LONGEST: usize = 60;
    let Some(device) = DEVICES.iter().find(|device| search.bytes[..word.end].ends_with(device.as_bytes()))
    else {
        return;
    };
    let owner_end = word.end - device.len();
    let start = search.run_start(owner_end, LONGEST, in_name);
    let owner = &search.text[start..owner_end];
    let is_owner = owner.ends_with('s') || owner.ends_with("s'");
    if owner.len() >= 4 && is_owner && owner.starts_with(char::is_uppercase) && !is_ordinary(owner) {
        search.mark(Rule::MachineName, start..word.end);
    }
}
