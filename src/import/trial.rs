//! Tries whether a record can be an article, before it is written.

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::import::article_file::{self, Given};
use crate::import::files::{self, Format};
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::reader::{self, CleanOptions};
use crate::import::record::Found;
use crate::load::article::{self, Article};
use crate::load::source;
use crate::watchdog::Watchdog;

/// Why the record of a line of JSON cannot be an article; `None` if it can.
#[must_use]
pub fn refusal(line: &str, config: &Config, labels: &Labels) -> Option<String> {
    let input = Input { name: "record".to_owned(), text: line.to_owned().into() };
    let options = CleanOptions { config, raw: false };
    for found in files::watched_records(&input, Format::Json, labels, &Watchdog::none()) {
        let problem = match found {
            Found::Record(record) => match reader::draft(&input, record, options) {
                Ok((draft, _)) => {
                    let link = draft.link.as_ref().map(|link| link.canonical.as_str());
                    let given = Given { link, ..Given::of(&draft) };
                    parse(article_file::write(&draft, &article_file::body(&draft), given).0, config).err()
                }
                Err(problems) => problems.into_iter().find(Diagnostic::is_error),
            },
            Found::Problem(problem) => Some(problem).filter(Diagnostic::is_error),
            Found::Outside(_) => None,
        };
        if let Some(problem) = problem {
            return Some(problem.message);
        }
    }
    None
}

/// Parses the text of an article as a build does.
///
/// # Errors
/// A build would refuse the article. Reported here, the error points at the record; otherwise
/// the next build would fail.
pub(super) fn parse(text: String, config: &Config) -> Result<Article, Diagnostic> {
    let limit = config.limits.file_bytes;
    if text.len() > limit {
        let (size, limit) = (text.len().div_ceil(1024), limit / 1024);
        return Err(Diagnostic::error(tr!(
            "this record makes a file of {size} KB; the limit is {limit} KB",
            size,
            limit
        ))
        .help(tr!("split it, or raise `limits: {file_kb: …}` in newsprint.yaml")));
    }
    let (article, problems) = match source::split("record.md", Fingerprint::default(), text) {
        Ok(source) => article::parse_article(&source, config),
        Err(problem) => (None, vec![*problem]),
    };
    if let Some((article, _)) = article {
        return Ok(article);
    }
    let problem = problems.into_iter().find(Diagnostic::is_error);
    let problem = problem.unwrap_or_else(|| Diagnostic::error(tr!("it cannot be read")));
    let error = Diagnostic::error(tr!("this record does not make a valid article: {}", problem.message));
    Err(match problem.help {
        Some(help) => error.help(help),
        None => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_no_build_would_read_is_refused() {
        let config = Config::default();
        let record = |text: &str| format!("{{\"title\":\"甲\",\"content_markdown\":\"{text}\"}}\n");
        let labels = Labels::of(&config);
        assert_eq!(refusal(&record("文字"), &config, &labels), None);
        let refused = refusal(&record(&format!("{}文字", "> ".repeat(150))), &config, &labels).unwrap();
        assert!(refused.contains("is nested more than 100 elements deep"), "{refused}");
    }
}
