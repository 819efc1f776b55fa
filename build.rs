//! Generates two tables of Han characters from OpenCC's dictionaries: the Simplified form of each
//! character, and the character that stands for all its variants where texts are compared. A lookup
//! is an index into an array, and the binary does not contain the dictionaries from Traditional to
//! Simplified.

#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// First and last code point of the table: CJK Extension A and the Unified Ideographs, the blocks
/// of nearly all characters in use.
const FIRST_CODE_POINT: u32 = 0x3400;
const LAST_CODE_POINT: u32 = 0x9FFF;

/// Characters that count as one where texts are compared, besides those that OpenCC converts one by
/// one: each pair has a character and the one that stands for both. OpenCC converts them in phrases
/// only, so that one Simplified character has several Traditional forms, or the standards of
/// regions differ. `benches/fold.py` compares the table with OpenCC and prints what is missing.
const VARIANTS: &[&str] = &[
    // Common words are written with either: 了解 瞭解, 凭借 憑藉, 回复 回覆, 什么 甚麼, 沉 沈, 想象 想像,
    // 家具 傢俱, 坐标 座標, 计划 計畫, 英里 英哩, 拼命 拚命, 熏 薰, 仿佛 彷彿, 昵称 暱稱, 项链 項鍊.
    "瞭了", "藉借", "覆复", "甚什", "沈沉", "像象", "俱具", "座坐", "画划", "哩里", "拚拼", "薰熏", "彷仿",
    "暱昵", "鍊链",
    // 店铺 店舖, 径自 逕自, 竹溪 竹谿, 并州 幷州, 车夫 車伕, 背负 揹負, 抵触 牴觸, 札记 劄記, 扇风 搧風, 狸 貍.
    "舖铺", "逕径", "谿溪", "幷并", "伕夫", "揹背", "牴抵", "劄札", "搧扇", "貍狸",
    // Rare ones: 捍拒 扞拒, 修浚 修濬, 气焰 氣燄, 拿云 拏雲, 长枪 長鎗, 仇雠, 穗帷 繐帷, 干戚 干鏚, 夹衫 袷衫.
    "扞捍", "濬浚", "燄焰", "拏拿", "鎗枪", "雠仇", "繐穗", "鏚戚", "袷夹", "斲斫", "澂澄", "蘗檗", "唚吣",
    "鏇镟",
    // Simplified forms that dictionaries have beside another one: 钟 锺, 余 馀, 托 讬, 咨 谘.
    "锺钟", "钜巨", "馀余", "讬托", "谘咨", "渖沈", "侭尽", "缐线", "麹曲",
    // The standard of Taiwan has the second one, and OpenCC converts it to the first.
    "幺么", "擡抬",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut simplified = characters(BuiltinConfig::T2s)?;
    // The tables have 16-bit entries. A Simplified form above them folds to its Traditional one.
    let mut supplementary = BTreeMap::new();
    for (code, simplified) in
        (FIRST_CODE_POINT..).zip(&mut simplified).filter(|(_, target)| **target > 0xFFFF)
    {
        supplementary.entry(std::mem::replace(simplified, code)).or_insert(code);
    }
    let mut folded = Classes { standing: (FIRST_CODE_POINT..=LAST_CODE_POINT).collect() };
    folded.join_all(&simplified);
    for pair in VARIANTS {
        let mut pair = pair.chars().map(u32::from);
        let (Some(written), Some(meant)) = (pair.next(), pair.next()) else { continue };
        folded.join(written, meant);
    }
    // The variants of Taiwan and of Hong Kong.
    folded.join_all(&characters(BuiltinConfig::Tw2s)?);
    folded.join_all(&characters(BuiltinConfig::Hk2s)?);
    write_table("simplified.in", &simplified)?;
    write_table("folded.in", (FIRST_CODE_POINT..=LAST_CODE_POINT).map(|code| folded.of(code)))?;
    let pairs = supplementary.into_iter().map(|(code, target)| (code, folded.of(target)));
    write_table("supplementary.in", pairs)
}

/// The characters of the table, each as a configuration of OpenCC converts it by itself.
fn characters(config: BuiltinConfig) -> Result<Vec<u32>, Box<dyn Error>> {
    let converter = OpenCC::from_config(config)?;
    (FIRST_CODE_POINT..=LAST_CODE_POINT)
        .map(|code| {
            let written = char::from_u32(code).ok_or("a code point of the table is a surrogate")?.to_string();
            // A few forms convert to one that converts again. Converting twice makes the table
            // idempotent.
            let converted = converter.convert(&converter.convert(&written));
            let mut characters = converted.chars();
            Ok(match (characters.next().map(u32::from), characters.next()) {
                (Some(target), None) => target,
                _ => code,
            })
        })
        .collect()
}

/// Classes of characters that count as one.
struct Classes {
    /// A character of the same class by code point: of one that stands for its class, itself.
    standing: Vec<u32>,
}

impl Classes {
    /// The character that stands for the class of a character.
    fn of(&self, mut code: u32) -> u32 {
        while let Some(&next) = self.standing.get(code.wrapping_sub(FIRST_CODE_POINT) as usize) {
            if next == code {
                break;
            }
            code = next;
        }
        code
    }

    /// Puts two characters into one class, for which the second one's stands.
    fn join(&mut self, written: u32, meant: u32) {
        if meant > 0xFFFF {
            return;
        }
        let (written, meant) = (self.of(written), self.of(meant));
        if let Some(standing) = self.standing.get_mut(written.wrapping_sub(FIRST_CODE_POINT) as usize) {
            *standing = meant;
        }
    }

    fn join_all(&mut self, converted: &[u32]) {
        (FIRST_CODE_POINT..).zip(converted).for_each(|(code, &meant)| self.join(code, meant));
    }
}

/// Writes a table as the source of an array.
fn write_table<T: std::fmt::Debug>(
    name: &str,
    entries: impl IntoIterator<Item = T>,
) -> Result<(), Box<dyn Error>> {
    let mut table = String::from("[");
    for entry in entries {
        write!(table, "{entry:?},")?;
    }
    table.push(']');
    let folder = std::env::var("OUT_DIR")?;
    Ok(std::fs::write(Path::new(&folder).join(name), table)?)
}
