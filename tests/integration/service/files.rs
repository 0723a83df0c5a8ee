//! The files beside the program that have to keep step with it: the manual page, and the units.

use crate::program::{anshin, run};

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What `--help` says about a command.
async fn help(command: &[String]) -> String {
    let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
    run(&mut anshin(&arguments)).await.out
}

/// The first words of the lines below a heading of `--help`.
fn listed<'t>(text: &'t str, heading: &str) -> Vec<&'t str> {
    let below = text.split_once(heading).map_or("", |(_, below)| below);
    let section = below.split("\n\n").next().unwrap_or_default();
    section.lines().filter_map(|line| line.split_whitespace().next()).collect()
}

#[tokio::test]
async fn the_manual_page_names_every_command_and_every_option() {
    let page = read("packaging/anshin.1").replace("\\-", "-").replace("\\~", " ");
    let mut commands = vec![Vec::new()];
    while let Some(command) = commands.pop() {
        let help = help(&command).await;
        for sub in listed(&help, "Commands:\n").into_iter().filter(|sub| *sub != "help") {
            commands.push([command.clone(), vec![sub.to_owned()]].concat());
        }
        for option in help.split_whitespace().filter(|word| word.starts_with("--")) {
            let option = option.trim_end_matches([',', '.', ')', ']']);
            assert!(page.contains(option), "packaging/anshin.1 lacks {option} of {command:?}");
        }
        let name = format!("anshin {}", command.join(" "));
        assert!(page.contains(&name), "packaging/anshin.1 lacks `{name}`");
    }
}

#[test]
fn the_unit_for_several_accounts_is_the_one_for_one_account_but_for_its_names() {
    let one = read("anshin.service")
        .replace("Description=anshin:", "Description=anshin for %i:")
        .replace("/etc/anshin/anshin.toml", "/etc/anshin/%i.toml")
        .replace(":/etc/anshin/credentials/", ":/etc/anshin/%i.credentials/")
        .replace("StateDirectory=anshin\n", "StateDirectory=anshin-%i\n")
        .replace("/var/lib/anshin,", "/var/lib/anshin-%i,")
        .replace("let anshin.socket", "let anshin@%i.socket");
    let several = read("packaging/anshin@.service");
    let (introduction, several) = several.split_at(several.find("[Unit]").unwrap());
    assert!(introduction.lines().all(|line| line.starts_with("# ")), "{introduction}");
    assert_eq!(several, one, "bring packaging/anshin@.service in line with anshin.service");
}
