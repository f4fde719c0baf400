//! Bytes for `targets::directory` in `tests/property`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| webim_property::targets::directory(bytes));
