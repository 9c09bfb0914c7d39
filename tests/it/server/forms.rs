//! Repositories of either object format, and with reftables, are served like any other.

use super::scene::Scene;
use super::transitions::told;

#[test]
fn a_server_of_either_object_format_and_with_reftables_writes_its_landings_down() {
    for form in [
        &["--object-format=sha256"][..],
        &["--ref-format=reftable"],
        &["--ref-format=reftable", "--object-format=sha256"],
    ] {
        let scene = Scene::in_form(form);
        let start = scene.at_server("refs/heads/main");
        let one = scene.step("a.txt");
        scene.land(&one);
        let two = scene.step("b.txt");
        scene.land(&two);
        let names = [("start", &*start), ("one", &one), ("two", &two)];
        assert_eq!(
            told(&scene, &names),
            ["main 1 start..one", "main 2 one..two"],
            "{form:?}"
        );
    }
}
