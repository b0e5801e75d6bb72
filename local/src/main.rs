//! The `reelwright` command.

fn main() {}
