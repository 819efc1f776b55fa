//! Decides whether git would read an address as a path on this disk. Pure.
//!
//! Source of the rules: `git help clone`, "GIT URLS". A `file:` address in any form is a path here,
//! also in forms that git itself refuses or reads as the name of a host.

/// The place that an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A path on this disk, absolute or relative, without percent-encoding.
    Disk(String),
    /// A URL or an address of the form `host:path`.
    Host,
}

/// Classifies an address. `windows`: a letter and a colon are a drive, and a `file:` URL may name a
/// network share.
pub(super) fn classify(address: &str, windows: bool) -> Place {
    let bytes = address.as_bytes();
    if bytes.len() >= 5 && bytes[..5].eq_ignore_ascii_case(b"file:") {
        return Place::Disk(path_of_file_url(&decode(&address[5..]), windows));
    }
    let is_drive = windows && starts_with_drive(address);
    match (address.find(':'), address.find('/')) {
        (Some(colon), slash) if !is_drive && slash.is_none_or(|slash| colon < slash) => Place::Host,
        _ => Place::Disk(address.to_owned()),
    }
}

/// The path of what follows `file:` in a URL.
fn path_of_file_url(rest: &str, windows: bool) -> String {
    let Some(after) = rest.strip_prefix("//") else { return without_slash_of_drive(rest, windows) };
    if windows && starts_with_drive(after) {
        return after.to_owned();
    }
    // git ignores the host, except for network shares on Windows.
    match after.find('/') {
        Some(0) | None => without_slash_of_drive(after, windows),
        Some(_) if windows && !has_local_host(after) => format!("//{after}"),
        Some(slash) => without_slash_of_drive(&after[slash..], windows),
    }
}

/// `C:/x` for `/C:/x` on Windows.
fn without_slash_of_drive(path: &str, windows: bool) -> String {
    path.strip_prefix('/').filter(|path| windows && starts_with_drive(path)).unwrap_or(path).to_owned()
}

fn has_local_host(after: &str) -> bool {
    let host = after.split('/').next().unwrap_or_default();
    host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1"
}

fn starts_with_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

/// Decodes `%XX` as git does: `%00` and incomplete sequences stay as they are.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) if high + low > 0 => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    // A replaced character gives a path that does not exist: only the returned path is ever used.
    String::from_utf8_lossy(&decoded).into_owned()
}

/// A canonical path as git reads it: on Windows without the prefix `\\?\`.
pub(super) fn without_verbatim_prefix(path: &str) -> String {
    match (path.strip_prefix(r"\\?\UNC\"), path.strip_prefix(r"\\?\")) {
        (Some(share), _) => format!(r"\\{share}"),
        (None, Some(rest)) if starts_with_drive(rest) => rest.to_owned(),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn disk(path: &str) -> Place {
        Place::Disk(path.to_owned())
    }

    #[test]
    fn every_form_of_a_file_address_is_a_path() {
        for (address, path) in [
            ("/srv/x.git", "/srv/x.git"),
            ("../x.git", "../x.git"),
            ("./a:b", "./a:b"),
            ("/a%20b", "/a%20b"),
            ("file:///srv/x.git", "/srv/x.git"),
            ("file:////srv/x.git", "//srv/x.git"),
            ("FILE:///srv/x.git", "/srv/x.git"),
            ("File:/srv/x.git", "/srv/x.git"),
            ("file:x.git", "x.git"),
            ("file://localhost/srv/x.git", "/srv/x.git"),
            ("file://user@host:80/srv/x.git", "/srv/x.git"),
            ("file:///proc/self/cwd/../x", "/proc/self/cwd/../x"),
            ("file:///srv/%78.git", "/srv/x.git"),
            ("file:%2F%2F/srv/x.git", "/srv/x.git"),
            ("file://a%2fb/c", "/b/c"),
            ("file:///a%00b%2", "/a%00b%2"),
        ] {
            assert_eq!(classify(address, false), disk(path), "{address}");
        }
    }

    #[test]
    fn hosts_are_not_paths() {
        for address in [
            "https://github.com/user/repository.git",
            "ssh://git@host/~/x.git",
            "git@github.com:user/repository.git",
            "host:/srv/x.git",
            "filer:/srv/x.git",
            "ext::sh -c x",
            "é:x",
        ] {
            assert_eq!(classify(address, false), Place::Host, "{address}");
            assert_eq!(classify(address, true), Place::Host, "{address}");
        }
        assert_eq!(classify("C:/x.git", false), Place::Host);
    }

    #[test]
    fn drives_and_shares_of_windows_are_paths() {
        for (address, path) in [
            ("C:/x.git", "C:/x.git"),
            (r"c:\x.git", r"c:\x.git"),
            (r"\\server\share\x.git", r"\\server\share\x.git"),
            ("file:///C:/x.git", "C:/x.git"),
            ("file:///c%3A/x.git", "c:/x.git"),
            ("FILE:/C:/x.git", "C:/x.git"),
            ("file:C:/x.git", "C:/x.git"),
            ("file://C:/x.git", "C:/x.git"),
            ("file://localhost/C:/x.git", "C:/x.git"),
            ("file://server/share/x.git", "//server/share/x.git"),
        ] {
            assert_eq!(classify(address, true), disk(path), "{address}");
        }
        assert_eq!(without_verbatim_prefix(r"\\?\C:\x"), r"C:\x");
        assert_eq!(without_verbatim_prefix(r"\\?\UNC\server\share\x"), r"\\server\share\x");
        assert_eq!(without_verbatim_prefix("/srv/x"), "/srv/x");
    }

    proptest! {
        #[test]
        fn encoding_and_case_of_a_file_url_do_not_change_its_path(
            path in "(/[a-zé%: ]{1,6}){1,4}",
            cased in "(?i)file://(localhost)?",
            encoded in prop::collection::vec(any::<bool>(), 64),
        ) {
            let written: String = path
                .bytes()
                .zip(encoded.iter().cycle())
                .map(|(byte, &encode)| match encode || !byte.is_ascii() || byte == b'%' {
                    true if byte != b'/' => format!("%{byte:02x}"),
                    _ => char::from(byte).to_string(),
                })
                .collect();
            prop_assert_eq!(classify(&format!("{cased}{written}"), false), disk(&path));
        }

        #[test]
        fn no_address_panics(address in "\\PC{0,24}", windows in any::<bool>()) {
            let _ = classify(&address, windows);
            let _ = classify(&format!("file:{address}"), windows);
        }
    }
}
