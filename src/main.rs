//! anshin
fn main() {}
