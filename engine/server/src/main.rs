//! The binary `webim`.

use std::process::ExitCode;

/// What one thread allocates another frees, a dozen times for each message: half of what the system's allocator costs
/// there is saved. It serves SQLite too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    webim::run()
}
