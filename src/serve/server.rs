//! Accepts connections, limits their number and time, and answers requests that name an allowed
//! host.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use crate::serve::answer::{self, answer};
use crate::serve::hub::Hub;

/// The number of simultaneous connections: less than half of the files that a Linux process can
/// open by default.
const MAX_CONNECTIONS: usize = 400;

/// Time in which the head of a request has to arrive, on a new connection and on an idle one.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// A connection is closed if the browser accepts no bytes for this time.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum size of a request's head in bytes.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Accepts connections while the future is polled. It does not return.
pub(super) async fn accept(listener: TcpListener, hub: Arc<Hub>) {
    let bound = listener.local_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip());
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Too many open files, or a connection that was closed before it was accepted.
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            send_unavailable(&stream);
            continue;
        };
        let hub = Arc::clone(&hub);
        tokio::spawn(async move {
            // Fails if the browser closes the connection, which is not an error of the server.
            let _ = serve_connection(stream, bound, hub).await;
            drop(place);
        });
    }
}

async fn serve_connection(stream: TcpStream, bound: IpAddr, hub: Arc<Hub>) -> Result<(), hyper::Error> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let service = service_fn(move |request| {
        let hub = Arc::clone(&hub);
        async move {
            let host = answer::host(&request);
            Ok::<_, Infallible>(match host {
                Some(host) if is_allowed(&host, bound) => answer(&request, &hub).await,
                Some(_) => answer::misdirected(),
                None => answer::bad_request(&tr!("the request needs one valid Host header")),
            })
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        .await
}

/// Sends status 503 without waiting, because the maximum number of connections is reached.
fn send_unavailable(stream: &TcpStream) {
    let text = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";
    let _ = stream.try_write(text);
}

/// True if requests may name this host. Another site can make its own name resolve to this machine
/// (DNS rebinding) and read the digest under that name, but not under `localhost` or an address.
fn is_allowed(host: &str, bound: IpAddr) -> bool {
    let name = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let Ok(address) = name.parse::<IpAddr>() else { return false };
    let own = [bound, Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    own.contains(&address) || bound.is_unspecified()
}

/// Binds the given port, or the first free one from 1111 to 1161. Also returns whether another port
/// is used because 1111 is taken.
///
/// # Errors
/// The port is taken or not permitted, or the interface is not an address of this machine. The
/// error comes with the port that was tried last.
pub(super) fn bind(
    interface: IpAddr,
    port: Option<u16>,
) -> Result<(std::net::TcpListener, bool), (u16, io::Error)> {
    const FIRST_PORT: u16 = 1111;
    let ports = match port {
        Some(port) => port..=port,
        None => FIRST_PORT..=FIRST_PORT + 50,
    };
    let (first, last) = (*ports.start(), *ports.end());
    for port in ports {
        match std::net::TcpListener::bind((interface, port)) {
            Ok(listener) => return Ok((listener, port != first)),
            Err(error) if port < last && error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err((port, error)),
        }
    }
    Err((last, io::Error::from(io::ErrorKind::AddrInUse)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_localhost_and_own_addresses_are_allowed_hosts() {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
            assert!(is_allowed(host, loopback), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example", "192.168.1.5", "", "[", "localhost.evil.example"]
        {
            assert!(!is_allowed(host, loopback), "{host}");
        }
        let everywhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        assert!(is_allowed("192.168.1.5", everywhere) && !is_allowed("evil.example", everywhere));
    }
}
