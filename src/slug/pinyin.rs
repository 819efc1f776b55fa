//! Converts Han to pinyin, for the order of terms from A to Z and for slugs in ASCII. The only file
//! that uses the crate `pinyin`.
//!
//! A character with several readings gets the most frequent one, unless it is in a word that gives
//! another (`reading_in_word`): 银行 is yin hang, 重庆 is chong qing.

use pinyin::ToPinyin as _;

use crate::slug::pinyin_words::reading_in_word;

/// The characters of a text, each with its reading in ASCII without a tone; `None` if it is not Han
/// or has no reading.
pub fn syllables(text: &str) -> impl Iterator<Item = (char, Option<&'static str>)> {
    read(text, |characters, at| reading_in_word(characters, at).map(|(syllable, _)| syllable))
}

/// The same as newsprint 0.1.0 read them: only for old addresses, which redirect to those of today.
pub(super) fn old_syllables(text: &str) -> impl Iterator<Item = (char, Option<&'static str>)> {
    read(text, old_reading)
}

fn read(
    text: &str,
    reading: impl Fn(&[char], usize) -> Option<&'static str>,
) -> impl Iterator<Item = (char, Option<&'static str>)> {
    let characters: Vec<char> = text.chars().collect();
    (0..characters.len()).map(move |at| {
        let syllable = reading(&characters, at).or_else(|| frequent_reading(characters[at]));
        (characters[at], syllable)
    })
}

/// The most frequent reading of a character, in ASCII.
fn frequent_reading(c: char) -> Option<&'static str> {
    let plain = c.to_pinyin()?.plain();
    // ASCII has `v` for `ü` (GB/T 34947). A few readings are not syllables (ê̄, ḿ).
    match plain {
        "lü" => Some("lv"),
        "nü" => Some("nv"),
        "lüe" | "lve" => Some("lve"),
        "nüe" | "nve" => Some("nve"),
        plain if plain.bytes().all(|b| b.is_ascii_lowercase()) && !plain.is_empty() => Some(plain),
        _ => None,
    }
}

/// The reading of the character at `at` that newsprint 0.1.0 took from its neighbours. It never
/// changes: published addresses depend on it.
fn old_reading(characters: &[char], at: usize) -> Option<&'static str> {
    let before = at.checked_sub(1).map_or('\0', |at| characters[at]);
    let after = characters.get(at + 1).copied().unwrap_or('\0');
    let is = |c: char, set: &str| set.contains(c);
    Some(match characters[at] {
        '行' if is(before, "银央投同商") || is(after, "业情长") => "hang",
        '长' if !is(before, "增成生事部校市院局队会行家首省村船店站书") && after != '大' => {
            "chang"
        }
        '重' if is(after, "庆组构启新排写复试置塑现叠") => "chong",
        '乐' if is(before, "音配声") || is(after, "器队曲坛") => "yue",
        '调' if is(before, "微协") || is(after, "优整节参") => "tiao",
        '会' if after == '计' => "kuai",
        '角' if after == '色' => "jue",
        '都' if is(before, "成首") || is(after, "市会") => "du",
        '厦' if after == '门' => "xia",
        '校' if is(after, "准对验正") => "jiao",
        '弹' if is(after, "性力") => "tan",
        '传' if before == '自' => "zhuan",
        '还' if after == '原' => "huan",
        '模' if is(after, "具样") => "mu",
        '参' if before == '人' => "shen",
        '藏' if before == '西' || is(after, "语文族") => "zang",
        '佛' if before != '仿' => "fo",
        '番' if after == '禺' => "pan",
        '曝' => "bao",
        '似' if after != '的' => "si",
        '勒' if after == '索' => "le",
        '柏' if after == '林' => "bo",
        '着' if is(after, "陆色手眼") => "zhuo",
        _ => return None,
    })
}

/// The sort key of a term's key from A to Z: its syllables with tones, then the key itself.
#[must_use]
pub fn sort_key(key: &str) -> String {
    let characters: Vec<char> = key.chars().collect();
    let mut sorted = String::with_capacity(key.len() * 2);
    for (at, c) in characters.iter().enumerate() {
        if let Some((syllable, tone)) = reading_in_word(&characters, at) {
            sorted.push_str(syllable);
            sorted.push(tone);
        } else if let Some(reading) = c.to_pinyin() {
            // The table of words has `v` for `ü`, too.
            sorted.extend(reading.with_tone_num_end().chars().map(|c| if c == 'ü' { 'v' } else { c }));
        } else {
            sorted.push(*c);
            continue;
        }
        // The separator sorts shorter syllables first: 安 (an) before 昂 (ang), whatever follows.
        sorted.push('\u{1}');
    }
    sorted.push('\0');
    sorted.push_str(key);
    sorted
}

/// The letter of the index under which a key is listed: `A` to `Z`, or `#`.
#[must_use]
pub fn initial(key: &str) -> char {
    let (first, syllable) = syllables(key).next().unwrap_or(('#', None));
    let letter = syllable.and_then(|syllable| syllable.chars().next()).unwrap_or(first);
    if letter.is_ascii_alphabetic() { letter.to_ascii_uppercase() } else { '#' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_are_sorted_by_pinyin() {
        let mut terms = vec!["芯片", "openai", "百度", "安全", "5g", "anthropic", "阿里巴巴", "女性"];
        terms.sort_by_key(|term| sort_key(term));
        assert_eq!(terms, ["5g", "阿里巴巴", "安全", "anthropic", "百度", "女性", "openai", "芯片"]);
        let letters: String = terms.iter().map(|term| initial(term)).collect();
        assert_eq!(letters, "#AAABNOX");
    }

    #[test]
    fn every_reading_is_ascii() {
        for c in ('\u{3400}'..='\u{9fff}').chain('\u{20000}'..='\u{323af}') {
            assert!(frequent_reading(c).is_none_or(|syllable| syllable.is_ascii()), "{c}");
        }
        assert_eq!(['绿', 'a', 'あ'].map(frequent_reading), [Some("lv"), None, None]);
    }

    fn spelled(syllables: impl Iterator<Item = (char, Option<&'static str>)>) -> String {
        syllables.filter_map(|(_, syllable)| syllable).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_decide_between_readings() {
        // Report K8, then further words, and words that overlap another.
        let table = [
            "空调 kong tiao, 三维重建 san wei chong jian, 排行榜 pai hang bang, 对称加密 dui chen jia mi",
            "弹窗 tan chuang, 重整 chong zheng, 长者 zhang zhe, 司长 si zhang",
            "社长 she zhang, 组长 zu zhang, 厂长 chang zhang, 州长 zhou zhang",
            "长老 zhang lao, 长官 zhang guan, 长辈 zhang bei, 重建 chong jian",
            "重申 chong shen, 重返 chong fan, 重演 chong yan, 重温 chong wen",
            "重逢 chong feng, 重定向 chong ding xiang, 重放 chong fang, 双重 shuang chong",
            "调试 tiao shi, 调控 tiao kong, 调制 tiao zhi, 调解 tiao jie",
            "下调 xia tiao, 失调 shi tiao, 排行 pai hang, 中行 zhong hang",
            "农行 nong hang, 建行 jian hang, 分行 fen hang, 各行各业 ge hang ge ye",
            "还款 huan kuan, 偿还 chang huan, 归还 gui huan, 退还 tui huan",
            "供给 gong ji, 给予 ji yu, 补给 bu ji, 反弹 fan tan",
            "弹射 tan she, 率先 shuai xian, 率领 shuai ling, 对称 dui chen",
            "称职 chen zhi, 主角 zhu jue, 角逐 jue zhu, 薄膜 bo mo",
            "薄弱 bo ruo, 传记 zhuan ji, 了解 liao jie, 了不起 liao bu qi",
            "着重 zhuo zhong, 着力 zhuo li, 沉着 chen zhuo, 附着 fu zhuo",
            "京都 jing du, 都江堰 du jiang yan, 古都 gu du, 没收 mo shou",
            "沉没 chen mo, 目的 mu di, 标的 biao di, 秘鲁 bi lu",
            "朝阳 chao yang, 巴勒斯坦 ba le si tan, 青藏 qing zang, 瑜伽 yu jia",
            "伽利略 jia li lve, 茄子 qie zi, 粘土 nian tu, 银行 yin hang",
            "行业 hang ye, 行动 xing dong, 进行业务 jin xing ye wu, 同行评审 tong xing ping shen",
            "飞行员 fei xing yuan, 行长 hang zhang, 央行 yang hang, 太行山 tai hang shan",
            "长城 chang cheng, 长江 chang jiang, 增长 zeng zhang, 成长 cheng zhang",
            "市长 shi zhang, 董事长 dong shi zhang, 生成长文本 sheng cheng chang wen ben, 数组长度 shu zu chang du",
            "专家长文 zhuan jia chang wen, 土生土长 tu sheng tu zhang, 各有所长 ge you suo chang, 重庆 chong qing",
            "重要 zhong yao, 重新 chong xin, 重复 chong fu, 重组 chong zu",
            "重启 chong qi, 重构 chong gou, 重置 chong zhi, 重试 chong shi",
            "重塑 chong su, 权重 quan zhong, 严重复杂 yan zhong fu za, 多重 duo chong",
            "音乐 yin yue, 快乐 kuai le, 俱乐部 ju le bu, 乐器 yue qi",
            "管弦乐 guan xian yue, 调用 diao yong, 调查 diao cha, 微调 wei tiao",
            "调整 tiao zheng, 协调 xie tiao, 强调 qiang diao, 上调 shang tiao",
            "调参 tiao can, 会计 kuai ji, 财会 cai kuai, 大会计划 da hui ji hua",
            "社会 she hui, 为了 wei le, 不了了之 bu liao liao zhi, 一目了然 yi mu liao ran",
            "还原 huan yuan, 还有 hai you, 偿还能力 chang huan neng li, 首都 shou du",
            "成都 cheng du, 都市 du shi, 都是 dou shi, 着陆 zhuo lu",
            "着眼 zhuo yan, 意味着 yi wei zhe, 随着 sui zhe, 看着手机 kan zhe shou ji",
            "执着 zhi zhuo, 着急 zhao ji, 睡着 shui zhao, 没有 mei you",
            "淹没 yan mo, 还没收到 hai mei shou dao, 薄荷 bo he, 厚薄 hou bo",
            "勒索 le suo, 勒紧 lei jin, 弥勒 mi le, 马勒 ma le",
            "阻塞 zu se, 堵塞 du se, 塞尔维亚 sai er wei ya, 出差 chu chai",
            "参差 cen ci, 差异 cha yi, 差遣 chai qian, 朝气 zhao qi",
            "朝鲜 chao xian, 今朝 jin zhao, 自传 zi zhuan, 传播 chuan bo",
            "外传 wai zhuan, 投降 tou xiang, 降低 jiang di, 西藏 xi zang",
            "收藏文章 shou cang wen zhang, 隐藏 yin cang, 宝藏 bao zang, 弹性 tan xing",
            "导弹性能 dao dan xing neng, 炸弹 zha dan, 弹簧 tan huang, 项目的 xiang mu de",
            "的确 di que, 的士 di shi, 目标的 mu biao de, 效率先 xiao lv xian",
            "效率 xiao lv, 汇率 hui lv, 草率 cao shuai, 流血 liu xue",
            "血液 xue ye, 什么 shen me, 喀什 ka shi, 布尔什维克 bu er shi wei ke",
            "校准 jiao zhun, 高校对 gao xiao dui, 学校 xue xiao, 模具 mu ju",
            "规模 gui mo, 模型 mo xing, 角色 jue se, 三角色 san jiao se",
            "强劲 qiang jing, 称为 cheng wei, 名称 ming cheng, 湖泊 hu po",
            "停泊 ting bo, 厌恶 yan wu, 反省 fan xing, 省份 sheng fen",
            "质朴 zhi pu, 朴槿惠 piao jin hui, 占卜 zhan bu, 萝卜 luo bo",
            "刹车 sha che, 一刹那 yi cha na, 透露 tou lu, 露面 lou mian",
            "脊椎 ji zhui, 阿胶 e jiao, 阿里 a li, 人参 ren shen",
            "个人参与 ge ren can yu, 参加 can jia, 海参 hai shen, 睡觉 shui jiao",
            "感觉 gan jue, 柏林 bo lin, 柏树 bai shu, 畜牧 xu mu",
            "牲畜 sheng chu, 地壳 di qiao, 外壳 wai ke, 恐吓 kong he",
            "便宜 pian yi, 方便宜居 fang bian yi ju, 相似 xiang si, 似的 shi de",
            "仿佛 fang fu, 佛教 fo jiao, 仔细 zi xi, 厦门 xia men",
            "番禺 pan yu, 番茄 fan qie, 雪茄 xue jia, 呼吁 hu yu",
            "提防 di fang, 卡脖子 qia bo zi, 显卡 xian ka, 单于 chan yu",
            "订单 ding dan, 龟兹 qiu ci, 哪吒 ne zha, 游说 you shui",
            "六安 lu an, 曝光 bao guang, 曝晒 pu shai, 汤匙 tang chi",
            "伺服 si fu, 伺候 ci hou, 奇数 ji shu, 奇怪 qi guai",
            "蚌埠 beng bu, 磅礴 pang bo, 关卡 guan qia",
        ];
        for row in table.iter().flat_map(|row| row.split(", ")) {
            let (word, wanted) = row.split_once(' ').unwrap();
            assert_eq!(spelled(syllables(word)), wanted, "{word}");
        }
    }

    #[test]
    fn letters_follow_the_word() {
        for (word, letter) in [
            ("重整", 'C'),
            ("长者", 'Z'),
            ("朝阳", 'C'),
            ("朝霞", 'Z'),
            ("率先", 'S'),
            ("给予", 'J'),
            ("参差", 'C'),
            ("人参", 'R'),
            ("称职", 'C'),
            ("弹窗", 'T'),
            ("调控", 'T'),
            ("调用", 'D'),
            ("乐器", 'Y'),
            ("乐趣", 'L'),
            ("秘鲁", 'B'),
            ("贾府", 'J'),
            ("单于", 'C'),
            ("藏语", 'Z'),
            ("阿胶", 'E'),
            ("什锦", 'S'),
            ("行业", 'H'),
            ("行政", 'X'),
            ("没收", 'M'),
            ("都江堰", 'D'),
            ("还款", 'H'),
            ("Ａ", '#'),
            ("5g", '#'),
        ] {
            assert_eq!(initial(word), letter, "{word}");
        }
    }

    /// What newsprint 0.1.0 wrote.
    #[test]
    fn old_readings_do_not_change() {
        for (word, wanted) in [
            ("空调", "kong diao"),
            ("排行榜", "pai xing bang"),
            ("对称", "dui cheng"),
            ("长者", "chang zhe"),
            ("银行", "yin hang"),
            ("增长", "zeng zhang"),
            ("长城", "chang cheng"),
            ("重庆", "chong qing"),
            ("重返", "zhong fan"),
            ("音乐", "yin yue"),
            ("微调", "wei tiao"),
            ("调整", "tiao zheng"),
            ("会计", "kuai ji"),
            ("角色", "jue se"),
            ("首都", "shou du"),
            ("成都", "cheng du"),
            ("厦门", "xia men"),
            ("校正", "jiao zheng"),
            ("弹性", "tan xing"),
            ("自传", "zi zhuan"),
            ("还原", "huan yuan"),
            ("模具", "mu ju"),
            ("人参", "ren shen"),
            ("西藏", "xi zang"),
            ("仿佛", "fang fu"),
            ("番禺", "pan yu"),
            ("似的", "shi de"),
            ("勒索", "le suo"),
            ("柏林", "bo lin"),
            ("着陆", "zhuo lu"),
            ("司长", "si chang"),
            ("给予", "gei yu"),
            ("率先", "lv xian"),
            ("目的", "mu de"),
            ("朝霞", "chao xia"),
            ("参差", "can cha"),
            ("什么", "shen me"),
            ("曝光", "bao guang"),
            ("曝晒", "bao shai"),
        ] {
            assert_eq!(spelled(old_syllables(word)), wanted, "{word}");
        }
    }

    #[test]
    fn old_readings_follow_the_neighbours() {
        let rows = "银行。hang 。行业hang 。行。- 。长。chang 增长。- 。长大- 。重庆chong 。重。- 音乐。yue 。乐队yue \
                    。乐。- 微调。tiao 。调优tiao 。调。- 。会计kuai 。会。- 。角色jue 。角。- 成都。du 。都市du \
                    。都。- 。厦门xia 。厦。- 。校准jiao 。校。- 。弹性tan 。弹。- 自传。zhuan 。传。- 。还原huan \
                    。还。- 。模具mu 。模。- 人参。shen 。参。- 西藏。zang 。藏语zang 。藏。- 。佛。fo 仿佛。- \
                    。番禺pan 。番。- 。曝。bao 。似。si 。似的- 。勒索le 。勒。- 。柏林bo 。柏。- 。着陆zhuo \
                    。着。- 。人。-";
        for row in rows.split_whitespace() {
            let characters: Vec<char> = row.chars().take(3).collect();
            let wanted = &row[characters.iter().map(|c| c.len_utf8()).sum()..];
            assert_eq!(old_reading(&characters, 1).unwrap_or("-"), wanted, "{row}");
        }
        assert_eq!(old_reading(&['行'], 0), None);
        assert_eq!(old_reading(&['长'], 0), Some("chang"));
    }

    #[test]
    fn readings_have_v_for_the_other_u() {
        for (c, wanted) in [
            ('人', Some("ren")),
            ('绿', Some("lv")),
            ('女', Some("nv")),
            ('略', Some("lve")),
            ('虐', Some("nve")),
        ] {
            assert_eq!(frequent_reading(c), wanted, "{c}");
        }
        assert_eq!(frequent_reading('a'), None);
    }
}
