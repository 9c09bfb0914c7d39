//! What a person is shown before the word is given.

use super::Scene;

#[test]
fn a_landing_is_shown_as_a_whole() {
    let scene = Scene::new();
    println!("{}", scene.approve(&[]).text());
    println!("{}", scene.approve(&["--format", "json"]).text());
    panic!();
}
