//! Rebuilds the crate when an article of the starter base changes: `include_dir!` does not tell cargo what it read.
fn main() {
    println!("cargo::rerun-if-changed=starter");
}
