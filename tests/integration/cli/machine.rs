//! What is typed on a new machine, before the service ever ran.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use crate::program::{Said, anshin, run};

/// `anshin setup --domain` on the configuration as it is shipped, and what stands in the file afterwards.
async fn named(arguments: &[&str]) -> (Said, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anshin.toml");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/anshin.toml");
    std::fs::copy(shipped, &path).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    let mut command = anshin(&["setup", "--config", path.to_str().unwrap()]);
    command.args(arguments).env("ANSHIN_STORE__PATH", folder.path().join("anshin.redb"));
    let said = run(&mut command).await;
    assert!(!folder.path().join("anshin.toml.new").exists());
    assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o640, "as readable as before");
    (said, std::fs::read_to_string(path).unwrap())
}

#[tokio::test]
async fn a_name_and_an_address_are_all_that_the_configuration_needs() {
    let typed = ["--domain", "https://Mimamori.example.jp/", "--contact", "office@example.jp"];
    let (said, text) = named(&typed).await;
    // Where no systemd looks after this file, starting is left to whoever typed it.
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("the service is not running"), "{}", said.err);
    let file: toml::Table = text.parse().unwrap();
    assert_eq!(file["server"]["listen"].as_str(), Some("[::]:443"));
    assert_eq!(file["server"]["public_url"].as_str(), Some("https://mimamori.example.jp"));
    assert_eq!(file["tls"]["mode"].as_str(), Some("acme"));
    assert_eq!(file["tls"]["contact"].as_str(), Some("office@example.jp"));
    assert!(text.contains("# Who does the work of HTTPS."), "what is explained stays");
}

#[tokio::test]
async fn what_is_no_name_is_refused_and_the_configuration_stays_as_it_was() {
    let shipped = include_str!("../../../packaging/anshin.toml");
    for (typed, reason) in [
        (&["--domain", "localhost"][..], "server.public_url"),
        (&["--domain", "a b"], "cannot be used"),
        (&["--domain", "a.example.jp\"\nlisten = \"0.0.0.0:1"], "cannot be used"),
        (&["--domain", "a.example.jp", "--contact", "nobody"], "tls.contact"),
    ] {
        let (said, text) = named(typed).await;
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains(reason), "{}", said.err);
        assert_eq!(text, shipped, "{typed:?}");
    }
}
