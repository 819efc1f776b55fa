//! Connections: accepted from allowed hosts, bounded in number and in time, each request answered on its own.

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

/// Connections at once: fewer than half of the files that Linux lets a process open by default.
const CONNECTIONS: usize = 400;

/// A request's head has to be there in this time, a waiting connection to be used again.
const HEAD: Duration = Duration::from_secs(15);

/// A browser that takes nothing for this long is gone.
const STALLED: Duration = Duration::from_secs(30);

/// A request's head, at most.
const HEAD_BYTES: usize = 32 * 1024;

/// Accepts connections for as long as it is polled.
pub(super) async fn accept(listener: TcpListener, hub: Arc<Hub>) {
    let bound = listener.local_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip());
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Too many open files, or a connection that was gone before it was accepted.
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            refuse(&stream);
            continue;
        };
        let hub = Arc::clone(&hub);
        tokio::spawn(async move {
            // A browser that goes away in the middle is no error of ours.
            let _ = connection(stream, bound, hub).await;
            drop(place);
        });
    }
}

async fn connection(stream: TcpStream, bound: IpAddr, hub: Arc<Hub>) -> Result<(), hyper::Error> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    let service = service_fn(move |request| {
        let hub = Arc::clone(&hub);
        async move {
            let host = answer::host(&request);
            Ok::<_, Infallible>(match host {
                Some(host) if is_allowed(&host, bound) => answer(&request, &hub).await,
                Some(_) => answer::refused(),
                None => answer::bad("a request has to name its host"),
            })
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        .await
}

/// There is no room: told without waiting for anything.
fn refuse(stream: &TcpStream) {
    let text = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";
    let _ = stream.try_write(text);
}

/// May a browser call this server so? A page from elsewhere can make its own name lead to this machine (DNS rebinding) and
/// read the digest; an address or `localhost` it cannot be.
fn is_allowed(host: &str, bound: IpAddr) -> bool {
    let name = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let Ok(address) = name.parse::<IpAddr>() else { return false };
    let own = [bound, Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    own.contains(&address) || bound.is_unspecified()
}

/// Opens the port: the one that was asked for, else the first free one from 1111; and says whether that is another.
///
/// # Errors
/// It is taken, or the interface is not this machine's.
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
    fn only_addresses_and_localhost_are_names_of_this_server() {
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
