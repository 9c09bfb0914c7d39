//! The repository's home as an address that may be shown: no credentials, no path of this machine.

/// Makes an absolute address of a remote's; none where it is a path.
pub(super) fn address(remote: &str) -> Option<String> {
    let (scheme, rest) = match remote.split_once("://") {
        Some((scheme, rest)) => (scheme, rest.to_owned()),
        // `git@example.org:team/project.git`, as scp has it (git-fetch(1), "GIT URLS").
        None => {
            let (host, path) = remote.split_once(':')?;
            let is_host = !host.is_empty() && !host.contains('/');
            is_host.then(|| ("ssh", format!("{host}/{}", path.trim_start_matches('/'))))?
        }
    };
    if !["https", "http", "ssh", "git"].contains(&scheme) {
        return None;
    }
    let (host, path) = rest.split_once('/').unwrap_or((&rest, ""));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:[]".contains(c);
    if host.is_empty() || !host.chars().all(is_plain) {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    Some(format!(
        "{scheme}://{host}/{}",
        super::result::encoded(path)
    ))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_shows_neither_credentials_nor_paths_of_this_machine() {
        for (remote, expected) in [
            (
                "https://ann:secret@example.org/team/project.git?token=1",
                Some("https://example.org/team/project.git"),
            ),
            (
                "git@example.org:team/a b.git",
                Some("ssh://example.org/team/a%20b.git"),
            ),
            ("ssh://git@example.org:22/x", Some("ssh://example.org:22/x")),
            ("../origin.git", None),
            ("/srv/x:y", None),
            ("file:///srv/x", None),
            ("https://", None),
            ("x:y<script>", Some("ssh://x/y%3Cscript%3E")),
        ] {
            assert_eq!(address(remote).as_deref(), expected, "{remote}");
        }
    }
}
