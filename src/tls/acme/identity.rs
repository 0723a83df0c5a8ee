//! How an authority names a certificate of its own (RFC 9773 §4.1): by the identifier of the key that signed it and by its
//! serial number, both as they stand in it. Reads just those two out of its bytes, and nothing else of it.

use instant_acme::CertificateIdentifier;
use rustls::pki_types::Der;

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// `[0]` of a certificate: which version of the format it has.
const VERSION: u8 = 0xa0;
/// `[3]` of a certificate.
const EXTENSIONS: u8 = 0xa3;
/// `[0]` of the extension that names who signed.
const KEY_IDENTIFIER: u8 = 0x80;
/// id-ce-authorityKeyIdentifier.
const AUTHORITY_KEY: [u8; 3] = [0x55, 0x1d, 0x23];

/// What a certificate is called; `None` where it does not say who signed it, or is none.
pub(super) fn identity(certificate: &[u8]) -> Option<CertificateIdentifier<'static>> {
    let (certificate, _) = expect(SEQUENCE, certificate)?;
    let (signed, _) = expect(SEQUENCE, certificate)?;
    let behind = expect(VERSION, signed).map_or(signed, |(_, rest)| rest);
    let (serial, behind) = expect(INTEGER, behind)?;
    let (extensions, _) = expect(SEQUENCE, find(EXTENSIONS, behind)?)?;
    let key = Elements(extensions).find_map(|(tag, extension)| {
        let (name, rest) = expect(OID, extension).filter(|_| tag == SEQUENCE)?;
        let value = find(OCTETS, rest).filter(|_| name == AUTHORITY_KEY)?;
        find(KEY_IDENTIFIER, expect(SEQUENCE, value)?.0)
    })?;
    Some(CertificateIdentifier::new(Der::from_slice(key), Der::from_slice(serial)).into_owned())
}

/// The content of the first element, which has to be of a kind, and what stands behind it.
fn expect(wanted: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (tag, content, rest) = element(bytes)?;
    (tag == wanted).then_some((content, rest))
}

/// The content of the first element of a kind.
fn find(wanted: u8, bytes: &[u8]) -> Option<&[u8]> {
    Elements(bytes).find(|(tag, _)| *tag == wanted).map(|(_, content)| content)
}

/// Elements one behind the other; ends where something is no element.
struct Elements<'b>(&'b [u8]);

impl<'b> Iterator for Elements<'b> {
    type Item = (u8, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (tag, content, rest) = element(self.0)?;
        self.0 = rest;
        Some((tag, content))
    }
}

/// One element of DER: its kind, its content, and what stands behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // The number of bytes of the length itself; more than four are no certificate.
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, Issuer, KeyIdMethod, KeyPair, SerialNumber};

    use super::*;

    /// A certificate with the numbers of the example in RFC 9773 §4.1.
    fn certificate(names_its_signer: bool) -> Vec<u8> {
        let key = KeyPair::generate().expect("a key");
        let mut root = CertificateParams::new(Vec::new()).expect("no names");
        root.key_identifier_method = KeyIdMethod::PreSpecified(vec![
            0x69, 0x88, 0x5b, 0x6b, 0x87, 0x46, 0x40, 0x41, 0xe1, 0xb3, 0x7b, 0x84, 0x7b, 0xa0,
            0xae, 0x2c, 0xde, 0x01, 0xc8, 0xd4,
        ]);
        let issuer = Issuer::new(root, key);
        let names = ["mimamori.example.jp".to_owned()];
        let mut params = CertificateParams::new(names).expect("a name");
        params.serial_number = Some(SerialNumber::from_slice(&[0x00, 0x87, 0x65, 0x43, 0x21]));
        params.use_authority_key_identifier_extension = names_its_signer;
        let own = KeyPair::generate().expect("a key");
        params.signed_by(&own, &issuer).expect("signed").der().to_vec()
    }

    #[test]
    fn a_certificate_is_called_as_in_the_example_of_the_rfc() {
        let identity = identity(&certificate(true)).expect("it names its signer");
        assert_eq!(identity.to_string(), "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
    }

    #[test]
    fn one_that_does_not_say_who_signed_it_has_no_name() {
        assert_eq!(identity(&certificate(false)), None);
    }

    #[test]
    fn half_a_certificate_has_no_name_and_harms_nothing() {
        let whole = certificate(true);
        for length in 0..whole.len() {
            assert_eq!(identity(&whole[..length]), None, "{length}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_at_all_harm_anything(bytes in prop::collection::vec(any::<u8>(), 0..400), place in 0..2000_usize) {
            let _ = identity(&bytes);
            let mut whole = certificate(true);
            let place = place % whole.len();
            for (old, new) in whole[place..].iter_mut().zip(&bytes) {
                *old = *new;
            }
            let _ = identity(&whole);
        }
    }
}
