//! Removes the temporary files of an output folder when the process ends while it writes them.

use std::sync::Arc;

use crate::fs::Folder;
use crate::output::cancellation::Cancellation;
use crate::output::folder::Output;
use crate::output::manifest::Journal;
use crate::output::{fresh, update};

impl Output {
    /// Lets `cancellation` stop the writing to this folder.
    #[must_use]
    pub fn stopped_by(mut self, cancellation: &Arc<Cancellation>) -> Self {
        let (folder, journal) = (self.folder.clone(), self.state_files().journal);
        // The journal names the targets of all temporary files.
        cancellation.add_cleaner(move || {
            fresh::remove_staging(&folder);
            let journal = Journal::load(&journal);
            let targets = journal.ours.iter().chain(&journal.staged).map(String::as_str);
            if let Ok(folder) = Folder::open_real(&folder) {
                update::remove_temporary(&folder, targets);
            }
        });
        self.cancellation = Arc::clone(cancellation);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::output::{manifest, place};

    /// An output folder with one temporary file, which the journal names.
    fn staged() -> (tempfile::TempDir, Output, PathBuf) {
        let digest = tempfile::tempdir().unwrap();
        let root = digest.path();
        let output = Output::new(root, &root.join("public"), &root.join("state"), false);
        let temporary = output.folder.join("a").join(place::temporary_name("index.html"));
        fs::create_dir_all(temporary.parent().unwrap()).unwrap();
        fs::create_dir_all(root.join("state")).unwrap();
        fs::write(&temporary, "half").unwrap();
        manifest::write_journal(&output.state_files().journal, ["a/index.html"].into_iter(), [].into_iter())
            .unwrap();
        (digest, output, temporary)
    }

    #[test]
    fn the_end_removes_temporary_files_of_a_writer_that_does_not_stop() {
        let (_digest, output, temporary) = staged();
        let cancellation = Arc::new(Cancellation::default());
        let output = output.stopped_by(&cancellation);
        let writing = cancellation.enter().unwrap();
        drop(cancellation.end(Duration::ZERO));
        assert!(!temporary.exists());
        assert!(output.cancellation.check().is_err());
        drop(writing);
        assert!(cancellation.enter().is_err());
    }

    #[test]
    fn the_end_removes_no_temporary_file_if_nothing_is_written() {
        let (_digest, output, temporary) = staged();
        let cancellation = Arc::new(Cancellation::default());
        let _output = output.stopped_by(&cancellation);
        // Another process has the lock and writes.
        drop(cancellation.end(Duration::ZERO));
        assert!(temporary.exists());
    }

    #[test]
    fn the_end_waits_for_a_writer_that_renames_files() {
        let (_digest, output, temporary) = staged();
        let cancellation = Arc::new(Cancellation::default());
        let _output = output.stopped_by(&cancellation);
        let (send, begun) = mpsc::channel();
        let writer = Arc::clone(&cancellation);
        let wanted = temporary.with_file_name("index.html");
        let renamed = wanted.clone();
        let thread = std::thread::spawn(move || {
            let _writing = writer.enter().unwrap();
            writer.commit().unwrap();
            send.send(()).unwrap();
            while !writer.is_closed() {
                std::thread::yield_now();
            }
            fs::rename(temporary, renamed).unwrap();
        });
        begun.recv().unwrap();
        drop(cancellation.end(Duration::ZERO));
        assert!(wanted.exists());
        thread.join().unwrap();
        assert!(cancellation.commit().is_err());
    }
}
