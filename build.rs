//! Links the addon the way each platform's Node expects.

fn main() {
    napi_build::setup();
}
