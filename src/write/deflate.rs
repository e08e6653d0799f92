//! Raw deflate (RFC 1951) with a search that is tuned to telemetry.
//!
//! zlib-rs is called through its C interface, since its safe one has no `deflateTune`. The few unsafe calls are worth
//! it: OTLP/JSON repeats long stretches, and a tuned search makes smaller files in the same time.
//! `docs/performance.md` has the figures.

use std::ffi::c_int;

use libz_rs_sys as zlib;

/// The logarithm of the window size, negative for raw deflate.
const WINDOW_BITS: c_int = -15;
/// The default of zlib.
const MEMORY_LEVEL: c_int = 8;
/// Room for output of one call.
const ROOM: usize = 16 * 1024;

/// How hard to search for repetitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Search {
    /// The level whose algorithm searches.
    algorithm: c_int,
    /// Changes to its parameters.
    tuning: Option<Tuning>,
}

/// The parameters of `deflateTune`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tuning {
    good_length: c_int,
    max_lazy: c_int,
    nice_length: c_int,
    max_chain: c_int,
}

/// The search of each level. Level 0 only stores. Each further level costs a fifth to a third of the speed.
const SEARCHES: [Search; 10] = [
    as_it_comes(0),
    as_it_comes(1),
    as_it_comes(2),
    tuned(4, 8, 2, 128, 12),
    tuned(4, 4, 8, 128, 16),
    tuned(4, 4, 12, 128, 32),
    tuned(8, 8, 128, 128, 64),
    tuned(8, 32, 128, 258, 128),
    tuned(8, 32, 258, 258, 256),
    tuned(8, 258, 258, 258, 1024),
];

const fn as_it_comes(algorithm: c_int) -> Search {
    Search { algorithm, tuning: None }
}

const fn tuned(
    algorithm: c_int,
    good_length: c_int,
    max_lazy: c_int,
    nice_length: c_int,
    max_chain: c_int,
) -> Search {
    Search { algorithm, tuning: Some(Tuning { good_length, max_lazy, nice_length, max_chain }) }
}

/// Deflates any number of texts, one after the other.
pub(crate) struct DeflateStream {
    search: Search,
    /// Boxed, since zlib may keep the address of the stream.
    stream: Box<zlib::z_stream>,
}

impl DeflateStream {
    /// Begins a text at `level`, 0 to 9. A higher level counts as 9.
    pub(crate) fn new(level: u32) -> Self {
        let search = SEARCHES[(level as usize).min(SEARCHES.len() - 1)];
        let mut stream = Box::<zlib::z_stream>::default();
        // SAFETY: the stream is a valid one by default, with allocators of zlib-rs, and version and size are its own.
        let outcome = unsafe {
            zlib::deflateInit2_(
                &raw mut *stream,
                search.algorithm,
                zlib::Z_DEFLATED,
                WINDOW_BITS,
                MEMORY_LEVEL,
                zlib::Z_DEFAULT_STRATEGY,
                zlib::zlibVersion(),
                size_of::<zlib::z_stream>() as c_int,
            )
        };
        assert_eq!(outcome, zlib::Z_OK, "deflate takes these parameters");
        let mut deflate = Self { search, stream };
        deflate.tune();
        deflate
    }

    /// Deflates `text` and appends the output that is complete so far. The rest follows later.
    pub(crate) fn deflate(&mut self, text: &[u8], deflated: &mut Vec<u8>) {
        self.run(text, deflated, zlib::Z_NO_FLUSH);
    }

    /// Appends the rest of the text, and begins another one.
    pub(crate) fn finish(&mut self, deflated: &mut Vec<u8>) {
        self.run(&[], deflated, zlib::Z_FINISH);
        self.begin_again();
    }

    /// Begins another text. The rest of the current one is lost.
    pub(crate) fn begin_again(&mut self) {
        // SAFETY: `new` initialized the stream, and nothing ended it before `drop`.
        let outcome = unsafe { zlib::deflateReset(&raw mut *self.stream) };
        assert_eq!(outcome, zlib::Z_OK, "an initialized stream can begin again");
        // A reset also forgets how the search was tuned.
        self.tune();
    }

    fn tune(&mut self) {
        let Some(Tuning { good_length, max_lazy, nice_length, max_chain }) = self.search.tuning else {
            return;
        };
        // SAFETY: `new` initialized the stream, and nothing ended it before `drop`.
        let outcome = unsafe {
            zlib::deflateTune(&raw mut *self.stream, good_length, max_lazy, nice_length, max_chain)
        };
        assert_eq!(outcome, zlib::Z_OK, "an initialized stream can be tuned");
    }

    fn run(&mut self, mut text: &[u8], deflated: &mut Vec<u8>, flush: c_int) {
        loop {
            deflated.reserve(ROOM);
            let room = deflated.spare_capacity_mut();
            let (given, wanted) = (zlib_length(text.len()), zlib_length(room.len()));
            self.stream.next_in = text.as_ptr();
            self.stream.avail_in = given;
            self.stream.next_out = room.as_mut_ptr().cast();
            self.stream.avail_out = wanted;
            // SAFETY: `new` initialized the stream. It reads at most `avail_in` bytes of `text` and writes at most
            // `avail_out` bytes of `room`, and neither is touched otherwise while it does.
            let outcome = unsafe { zlib::deflate(&raw mut *self.stream, flush) };
            let written = (wanted - self.stream.avail_out) as usize;
            text = &text[(given - self.stream.avail_in) as usize..];
            // SAFETY: so many bytes behind the old length were written just now.
            unsafe { deflated.set_len(deflated.len() + written) };
            let is_done = match flush {
                zlib::Z_FINISH => outcome == zlib::Z_STREAM_END,
                // If there is room left, zlib has nothing more to write.
                _ => text.is_empty() && self.stream.avail_out > 0,
            };
            if is_done {
                return;
            }
            assert!(matches!(outcome, zlib::Z_OK | zlib::Z_BUF_ERROR), "deflate takes any text: {outcome}");
        }
    }
}

impl Drop for DeflateStream {
    fn drop(&mut self) {
        // SAFETY: `new` initialized the stream, and this is the only end of it.
        unsafe { zlib::deflateEnd(&raw mut *self.stream) };
    }
}

/// A length in the type of zlib. A longer text takes several calls.
fn zlib_length(length: usize) -> zlib::uInt {
    zlib::uInt::try_from(length).unwrap_or(zlib::uInt::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    use flate2::read::DeflateDecoder;
    use proptest::prelude::*;

    fn inflated(deflated: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        DeflateDecoder::new(deflated).read_to_end(&mut text).expect("valid deflate");
        text
    }

    fn telemetry(bytes: usize) -> Vec<u8> {
        let points = (0..).flat_map(|number: u64| {
            let time = 1_780_000_000_000_000_000 + number * number % 977 * 1_000_000;
            format!(
                r#"{{"timeUnixNano":"{time}","asInt":"{}","attributes":[{{"key":"route"}}]}},"#,
                number % 7
            )
            .into_bytes()
        });
        points.take(bytes).collect()
    }

    #[test]
    fn texts_deflate_one_after_the_other_and_each_level_makes_less_than_the_one_before() {
        let text = telemetry(2_000_000);
        let mut last = usize::MAX;
        for level in 0..=9 {
            let mut deflate = DeflateStream::new(level);
            let mut first = Vec::new();
            deflate.deflate(&text, &mut first);
            deflate.finish(&mut first);
            let mut second = Vec::new();
            text.chunks(1000).for_each(|piece| deflate.deflate(piece, &mut second));
            deflate.finish(&mut second);
            assert!(inflated(&first) == text, "level {level}");
            assert!(inflated(&second) == text, "level {level}");
            assert!(first.len() < last || level == 0, "level {level}: {} after {last}", first.len());
            last = first.len();
        }
    }

    #[test]
    fn the_second_text_is_searched_as_hard_as_the_first() {
        let text = telemetry(500_000);
        for level in 0..=9 {
            let mut deflate = DeflateStream::new(level);
            let [mut first, mut second] = [Vec::new(), Vec::new()];
            deflate.deflate(&text, &mut first);
            deflate.finish(&mut first);
            deflate.deflate(&text, &mut second);
            deflate.finish(&mut second);
            assert!(first == second, "level {level}");
        }
    }

    #[test]
    fn an_abandoned_text_does_not_affect_the_next_one() {
        let mut deflate = DeflateStream::new(4);
        deflate.deflate(&telemetry(100_000), &mut Vec::new());
        deflate.begin_again();
        let mut deflated = Vec::new();
        deflate.deflate(b"another", &mut deflated);
        deflate.finish(&mut deflated);
        assert_eq!(inflated(&deflated), b"another");
    }

    proptest! {
        #[test]
        fn any_text_in_any_pieces_inflates_to_the_same_text(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40_000), 0..4),
            level in 0u32..=10,
        ) {
            let mut deflate = DeflateStream::new(level);
            let mut deflated = Vec::new();
            pieces.iter().for_each(|piece| deflate.deflate(piece, &mut deflated));
            deflate.finish(&mut deflated);
            prop_assert!(inflated(&deflated) == pieces.concat());
        }
    }
}
