//! Tells the steps of one affair apart: a lawsuit and its judgement, a rumour and its confirmation.

use super::words::mentions;

/// A step of an affair.
struct Step {
    /// Words in titles that name the step; normalized, so in Simplified characters and lower case.
    words: &'static [&'static str],
    /// True if a title without the step is about another step: an event that is recalled, delayed or
    /// appealed is named so by every report.
    is_marked: bool,
}

const fn step(words: &'static [&'static str]) -> Step {
    Step { words, is_marked: false }
}

const fn marked(words: &'static [&'static str]) -> Step {
    Step { words, is_marked: true }
}

/// Steps that exclude each other. Titles that name different ones report different events.
const STEPS: [Step; 60] = [
    // Products.
    step(&[
        "发布",
        "推出",
        "上线",
        "开源",
        "亮相",
        "问世",
        "面世",
        "登场",
        "launches",
        "unveils",
        "releases",
        "introduces",
    ]),
    marked(&["预告", "预热", "定档", "剧透", "teases"]),
    step(&["开售", "发售", "开卖", "首销", "goes on sale", "now available"]),
    marked(&["预售", "预购", "预订", "preorder", "preorders", "pre-order", "pre-orders"]),
    marked(&["交付首批", "首批交付", "开始交付", "开启交付", "first deliveries"]),
    marked(&["召回", "recalls", "recall"]),
    marked(&["致歉", "道歉", "apologizes", "apologises", "apology"]),
    marked(&["推迟", "延期", "跳票", "延后", "延迟", "delays", "delayed", "postpones", "postponed"]),
    marked(&[
        "取消",
        "放弃",
        "中止",
        "终止",
        "告吹",
        "破裂",
        "terminates",
        "collapses",
        "cancels",
        "canceled",
        "cancelled",
        "scraps",
    ]),
    marked(&["停产", "停售", "停服", "停运", "关停", "下架", "shuts down", "discontinues"]),
    step(&["涨价", "提价", "上调", "raises prices"]),
    step(&["降价", "下调", "cuts prices"]),
    marked(&["下周", "下月", "明年", "即将", "将于", "定于", "预计", "next week", "next month", "next year"]),
    // Courts.
    step(&["诉", "sues", "sued", "lawsuit"]),
    // Whoever reports that a lawsuit begins says so: a leak alone is not the lawsuit about it.
    marked(&[
        "起诉",
        "提起诉讼",
        "状告",
        "控告",
        "告上法庭",
        "告上法院",
        "对簿公堂",
        "集体诉讼",
        "被诉",
        "遭诉",
        "被告",
        "索赔",
        "诉至法院",
        "sue",
        "sues",
        "sued",
        "suing",
        "files suit",
        "lawsuit",
        "class action",
        "to court",
    ]),
    marked(&["开庭", "庭审", "出庭", "trial"]),
    marked(&[
        "宣判",
        "判决",
        "裁定",
        "裁决",
        "法院判",
        "被判",
        "判赔",
        "胜诉",
        "败诉",
        "verdict",
        "rules",
        "ruling",
        "wins",
        "loses",
    ]),
    marked(&["上诉", "appeals", "appeal"]),
    marked(&["和解", "settles", "settle", "settlement"]),
    marked(&["撤诉", "drops lawsuit", "dismissed", "dismisses"]),
    // Authorities.
    step(&["调查", "立案", "约谈", "probe", "probes", "investigates", "investigation"]),
    marked(&["罚", "fines", "fined", "fine"]),
    step(&["禁用", "禁止", "封禁", "bans", "banned", "ban"]),
    marked(&["解除", "解禁", "lifts"]),
    step(&["批准", "获批", "放行", "approves", "approved", "clears"]),
    // Deals.
    step(&["传闻", "据传", "消息称", "爆料", "知情人士", "有望", "或将", "reportedly", "rumored", "rumor"]),
    step(&["确认", "证实", "confirms", "confirmed"]),
    marked(&["否认", "辟谣", "denies"]),
    step(&[
        "拟",
        "考虑",
        "洽谈",
        "提出",
        "有意",
        "寻求",
        "提议",
        "in talks",
        "offers",
        "considers",
        "plans",
        "agrees to",
        "to acquire",
        "to buy",
    ]),
    marked(&["完成", "交割", "completes", "completed", "closes"]),
    // Listings.
    step(&["招股书", "递表", "上市申请", "files for ipo"]),
    step(&["聆讯", "过会"]),
    step(&[
        "开始招股",
        "启动招股",
        "今起招股",
        "招股价",
        "招股区间",
        "公开发售",
        "开启申购",
        "prices ipo",
        "sets ipo",
    ]),
    step(&["挂牌", "登陆", "敲钟", "首日", "上市交易", "trading debut", "market debut"]),
    marked(&["解禁期", "限售股", "lock-up"]),
    // Plants and services.
    step(&["奠基", "开工", "动工", "breaks ground"]),
    step(&["投产", "量产", "竣工", "opens"]),
    step(&["故障", "宕机", "中断", "瘫痪", "outage"]),
    marked(&["恢复", "restored", "restores"]),
    marked(&["修复", "修补", "patches", "fixes"]),
    marked(&["在野利用", "遭利用", "被利用", "exploited", "exploit"]),
    marked(&[
        "原因查明",
        "中断原因",
        "故障原因",
        "事故原因",
        "复盘",
        "调查结果",
        "root cause",
        "post-mortem",
    ]),
    marked(&["复工", "结束"]),
    step(&["草案", "征求意见"]),
    marked(&["生效", "施行"]),
    // Versions of a product and what is published about it.
    marked(&["技术报告", "论文", "白皮书"]),
    marked(&["跑分", "榜单", "登顶", "评测"]),
    marked(&["企业版"]),
    marked(&["国际版", "海外版", "全球版"]),
    marked(&["测试版", "内测", "公测"]),
    // Markets.
    step(&["高开", "低开", "开盘"]),
    step(&["收盘", "收涨", "收跌"]),
    step(&["午盘", "半日"]),
    // People.
    step(&["被捕", "逮捕", "刑拘", "拘留", "留置"]),
    marked(&["获刑", "判刑", "判处"]),
    // Repetitions and answers.
    marked(&["再次", "再度", "追加", "第二次"]),
    marked(&["拒绝", "回绝", "rejects"]),
    // Spacecraft.
    step(&["发射", "升空", "lifts off"]),
    marked(&["对接", "入轨", "docks"]),
    marked(&["返回", "着陆", "返航", "lands"]),
];

/// Words of titles about money that a firm gets.
const FUNDING: [&str; 5] = ["融资", "募资", "轮", "funding", "series"];

/// The bit of the step that a word names.
fn of(word: &str) -> u64 {
    STEPS.iter().position(|step| step.words.contains(&word)).map_or(0, |at| 1 << at)
}

/// The steps that a text names: one bit for each of [`STEPS`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Steps(u64);

impl Steps {
    /// Finds the steps in a normalized text.
    pub(super) fn find(text: &str) -> Self {
        let mut found = 0;
        for (at, step) in STEPS.iter().enumerate() {
            if step.words.iter().any(|word| mentions(text, word)) {
                found |= 1 << at;
            }
        }
        if text.starts_with('传') {
            found |= of("传闻");
        }
        // A round of funding is completed when it is announced.
        if FUNDING.iter().any(|word| mentions(text, word)) {
            found &= !of("完成");
        }
        Self(found)
    }

    /// True if two titles name different steps. `texts` are the steps that each article names
    /// anywhere: a step of one title alone tells the articles apart if the other article does not
    /// mention it.
    pub(super) fn differ(titles: [Self; 2], texts: [Self; 2]) -> bool {
        let [mine, theirs] = titles.map(|steps| steps.0);
        let own = [mine & !theirs, theirs & !mine];
        let marked: u64 = (0..STEPS.len()).filter(|&at| STEPS[at].is_marked).map(|at| 1 << at).sum();
        (own[0] != 0 && own[1] != 0)
            || own[0] & marked & !texts[1].0 != 0
            || own[1] & marked & !texts[0].0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ(a: &str, b: &str) -> bool {
        Steps::differ([Steps::find(a), Steps::find(b)], [Steps::find(a), Steps::find(b)])
    }

    #[test]
    fn steps_of_one_affair_are_different_events() {
        for (a, b) in [
            ("星海起诉云岚", "星海诉云岚案开庭"),
            ("星海诉云岚案开庭", "星海诉云岚案宣判"),
            ("星海提出收购云岚", "星海完成收购云岚"),
            ("传星海将裁员", "星海确认裁员"),
            ("传星海将裁员", "星海否认裁员"),
            ("星海发布耳机", "星海召回耳机"),
            ("星海召回耳机", "星海召回耳机后致歉"),
            ("星海推迟发布", "星海发布"),
            ("飞船升空", "飞船返回"),
            ("网信办调查星海", "网信办处罚星海"),
            ("星海通过聆讯", "星海挂牌"),
            ("kelvane sues dunmore", "kelvane settles with dunmore"),
            ("kelvane to acquire dunmore", "kelvane completes acquisition of dunmore"),
            ("星海裁员", "星海再次裁员"),
            ("星海宣布回购", "星海完成回购"),
            ("星海确认数据泄露", "星海因数据泄露被集体诉讼"),
            ("星海数据泄露", "用户把星海告上法庭"),
            ("星海开始招股", "星海首日挂牌"),
            ("星海通过聆讯", "星海启动招股"),
            ("星海修复漏洞", "星海漏洞遭利用"),
            ("星海服务异常", "星海公布服务中断原因"),
            ("星海开启预售", "星海上市新车"),
            ("kelvane leaks data", "kelvane sued over leaked data"),
        ] {
            assert!(differ(a, b) && differ(b, a), "{a} | {b}");
        }
        for (a, b) in [
            ("星海发布模型", "星海推出模型"),
            ("星海起诉云岚", "云岚被星海起诉"),
            ("星海完成 3 亿元融资", "星海获 3 亿元融资"),
            ("星海被罚", "网信办罚款星海"),
            ("星海起诉云岚", "云岚遭星海索赔"),
            ("kelvane sues dunmore", "kelvane takes dunmore to court"),
            ("星海", "星海发布模型"),
            ("kelvane issues bonds", "kelvane bonds"),
        ] {
            assert!(!differ(a, b) && !differ(b, a), "{a} | {b}");
        }
    }

    #[test]
    fn a_marked_step_that_the_other_article_mentions_does_not_tell_them_apart() {
        let titles = [Steps::find("星海召回耳机"), Steps::find("星海耳机出问题")];
        let mentioned = Steps::find("星海耳机出问题，宣布召回");
        assert!(Steps::differ(titles, titles));
        assert!(!Steps::differ(titles, [titles[0], mentioned]));
        assert!(!Steps::differ([titles[1], titles[0]], [mentioned, titles[0]]));
    }

    #[test]
    fn each_step_has_a_bit() {
        assert!(STEPS.len() <= 64);
        assert_eq!(of("发布"), 1);
        assert_eq!(of("预告"), 2);
        assert_eq!(of("没有"), 0);
    }
}
