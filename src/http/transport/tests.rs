use super::*;

fn answer(status: u16, wait: Option<&str>, body: &str) -> Response<Vec<u8>> {
    let mut response = Response::builder().status(status);
    if let Some(wait) = wait {
        response = response.header(header::RETRY_AFTER, wait);
    }
    response.body(body.as_bytes().to_vec()).unwrap()
}

#[test]
fn answers_that_may_pass_have_a_pause() {
    for status in [429, 500, 502, 503, 504] {
        assert!(pause_after(&answer(status, None, ""), 1).is_some(), "{status}");
    }
    for status in [200, 204, 400, 403, 404, 409, 412, 501] {
        assert_eq!(pause_after(&answer(status, Some("1"), "<Code>AccessDenied</Code>"), 1), None);
    }
    assert!(pause_after(&answer(400, None, "<Error><Code>BadDigest</Code></Error>"), 1).is_some());
}

#[test]
fn retry_after_is_obeyed_for_at_most_a_minute() {
    let pause = |wait| pause_after(&answer(503, Some(wait), ""), 1).unwrap();
    assert_eq!(pause("3"), Duration::from_secs(3));
    assert_eq!(pause("0"), Duration::ZERO);
    assert_eq!(pause("7200"), MAX_RETRY_AFTER);
    assert_eq!(pause("Wed, 21 Oct 2026 07:28:00 GMT"), MAX_RETRY_AFTER);
    assert!(pause("soon") < Duration::from_secs(1));
}

#[test]
fn pauses_grow() {
    for attempt in 1..=5 {
        let shortest = FIRST_PAUSE * 2_u32.pow(attempt - 1);
        let pause = back_off(attempt);
        assert!(pause >= shortest && pause <= shortest * 3 / 2, "{attempt}: {pause:?}");
    }
}

/// The address of a server that answers each connection by `answer`.
fn server(answer: impl Fn(std::net::TcpStream) + Send + 'static) -> Uri {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/b/key", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().flatten().for_each(answer));
    uri.parse().unwrap()
}

fn read_head(mut stream: &std::net::TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
}

#[test]
fn a_server_that_sends_a_byte_now_and_then_has_a_deadline() {
    use std::io::Write as _;
    for start in ["HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "] {
        let uri = server(move |mut stream| {
            read_head(&stream);
            let _ = stream.write_all(start.as_bytes());
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let notes = Arc::new(std::sync::Mutex::new(Vec::new()));
        let noted = Arc::clone(&notes);
        let note: Note = Arc::new(move |text: &str| noted.lock().unwrap().push(text.to_owned()));
        let whole = Duration::from_millis(300);
        let transport = Transport::with_time("newsprint", true, Some(note), whole);
        let begun = Instant::now();
        let late = transport.send((&Method::GET, &uri), &HeaderMap::new(), b"");
        assert_eq!(late.unwrap_err(), Failure::Slow(whole), "{start}");
        assert!(begun.elapsed() < Duration::from_secs(4), "{start}: {:?}", begun.elapsed());
        let notes = notes.lock().unwrap();
        assert!(notes.len() == 1 && notes[0].starts_with("127.0.0.1: the answer was not"), "{notes:?}");
    }
}

#[test]
fn a_file_is_stored_only_if_the_answer_says_so() {
    use std::io::Write as _;
    let uri = server(|mut stream| {
        read_head(&stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    let transport = Transport::new("newsprint", true, None);
    let put = |transport: &Transport| transport.send_once((&Method::PUT, &uri), &HeaderMap::new(), b"");
    assert!(put(&transport).is_ok());
    assert!(matches!(put(&transport.confirming()), Err(Failure::Broken(_))));
}

#[test]
fn a_server_without_tls_is_told_at_once() {
    let uri = server(|mut stream| {
        let mut start = [0; 64];
        let _ = stream.read(&mut start);
        let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let uri: Uri = uri.to_string().replace("http:", "https:").parse().unwrap();
    let transport = Transport::new("newsprint", true, None);
    let refused = transport.send((&Method::GET, &uri), &HeaderMap::new(), b"");
    assert_eq!(refused.unwrap_err(), Failure::NoTls);
}

#[test]
fn hosts_of_private_networks_are_not_requested() {
    let transport = Transport::new("newsprint", false, None);
    for uri in ["http://127.0.0.1:9/x", "http://localhost:9/", "http://[::1]:9/"] {
        let uri: Uri = uri.parse().unwrap();
        let refused = transport.send((&Method::GET, &uri), &HeaderMap::new(), b"");
        assert_eq!(refused.unwrap_err(), Failure::Private, "{uri}");
    }
}
