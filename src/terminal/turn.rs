//! Decides who prints the report of this process: the command that has finished, or the thread that
//! ends it. Only one of them does, so that `--json` prints one value.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// Nothing was printed yet.
const FREE: u8 = 0;
/// The command has finished and prints its report.
const FINISHED: u8 = 1;
/// The command is being ended.
const ENDED: u8 = 2;

/// How long a command that has finished may take to print its report after a signal. A program that
/// does not read its input would block it for ever.
const TIME_TO_PRINT: Duration = Duration::from_secs(1);

/// Global, because standard output and the end of the process are.
static TURN: AtomicU8 = AtomicU8::new(FREE);

fn claim(who: u8) -> bool {
    match TURN.compare_exchange(FREE, who, Ordering::SeqCst, Ordering::SeqCst) {
        Ok(_) => true,
        Err(claimed) => claimed == FINISHED && who == FINISHED,
    }
}

/// Called by a command before it prints its report. Does not return if the command is being ended:
/// the thread that ends it exits the process.
pub(crate) fn begin_report() {
    while !claim(FINISHED) {
        std::thread::park();
    }
}

/// Called by a thread before it ends the command. If the command has finished already, it gets time
/// to print its report, and the process exits with `code` otherwise.
pub(crate) fn claim_report_or_exit(code: i32) {
    if claim(ENDED) {
        return;
    }
    if TURN.load(Ordering::SeqCst) == FINISHED {
        std::thread::sleep(TIME_TO_PRINT);
        std::process::exit(code);
    }
    // Another thread ends the command.
    loop {
        std::thread::park();
    }
}
