#[test]
fn passes() {
    assert_eq!(sample::double(2), 4);
}

// Under nextest each try is a process of its own, which is told the number of the try.
#[test]
fn passes_the_second_time() {
    if std::env::var_os("NEXTEST_ATTEMPT").is_some_and(|attempt| attempt == "1") {
        panic!("not the first time");
    }
}

#[test]
fn takes_too_long() {
    if std::env::var_os("NEXTEST").is_some() {
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
}
