# The handful of commands a working day needs. `just --list` shows them.

# Formatting and lints, as .ci/run judges them
check:
    cargo fmt --check && cargo clippy --all-targets --locked -- -D warnings
    cargo clippy --test bench --test planted --locked -- -D warnings

# Every test there is, the browser's included
test:
    tests/run

# Everything on embedded defaults, on this machine
demo:
    cargo run --release --locked -- demo

# The measurements of tests/bench
bench:
    cargo test --release --locked --test bench -- --nocapture

# Licences, banned crates and sources
deny:
    cargo deny --offline check bans licenses sources

# Faults that are put in on purpose, and whether the simulator notices them (half an hour)
planted:
    cargo test --test planted

# Every small change in some files, and which of them nobody notices (hours)
mutants +files:
    cargo run --release --locked --manifest-path tests/mutants/Cargo.toml -- {{files}}

# The Debian package of a release build
deb:
    cargo build --locked --release && packaging/build-deb
