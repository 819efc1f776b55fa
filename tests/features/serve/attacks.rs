//! Attacks on the preview server: paths, host names, malformed requests, many connections.

use std::fs;
use std::io::{Read, Write};

use crate::driver::Digest;
use crate::preview::{Preview, wait_for};
use crate::serve::digest;

#[cfg(unix)]
#[test]
fn foreign_folders_are_not_removed_as_abandoned_previews() {
    let elsewhere =
        Digest::bare().file("preview-1/precious.txt", "x").file("preview-designs/precious.txt", "x");
    let digest = digest();
    std::os::unix::fs::symlink(elsewhere.path(""), digest.path(".newsprint")).unwrap();
    let outcome = digest.run(&["serve", "--port", "0"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("symbolic link"), "{}", outcome.stderr);
    fs::remove_file(digest.path(".newsprint")).unwrap();
    fs::create_dir(digest.path(".newsprint")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path("preview-1"), digest.path(".newsprint/preview-1")).unwrap();
    digest.write(".newsprint/preview-designs/own.txt", "x");
    let preview = Preview::start(&digest, &[]);
    preview.wait_for_text("/", "第 3 篇");
    drop(preview);
    assert!(elsewhere.exists("preview-1/precious.txt") && elsewhere.exists("preview-designs/precious.txt"));
    assert!(digest.exists(".newsprint/preview-designs/own.txt"));
}

#[test]
fn no_request_path_reads_files_outside_the_site() {
    let digest = digest().file("secret.txt", "geheim");
    let preview = Preview::start(&digest, &[]);
    let depth = "../".repeat(12);
    for path in [
        "/../secret.txt",
        "/../../../secret.txt",
        "/%2e%2e/%2e%2e/%2e%2e/secret.txt",
        "/..%2f..%2f..%2fsecret.txt",
        "/%2e%2e%5c%2e%2e%5csecret.txt",
        "/..\\..\\secret.txt",
        "/articles/../../../../secret.txt",
        "/%252e%252e/secret.txt",
        "//secret.txt",
        "/./secret.txt",
        "/index.html/../../../secret.txt",
        "/.newsprint/../../secret.txt",
        "/../state/manifest",
        "/.newsprint/lock",
        &format!("/{depth}etc/passwd"),
        "/%2fetc%2fpasswd",
        "//etc/passwd",
    ] {
        let answer = preview.request("GET", path, "");
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("geheim") && !answer.text().contains("root:"), "{path}");
    }
    for path in ["/index.html%00", "/%ff%fe", "/%00", "/%c0%ae%c0%ae/"] {
        assert_eq!(preview.get(path).status, 400, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_in_the_served_folder_is_not_followed() {
    let digest = digest().file("secret.txt", "geheim");
    let preview = Preview::start(&digest, &[]);
    let site = preview.folder().join("site");
    fs::remove_file(site.join("robots.txt")).unwrap();
    std::os::unix::fs::symlink(digest.path("secret.txt"), site.join("robots.txt")).unwrap();
    std::os::unix::fs::symlink(digest.path("secret.txt"), site.join("planted.txt")).unwrap();
    for path in ["/robots.txt", "/planted.txt"] {
        let answer = preview.get(path);
        assert!(answer.status >= 400 && !answer.text().contains("geheim"), "{path}: {}", answer.text());
    }
}

#[test]
fn requests_for_foreign_host_names_are_refused() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let ask = |host: &str| {
        preview.send_raw(format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n").as_bytes())
    };
    for host in ["localhost", "LocalHost:80", "127.0.0.1", "[::1]:1234"] {
        assert!(ask(&format!("Host: {host}\r\n")).starts_with("HTTP/1.1 200 "), "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "192.168.0.1", "127.0.0.1@evil.example", ""] {
        let answer = ask(&format!("Host: {host}\r\n"));
        assert!(
            answer.starts_with("HTTP/1.1 421 ") || answer.starts_with("HTTP/1.1 400 "),
            "{host}: {answer}"
        );
        assert!(!answer.contains("测试日报"), "{host}");
    }
    assert!(ask("").starts_with("HTTP/1.1 400 "));
    let absolute = preview
        .send_raw(b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(absolute.starts_with("HTTP/1.1 421 "), "{absolute}");
}

#[test]
fn malformed_requests_get_an_error_and_the_server_continues() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(200_000));
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: y\r\n".repeat(5000));
    for request in [
        b"\x00\x01\x02\x03\r\n\r\n".as_slice(),
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET nothing HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nBroken header\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        let answer = preview.send_raw(request);
        let status = answer.split(' ').nth(1).unwrap_or_default();
        let shown = String::from_utf8_lossy(&request[..request.len().min(60)]).into_owned();
        assert!(status.starts_with('4') || status.starts_with('5'), "{shown}: {answer}");
        assert_eq!(preview.get("/").status, 200, "after {shown}");
    }
}

#[test]
fn two_hundred_event_streams_all_receive_a_change() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut listeners: Vec<_> = (0..200).map(|_| preview.events()).collect();
    assert_eq!(preview.get("/").status, 200);
    digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + "都听\n");
    for listener in &mut listeners {
        listener.next_about("/articles/0002/");
    }
    drop(listeners);
    assert!(preview.page("/articles/0002/").contains("都听"));
}

#[test]
fn slow_and_numerous_connections_do_not_block_the_server() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    // 150 connections, each of which sends half a request head and reads nothing.
    let slow: Vec<_> = (0..150)
        .map(|_| {
            let mut stream = preview.connect();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
            stream
        })
        .collect();
    assert_eq!(preview.get("/").status, 200);
    drop(slow);
    // More connections than the limit: further ones are refused at once, until the others are
    // closed.
    let mut crowd: Vec<_> = (0..450).map(|_| preview.connect()).collect();
    let mut last = crowd.pop().unwrap();
    let mut answer = String::new();
    let _ = last.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let _ = last.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 503 "), "{answer}");
    drop(crowd);
    let served = || {
        let mut stream = preview.connect();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.starts_with("HTTP/1.1 200 ").then_some(())
    };
    wait_for("a response after the connections were closed", served);
}

#[test]
fn listening_on_all_interfaces_prints_a_warning() {
    let digest = digest();
    let preview = Preview::start(&digest, &["--interface", "0.0.0.0"]);
    preview.wait_for_line("warning: everybody on the network can read this preview");
    assert_eq!(preview.get("/").status, 200);
    let quiet = Preview::start(&crate::serve::digest(), &[]);
    assert_eq!(quiet.count_lines("network"), 0);
}
