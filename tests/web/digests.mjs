// Writes digests of invented news with titles and key events as long as those of real digests.
// The same call writes the same files.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const MAKERS = ["星桥科技", "远山智能", "Northwind AI", "蓝鲸计算", "Quill Labs", "青禾机器人", "OpenMeadow", "云帆半导体"];
const SOURCES = ["量子前线", "科技日报", "Signal Review", "机器观察", "The Ledger", "财经快线"];
const DEEDS = [
  "发布新一代推理模型，长文本处理成本降至上一代的三分之一",
  "开源轻量级语音模型，手机上也能实时转写普通话与方言",
  "与三家医院合作试点影像诊断，先从肺结节筛查开始",
  "推出面向开发者的智能体平台，支持定时任务和多步工具调用",
  "完成新一轮融资，资金将用于建设西部算力中心",
  "公布机器人抓取数据集，覆盖厨房、仓库和药房等场景",
  "更新编程助手，可在提交前自动补全测试并解释失败原因",
  "上调云端训练价格，理由是高带宽内存持续紧缺",
  "为视频生成模型加入隐式标识，配合新的标注规定",
  "称其芯片在公开基准上首次达到每瓦每秒 40 个词元",
];
const EFFECTS = [
  "公司说价格在一个月内不变，企业客户可以申请试用，个人用户的排队时间约两周；评测者指出它在中文长文上的引用仍会出错，建议先用于内部资料的检索。",
  "代码与权重以宽松许可发布，社区在几小时内做出了量化版本，可在 16 GB 内存的笔记本上运行，速度约为每秒 12 个词元。",
  "监管部门要求在上线前提交安全评估，首批城市名单预计下月公布；同行认为这一步比预想的早，但数据来源还需要说明。",
];
const TERMS = {
  keywords: ["推理模型", "开源", "融资", "数据集", "编程助手", "芯片", "标识", "算力", "语音识别", "影像诊断"],
  ai_technologies: ["大语言模型", "智能体", "计算机视觉", "语音合成", "强化学习"],
  industries: ["人工智能", "医疗健康", "半导体", "机器人", "软件开发"],
};

const DAY = 86_400_000;
const iso = (day) => new Date(day).toISOString().slice(0, 10);
const pick = (list, number) => list[number % list.length];

/** The text of an article file; `number` decides every word. */
function article(number, date, { title, event, source, terms } = {}) {
  const named = title ?? `${pick(MAKERS, number * 3 + Math.floor(number / 10))}${pick(DEEDS, number * 7 + Math.floor(number / 7))}`;
  const told = event ?? `${named}。${pick(EFFECTS, number)}`;
  const listed = Object.entries(terms ?? {
    keywords: [pick(TERMS.keywords, number), pick(TERMS.keywords, number * 3 + 4)],
    ai_technologies: [pick(TERMS.ai_technologies, number * 2)],
    industries: [pick(TERMS.industries, number + Math.floor(number / 5))],
  });
  return `---
title: ${JSON.stringify(named)}
date: ${date}
source: ${JSON.stringify(source ?? pick(SOURCES, number))}
link: https://news.example/${number}
event: ${JSON.stringify(told)}
${listed.map(([name, values]) => `${name}: ${JSON.stringify([...new Set(values)])}`).join("\n")}
---

${told}

第 ${number} 条消息的正文，写得不长，够读一分钟。
`;
}

/** How many articles a digest of each shape has on the day with this number, counted back from the last. */
const SHAPES = {
  // Twelve articles a day for thirty days.
  daily: (day) => (day < 30 ? 12 : 0),
  // Nine articles each seventh day, for a year.
  weekly: (day) => (day % 7 === 0 && day < 364 ? 9 : 0),
  // One article a day, with gaps, for three months.
  sparse: (day) => (day % 3 !== 1 && day < 90 ? 1 : 0),
};

/**
 * Writes a digest of a shape into a folder. `last` is the day of its newest articles. In a daily
 * digest, three sources report the first event of each day.
 */
export async function writeDigest(folder, shape, { last = "2026-11-26", settings = "" } = {}) {
  const articles = join(folder, "content", "articles");
  await mkdir(articles, { recursive: true });
  await writeFile(join(folder, "newsprint.yaml"), `title: 晨间要闻\ndescription: 每天早上，十分钟读完昨天的科技。\nbase_url: https://example.org/\nlanguage: zh-CN\ntimezone: Asia/Shanghai\n${settings}`);
  let number = 0;
  for (let day = 0; day < 400; day += 1) {
    const date = iso(Date.parse(`${last}T00:00:00Z`) - day * DAY);
    for (let at = 0; at < SHAPES[shape](day); at += 1) {
      const hour = String(20 - at).padStart(2, "0");
      const own = {};
      if (shape === "daily" && at < 3) {
        const maker = pick(MAKERS, day);
        own.title = `${maker}发布第 ${100 - day} 代地图模型${["", "：街景也能问答", "，路测数据首次公开"][at]}`;
        own.event = `${maker}于当日发布第 ${100 - day} 代地图模型，街景、路况与路测数据可以用一句话查询，首批开放十二座城市。`;
        own.source = SOURCES[at];
        own.terms = { keywords: ["地图模型", maker], ai_technologies: ["计算机视觉"], industries: ["机器人"] };
      }
      await writeFile(join(articles, `${date}-news-${number}.md`), article(number, `${date} ${hour}:30`, own));
      number += 1;
    }
  }
  return folder;
}
