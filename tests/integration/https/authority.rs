//! An authority of our own making, and certificates of any span.

use std::sync::Arc;
use std::time::Duration;

use anshin::domain::time::Moment;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

use super::{DAY, NAME, now};

/// Signs whatever it is asked to.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: String,
}

/// A certificate and its key, PEM.
#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), root }
    }

    /// Its own certificate, PEM.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// A certificate for our pages that is good for 90 days, of which so many are left.
    pub(crate) fn issue(&self, days_left: i64) -> Issued {
        let seconds = i64::try_from(DAY.as_secs()).unwrap() * days_left;
        let until = Moment::from_seconds(now().seconds() + seconds);
        self.issue_for(NAME, until - DAY * 90, until)
    }

    pub(crate) fn issue_for(&self, name: &str, from: Moment, until: Moment) -> Issued {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.use_authority_key_identifier_extension = true;
        let time = |at: Moment| {
            date_time_ymd(1970, 1, 1) + Duration::from_secs(at.seconds().try_into().unwrap())
        };
        (params.not_before, params.not_after) = (time(from), time(until));
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Issued { certificate, key: key.serialize_pem() }
    }

    /// The same with these versions of TLS alone.
    pub(crate) fn client_of(&self, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.root.as_bytes()).unwrap()).unwrap();
        ClientConfig::builder_with_provider(anshin::net::tls::provider())
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth()
    }

    /// A client that trusts this authority.
    pub(crate) fn client(&self) -> Arc<ClientConfig> {
        trusting(&self.root)
    }
}

/// A client that trusts these roots, PEM. It begins anew each time: one that goes on with an earlier
/// session is shown no certificate.
pub(crate) fn trusting(roots: &str) -> Arc<ClientConfig> {
    let mut config = anshin::net::tls::client(Some(roots.as_bytes())).unwrap();
    config.resumption = Resumption::disabled();
    Arc::new(config)
}
