//! What a text defines, imports and says besides.

use super::read;

#[test]
fn definitions_are_the_names_that_others_may_use() {
    let text = "
        mod a; mod b { fn f() { fn hidden() {} } } struct S { x: u8 } enum E { V, W { y: u8 } } trait T { type U; const C: u8; fn g(); }
        type A = u8; static Z: u8 = 1; macro_rules! m { () => {} } pub use q::{r, s as t}; use unseen; extern \"C\" { fn h(); }
        #[cfg(test)] mod tests {}";
    let names: Vec<String> = read(text).definitions().into_iter().collect();
    let expected = "A C E S T U V W Z a b f g h m r t x y";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn imports_are_flattened() {
    let text = "use a::{b::{self, c as d}, *, /* why */ e}; mod x; mod y { use super::z; } #[path = \"p.rs\"] mod w; extern crate q; fn f() { use ::g::h; }";
    let expected = "a::b a::b::c a::* a::e self::x super::z p.rs q ::g::h";
    assert_eq!(read(text).imports().join(" "), expected);
}

#[test]
fn what_is_outside_changes_only_with_what_no_stub_reaches() {
    let outside = |text: &str| read(text).outside();
    let base = outside("struct A { x: u8 } impl A { const C: u8 = 1; }");
    for same in [
        "use b; mod c; struct A { x: u8 } impl A { const C: u8 = 1; }",
        "/// Says.\nstruct A {\n x: u8,\n }\nimpl A { const C: u8 = 1; }\n fn f() {}",
        "struct A { x: u8 } impl A { const C: u8 = 1; } impl D for A { #[inline] fn e() {} } #[cfg(test)] mod tests { const D: u8 = 1; }",
    ] {
        assert_eq!(outside(same), base, "{same}");
    }
    for other in [
        "struct A { x: u16 } impl A { const C: u8 = 1; }",
        "struct A { x: u8 } impl A { const C: u8 = 2; }",
        "#![no_std] struct A { x: u8 } impl A { const C: u8 = 1; }",
        "#[derive(Debug)] struct A { x: u8 } impl A { const C: u8 = 1; }",
        "struct A { x: u8 } impl A { const C: u8 = 1; } impl Marker for A {}",
        "struct A { x: u8 } impl A { const C: u8 = 1; } make!(b);",
        "struct A { x: u8 } impl A { const C: u8 = 1; } mod n { static X: u8 = 1; }",
    ] {
        assert_ne!(outside(other), base, "{other}");
    }
    let of_trait = |body: &str| outside(&format!("trait T {{ fn a(); {body} }}"));
    assert_eq!(of_trait(""), of_trait("#[inline] fn b() {}"));
    assert_ne!(of_trait(""), of_trait("fn b();"));
}

#[test]
fn a_constant_beside_functions_is_outside() {
    let of =
        |value: u8| read(&format!("impl A {{ fn f() {{}} const C: u8 = {value}; }}")).outside();
    assert_ne!(of(1), of(2));
}
