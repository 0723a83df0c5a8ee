//! `/p/office.vcf`: the office's number as a card for the telephone's own address book. People do not answer numbers
//! that they do not know.

use super::super::Site;
use crate::http::Response;
use crate::locale::Voice;
use crate::locale::page::public as words;

/// The card; the page for what does not exist where the office has no number.
#[must_use]
pub fn show(site: &Site) -> Response {
    let voice = site.voice();
    let Some(card) = vcard(&voice) else { return site.not_found() };
    Response::bytes("text/vcard; charset=utf-8", card.into_bytes())
        .header("content-disposition", "attachment; filename=\"office.vcf\"")
}

/// A card as RFC 2426 has it, which every telephone reads.
fn vcard(voice: &Voice) -> Option<String> {
    let phone = voice.phone.as_deref()?;
    let name = if voice.org.is_empty() { words::SERVICE } else { &voice.org };
    let (name, url) = (escaped(name), &voice.public_url);
    let lines = [
        "BEGIN:VCARD".to_owned(),
        "VERSION:3.0".to_owned(),
        format!("N:{name};;;;"),
        format!("FN:{name}"),
        format!("ORG:{name}"),
        format!("TEL;TYPE=WORK,VOICE:{}", escaped(phone)),
        format!("URL:{url}"),
        "END:VCARD".to_owned(),
    ];
    Some(lines.map(|line| line + "\r\n").concat())
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '\\' | ';' | ',') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_has_name_and_number_and_nothing_in_the_name_breaks_it() {
        let voice = Voice {
            org: "みどり市;社協, 見守り\n係".to_owned(),
            phone: Some("0120-000-000".to_owned()),
            public_url: "https://mimamori.example.jp".to_owned(),
            ..Voice::default()
        };
        let card = vcard(&voice).unwrap();
        assert!(card.contains("\r\nFN:みどり市\\;社協\\, 見守り係\r\n"), "{card}");
        assert!(card.contains("\r\nTEL;TYPE=WORK,VOICE:0120-000-000\r\n"), "{card}");
        assert!(card.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\n"));
        assert!(card.ends_with("\r\nEND:VCARD\r\n"));
        assert_eq!(vcard(&Voice::default()), None);
    }
}
