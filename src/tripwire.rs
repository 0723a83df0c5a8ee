//! Makes a stray name lookup an error instead of a crash.
//!
//! `getaddrinfo` in a static glibc binary loads the host's NSS modules and with them a second libc:
//! on many hosts that ends the process with a signal. Names are resolved by `net/resolve.rs`; these
//! two symbols take the place of glibc's, so that its version is not even linked in. The only
//! unsafe code of the project.

#![expect(unsafe_code, reason = "two C symbols that take the place of glibc's")]

use std::ffi::{c_char, c_int, c_void};

/// "Non-recoverable failure in name resolution", from `netdb.h`.
const EAI_FAIL: c_int = -4;

/// Refuses every lookup.
///
/// # Safety
/// Touches none of its arguments.
#[unsafe(no_mangle)]
unsafe extern "C" fn getaddrinfo(
    _node: *const c_char,
    _service: *const c_char,
    _hints: *const c_void,
    _result: *mut *mut c_void,
) -> c_int {
    EAI_FAIL
}

/// Frees what [`getaddrinfo`] never gives.
///
/// # Safety
/// Touches none of its arguments.
#[unsafe(no_mangle)]
unsafe extern "C" fn freeaddrinfo(_list: *mut c_void) {}
