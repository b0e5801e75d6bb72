//! Temporary.
fn main() {
    let which = std::env::args().nth(1).unwrap_or_default();
    let schema = if which == "sheet" { domain::sheet_schema() } else { domain::brief_schema() };
    println!("{schema:#}");
}
