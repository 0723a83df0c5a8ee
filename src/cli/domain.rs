//! `anshin setup --domain`: what a new machine has to know before anything can be opened in a browser. Writes the name into the
//! configuration, lets systemd hold port 443, and starts the service, which gets its certificate by itself.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::complaint::Complaint;
use super::serve::{CONFIG_PATH, read_config};
use crate::locale::cli::Tongue;
use crate::locale::cli::domain as words;

/// Is there where systemd runs.
const SYSTEMD: &str = "/run/systemd/system";

/// What systemd reads for the socket besides our unit. Behind `override.conf`, which `systemctl edit` writes.
const DROP_IN: &str = "/etc/systemd/system/anshin.socket.d/setup.conf";

/// A number alone is every address of the machine, of IPv6 and of IPv4, whichever it has.
const SOCKET: &str =
    "# Written by `anshin setup --domain`.\n[Socket]\nListenStream=\nListenStream=443\n";

/// In their order: a socket can only be held anew while nobody uses it.
const STEPS: [&[&str]; 5] = [
    &["daemon-reload"],
    &["--quiet", "enable", "anshin.socket", "anshin.service"],
    &["stop", "anshin.service"],
    &["restart", "anshin.socket"],
    &["start", "anshin.service"],
];

/// Makes the service answer under a name. The address may be typed as it stands in a browser.
pub(super) fn take(
    domain: &str,
    contact: Option<&str>,
    path: Option<&Path>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let domain = domain.trim().trim_start_matches("https://").trim_end_matches('/');
    let domain = domain.to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '+' | '@');
    if let Some(odd) = [Some(domain.as_str()), contact]
        .into_iter()
        .flatten()
        .find(|typed| typed.is_empty() || !typed.chars().all(plain))
    {
        return Err(Complaint { sentence: words::not_taken(odd, tongue), code: 2 });
    }
    let path = path.unwrap_or(Path::new(CONFIG_PATH));
    let url = format!("https://{domain}");
    let keys = [
        ("server", "listen", Some("[::]:443")),
        ("server", "public_url", Some(url.as_str())),
        ("tls", "mode", Some("acme")),
        ("tls", "contact", contact),
    ];
    let unwritten = |at: &Path, fault: &io::Error| {
        Complaint::failed(words::unwritten(&at.display().to_string(), &fault.to_string(), tongue))
    };
    let text = fs::read_to_string(path).map_err(|fault| unwritten(path, &fault))?;
    let text = keys.into_iter().fold(text, |text, (section, key, value)| match value {
        Some(value) => with_key(&text, section, key, value),
        None => text,
    });
    write(path, &text, tongue).map_err(|fault| unwritten(path, &fault))??;
    if path == Path::new(CONFIG_PATH) && Path::new(SYSTEMD).exists() {
        let drop_in = Path::new(DROP_IN);
        let folder = drop_in.parent().unwrap_or(drop_in);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(drop_in, SOCKET));
        written.map_err(|fault| unwritten(drop_in, &fault))?;
        start(tongue)?;
    }
    Ok(())
}

/// Puts a configuration in the place of the old one, unless it is wrong: then the old one stays.
fn write(path: &Path, text: &str, tongue: Tongue) -> io::Result<Result<(), Complaint>> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // There may be secrets in it: nobody reads the new one who could not read the old one, also not for a moment.
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    let before = fs::metadata(path)?;
    std::os::unix::fs::fchown(&file, Some(before.uid()), Some(before.gid()))?;
    file.set_permissions(before.permissions())?;
    file.sync_all()?;
    if let Err(complaint) = read_config(Some(&beside), tongue) {
        fs::remove_file(&beside)?;
        return Ok(Err(complaint));
    }
    fs::rename(&beside, path).map(Ok)
}

/// The service on its new address. It is up when the last step has ended.
fn start(tongue: Tongue) -> Result<(), Complaint> {
    for step in STEPS {
        let ended = Command::new("systemctl").args(step).stdin(Stdio::null()).status();
        if !ended.is_ok_and(|status| status.success()) {
            return Err(Complaint::failed(words::step_failed(&step.join(" "), tongue)));
        }
    }
    Ok(())
}

/// The text with one key set, in the place where it stands or is explained; all comments stay.
fn with_key(text: &str, section: &str, key: &str, value: &str) -> String {
    let set = format!("{key} = \"{value}\"");
    let header = format!("[{section}]");
    let mut lines: Vec<&str> = text.lines().collect();
    let Some(head) = lines.iter().position(|line| line.trim() == header) else {
        return format!("{text}\n{header}\n{set}\n");
    };
    let rest = head + 1;
    let end = lines[rest..].iter().position(|line| line.trim_start().starts_with('['));
    let end = end.map_or(lines.len(), |length| rest + length);
    let names = |line: &str| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let in_force = (rest..end).find(|&n| names(lines[n]));
    let place =
        in_force.or_else(|| (rest..end).find(|&n| lines[n].strip_prefix('#').is_some_and(names)));
    match place {
        Some(n) => lines[n] = &set,
        None => lines.insert(rest, &set),
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_set_where_it_stands_or_is_explained_and_nowhere_else() {
        let text = "# public_url = of nothing\n[server]\n# Who.\n#public_url = \"x\"\nlisten = \"y\"\n\n[tls]\n#listen = \"z\"\n";
        let text = with_key(text, "server", "public_url", "https://a.example.jp");
        let text = with_key(&text, "server", "listen", "[::]:443");
        let text = with_key(&text, "tls", "mode", "acme");
        assert_eq!(
            with_key(&text, "mail", "from", "a@example.jp"),
            "# public_url = of nothing\n[server]\n# Who.\npublic_url = \"https://a.example.jp\"\nlisten = \"[::]:443\"\n\n[tls]\nmode = \"acme\"\n#listen = \"z\"\n\n[mail]\nfrom = \"a@example.jp\"\n"
        );
    }
}
