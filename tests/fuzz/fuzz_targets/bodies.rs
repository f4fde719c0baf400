//! Bytes for `targets::bodies` in `tests/property`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| webim_property::targets::bodies(bytes));
