//! An HTTP client that judges each host, bounds times and sizes, and follows no redirect by itself.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use ureq::http::Response;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error, SendBody, Timeout};
use url::Url;

use crate::http::private::{PrivateAddress, PublicResolver, is_private_name};

/// Bytes of a body that are read at once.
const BUFFER_BYTES: usize = 16 << 10;

/// The time limits of a request.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For each step before the headers of the response have come: DNS lookup, connection, waiting.
    pub headers: Duration,
    /// From the DNS lookup to the last byte of the body.
    pub whole: Duration,
}

/// The reason why there is no response, or no whole body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The host is in a private network and was not requested.
    Private,
    /// The server is too slow. With the limit.
    Headers(Duration),
    /// The body is not complete in time. With the limit.
    Slow(Duration),
    /// DNS has no address of the host.
    NoHost,
    /// Nothing listens at the address.
    Refused,
    /// The server does not speak TLS.
    NoTls,
    /// The server closed the connection, or its answer is not HTTP.
    Broken(String),
    /// The body is larger than the limit, in bytes.
    TooLarge(u64),
    /// Any other reason.
    Other(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Private => tr!("the host is in a private network"),
            Self::Headers(limit) => tr!("no answer within {} seconds", limit.as_secs_f32()),
            Self::Slow(limit) => {
                tr!("the answer was not complete within {} seconds", limit.as_secs_f32())
            }
            Self::NoHost => tr!("the host does not exist"),
            Self::Refused => tr!("the connection was refused"),
            Self::NoTls => tr!("the server speaks HTTP without TLS"),
            Self::TooLarge(limit) => tr!("the answer is larger than {} KB", limit >> 10),
            Self::Broken(reason) | Self::Other(reason) => return f.write_str(reason),
        };
        f.write_str(&text)
    }
}

impl std::error::Error for Failure {}

/// The reason why a request with a body has no answer.
#[derive(Debug)]
pub struct Unanswered {
    /// The reason.
    pub failure: Failure,
    /// True if the connection was made and the sending of the body had begun: the server may have
    /// done what was asked.
    pub may_have_arrived: bool,
}

/// A body that tells whether it was asked for: the client reads it after the connection is made
/// and the headers are sent.
struct Watched<'b> {
    rest: &'b [u8],
    is_begun: &'b Cell<bool>,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.is_begun.set(true);
        self.rest.read(buffer)
    }
}

/// An HTTP client.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    /// Hosts of private networks are requested, too.
    allow_private: bool,
    timeouts: Timeouts,
}

impl Client {
    /// Creates a client with this `User-Agent`. It uses the proxy that the environment names.
    #[must_use]
    pub fn new(user_agent: &str, allow_private: bool, timeouts: Timeouts) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // The callers follow redirects, so that each host is judged.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeouts.whole))
            .timeout_resolve(Some(timeouts.headers))
            .timeout_connect(Some(timeouts.headers))
            .timeout_recv_response(Some(timeouts.headers))
            .user_agent(user_agent)
            .accept("*/*")
            .build();
        let proxy = config.proxy().map(|proxy| proxy.host().to_owned());
        let resolver = PublicResolver { inner: DefaultResolver::default(), allow_private, proxy };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { agent, allow_private, timeouts }
    }

    /// Requests the headers of an address.
    ///
    /// # Errors
    /// The host is private, or there is no response.
    pub fn head(&self, address: &Url) -> Result<Reply, Failure> {
        self.judge(address)?;
        self.reply(self.agent.head(address.as_str()).call())
    }

    /// Requests an address with further headers, each a name and a value.
    ///
    /// # Errors
    /// The host is private, or there is no response.
    pub fn get(&self, address: &Url, headers: &[(&str, &str)]) -> Result<Reply, Failure> {
        self.get_within(address, headers, self.timeouts.whole)
    }

    /// Requests an address like `get`, as one of several requests that share a time limit: the whole
    /// answer has to come before `deadline`.
    ///
    /// # Errors
    /// The host is private, or there is no response.
    pub fn get_before(
        &self,
        deadline: Instant,
        address: &Url,
        headers: &[(&str, &str)],
    ) -> Result<Reply, Failure> {
        match deadline.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => self.get_within(address, headers, left.min(self.timeouts.whole)),
            _ => Err(Failure::Slow(self.timeouts.whole)),
        }
    }

    fn get_within(&self, address: &Url, headers: &[(&str, &str)], whole: Duration) -> Result<Reply, Failure> {
        self.judge(address)?;
        let mut request = self.agent.get(address.as_str()).config().timeout_global(Some(whole)).build();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.reply(request.call())
    }

    /// Sends a body to an address with further headers, each a name and a value.
    ///
    /// # Errors
    /// The host is private, or there is no response.
    pub fn post(&self, address: &Url, headers: &[(&str, &str)], body: &[u8]) -> Result<Reply, Unanswered> {
        let is_begun = Cell::new(false);
        let send = || {
            self.judge(address)?;
            // With its length: some servers do not read bodies in chunks. A connection that was
            // open before may be closed at this moment, which looks like a lost answer.
            let mut request = self.agent.post(address.as_str()).header("connection", "close");
            request = request.header("content-length", body.len().to_string());
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let mut watched = Watched { rest: body, is_begun: &is_begun };
            self.reply(request.send(SendBody::from_reader(&mut watched)))
        };
        send().map_err(|failure| Unanswered { failure, may_have_arrived: is_begun.get() })
    }

    /// If there is a proxy, the proxy resolves the name and the resolver is not used.
    fn judge(&self, address: &Url) -> Result<(), Failure> {
        match address.host_str() {
            _ if self.allow_private => Ok(()),
            Some(host) if !is_private_name(host) => Ok(()),
            _ => Err(Failure::Private),
        }
    }

    fn reply(&self, result: Result<Response<Body>, Error>) -> Result<Reply, Failure> {
        match result {
            Ok(response) => Ok(Reply { response, timeouts: self.timeouts }),
            Err(error) => Err(failure(error, self.timeouts)),
        }
    }
}

/// The response to a request. Its body is not read yet.
#[derive(Debug)]
pub struct Reply {
    response: Response<Body>,
    timeouts: Timeouts,
}

impl Reply {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The value of a header, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.response.headers().get(name)?.as_bytes()).ok()
    }

    /// The address that a redirect leads to, from the address of the request. `None` if the
    /// response is not a redirect to `http` or `https`.
    #[must_use]
    pub fn redirect(&self, from: &Url) -> Option<Url> {
        let is_redirect = matches!(self.status(), 301..=303 | 307 | 308);
        let location = self.header("location").filter(|_| is_redirect)?;
        from.join(location).ok().filter(|next| matches!(next.scheme(), "http" | "https"))
    }

    /// The scheme of a redirect that is not followed, since it is not `http` or `https`, from the
    /// address of the request. An empty text if the response names no valid address.
    #[must_use]
    pub fn refused_redirect(&self, from: &Url) -> Option<String> {
        if !matches!(self.status(), 301..=303 | 307 | 308) || self.redirect(from).is_some() {
            return None;
        }
        let next = self.header("location").and_then(|location| from.join(location).ok());
        Some(next.map_or_else(String::new, |next| next.scheme().to_owned()))
    }

    /// Reads the first `limit` bytes of the body, decompressed.
    ///
    /// # Errors
    /// The body is too slow or not complete.
    pub fn read_start(self, limit: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        self.copy(limit, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes the body, decompressed, of at most `limit` bytes.
    ///
    /// # Errors
    /// The body is larger, too slow or not complete, or cannot be written.
    pub fn read_into(self, limit: u64, to: &mut impl Write) -> Result<(), Failure> {
        match self.copy(limit.saturating_add(1), to)? > limit {
            true => Err(Failure::TooLarge(limit)),
            false => Ok(()),
        }
    }

    /// Writes at most `limit` bytes of the body. Returns their number.
    fn copy(self, limit: u64, to: &mut impl Write) -> Result<u64, Failure> {
        let mut body = self.response.into_body().into_with_config().limit(u64::MAX).reader().take(limit);
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut written = 0;
        loop {
            let read = match body.read(&mut buffer) {
                Ok(0) => return Ok(written),
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failure(Error::from(error), self.timeouts)),
            };
            to.write_all(&buffer[..read])
                .map_err(|error| Failure::Other(tr!("the answer cannot be stored: {error}", error)))?;
            written += read as u64;
        }
    }
}

pub(super) fn failure(error: Error, timeouts: Timeouts) -> Failure {
    match error {
        Error::Other(inner) if inner.is::<PrivateAddress>() => Failure::Private,
        Error::Timeout(Timeout::Global | Timeout::RecvBody | Timeout::PerCall) => {
            // Both limits may be the same.
            match timeouts.whole == timeouts.headers {
                true => Failure::Headers(timeouts.headers),
                false => Failure::Slow(timeouts.whole),
            }
        }
        Error::Timeout(_) => Failure::Headers(timeouts.headers),
        Error::HostNotFound => Failure::NoHost,
        Error::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => Failure::Refused,
            std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::UnexpectedEof => {
                Failure::Broken(error.to_string())
            }
            // The standard library reports a failed DNS lookup with this text only.
            _ if error.to_string().contains("failed to lookup") => Failure::NoHost,
            _ => Failure::Other(error.to_string()),
        },
        Error::Protocol(error) => Failure::Broken(error.to_string()),
        error => Failure::Other(error.to_string()),
    }
}
