#![no_main]
//! HTML pages, after a fixed heading.

mod shared;

use casebook::article::Layout;

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read("<!DOCTYPE html><html><head><title>A title</title></head><body><h1>A title</h1>", Layout::Html, data));
