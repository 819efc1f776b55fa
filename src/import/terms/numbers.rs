//! Splits numbered lists and removes the numbers.

/// Splits a line with several numbered items: `1. 马斯克 2. ChatGPT`, `①马斯克②ChatGPT`. The
/// numbers stay.
pub(super) fn split_at_numbers(line: &str) -> Vec<&str> {
    let mut starts = vec![0];
    if line.starts_with('①') {
        let circled = |c: char| ('②'..='⑳').contains(&c);
        starts.extend(line.char_indices().filter(|(_, c)| circled(*c)).map(|(at, _)| at));
    } else if line.starts_with(['(', '（']) && parse_number(line).is_some_and(|(first, _)| first == 1) {
        // Numbers in brackets need no white space before them: （1）医疗（2）教育.
        let mut places = line.match_indices(['(', '（']).map(|(place, _)| place).skip(1);
        for n in 2.. {
            match places.find(|place| parse_number(&line[*place..]).is_some_and(|(found, _)| found == n)) {
                Some(place) => starts.push(place),
                None => break,
            }
        }
    } else if parse_number(line).is_some_and(|(first, _)| first == 1) {
        let mut at = 0;
        for n in 2.. {
            let next = line[at..]
                .match_indices(|c: char| c.is_whitespace() || "，、；,;".contains(c))
                .find_map(|(gap, found)| {
                    let place = at + gap + found.len();
                    parse_number(&line[place..]).filter(|(found, _)| *found == n).map(|_| place)
                });
            match next {
                Some(place) => {
                    starts.push(place);
                    at = place;
                }
                None => break,
            }
        }
    }
    let ends = starts.iter().skip(1).copied().chain([line.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &line[start..end]).collect()
}

/// Parses a number at the beginning of a text: `12. `, `3、`, `(4)`, `⑤`. Returns it and its length
/// in bytes, with the mark.
fn parse_number(text: &str) -> Option<(usize, usize)> {
    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        return Some((u32::from(first) as usize - 0x245F, first.len_utf8()));
    }
    let inner = text.strip_prefix(['(', '（']);
    let rest = inner.unwrap_or(text);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let value = rest.get(..digits).filter(|_| (1..=3).contains(&digits))?.parse().ok()?;
    let after = &rest[digits..];
    let mark = after.chars().next()?;
    let marked = if inner.is_some() {
        matches!(mark, ')' | '）')
    } else {
        matches!(mark, '.' | '、' | '．' | ')' | '）')
    };
    // `3.5` is a decimal, not the number of an item.
    let decimal = mark == '.' && after[1..].starts_with(|c: char| c.is_ascii_digit());
    (marked && !decimal).then(|| (value, text.len() - after.len() + mark.len_utf8()))
}

/// Removes the numbers of items, if the items are numbered from 1 without a gap.
pub(super) fn without_numbers(items: Vec<String>, text: &str) -> Vec<String> {
    let counted = |(n, item): (usize, &String)| parse_number(item).is_some_and(|(value, _)| value == n + 1);
    if !items.is_empty() && items.iter().enumerate().all(counted) {
        return items
            .iter()
            .map(|item| {
                parse_number(item).map_or(item.as_str(), |(_, length)| &item[length..]).trim().to_owned()
            })
            .collect();
    }
    // `1、马斯克、2、ChatGPT`: every other item is a number.
    let alternate = text.contains("1、")
        && text.contains("2、")
        && items.len() >= 4
        && items.len().is_multiple_of(2)
        && items.iter().step_by(2).enumerate().all(|(n, item)| *item == (n + 1).to_string());
    if alternate { items.into_iter().skip(1).step_by(2).collect() } else { items }
}
