//! TLS towards others: ring, the roots that travel with the binary, and what the operator adds.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Roots of the operator's that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadRoots(String);

/// Who does the mathematics, towards others and for our own HTTPS. Named here alone.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// The configuration of a client.
pub fn client(extra_roots: Option<&[u8]>) -> Result<ClientConfig, BadRoots> {
    let fail = |fault: &dyn std::fmt::Display| BadRoots(fault.to_string());
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let built_in = roots.len();
    for root in CertificateDer::pem_slice_iter(extra_roots.unwrap_or_default()) {
        let root = root.map_err(|fault| fail(&fault))?;
        roots.add(root).map_err(|fault| fail(&fault))?;
    }
    if extra_roots.is_some() && roots.len() == built_in {
        return Err(BadRoots("no certificate in it".to_owned()));
    }
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|fault| fail(&fault))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_usable_certificate_is_refused_instead_of_trusting_less_than_was_asked() {
        assert!(client(None).is_ok());
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for roots in ["", "not a certificate", broken] {
            assert!(client(Some(roots.as_bytes())).is_err(), "{roots}");
        }
    }
}
