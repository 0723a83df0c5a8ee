//! The binary: nothing but the way into the library, and the allocator under it.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    anshin::cli::run()
}
