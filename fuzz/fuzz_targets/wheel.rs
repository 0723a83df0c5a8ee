#![no_main]

#[path = "../../tests/corpora/targets/wheel.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
