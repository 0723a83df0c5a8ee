//! `anshin backup`, `verify`, `restore`, `export` and `import`, with a server that runs on the data file and without.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use anshin::backup::erased;
use anshin::store::{SCHEMA_VERSION, Store, Survey};
use tempfile::TempDir;

use crate::program::{Said, anshin, run, serving, wait_for};

/// Nothing listens on the discard port.
pub(super) const NO_LINE: &str = "http://127.0.0.1:9";

/// A folder with the data of a council in it.
pub(super) struct Place {
    pub(super) folder: TempDir,
    pub(super) data: PathBuf,
}

impl Place {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("anshin.redb");
        let golden = format!("tests/fixtures/db/v{SCHEMA_VERSION:04}.redb");
        std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(golden), &data).unwrap();
        Self { folder, data }
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// The program on this data, with what it needs to find age.
    pub(super) fn anshin(&self, arguments: &[&str]) -> Command {
        let mut command = anshin(arguments);
        command
            .args(["--config", "/dev/null"])
            .env("PATH", "/usr/bin:/bin")
            .env("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp")
            .env("ANSHIN_STORE__PATH", &self.data);
        command
    }

    pub(super) async fn done(&self, arguments: &[&str]) -> String {
        let said = run(&mut self.anshin(arguments)).await;
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
        said.out
    }

    pub(super) async fn back_up(&self, settings: &[(&str, &str)]) -> Said {
        let mut command = self.anshin(&["backup"]);
        run(command.envs(settings.iter().copied())).await
    }

    /// The copies that are there, by name.
    fn copies(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join("backup")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        // The list of whoever was forgotten is none.
        let mut names: Vec<String> = names.filter(|name| name != erased::IN_FOLDER).collect();
        names.sort();
        names
    }

    pub(super) fn copy(&self) -> String {
        let copies = self.copies();
        let [copy] = copies.as_slice() else { panic!("{copies:?}") };
        self.path(&format!("backup/{copy}"))
    }

    /// Makes a key pair; the public key.
    fn key(&self, name: &str) -> String {
        let made = Command::new("age-keygen").args(["-o", &self.path(name)]).output().unwrap();
        let said = String::from_utf8(made.stderr).unwrap();
        said.trim().strip_prefix("Public key: ").unwrap().to_owned()
    }

    fn survey(&self) -> Survey {
        Store::survey(&self.data).unwrap()
    }
}

async fn verify(arguments: &[&str]) -> Said {
    run(anshin(&[&["verify"], arguments].concat()).env("PATH", "/usr/bin:/bin")).await
}

#[tokio::test]
async fn a_copy_holds_everything_and_can_be_read_by_its_owner_alone() {
    let place = Place::new();
    let said = place.back_up(&[]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains(&place.copy()) && said.out.contains("not encrypted"), "{said:?}");
    let copy = Store::survey(Path::new(&place.copy())).unwrap();
    assert_eq!(copy, place.survey());
    assert_eq!(std::fs::metadata(place.copy()).unwrap().mode() & 0o7777, 0o600);
    assert_eq!(std::fs::metadata(place.path("backup")).unwrap().mode() & 0o7777, 0o700);
    let said = verify(&[&place.copy()]).await;
    assert!(said.out.contains("is sound") && said.out.contains("people"), "{said:?}");
}

#[tokio::test]
async fn a_running_server_copies_its_data_while_it_serves() {
    let place = Place::new();
    let (server, _) = serving(&place.data, NO_LINE).await;
    wait_for(|| Path::new(&format!("{}.sock", place.data.display())).exists().then_some(())).await;
    assert_eq!(place.back_up(&[]).await.code, Some(0));
    assert!(verify(&[&place.copy()]).await.out.contains("is sound"));
    // What it holds cannot be replaced under it.
    let said = run(&mut place.anshin(&["restore", &place.copy()])).await;
    assert!(said.assert_failed(1).contains("the service is running"));
    let out = place.path("out.jsonl");
    assert!(place.done(&["export", &out]).await.contains("personal data"));
    assert!(std::fs::read_to_string(&out).unwrap().lines().count() > 100);
    let left: Vec<_> = std::fs::read_dir(place.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("snapshot"))
        .collect();
    assert_eq!(left, [] as [String; 0], "the snapshot goes with the command");
    drop(server);
}

/// A server of another version on this data: it answers every command with this line, so many times.
fn other_version(data: &Path, answer: &'static str) -> std::thread::JoinHandle<()> {
    let listener = UnixListener::bind(format!("{}.sock", data.display())).unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = String::new();
        BufReader::new(&stream).read_line(&mut asked).unwrap();
        writeln!(stream, "{answer}").unwrap();
    })
}

#[tokio::test]
async fn a_server_of_another_version_that_is_not_understood_is_named_with_what_to_do() {
    let place = Place::new();
    let out = place.path("out.jsonl");
    let commands: [&[&str]; 5] =
        [&["backup"], &["doctor"], &["setup"], &["staff", "list"], &["export", &out]];
    let answers = [
        (r#"{"server":"7.0.1","outcome":{"juggled":3}}"#, ["7.0.1", "版 7.0.1"]),
        (r#"{"server":"7.0.1","outcome":"unknown"}"#, ["7.0.1", "版 7.0.1"]),
        // What is no answer to any of these commands.
        (r#"{"server":"7.0.1","outcome":{"log_in":"x"}}"#, ["7.0.1", "版 7.0.1"]),
        (r#""off""#, ["an older version", "もっと古い版"]),
    ];
    for command in commands {
        for ((answer, [en, ja]), turn) in answers.into_iter().zip([0, 1, 0, 1]) {
            if command == ["setup"] && answer.contains("log_in") {
                continue;
            }
            let server = other_version(&place.data, answer);
            let mut asking = place.anshin(command);
            let lang = ["C", "ja_JP.UTF-8"][turn];
            let said = run(asking.env("LANG", lang)).await;
            server.join().unwrap();
            std::fs::remove_file(format!("{}.sock", place.data.display())).unwrap();
            let sentence = said.assert_failed(1);
            assert!(sentence.contains([en, ja][turn]), "{command:?}: {sentence}");
            assert!(sentence.contains(env!("CARGO_PKG_VERSION")), "{sentence}");
            assert!(sentence.contains("systemctl restart anshin"), "{sentence}");
        }
    }
}

#[tokio::test]
async fn a_server_says_which_version_it_is_also_where_it_does_not_understand() {
    let place = Place::new();
    let (server, _) = serving(&place.data, NO_LINE).await;
    let socket = format!("{}.sock", place.data.display());
    wait_for(|| Path::new(&socket).exists().then_some(())).await;
    for asked in [r#""juggle""#, r#"{"staff":{"sing":1}}"#, "7"] {
        let mut stream = UnixStream::connect(&socket).unwrap();
        writeln!(stream, "{asked}").unwrap();
        let mut answer = String::new();
        BufReader::new(&stream).read_line(&mut answer).unwrap();
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["outcome"], "unknown", "{answer}");
        assert!(answer["server"].as_str().unwrap().starts_with(env!("CARGO_PKG_VERSION")));
    }
    drop(server);
}

#[tokio::test]
async fn why_a_running_server_made_no_copy_is_said_in_the_language_of_the_terminal() {
    let place = Place::new();
    let listen = crate::program::free_address().to_string();
    let mut serving = crate::program::serve(&place.data, &listen, NO_LINE);
    let mut server =
        crate::program::Program::start(serving.env("ANSHIN_BACKUP__FOLDER", "/dev/null/copies"));
    assert!(server.runs().await, "{}", server.err());
    let socket = format!("{}.sock", place.data.display());
    wait_for(|| Path::new(&socket).exists().then_some(())).await;
    for (lang, words) in
        [("ja_JP.UTF-8", "/dev/null/copies：フォルダーではありません"), ("C", "Not a directory")]
    {
        let said = run(place.anshin(&["backup"]).env("LANG", lang)).await;
        assert!(said.assert_failed(1).contains(words), "{said:?}");
    }
}

#[tokio::test]
async fn an_encrypted_copy_is_opened_with_the_key_of_each_recipient_and_no_other() {
    let place = Place::new();
    let (council, vendor) = (place.key("council.key"), place.key("vendor.key"));
    place.key("other.key");
    let both = format!("{council},{vendor}");
    let said = place.back_up(&[("ANSHIN_BACKUP__RECIPIENTS", &both)]).await;
    assert!(said.code == Some(0) && said.out.contains("encrypted, opened again"), "{said:?}");
    let copy = place.copy();
    assert!(copy.ends_with(".redb.age"));
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!bytes.windows(8).any(|window| window == b"persons\0" || window == b"outbox\0\0"));
    for key in ["council.key", "vendor.key"] {
        let said = verify(&[&copy, "--identity", &place.path(key)]).await;
        assert!(said.code == Some(0) && said.out.contains("is sound"), "{said:?}");
    }
    let said = verify(&[&copy, "--identity", &place.path("other.key")]).await;
    assert!(said.assert_failed(1).contains("cannot open"), "{said:?}");
    let said = verify(&[&copy]).await;
    assert!(said.assert_failed(2).contains("--identity"));
    let before = place.survey();
    std::fs::remove_file(&place.data).unwrap();
    let key = place.path("council.key");
    let said = run(&mut place.anshin(&["restore", &copy, "--identity", &key])).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(place.survey().people, before.people);
    assert_eq!(std::fs::metadata(&place.data).unwrap().mode() & 0o7777, 0o600);
}

#[tokio::test]
async fn restoring_keeps_the_data_until_now_and_begins_a_new_epoch() {
    let place = Place::new();
    place.back_up(&[]).await;
    let before = place.survey();
    let said = place.done(&["restore", &place.copy()]).await;
    assert!(said.contains("everyone is asked afresh"), "{said}");
    let names = std::fs::read_dir(place.folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let aside: Vec<String> = names.filter(|name| name.contains(".before-")).collect();
    let [aside] = aside.as_slice() else { panic!("{aside:?}") };
    assert!(said.contains(aside.as_str()), "{said}");
    assert_eq!(Store::survey(Path::new(&place.path(aside))).unwrap(), before);
    let store = Store::open(&place.data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    let service = store.read().unwrap().service().unwrap();
    assert!(service.restored.is_some_and(|restored| !restored.made_good && !restored.told));
    assert!(service.hearing.deaf_since.is_some(), "nothing was heard since the copy was made");
}

#[tokio::test]
async fn a_copy_is_put_back_where_the_service_never_ran() {
    let place = Place::new();
    place.back_up(&[]).await;
    let copy = place.copy();
    // systemd makes the folder at the first start.
    let data = place.folder.path().join("new/anshin.redb");
    let restore = |data: &Path| {
        let mut command = place.anshin(&["restore", &copy]);
        command.env("ANSHIN_STORE__PATH", data).env_remove("ANSHIN_SERVER__PUBLIC_URL");
        command
    };
    let said = run(&mut restore(&data)).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(Store::survey(&data).unwrap().people, place.survey().people);
    let folder = std::fs::metadata(data.parent().unwrap()).unwrap();
    assert_eq!(folder.mode() & 0o7777, 0o700, "for nobody else's eyes");
    let said = run(&mut restore(&place.folder.path().join("no/such/anshin.redb"))).await;
    assert!(said.assert_failed(1).contains("no/such/anshin.redb"), "{said:?}");
}

#[tokio::test]
async fn what_cannot_be_restored_leaves_everything_as_it_was() {
    let place = Place::new();
    place.back_up(&[]).await;
    let whole = std::fs::read(place.copy()).unwrap();
    let before = std::fs::read(&place.data).unwrap();
    let bad = |name: &str, bytes: &[u8]| {
        let path = place.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let mut flipped = whole.clone();
    for byte in flipped.iter_mut().skip(20_000).step_by(3_000) {
        *byte ^= 0x10;
    }
    let files = [
        bad("flipped", &flipped),
        bad("short", &whole[..whole.len() / 2]),
        bad("empty", b""),
        bad("text", b"a letter to my aunt"),
        bad("sealed", b"age-encryption.org/v1\n-> X25519 nothing\n"),
        place.path("missing"),
    ];
    for file in &files {
        let key = place.path("key");
        place.key("key");
        let mut arguments = vec!["restore", file];
        if file.ends_with("sealed") {
            arguments.extend(["--identity", &key]);
        }
        let said = run(&mut place.anshin(&arguments)).await;
        std::fs::remove_file(&key).unwrap();
        assert!(said.assert_failed(1).contains(file.as_str()), "{said:?}");
        let said = run(place.anshin(&arguments).env("LANG", "ja")).await;
        assert!(said.code == Some(1) || file.ends_with("sealed"), "{said:?}");
        assert!(!said.out.contains("panicked") && !said.err.contains("panicked"), "{said:?}");
    }
    assert_eq!(std::fs::read(&place.data).unwrap(), before);
    let names = std::fs::read_dir(place.folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = names.filter(|name| name.contains("restoring")).collect();
    assert_eq!(left, [] as [String; 0]);
    let said = run(&mut place.anshin(&["restore", &place.copy(), "--identity", "/dev/null"])).await;
    assert!(said.assert_failed(2).contains("not encrypted"));
}

#[tokio::test]
async fn restoring_touches_no_other_command_that_lives_and_clears_away_what_dead_ones_left() {
    let place = Place::new();
    place.back_up(&[]).await;
    let file = |name: &str| PathBuf::from(place.path(&format!("anshin.redb.{name}")));
    let alive = format!("restoring-{}", std::process::id());
    // No process has so high a number.
    let left = ["restoring-4194305", "restoring-4194305.v3", "restoring-4194306"];
    let kept = [alive.as_str(), "restoring-notes", "restoring", "v3"];
    for name in left.iter().chain(&kept) {
        std::fs::write(file(name), "x").unwrap();
    }
    place.done(&["restore", &place.copy()]).await;
    for name in left {
        assert!(!file(name).exists(), "{name}");
    }
    for name in kept {
        assert_eq!(std::fs::read(file(name)).unwrap(), b"x", "{name}");
    }
}

#[tokio::test]
async fn two_at_once_that_restore_do_not_spoil_each_other() {
    let place = Place::new();
    place.back_up(&[]).await;
    let copy = place.copy();
    let people = place.survey().people;
    std::fs::remove_file(&place.data).unwrap();
    let (mut first, mut second) =
        (place.anshin(&["restore", &copy]), place.anshin(&["restore", &copy]));
    let (first, second) = tokio::join!(run(&mut first), run(&mut second));
    assert!(first.code == Some(0) || second.code == Some(0), "{first:?} {second:?}");
    for said in [first, second].iter().filter(|said| said.code != Some(0)) {
        // Whoever comes later finds the data that is in use, or both leave theirs aside under one name.
        assert!(!said.err.contains("panicked"), "{said:?}");
    }
    assert_eq!(place.survey().people, people);
}

#[tokio::test]
async fn without_the_program_that_encrypts_no_copy_lies_about_in_clear() {
    let place = Place::new();
    let key = place.key("key");
    let settings = [("ANSHIN_BACKUP__RECIPIENTS", key.as_str()), ("PATH", "/nowhere")];
    let said = place.back_up(&settings).await;
    assert!(said.assert_failed(1).contains("age"), "{said:?}");
    assert_eq!(place.copies(), [] as [String; 0]);
    // A key that has the right form and is none.
    let wrong = format!("age1{}", "q".repeat(58));
    let said = place.back_up(&[("ANSHIN_BACKUP__RECIPIENTS", &wrong)]).await;
    assert!(said.assert_failed(1).contains("recipient"), "{said:?}");
    assert_eq!(place.copies(), [] as [String; 0]);
}

#[tokio::test]
async fn old_copies_go_and_files_of_others_stay() {
    let place = Place::new();
    std::fs::create_dir(place.path("backup")).unwrap();
    let write = |name: &str| std::fs::write(place.path(&format!("backup/{name}")), "x").unwrap();
    let old: Vec<String> =
        (1..=9).map(|day| format!("anshin-2020-01-0{day}-020000.redb")).collect();
    old.iter().for_each(|name| write(name));
    write("notes.txt");
    write(".making-plain");
    assert_eq!(place.back_up(&[]).await.code, Some(0));
    let copies = place.copies();
    // The three newest are kept whatever the days say.
    assert_eq!(copies[..2], old[7..]);
    assert!(copies.contains(&"notes.txt".to_owned()));
    assert_eq!(copies.len(), 4, "{copies:?}");
}

#[tokio::test]
async fn a_copy_is_carried_away_and_a_carrier_that_fails_is_told() {
    let place = Place::new();
    let key = place.key("key");
    let script = |name: &str, text: &str| {
        let path = place.path(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let away = place.path("away");
    let carrier = script("carry", "#!/bin/sh\nexec cp \"$2\" \"$1\"\n");
    let settings = [("ANSHIN_BACKUP__RECIPIENTS", key.as_str())];
    let upload = format!("{carrier},{away}");
    let said = place.back_up(&[settings[0], ("ANSHIN_BACKUP__UPLOAD", &upload)]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(std::fs::read(&away).unwrap(), std::fs::read(place.copy()).unwrap());
    // Who carries each file under its own name has the list of whoever was forgotten as well.
    let folder = place.path("far");
    std::fs::create_dir(&folder).unwrap();
    let upload = format!("{carrier},{folder}");
    let said = place.back_up(&[settings[0], ("ANSHIN_BACKUP__UPLOAD", &upload)]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    let carried = std::fs::read_dir(&folder).unwrap();
    let carried: Vec<_> = carried.map(|entry| entry.unwrap().file_name()).collect();
    assert!(carried.len() == 2 && carried.contains(&erased::IN_FOLDER.into()), "{carried:?}");
    let failing = script("fail", "#!/bin/sh\necho 'no route to the store' >&2\nexit 3\n");
    let said = place.back_up(&[settings[0], ("ANSHIN_BACKUP__UPLOAD", &failing)]).await;
    assert!(said.code == Some(1) && said.err.contains("no route to the store"), "{said:?}");
    assert!(said.out.contains("copied to"), "the copy itself is here: {said:?}");
    let said = place.back_up(&[("ANSHIN_BACKUP__UPLOAD", &failing)]).await;
    assert!(said.assert_failed(2).contains("backup.recipients"), "{said:?}");
}

#[tokio::test]
async fn everything_goes_out_in_an_open_form_and_comes_back() {
    let place = Place::new();
    let out = place.path("out.jsonl");
    place.done(&["export", &out]).await;
    assert_eq!(std::fs::metadata(&out).unwrap().mode() & 0o7777, 0o600);
    let text = std::fs::read_to_string(&out).unwrap();
    for line in text.lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(json.is_object(), "{line}");
    }
    let before = place.survey();
    assert_eq!(text.lines().count() as u64, before.extent.records + 1);
    // Over data that is there, nothing is read in.
    let said = run(&mut place.anshin(&["import", &out])).await;
    assert!(said.assert_failed(1).contains("is there already"));
    let said = run(&mut place.anshin(&["export", &out])).await;
    assert!(said.assert_failed(1).contains(&out), "a file that is there is not written over");
    let kept = place.path("kept.redb");
    std::fs::rename(&place.data, &kept).unwrap();
    place.done(&["import", &out]).await;
    // The same records, but for what begins a new epoch.
    let again = place.path("again.jsonl");
    place.done(&["export", &again]).await;
    let is_of_the_epoch = |line: &&str| {
        ["\"epoch\"", "\"next_id\"", "\"service\"", "_sessions\"", "\"sessions\"", "\"outbox\""]
            .iter()
            .any(|word| line.contains(word))
    };
    let again = std::fs::read_to_string(&again).unwrap();
    let rest = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !is_of_the_epoch(line)).map(str::to_owned).collect()
    };
    let mut again = rest(&again);
    // That this one was made stands in it as well.
    let line = again.iter().rposition(|line| line.contains("\"journal\"")).unwrap();
    assert!(again.remove(line).contains("79"));
    assert_eq!(again, rest(&text));
    assert!(rest(&text).len() > 100);
}

#[tokio::test]
async fn a_broken_line_is_named_and_nothing_is_read_in() {
    let place = Place::new();
    let out = place.path("out.jsonl");
    place.done(&["export", &out]).await;
    std::fs::remove_file(&place.data).unwrap();
    let text = std::fs::read_to_string(&out).unwrap();
    let with = |line: usize, new: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[line - 1] = new;
        std::fs::write(&out, lines.join("\n")).unwrap();
    };
    for (line, new, words) in [
        (7, "{", "line 7"),
        (9, r#"{"table":"persons","key":"x","value":{}}"#, "line 9"),
        (9, r#"{"table":"nothing","key":1,"value":1}"#, "line 9"),
        (9, r#"{"table":"persons","key":1,"value":{"version":77,"record":{}}}"#, "line 9"),
        (1, r#"{"anshin":99,"schema":1}"#, "was not written by"),
        (1, "", "was not written by"),
    ] {
        with(line, new);
        let said = run(&mut place.anshin(&["import", &out])).await;
        assert!(said.assert_failed(1).contains(words), "{new}: {said:?}");
        assert!(!place.data.exists());
    }
}

#[tokio::test]
async fn an_export_of_an_older_program_is_read_in_and_lifted() {
    let place = Place::new();
    let out = place.path("out.jsonl");
    place.done(&["export", &out]).await;
    // As the program before this one wrote it: a number less, and without the table that came since.
    let text = std::fs::read_to_string(&out).unwrap();
    let older = |line: &str| {
        let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
        if record.get("anshin").is_some() {
            record["schema"] = 2.into();
        } else if record["table"] == "meta" && record["key"] == "schema" {
            assert_eq!(record["value"].to_string().matches('3').count(), 1, "{line}");
            let value = record["value"].to_string().replace('3', "2");
            record["value"] = serde_json::from_str(&value).unwrap();
        }
        (record["table"] != "concerns").then(|| record.to_string())
    };
    let lines: Vec<String> = text.lines().filter_map(older).collect();
    assert!(lines.len() < text.lines().count(), "somebody's case is open");
    std::fs::write(&out, lines.join("\n")).unwrap();
    std::fs::rename(&place.data, place.path("kept.redb")).unwrap();
    place.done(&["import", &out]).await;
    let store = Store::open(&place.data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    let open = store.read().unwrap().open_case_ids(usize::MAX).unwrap();
    let case = store.read().unwrap().case(open[0]).unwrap().unwrap();
    let writing = store.write().unwrap();
    assert_eq!(writing.tables().open_cases_concerning(case.person).unwrap(), open);
}

#[tokio::test]
async fn a_file_that_a_dead_process_was_writing_anew_goes_at_the_start_and_the_data_is_whole() {
    let place = Place::new();
    let before = place.survey();
    let half = place.path("anshin.redb.anew-4194304");
    let bytes = std::fs::read(&place.data).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let (server, _) = serving(&place.data, NO_LINE).await;
    wait_for(|| (!Path::new(&half).exists()).then_some(())).await;
    drop(server);
    assert!(place.survey().people == before.people);
}
