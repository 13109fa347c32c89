//! Glue: the body stands in the tests library.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tclring_tests::bodies::generated_script(bytes));
