//! Measures how long the stages of a build take.

use std::time::Instant;

use crate::pipeline::report::Report;

/// A stopwatch for the report; no byte of the site depends on it.
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// Adds the time since the last lap to the report, in milliseconds, rounded to a tenth.
    pub(super) fn lap(&mut self, stage: &'static str, report: &mut Report) {
        let milliseconds = self.0.elapsed().as_secs_f64() * 1000.0;
        report.stages.push((stage, (milliseconds * 10.0).round() / 10.0));
        self.0 = Instant::now();
    }
}
