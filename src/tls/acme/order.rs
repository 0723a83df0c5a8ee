//! One order, from the wish to the certificate.

use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus,
    RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use super::Fault;
use crate::net::tls::provider;
use crate::tls::shelf::Shelf;

/// A chain and its key, both PEM. The key is new each time, and leaves this machine never.
pub(super) async fn certificate(
    account: &Account,
    domain: &str,
    shelf: &Shelf,
) -> Result<(String, String), Fault> {
    let names = [Identifier::Dns(domain.to_owned())];
    let mut order = account.new_order(&NewOrder::new(&names)).await?;
    let mut proving = None;
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        // Proven not long ago.
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let mut challenge =
            authorization.challenge(ChallengeType::TlsAlpn01).ok_or(Fault::NoChallenge)?;
        let proof = proof(domain, challenge.key_authorization().digest().as_ref())?;
        proving = Some(shelf.prove(domain, proof));
        challenge.set_ready().await?;
    }
    let status = order.poll_ready(&RetryPolicy::default()).await?;
    drop(proving);
    if status != OrderStatus::Ready {
        return Err(Fault::Rejected(reason(&mut order).await));
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&RetryPolicy::default()).await?;
    Ok((chain, key))
}

/// What the authority says about a proof that it did not accept.
async fn reason(order: &mut Order) -> String {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        if let Ok(state) = authorization.refresh().await {
            let errors = state.challenges.iter().filter_map(|challenge| challenge.error.as_ref());
            if let Some(error) = errors.into_iter().next() {
                return error.to_string();
            }
        }
    }
    "it gives no reason".to_owned()
}

/// The certificate that proves to the authority that the name is ours (RFC 8737 §3).
fn proof(domain: &str, digest: &[u8]) -> Result<CertifiedKey, Fault> {
    let mut params = CertificateParams::new([domain.to_owned()])?;
    params.custom_extensions.push(CustomExtension::new_acme_identifier(digest));
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    // Not compared with the key once more: nobody but an authority knows the extension in it.
    let key = provider().key_provider.load_private_key(key)?;
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
}
