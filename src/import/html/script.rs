//! Writes superscripts and subscripts as text, for which Markdown has no sign.

/// Characters that have a superscript form (Unicode 16, blocks "Superscripts and Subscripts" and
/// "Latin-1 Supplement"), without letters that readers could not tell from a footnote.
const SUPER: (&str, &str) = ("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ");
/// Characters that have a subscript form.
const SUB: (&str, &str) = ("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ");

/// Superscripts that mean the same on the line.
const ON_LINE: [&str; 14] = ["st", "nd", "rd", "th", "TM", "tm", "SM", "®", "©", "™", "°", "er", "re", "e"];

/// A superscript as text: `10¹⁸`, `x^k`, `x^(k+m)`. Ordinals (`1st`), signs and notes in brackets
/// (`[1]`) stay as they are.
pub(super) fn superscript(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || ON_LINE.contains(&text) || is_note(text) {
        return text.to_owned();
    }
    converted(text, SUPER).unwrap_or_else(|| signed('^', text))
}

/// A subscript as text: `CO₂`, `a_Z`, `a_(max)`.
pub(super) fn subscript(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || is_note(text) {
        return text.to_owned();
    }
    converted(text, SUB).unwrap_or_else(|| signed('_', text))
}

fn is_note(text: &str) -> bool {
    text.starts_with(['[', '(', '（', '［', '〔', '*', '†', '‡', '①'])
        || text.chars().all(|c| !c.is_alphanumeric() && !"+-−=".contains(c))
}

/// The text in another form, if all of its characters have one.
fn converted(text: &str, (from, to): (&str, &str)) -> Option<String> {
    let form = |c: char| from.chars().position(|known| known == c).and_then(|at| to.chars().nth(at));
    text.chars().map(form).collect()
}

fn signed(sign: char, text: &str) -> String {
    let mut characters = text.chars();
    let is_one = characters.next().is_some_and(char::is_alphanumeric) && characters.next().is_none();
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    if is_one || is_number { format!("{sign}{text}") } else { format!("{sign}({text})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_get_a_form_that_is_not_another_number() {
        for (text, wanted) in [
            ("18", "¹⁸"),
            ("-9", "⁻⁹"),
            ("−9", "⁻⁹"),
            (" 2 ", "²"),
            ("n+1", "ⁿ⁺¹"),
            ("2.5", "^2.5"),
            ("k", "^k"),
            ("2k", "^(2k)"),
            ("注", "^注"),
            ("注释", "^(注释)"),
            ("th", "th"),
            ("TM", "TM"),
            ("[3]", "[3]"),
            ("*", "*"),
            ("", ""),
        ] {
            assert_eq!(superscript(text), wanted, "{text}");
        }
    }

    #[test]
    fn subscripts_stay_below() {
        for (text, wanted) in [
            ("2", "₂"),
            ("max", "ₘₐₓ"),
            ("i", "ᵢ"),
            ("Z", "_Z"),
            ("AB", "_(AB)"),
            ("1.5", "_1.5"),
            ("[1]", "[1]"),
            (" ", ""),
        ] {
            assert_eq!(subscript(text), wanted, "{text}");
        }
    }
}
