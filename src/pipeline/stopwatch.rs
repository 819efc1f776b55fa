//! How long the stages of a build took.

use std::time::Instant;

use crate::pipeline::report::Report;

/// Measures stages for the report; no output depends on it.
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn lap(&mut self, stage: &'static str, report: &mut Report) {
        let milliseconds = self.0.elapsed().as_secs_f64() * 1000.0;
        report.stages.push((stage, (milliseconds * 10.0).round() / 10.0));
        self.0 = Instant::now();
    }
}
