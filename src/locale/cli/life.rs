//! What systemd shows of us in its status, and what is wrong with a socket that it hands over.

use super::Tongue;

/// Up, and answering.
#[must_use]
pub fn listening(address: &str, tongue: Tongue) -> String {
    tongue.pick(format!("{address} で動いています。"), format!("watching, on {address}"))
}

/// Ending.
#[must_use]
pub fn stopping(tongue: Tongue) -> String {
    tongue.pick(
        "とめています。とちゅうの返事だけ、すませます。".to_owned(),
        "stopping; what was begun is finished first".to_owned(),
    )
}

/// Not turning any more.
#[must_use]
pub fn stuck(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("動きがとまっています（{cause}）。まもなく起動しなおします。"),
        format!("stuck, and soon started anew: {cause}"),
    )
}

/// The socket cannot be used.
#[must_use]
pub fn bad_socket(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("systemdから渡されたソケットが使えません（{cause}）。anshin.socket の ListenStream にTCPのアドレスを1つ書いてください。"),
        format!("the socket that systemd hands over cannot be used: {cause}; give anshin.socket one ListenStream with a TCP address"),
    )
}

/// More sockets than one.
#[must_use]
pub fn many_sockets(count: usize, tongue: Tongue) -> String {
    tongue.pick(
        format!("systemdからソケットが{count}個渡されました。anshin.socket の ListenStream は1つにしてください。"),
        format!("systemd hands over {count} sockets; leave one ListenStream in anshin.socket"),
    )
}
