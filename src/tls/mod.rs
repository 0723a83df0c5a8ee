//! The certificate of our own HTTPS: which one is shown, where it comes from, and how it stands.
//!
//! [`pair`] is a certificate with its key, checked; [`shelf`] holds the one in service and hands it to
//! whoever connects; [`files`] fills it from files of the operator's, [`acme`] from an authority. When
//! things are due is decided in `domain/certificate.rs`.
//! It must not open a listener, answer a request, or end the service: without a certificate nobody
//! connects, and everything else goes on.

pub mod acme;
pub mod files;
pub mod pair;
pub mod shelf;
