#[test]
fn never_compiled() {
    assert_eq!(broken::double(2), 4);
}
