//! Reads an object with a limit on the bytes that arrive: its size is what the server says.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use opendal::options::ReaderOptions;
use opendal::{Error, ErrorKind};

use super::client::Client;
use super::list::MAX_PACKED_BYTES;
use crate::config::StoreScheme;
use crate::http::time_for;

/// The time without a byte after which reading over SFTP has failed. The transport of HTTP has its
/// own.
const SILENCE: Duration = Duration::from_secs(30);

impl Client {
    /// Reads an object; `None` if it is too large for a list of newsprint's.
    ///
    /// # Errors
    /// The store refuses it, or takes too long.
    pub(super) async fn read_some(
        &self,
        key: &str,
        options: ReaderOptions,
    ) -> opendal::Result<Option<Vec<u8>>> {
        let begun = Instant::now();
        let mut bytes = Vec::new();
        let is_sftp = self.address.scheme == StoreScheme::Sftp;
        let open = async { self.operator.reader_options(key, options).await?.into_stream(..).await };
        let mut blocks = within(is_sftp, open).await?;
        while let Some(block) = within(is_sftp, blocks.try_next()).await? {
            if (bytes.len() + block.len()) as u64 > MAX_PACKED_BYTES {
                return Ok(None);
            }
            bytes.extend(block.to_vec());
            if begun.elapsed() > time_for(bytes.len()) && is_sftp {
                return Err(Error::new(ErrorKind::Unexpected, tr!("the answer does not come to an end")));
            }
        }
        Ok(Some(bytes))
    }
}

/// The result of a future, with a limit of time if `is_limited`.
async fn within<T>(is_limited: bool, future: impl Future<Output = opendal::Result<T>>) -> opendal::Result<T> {
    if !is_limited {
        return future.await;
    }
    let silent = |_| {
        let seconds = SILENCE.as_secs();
        Error::new(ErrorKind::Unexpected, tr!("no answer within {seconds} seconds", seconds))
    };
    tokio::time::timeout(SILENCE, future).await.map_err(silent)?
}
