//! What is shown to whoever connects: the certificate in service, or to the authority alone the proof
//! that the name is ours (RFC 8737). Both change while connections come and go.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::pair::Pair;
use crate::domain::certificate::Standing;
use crate::net::tls::provider;

/// The one protocol that we serve.
const HTTP_1_1: &[u8] = b"http/1.1";

/// What the authority asks for, alone, when it wants the proof.
const ACME_TLS: &[u8] = b"acme-tls/1";

/// Shared by all connections and whoever fills it.
#[derive(Clone, Default)]
pub struct Shelf(Arc<RwLock<Content>>);

#[derive(Default)]
struct Content {
    serving: Option<Arc<CertifiedKey>>,
    standing: Standing,
    /// The name that is to be proven, and what proves it.
    proof: Option<(String, Arc<CertifiedKey>)>,
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.standing())
    }
}

impl Shelf {
    /// One that waits for its first certificate. Until then nobody but the authority can connect.
    #[must_use]
    pub fn awaiting() -> Self {
        let shelf = Self::default();
        shelf.write().standing = Standing::Awaited;
        shelf
    }

    /// Whoever connects from now on is shown this one. Connections that are open go on.
    pub fn serve(&self, pair: &Pair) {
        let mut content = self.write();
        content.serving = Some(Arc::clone(&pair.key));
        content.standing = Standing::Serves { validity: pair.validity, refused: false };
    }

    /// Another certificate could not be had, or not be used; the one in service goes on.
    pub(super) fn refuse(&self) {
        let mut content = self.write();
        content.standing = match content.standing {
            Standing::Serves { validity, .. } => Standing::Serves { validity, refused: true },
            Standing::NotOurs | Standing::Awaited | Standing::Missing => Standing::Missing,
        };
    }

    /// There is no certificate, and none could be had.
    pub(super) fn miss(&self) {
        let mut content = self.write();
        if content.serving.is_none() {
            content.standing = Standing::Missing;
        }
    }

    /// How things stand.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.read().standing
    }

    /// Whether this very certificate is in service.
    pub(super) fn serves(&self, pair: &Pair) -> bool {
        self.read().serving.as_ref().is_some_and(|serving| serving.cert == pair.key.cert)
    }

    /// Shows a proof for as long as the answer is kept.
    pub(super) fn prove(&self, name: &str, proof: CertifiedKey) -> Proving {
        self.write().proof = Some((name.to_owned(), Arc::new(proof)));
        Proving(self.clone())
    }

    /// What a server speaks TLS with.
    #[must_use]
    pub fn encryption(&self) -> Arc<ServerConfig> {
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("ring has suites for TLS 1.2 and 1.3, which are the defaults");
        let mut config = config.with_no_client_auth().with_cert_resolver(Arc::new(self.clone()));
        config.alpn_protocols = vec![HTTP_1_1.to_vec(), ACME_TLS.to_vec()];
        Arc::new(config)
    }

    // What the lock holds is whole at any moment, also if a thread panicked beside it.
    fn read(&self) -> RwLockReadGuard<'_, Content> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Content> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for Shelf {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let content = self.read();
        let wants_proof = hello.alpn().is_some_and(|wanted| wanted.eq([ACME_TLS]));
        if !wants_proof {
            return content.serving.clone();
        }
        let (name, proof) = content.proof.as_ref()?;
        let asked = hello.server_name()?;
        asked.eq_ignore_ascii_case(name).then(|| Arc::clone(proof))
    }
}

/// A proof is being shown; it is put away with this value.
pub(super) struct Proving(Shelf);

impl Drop for Proving {
    fn drop(&mut self) {
        self.0.write().proof = None;
    }
}
