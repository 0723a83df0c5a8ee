//! A certificate with its chain and its key: read from PEM, and checked as a client would, as far as
//! that can be done without knowing whom clients trust.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, Error, RootCertStore};

use crate::domain::certificate::Validity;
use crate::domain::time::Moment;
use crate::net::tls::provider;

/// The last second that a certificate can name.
const END_OF_TIME: u64 = 253_402_300_799;

/// A certificate with its chain and its key, which belong together and are for our name.
#[derive(Clone)]
pub struct Pair {
    /// As connections are shown it.
    pub(super) key: Arc<CertifiedKey>,
    /// From and until when it is good.
    pub validity: Validity,
}

impl fmt::Debug for Pair {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.validity)
    }
}

/// What is wrong with a certificate and a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// No certificate in it, or a broken one.
    NoCertificate,
    /// No private key in it, a broken one, or one that a password protects.
    NoKey,
    /// The key is not that of the certificate.
    OtherKey,
    /// The certificate is not for our name.
    OtherName,
}

impl Pair {
    /// Reads both, and checks that they belong together and are for `name`. Whether the certificate is
    /// good at present is told, not judged: that changes by itself.
    pub fn read(certificate: &[u8], key: &[u8], name: &str) -> Result<Self, Flaw> {
        let chain: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_slice_iter(certificate).collect();
        let chain = chain.map_err(|_| Flaw::NoCertificate)?;
        let own = chain.first().ok_or(Flaw::NoCertificate)?.clone();
        let parsed = ParsedCertificate::try_from(&own).map_err(|_| Flaw::NoCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| Flaw::NoKey)?;
        let key = CertifiedKey::from_der(chain, key, &provider()).map_err(|fault| match fault {
            Error::InconsistentKeys(_) => Flaw::OtherKey,
            Error::InvalidCertificate(_) => Flaw::NoCertificate,
            _ => Flaw::NoKey,
        })?;
        let name = ServerName::try_from(name).map_err(|_| Flaw::OtherName)?;
        verify_server_name(&parsed, &name).map_err(|_| Flaw::OtherName)?;
        Ok(Self { key: Arc::new(key), validity: validity(&parsed) })
    }
}

/// From and until when a certificate is good. rustls reads these dates and shows them to nobody, except
/// in its complaint that a moment lies outside of them; it compares them before it looks for a root.
fn validity(certificate: &ParsedCertificate<'_>) -> Validity {
    let complaint = |second: u64| {
        let moment = UnixTime::since_unix_epoch(Duration::from_secs(second));
        let (roots, algorithms) = (RootCertStore::empty(), provider());
        let algorithms = algorithms.signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(certificate, &roots, &[], moment, algorithms)
    };
    let from = match complaint(0) {
        Err(Error::InvalidCertificate(CertificateError::NotValidYetContext {
            not_before, ..
        })) => not_before.as_secs(),
        _ => 0,
    };
    let until = match complaint(END_OF_TIME) {
        Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            not_after.as_secs()
        }
        _ => END_OF_TIME,
    };
    let moment = |second| Moment::from_seconds(i64::try_from(second).unwrap_or(i64::MAX));
    Validity { from: moment(from), until: moment(until) }
}
