//! What the command line says about the settings of our own HTTPS.

use super::Tongue;

/// HTTPS is ours to do, and the address of our pages is not an https one.
#[must_use]
pub fn without_https(tongue: Tongue) -> String {
    tongue.pick(
        "tls.mode を \"files\" か \"acme\" にするときは、設定 server.public_url を https:// で始めてください。".to_owned(),
        "with tls.mode = \"files\" or \"acme\", setting server.public_url must begin with https://"
            .to_owned(),
    )
}

/// A file cannot be read.
#[must_use]
pub fn unreadable(key: &str, path: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 {key} のファイル {path} を読めません（{cause}）。場所と、サービスが読めるかを確かめてください。"),
        format!("cannot read {path} of setting {key}: {cause}; check the path, and that the service may read it"),
    )
}

/// No certificate in the file.
#[must_use]
pub fn no_certificate(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 tls.certificate のファイル {path} に、使える証明書（PEM）がありません。証明書と中間証明書を入れてください。"),
        format!("setting tls.certificate: {path} holds no certificate that can be used; put the certificate and its chain there, as PEM"),
    )
}

/// No key in the file.
#[must_use]
pub fn no_key(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 tls.key のファイル {path} に、使える秘密鍵（PEM）がありません。パスワードのない秘密鍵を入れてください。"),
        format!("setting tls.key: {path} holds no private key that can be used; put the key there, as PEM and without a password"),
    )
}

/// The key is that of another certificate.
#[must_use]
pub fn other_key(certificate: &str, key: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 tls.key の秘密鍵 {key} は、tls.certificate の証明書 {certificate} のものではありません。組になるファイルにしてください。"),
        format!("setting tls.key: the key in {key} is not that of the certificate in {certificate}; name two files that belong together"),
    )
}

/// The certificate is for another name.
#[must_use]
pub fn other_name(path: &str, domain: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 tls.certificate の証明書 {path} は、{domain} のものではありません。server.public_url の名前の証明書にしてください。"),
        format!("setting tls.certificate: the certificate in {path} is not for {domain}; get one for the name in server.public_url"),
    )
}

/// The certificate has ended.
#[must_use]
pub fn ended(path: &str, until: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 tls.certificate の証明書 {path} は、{until} に期限が切れました。新しくしてください。"),
        format!("setting tls.certificate: the certificate in {path} ended at {until}; renew it"),
    )
}

/// The certificate is not good yet.
#[must_use]
pub fn not_begun(path: &str, from: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 tls.certificate の証明書 {path} は、{from} から有効です。サーバーの時計も確かめてください。"),
        format!("setting tls.certificate: the certificate in {path} begins at {from}; check the clock of this machine too"),
    )
}

/// Roots of trust for the authority that cannot be used.
#[must_use]
pub fn bad_roots(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 tls.directory_ca のファイルが使えません（{cause}）。証明書（PEM）を入れてください。"),
        format!("setting tls.directory_ca names a file that cannot be used: {cause}; put certificates there, as PEM"),
    )
}
