//! The post office of the tests: a mail server as a child process, with a certificate made for it.

use std::process::{Command, Stdio};

use anshin::config::Mail;
use anshin::config::smtp::SmtpServer;
use anshin::domain::mail::MailAddress;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Program, wait_for};

/// Debian's Python, which Debian's packages are for.
const PYTHON: &str = "/usr/bin/python3";

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/mail/post_office.py");

pub(crate) const USER: &str = "anshin@example.jp";
pub(crate) const PASSWORD: &str = "p@ss:w/rd%";

/// How an office protects the way to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Security {
    Tls,
    StartTls,
    Nothing,
}

/// What is the same for an office that is closed and opened again.
pub(crate) struct Place {
    folder: TempDir,
    security: Security,
    login: bool,
    /// The root of trust, PEM.
    pub(crate) root: Vec<u8>,
}

/// An office that is open.
pub(crate) struct Office {
    program: Program,
    pub(crate) port: u16,
}

impl Place {
    /// A place with a certificate for `localhost`. Those who send have to log in where `login` says so.
    pub(crate) fn new(security: Security, login: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root_key = KeyPair::generate().unwrap();
        let mut root = CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root_pem = root.self_signed(&root_key).unwrap().pem();
        let issuer = Issuer::new(root, root_key);
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let own = own.signed_by(&key, &issuer).unwrap();
        std::fs::write(folder.path().join("certificate.pem"), own.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
        Self { folder, security, login, root: root_pem.into_bytes() }
    }

    /// Opens the office on a port of its own.
    pub(crate) async fn open(&self) -> Office {
        self.open_on(0).await
    }

    /// Opens the office on a certain port.
    pub(crate) async fn open_on(&self, port: u16) -> Office {
        let file = |name: &str| self.folder.path().join(name);
        let with_tls = self.security != Security::Nothing;
        let settings = json!({
            "port": port,
            "security": match self.security {
                Security::Tls => "tls",
                Security::StartTls => "starttls",
                Security::Nothing => "nothing",
            },
            "certificate": with_tls.then(|| file("certificate.pem")),
            "key": with_tls.then(|| file("key.pem")),
            "login": self.login.then_some([USER, PASSWORD]),
        });
        let mut command = Command::new(PYTHON);
        command.args(["-I", SCRIPT, &settings.to_string()]).stdin(Stdio::null());
        let program = Program::start(&mut command);
        let port = wait_for(|| {
            let err = program.err();
            assert!(
                !err.contains("Error"),
                "the Debian package python3-aiosmtpd is needed:\n{err}"
            );
            let told = program.told().into_iter().find_map(|fact| fact["port"].as_u64());
            told.and_then(|port| u16::try_from(port).ok())
        })
        .await;
        Office { program, port }
    }

    /// The setting that leads to an office at this place.
    pub(crate) fn mail(&self, office: &Office) -> Mail {
        let scheme = if self.security == Security::Tls { "smtps" } else { "smtp" };
        let login = if self.login { "anshin%40example.jp:p%40ss%3Aw%2Frd%25@" } else { "" };
        let host = if self.security == Security::Nothing { "127.0.0.1" } else { "localhost" };
        let mail = setting(&format!("{scheme}://{login}{host}:{}", office.port));
        let with_tls = self.security != Security::Nothing;
        Mail { extra_roots: with_tls.then(|| self.root.clone()), ..mail }
    }
}

/// A setting without roots of its own.
pub(crate) fn setting(url: &str) -> Mail {
    Mail {
        server: SmtpServer::read(url).unwrap(),
        from: MailAddress::parse("anshin@example.jp").unwrap(),
        extra_roots: None,
    }
}

impl Office {
    /// The letters that were taken.
    pub(crate) fn letters(&self) -> Vec<Value> {
        let told = self.program.told();
        told.into_iter().filter(|fact| fact.get("letter").is_some()).collect()
    }

    /// How many connections came as far as SMTP.
    pub(crate) fn talks(&self) -> usize {
        let told = self.program.told();
        told.into_iter()
            .filter(|fact| fact.get("letter").is_none() && fact["talk"].is_u64())
            .count()
    }

    /// Closes the office at once.
    pub(crate) fn close(mut self) {
        self.program.kill();
    }

    /// What it complained about.
    pub(crate) fn complaints(&self) -> String {
        self.program.err()
    }
}

impl Program {
    /// What a program told in JSON, one object a line.
    fn told(&self) -> Vec<Value> {
        let out = self.out();
        let whole = out.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
