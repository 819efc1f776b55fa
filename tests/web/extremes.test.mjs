// Extreme articles as scrapers produce them: very long words, markup as text, hundreds of terms.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launchBrowser, newPage, watch } from "./browser.mjs";
import { violations } from "./checks/accessibility.mjs";
import { overflow } from "./checks/layout.mjs";
import nu from "./checks/nu.mjs";
import { startSite } from "./site.mjs";

const han = (length) => "深度学习模型发布开源".repeat(Math.ceil(length / 10)).slice(0, length);
const common = "date: 2026-01-05\nindustries: [医疗]\nai_technologies: [大模型]\n";
const many = Array.from({ length: 500 }, (_, n) => `\n  - ${han(6)}${n}`).join("");

const ARTICLES = {
  "han": `title: ${han(300)}\n${common}event: ${han(500)}\nsource: ${han(120)}\nkeywords: [${han(80)}]\n---\n${han(900)}\n`,
  "latin": `title: ${"a".repeat(300)}\n${common}event: ${"b".repeat(400)}\nsource: ${"c".repeat(120)}\nkeywords: [${"k".repeat(80)}]\n---\nhttps://example.org/${"x".repeat(300)}\n\n\`${"y".repeat(300)}\`\n\n    ${"z".repeat(400)}\n`,
  "markup": `title: '<b>x</b> " & <script>alert(1)</script>'\n${common}event: '</p><img src=x onerror=alert(1)>'\nsource: '<i>'\nkeywords: ['<b>', 'a"b', '&amp;', 'C#', '</title>', '{{ x }}']\n---\n###### 深\n\n|甲|乙|\n|-|-|\n|The end of the day is in the table|生成AIの利用が広がる|\n\n- [ ] it is in the list of the day[^1]\n- 인공지능 반도체 시장\n  - **in** [the link](https://example.org/) of the day\n\n[^1]: It is in the footnote of the day\n`,
  "scripts": `title: שלום مرحبا 👨‍👩‍👧‍👦 𠀀𠀁\n${common}keywords: [مرحبا, 👨‍👩‍👧‍👦, 𠀀𠀁]\n---\nمرحبا\n`,
  "title-only": "title: 只有标题\n---\n",
  "many": `title: 许多词条\n${common}keywords:${many}\n---\n正文。\n`,
};
const PAGES = [...Object.keys(ARTICLES).map((name) => `articles/${name}/`), "", "keywords/", "industries/%E5%8C%BB%E7%96%97/", "2026/01/05/", "crossings/", "archive/undated/", "page/1/"];

describe("extreme articles", { timeout: 900_000 }, () => {
  const web = {};
  let root;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "newsprint-extremes-"));
    await mkdir(join(root, "content", "articles"), { recursive: true });
    const menu = Array.from({ length: 15 }, (_, n) => `\n  - {name: 菜单${n}, url: /about/}`).join("");
    const config = `title: ${han(60)}\nbase_url: https://example.org/\ndescription: ${han(400)}\npaginate_by: 2\nmenu:${menu}\n`;
    await writeFile(join(root, "newsprint.yaml"), config);
    await mkdir(join(root, "content", "pages"));
    await writeFile(join(root, "content", "pages", "about.md"), "---\ntitle: 关于\n---\n正文。\n");
    for (const [name, text] of Object.entries(ARTICLES)) {
      await writeFile(join(root, "content", "articles", `${name}.md`), `---\n${text}`);
    }
    web.site = await startSite(root);
    web.browser = await launchBrowser();
  });
  after(async () => {
    await web.browser?.close();
    await web.site?.close();
    await rm(root, { recursive: true, force: true });
  });

  for (const path of PAGES) {
    test(`/${decodeURIComponent(path)}: nothing overflows, no script runs, and axe finds no violation`, async (t) => {
      const page = await newPage(web.browser, t);
      const troubles = watch(page, web.site.origin);
      page.on("dialog", (dialog) => {
        troubles.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
      });
      await page.goto(web.site.base + path, { waitUntil: "load" });
      const found = [];
      for (const width of [320, 390, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        found.push(...(await overflow(page, "")));
      }
      assert.deepEqual(await violations(page), []);
      await page.setViewportSize({ width: 390, height: 844 });
      assert.deepEqual(await violations(page), []);
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      found.push(...(await overflow(page, " with text at 200 %")));
      assert.deepEqual(found, []);
      assert.deepEqual(troubles, []);
    });
  }
  nu(web);
});
