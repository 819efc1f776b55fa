//! Reads the names of authors.

/// The names in the text of an author element: `lisi@a.cn (李四)` (RSS 2.0, `author`),
/// `李四 <lisi@a.cn>` (RFC 5322), `mailto:lisi@a.cn`, or a name. Commas separate several.
pub(super) fn names(written: &str) -> Vec<String> {
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    let bracketed = bracketed(&written);
    if !bracketed.is_empty() {
        return bracketed;
    }
    if written.contains('<') && written.contains('@') {
        let names = written.split([',', ';']).map(without_address);
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        if !names.is_empty() {
            return names;
        }
    }
    let name = written.trim_matches(['<', '>']);
    let name = name.strip_prefix("mailto:").unwrap_or(name).trim();
    if name.is_empty() { Vec::new() } else { vec![name.to_owned()] }
}

/// The names in brackets behind mail addresses.
fn bracketed(written: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((name, after)) = after.split_once(')') else { break };
        let is_address = before.trim_end().rsplit(' ').next().is_some_and(|word| word.contains('@'));
        if is_address && !name.trim().is_empty() {
            names.push(name.trim().to_owned());
        }
        rest = after;
    }
    names
}

/// The name before an address in angle brackets.
fn without_address(part: &str) -> String {
    let name = part.split('<').next().unwrap_or_default();
    name.trim().trim_matches('"').trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_beside_mail_addresses() {
        for (written, wanted) in [
            ("lisi@a.cn (李四)", vec!["李四"]),
            (" lisi@a.cn\n (李 四) ", vec!["李 四"]),
            ("mailto:lisi@a.cn (李四)", vec!["李四"]),
            ("a@a.cn (甲), b@b.cn (乙)", vec!["甲", "乙"]),
            ("noreply@b.com (Ann (Bo))", vec!["Ann (Bo"]),
            ("李四 <lisi@a.cn>", vec!["李四"]),
            ("\"Li, Si\" <a@a.cn>", vec!["Li", "Si"]),
            ("甲 <a@a.cn>; 乙 <b@b.cn>", vec!["甲", "乙"]),
            ("mailto:lisi@a.cn", vec!["lisi@a.cn"]),
            ("<lisi@a.cn>", vec!["lisi@a.cn"]),
            ("lisi@a.cn ()", vec!["lisi@a.cn ()"]),
            ("李四", vec!["李四"]),
            ("李四 (记者)", vec!["李四 (记者)"]),
            ("a (b", vec!["a (b"]),
            ("", vec![]),
        ] {
            assert_eq!(names(written), wanted, "{written}");
        }
    }
}
