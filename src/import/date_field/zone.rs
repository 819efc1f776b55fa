//! Reads the time zone at the end of a date.

/// Names of zones and their offsets.
///
/// `UT`, `GMT` and the North American names are those of RFC 822, section 5.1 (RFC 2822, section
/// 4.3). The others are abbreviations of the IANA time zone database that belong to one offset
/// there: `HKT` (Asia/Hong_Kong), `JST` (Asia/Tokyo), `KST` (Asia/Seoul), `WIB` (Asia/Jakarta),
/// `PKT` (Asia/Karachi), `MSK` (Europe/Moscow), `CET`, `CEST`, `EET`, `EEST`, `WET`, `WEST`
/// (Europe), `SAST` (Africa/Johannesburg), `AEST`, `AEDT`, `ACST`, `ACDT`, `AWST` (Australia),
/// `NZST`, `NZDT` (Pacific/Auckland), `AKST`, `AKDT`, `HST` (United States).
const ZONES: [(&str, &str); 37] = [
    ("Z", "+00:00"),
    ("UT", "+00:00"),
    ("UTC", "+00:00"),
    ("GMT", "+00:00"),
    ("EST", "-05:00"),
    ("EDT", "-04:00"),
    ("CDT", "-05:00"),
    ("MST", "-07:00"),
    ("MDT", "-06:00"),
    ("PST", "-08:00"),
    ("PDT", "-07:00"),
    ("HKT", "+08:00"),
    ("北京时间", "+08:00"),
    ("北京時間", "+08:00"),
    ("JST", "+09:00"),
    ("KST", "+09:00"),
    ("WIB", "+07:00"),
    ("PKT", "+05:00"),
    ("MSK", "+03:00"),
    ("WET", "+00:00"),
    ("WEST", "+01:00"),
    ("CET", "+01:00"),
    ("CEST", "+02:00"),
    ("EET", "+02:00"),
    ("EEST", "+03:00"),
    ("SAST", "+02:00"),
    ("AWST", "+08:00"),
    ("ACST", "+09:30"),
    ("ACDT", "+10:30"),
    ("AEST", "+10:00"),
    ("AEDT", "+11:00"),
    ("NZST", "+12:00"),
    ("NZDT", "+13:00"),
    ("AKST", "-09:00"),
    ("AKDT", "-08:00"),
    ("HST", "-10:00"),
    ("UTC±0", "+00:00"),
];

/// Names that mean several offsets, with two of them. `CST` is -06:00 in RFC 822, but a clock in
/// China prints the same name for +08:00 (Asia/Shanghai in the IANA database), and 14 hours are
/// another day.
const AMBIGUOUS: [(&str, &str); 5] = [
    ("CST", marked!("-06:00 in America, +08:00 in China")),
    ("BST", marked!("+01:00 in Britain, +06:00 in Bangladesh")),
    ("IST", marked!("+05:30 in India, +02:00 in Israel")),
    ("AST", marked!("-04:00 in America, +03:00 in Arabia")),
    ("SST", marked!("-11:00 in Samoa, +08:00 in Singapore")),
];

/// Takes the zone off the end of a date. Returns the rest, and the offset as it is written after a
/// time (`+08:00`). `GMT+8` is east of Greenwich, as people write it (in POSIX it is west).
///
/// # Errors
/// The name of the zone means several offsets.
pub(super) fn take(text: &str) -> Result<(String, Option<String>), String> {
    let at = text.rfind(|c: char| c.is_whitespace()).map_or(0, |at| at + 1);
    let (before, last) = text.split_at(at);
    // `GMT +8`, `UTC +08:00`.
    if is_offset(last) {
        let before = before.trim_end();
        let rest = ["GMT", "UTC", "UT"].iter().find_map(|name| without_name(before, name));
        return Ok((rest.unwrap_or(before).to_owned(), Some(last.to_owned())));
    }
    // `08:00:00GMT+8`, `08:00 GMT+0800`, `08:00UTC`.
    for name in ["GMT", "UTC", "UT"] {
        let Some(start) = find_ascii(last, name) else { continue };
        let (words, offset) = (&last[..start], &last[start + name.len()..]);
        if is_offset(offset) && !words.ends_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok((format!("{before}{words}").trim_end().to_owned(), Some(offset.to_owned())));
        }
    }
    for (name, meaning) in AMBIGUOUS {
        if without_name(text, name).is_some() {
            let meaning = tr!(meaning);
            return Err(tr!("`{name}` is not one time zone: {meaning}", name, meaning));
        }
    }
    for (name, offset) in ZONES {
        if let Some(rest) = without_name(text, name) {
            return Ok((rest.to_owned(), Some(offset.to_owned())));
        }
    }
    Ok((text.to_owned(), None))
}

/// True for `+8`, `-05:00`, `+0800`.
fn is_offset(text: &str) -> bool {
    let Some(digits) = text.strip_prefix(['+', '-']) else { return false };
    !digits.is_empty() && digits.len() <= 5 && digits.bytes().all(|b| b.is_ascii_digit() || b == b':')
}

/// The text without a name at its end, in any case. A name in Latin letters is a word of its own.
fn without_name<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let start = text.len().checked_sub(name.len())?;
    let (rest, end) = text.split_at_checked(start)?;
    let alone = !rest.ends_with(|c: char| c.is_ascii_alphabetic());
    (alone && end.eq_ignore_ascii_case(name)).then(|| rest.trim_end())
}

/// The byte offset of a name in ASCII letters, in any case.
fn find_ascii(text: &str, name: &str) -> Option<usize> {
    text.as_bytes().windows(name.len()).position(|part| part.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_taken_off_the_end() {
        for (text, rest, offset) in [
            ("08:00:00 +0800", "08:00:00", Some("+0800")),
            ("08:00 GMT+8", "08:00", Some("+8")),
            ("08:00GMT+0800", "08:00", Some("+0800")),
            ("08:00 UTC +08:00", "08:00", Some("+08:00")),
            ("08:00 gmt -5", "08:00", Some("-5")),
            ("08:00 UTC", "08:00", Some("+00:00")),
            ("08:00Z", "08:00", Some("+00:00")),
            ("08:00 z", "08:00", Some("+00:00")),
            ("08:00 HKT", "08:00", Some("+08:00")),
            ("08:00 EST", "08:00", Some("-05:00")),
            ("08:00 CDT", "08:00", Some("-05:00")),
            ("08:00（北京时间", "08:00（", Some("+08:00")),
            ("08:00", "08:00", None),
            ("08:00 abcZ", "08:00 abcZ", None),
            ("08:00 +", "08:00 +", None),
            ("2024-03-05", "2024-03-05", None),
        ] {
            assert_eq!(take(text), Ok((rest.to_owned(), offset.map(str::to_owned))), "{text}");
        }
    }

    #[test]
    fn a_name_of_several_zones_is_refused() {
        for name in ["CST", "cst", "BST", "IST", "AST", "SST"] {
            assert!(take(&format!("08:00 {name}")).is_err(), "{name}");
        }
    }
}
