//! One order, from the wish to the certificate.

use instant_acme::{
    Account, AuthorizationStatus, CertificateIdentifier, ChallengeType, Identifier, NewOrder,
    Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use super::Fault;
use crate::net::tls::provider;
use crate::tls::shelf::Shelf;

/// Refusals that would be the same whether an order replaces a certificate or not.
const SAME_WITHOUT: [&str; 3] = ["badNonce", "accountDoesNotExist", "rateLimited"];

/// A chain and its key, both PEM. The key is new each time, and leaves this machine never.
pub(super) async fn certificate(
    account: &Account,
    domain: &str,
    shelf: &Shelf,
    replaces: Option<&CertificateIdentifier<'_>>,
) -> Result<(String, String), Fault> {
    let mut order = placed(account, domain, replaces).await?;
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

/// A new order. Which certificate it replaces is said where the authority follows that, because it counts such an order
/// apart; one that will not hear of it gets an order that does not say so.
async fn placed(
    account: &Account,
    domain: &str,
    replaces: Option<&CertificateIdentifier<'_>>,
) -> Result<Order, Fault> {
    let names = [Identifier::Dns(domain.to_owned())];
    if let Some(replaces) = replaces {
        let wanted = NewOrder::new(&names).replaces(replaces.clone());
        match account.new_order(&wanted).await.map_err(Fault::Acme) {
            Ok(order) => return Ok(order),
            Err(fault) if SAME_WITHOUT.iter().any(|kind| fault.is(kind)) => return Err(fault),
            Err(fault) => tracing::info!(%fault, "the authority takes no order that replaces one"),
        }
    }
    Ok(account.new_order(&NewOrder::new(&names)).await?)
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
