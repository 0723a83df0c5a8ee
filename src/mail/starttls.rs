//! The few words before TLS on a connection that begins without it (RFC 3207).
//!
//! Not left to the SMTP library, because that keeps what was read too early: somebody on the way could
//! slip in answers behind the server's "go ahead", which would then be taken for the server's own under
//! TLS, and a letter for accepted. Here nothing is read beyond that line, so whatever was slipped in
//! meets the TLS handshake and breaks it.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::outcome::{Stage, Trouble};

/// Longest answer, in bytes, all lines together.
const ANSWER_BYTES_MAX: usize = 8192;

/// Hears the greeting and asks for TLS. What follows on the stream is the handshake.
pub(super) async fn ask(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    hello: &str,
) -> Result<(), Trouble> {
    expect(220, &hear(stream).await?)?;
    say(stream, &format!("EHLO {hello}\r\n")).await?;
    let offers = hear(stream).await?;
    expect(250, &offers)?;
    let offered = offers.lines.iter().skip(1).any(|line| line.eq_ignore_ascii_case("STARTTLS"));
    if !offered {
        return Err(Trouble::silent(Stage::Greeting, "the server offers no STARTTLS"));
    }
    say(stream, "STARTTLS\r\n").await?;
    expect(220, &hear(stream).await?)
}

/// An answer before TLS. Anybody on the way could have written it.
struct Heard {
    code: u16,
    lines: Vec<String>,
}

fn expect(code: u16, heard: &Heard) -> Result<(), Trouble> {
    if heard.code == code {
        return Ok(());
    }
    let text = heard.lines.first().map_or("", String::as_str);
    Err(Trouble::refused(Stage::Greeting, heard.code, text))
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), words: &str) -> Result<(), Trouble> {
    let broken = |fault| Trouble::silent(Stage::Greeting, fault);
    stream.write_all(words.as_bytes()).await.map_err(broken)?;
    stream.flush().await.map_err(broken)
}

/// Reads one answer and not a byte more.
async fn hear(stream: &mut (impl AsyncRead + Unpin)) -> Result<Heard, Trouble> {
    let mut lines = Vec::new();
    let mut line = Vec::new();
    for _ in 0..ANSWER_BYTES_MAX {
        let byte =
            stream.read_u8().await.map_err(|fault| Trouble::silent(Stage::Greeting, fault))?;
        if byte != b'\n' {
            line.push(byte);
            continue;
        }
        let (code, goes_on, text) = read_line(&line).ok_or_else(no_smtp)?;
        lines.push(text);
        if !goes_on {
            return Ok(Heard { code, lines });
        }
        line.clear();
    }
    Err(no_smtp())
}

fn no_smtp() -> Trouble {
    Trouble::silent(Stage::Greeting, "the server does not speak SMTP")
}

/// `250-text` and `250 text`: the code, whether more lines follow, the text.
fn read_line(line: &[u8]) -> Option<(u16, bool, String)> {
    let line = str::from_utf8(line).ok()?.trim_end();
    let (code, rest) = line.split_at_checked(3)?;
    let code = code.parse().ok().filter(|code| (200..600).contains(code))?;
    let goes_on = rest.starts_with('-');
    let text = rest.strip_prefix(['-', ' ']).unwrap_or_default();
    Some((code, goes_on, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::DuplexStream;

    /// A server that says all this at once, whatever it hears.
    async fn asked(says: &str) -> (Result<(), Trouble>, DuplexStream, DuplexStream) {
        let (mut ours, mut theirs) = tokio::io::duplex(1 << 16);
        theirs.write_all(says.as_bytes()).await.unwrap();
        let answer = ask(&mut ours, "anshin.example.jp").await;
        (answer, ours, theirs)
    }

    const OFFER: &str = "220 mail\r\n250-mail\r\n250-SIZE 1000\r\n250 StartTLS\r\n";

    #[tokio::test]
    async fn a_server_that_offers_tls_is_asked_for_it() {
        let (answer, ours, mut theirs) = asked(&format!("{OFFER}220 go ahead\r\n")).await;
        assert_eq!(answer, Ok(()));
        drop(ours);
        let mut said = String::new();
        theirs.read_to_string(&mut said).await.unwrap();
        assert_eq!(said, "EHLO anshin.example.jp\r\nSTARTTLS\r\n");
    }

    #[tokio::test]
    async fn what_is_slipped_in_behind_the_go_ahead_is_left_for_the_handshake_to_stumble_over() {
        let slipped = "250 accepted\r\n";
        let (answer, mut ours, theirs) = asked(&format!("{OFFER}220 go ahead\r\n{slipped}")).await;
        assert_eq!(answer, Ok(()));
        drop(theirs);
        let mut rest = String::new();
        ours.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, slipped);
    }

    #[tokio::test]
    async fn a_server_without_tls_is_told_nothing_more() {
        for offers in ["250 mail\r\n", "250-mail\r\n250 AUTH PLAIN\r\n", "250 STARTTLS\r\n"] {
            let (answer, ours, mut theirs) = asked(&format!("220 mail\r\n{offers}")).await;
            assert_eq!(answer.unwrap_err().to_string(), "Greeting: the server offers no STARTTLS");
            drop(ours);
            let mut said = String::new();
            theirs.read_to_string(&mut said).await.unwrap();
            assert_eq!(said, "EHLO anshin.example.jp\r\n");
        }
    }

    #[tokio::test]
    async fn every_refusal_is_told_by_its_code() {
        for (says, printed) in [
            ("554 5.7.1 go away\r\n", "Greeting 554 5.7.1"),
            ("421-busy\r\n421 later\r\n", "Greeting 421"),
            ("220 mail\r\n502 what?\r\n", "Greeting 502"),
            ("SSH-2.0-OpenSSH\r\n", "Greeting: the server does not speak SMTP"),
            ("220 \u{0}\r\n\u{1}\r\n", "Greeting: the server does not speak SMTP"),
        ] {
            let (answer, ..) = asked(says).await;
            assert_eq!(answer.unwrap_err().to_string(), printed);
        }
        let (answer, ..) = asked(&format!("{OFFER}454 4.7.0 no key\r\n")).await;
        assert_eq!(answer.unwrap_err().to_string(), "Greeting 454 4.7.0");
        let (answer, ..) = asked(&"220-mail\r\n".repeat(2000)).await;
        assert_eq!(answer.unwrap_err(), no_smtp());
    }
}
