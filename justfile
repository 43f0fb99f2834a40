# One command per habit; CI runs the same ones.

# Everything that CI runs.
ci:
    .ci/run

# Serve with the local configuration, or with defaults.
serve:
    cargo run

# All the tests, with a PostgreSQL of their own.
test *ARGS:
    tests/run {{ARGS}}

# Format everything.
fmt:
    cargo fmt --all

# What the compiler would rather not see.
lint:
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# Look at changed snapshots of what people read (cargo install cargo-insta).
review:
    cargo insta review
