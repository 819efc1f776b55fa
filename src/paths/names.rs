//! Decides by their names which files of a digest are sources: the one rule for hidden files, and
//! for files that editors and systems leave behind.
//!
//! Sources: RFC 8615 (`.well-known`); the documentation of Apache 2.4 (`.htaccess`), GitHub Pages
//! (`.nojekyll`), Codeberg Pages (`.domains`) and Cloudflare Workers (`.assetsignore`); names of
//! temporary files in the manuals of Vim (`swap-file`, `4913` in `backupcopy`), GNU Emacs
//! (`#file#`, `.#file`, `file~`), LibreOffice and Microsoft Office; `.gitignore` templates for
//! macOS, Windows and Linux at github.com/github/gitignore (`Global/`).

/// The folder of `static/` that is published whole (RFC 8615).
pub(crate) const WELL_KNOWN: &str = ".well-known";

/// Files that hosts read in the folder of the site, or, for `.htaccess`, in any folder.
const OF_HOSTS: [&str; 4] = [".htaccess", ".nojekyll", ".domains", ".assetsignore"];

/// The treatment of a file or folder below `static/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// It is part of the site.
    Published,
    /// An editor, a system or a version control left it there: it is passed over without a word.
    Ignored,
    /// It may hold passwords or keys: it is never published.
    Private,
    /// A hidden file that no known host reads: it is published if the settings name it.
    Unknown,
}

/// The treatment of a file or folder by its path below `static/`, with `/`. The folders above it
/// are published.
#[must_use]
pub(crate) fn treatment(path: &str, is_folder: bool) -> Treatment {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_hidden = name.starts_with('.');
    if is_leftover(name, is_folder) {
        Treatment::Ignored
    } else if is_hidden && is_private(name) {
        Treatment::Private
    } else if !is_hidden || is_read_by_hosts(folder, name, is_folder) {
        Treatment::Published
    } else {
        Treatment::Unknown
    }
}

/// True for what hosts read, and for all that is in `.well-known`.
fn is_read_by_hosts(folder: &str, name: &str, is_folder: bool) -> bool {
    let in_well_known = folder.split('/').next() == Some(WELL_KNOWN);
    let is_well_known = folder.is_empty() && name == WELL_KNOWN && is_folder;
    let is_file = !is_folder && OF_HOSTS.contains(&name) && (folder.is_empty() || name == ".htaccess");
    in_well_known || is_well_known || is_file
}

/// True for the names of files that version control, editors and systems leave behind, in any
/// folder of a digest.
#[must_use]
pub(crate) fn is_leftover(name: &str, is_folder: bool) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some(hidden) = lower.strip_prefix('.') else {
        let of_editor = lower.len() > 1 && lower.ends_with('~')
            || lower.len() > 2 && lower.starts_with('#') && lower.ends_with('#')
            || lower.starts_with("~$")
            || lower == "4913";
        let of_system = matches!(&*lower, "thumbs.db" | "ehthumbs.db" | "desktop.ini");
        return if is_folder { lower == "__macosx" } else { of_editor || of_system };
    };
    let of_version_control = ["git", "hg", "svn"].iter().any(|tool| hidden.starts_with(tool))
        || matches!(hidden, "bzr" | "jj" | "cvsignore" | "keep" | "newsprint");
    let of_system = matches!(
        hidden,
        "ds_store"
            | "spotlight-v100"
            | "fseventsd"
            | "temporaryitems"
            | "documentrevisions-v100"
            | "appledouble"
            | "lsoverride"
            | "volumeicon.icns"
            | "apdisk"
            | "localized"
            | "directory"
    ) || ["_", "trash", "nfs", "fuse_hidden", "goutputstream-"]
        .iter()
        .any(|start| hidden.starts_with(start));
    let swap = hidden.rsplit('.').next().unwrap_or_default();
    let of_editor = ["#", "~lock."].iter().any(|start| hidden.starts_with(start))
        || hidden.ends_with('~')
        || matches!(swap, "swp" | "swo" | "swn" | "swm" | "swl" | "swk" | "swx" | "kate-swp")
        || matches!(hidden, "idea" | "vscode" | "editorconfig");
    of_version_control || of_system || of_editor
}

/// True for hidden files and folders that hold passwords, keys or what was typed.
fn is_private(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let hidden = lower.trim_start_matches('.');
    ["env", "ssh", "gnupg", "aws", "azure", "secret", "password", "credential", "vault", "yarnrc"]
        .iter()
        .any(|start| hidden.starts_with(start))
        || ["_history", ".pem", ".key", ".p12", ".pfx"].iter().any(|end| hidden.ends_with(end))
        || matches!(
            hidden,
            "npmrc"
                | "netrc"
                | "pypirc"
                | "pgpass"
                | "my.cnf"
                | "mylogin.cnf"
                | "htpasswd"
                | "boto"
                | "s3cfg"
                | "docker"
                | "dockercfg"
                | "dockerconfigjson"
                | "kube"
                | "terraformrc"
                | "config"
                | "cargo"
                | "m2"
                | "gem"
                | "rclone.conf"
                | "lesshst"
                | "viminfo"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hosts_read_is_published() {
        for path in [
            "a.txt",
            "图/片 (1).png",
            "CNAME",
            "_headers",
            "_redirects",
            "robots.txt",
            ".nojekyll",
            ".htaccess",
            "sub/.htaccess",
            ".domains",
            ".assetsignore",
            ".well-known/security.txt",
            ".well-known/.hidden",
            ".well-known/acme-challenge/x",
            ".well-known/a/.b",
            "4913.txt",
            "a~b",
            "#a",
            "a#",
            "env",
            "git",
            "~",
            "##",
            "desktop.ini.txt",
            "x.swp",
        ] {
            assert_eq!(treatment(path, false), Treatment::Published, "{path}");
        }
        for folder in [".well-known", ".well-known/.a", "a", "4913", "a~", "#a#", "thumbs.db"] {
            assert_eq!(treatment(folder, true), Treatment::Published, "{folder}");
        }
    }

    #[test]
    fn leftovers_are_ignored_everywhere() {
        for path in [
            ".git",
            ".gitignore",
            ".GitKeep",
            ".gitattributes",
            ".github",
            ".hgignore",
            ".svn",
            ".bzr",
            ".jj",
            ".keep",
            ".DS_Store",
            ".ds_store",
            "._a.png",
            ".Spotlight-V100",
            ".Trashes",
            ".Trash-1000",
            ".fseventsd",
            ".localized",
            ".directory",
            ".nfs0001",
            ".fuse_hidden01",
            ".AppleDouble",
            "Thumbs.db",
            "ehthumbs.db",
            "Desktop.ini",
            ".a.md.swp",
            ".swp",
            ".a.SWO",
            ".a.swx",
            ".a.kate-swp",
            "a.md~",
            ".a~",
            ".a.un~",
            "#a.md#",
            ".#a.md",
            "4913",
            "~$a.docx",
            ".~lock.a.odt#",
            ".goutputstream-X1",
            ".idea",
            ".vscode",
            ".editorconfig",
            ".newsprint",
        ] {
            for folder in ["", "sub/", ".well-known/"] {
                let path = format!("{folder}{path}");
                assert_eq!(treatment(&path, false), Treatment::Ignored, "{path}");
            }
        }
        assert_eq!(treatment("__MACOSX", true), Treatment::Ignored);
        assert_eq!(treatment(".git", true), Treatment::Ignored);
        assert_eq!(treatment("__MACOSX", false), Treatment::Published);
    }

    #[test]
    fn what_may_hold_passwords_is_private() {
        for path in [
            ".env",
            ".env.production",
            ".envrc",
            ".ENV",
            ".ssh",
            ".npmrc",
            ".netrc",
            ".pypirc",
            ".htpasswd",
            ".aws",
            ".docker",
            ".kube",
            ".bash_history",
            ".server.pem",
            ".id.key",
            ".a.p12",
            ".a.pfx",
            ".yarnrc.yml",
            ".my.cnf",
            ".secrets",
            ".password-store",
            ".credentials",
            ".vault-token",
            ".azure",
            ".gnupg",
            "..env",
            ".config",
            ".mylogin.cnf",
            ".s3cfg",
            ".boto",
            ".pgpass",
            ".dockercfg",
            ".cargo",
        ] {
            for folder in ["", "sub/", ".well-known/"] {
                let path = format!("{folder}{path}");
                assert_eq!(treatment(&path, false), Treatment::Private, "{path}");
                assert_eq!(treatment(&path, true), Treatment::Private, "{path}");
            }
        }
    }

    #[test]
    fn other_hidden_names_are_unknown() {
        for path in [
            ".foo",
            ".prettierrc",
            "sub/.nojekyll",
            "sub/.domains",
            "a/.well-known",
            ".well-known2",
            ".well",
            "..",
            ".swf",
        ] {
            assert_eq!(treatment(path, false), Treatment::Unknown, "{path}");
        }
        for folder in [".htaccess", ".nojekyll", "sub/.well-known", ".foo"] {
            assert_eq!(treatment(folder, true), Treatment::Unknown, "{folder}");
        }
        // RFC 8615: a folder.
        assert_eq!(treatment(".well-known", false), Treatment::Unknown);
    }
}
