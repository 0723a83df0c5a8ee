//! TLS towards LINE: ring, the roots that travel with the binary, and what the operator adds.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::client::NoAnswer;

/// The configuration of our client. The provider is named here alone.
pub(super) fn client(extra_roots: Option<&[u8]>) -> Result<ClientConfig, NoAnswer> {
    let fail = |fault: &dyn std::fmt::Display| NoAnswer::Unreachable(fault.to_string());
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in CertificateDer::pem_slice_iter(extra_roots.unwrap_or_default()) {
        let root = root.map_err(|fault| fail(&fault))?;
        roots.add(root).map_err(|fault| fail(&fault))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|fault| fail(&fault))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
