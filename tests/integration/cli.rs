//! The real binary: what it says and how it ends, whatever it is given; and what it leaves behind.

mod copies;
mod data;
mod forgotten;
mod life;
mod machine;
mod metrics;
mod staff;
mod written_out;

use crate::program::{anshin, run};

#[tokio::test]
async fn the_version_is_told() {
    let said = run(&mut anshin(&["--version"])).await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    // A release names its commit instead; tests/run looks at that.
    assert_eq!(said.out, format!("anshin {} (debug)\n", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn help_names_every_command() {
    let said = run(&mut anshin(&["--help"])).await;
    assert_eq!(said.code, Some(0));
    for command in ["serve", "staff", "config"] {
        assert!(said.out.contains(command), "{}", said.out);
    }
}

#[tokio::test]
async fn a_wrong_command_line_ends_with_2_and_says_what_is_wrong() {
    for (arguments, named) in [
        (&["bogus"][..], "bogus"),
        (&["serve", "--bogus"], "--bogus"),
        (&["serve", "--config"], "--config"),
        (&["serve", "extra"], "extra"),
        (&["config", "bogus"], "bogus"),
        (&["--log-format", "xml", "serve"], "xml"),
        (&["config"], "Usage"),
        (&[], "Usage"),
    ] {
        let said = run(&mut anshin(arguments)).await;
        assert_eq!(said.code, Some(2), "{arguments:?}: {said:?}");
        assert_eq!(said.out, "", "{arguments:?}");
        assert!(said.err.contains(named), "{arguments:?}: {}", said.err);
        assert!(!said.err.contains("panicked"), "{}", said.err);
    }
}
