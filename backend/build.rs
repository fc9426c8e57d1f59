//! Makes the build look again when what is put into the program has changed, and keeps a program without its console from
//! being released.

use std::path::Path;

/// What the console's build leaves.
const CONSOLE: &str = "../frontend/dist";

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
    // A debug build reads the console where it lies, and may be made without one. Watching a folder that may be missing
    // would make every build start anew.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo::rerun-if-changed={CONSOLE}");
        if !Path::new(CONSOLE).join("index.html").is_file() {
            println!("cargo::error=the console is not built: run `npm ci && npm run build` in frontend first");
        }
    }
}
