// Pages to browse by, as people read them: the index of terms, the matrix of crossings, trends, the
// calendar of the archive, and the search page without a query and without results.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PHONE, VIEWS, launchBrowser, newPage, watch } from "./browser.mjs";
import { violations } from "./checks/accessibility.mjs";
import { startSite } from "./site.mjs";

const DESKTOP = { width: 1440, height: 900 };

const KEYWORDS = ["HyperRobo373", "检索增强生成", "OpenAIOpenAI828", "多模态大模型", "通用人工智能(AGI)", "Machine Learning Systems", "芯片"];
const TECHNOLOGIES = ["大语言模型", "智能体", "通用人工智能(AGI)", "Agent Lab432", "多模态模型", "Transformer", "推理模型", "代码生成"];
const INDUSTRIES = ["人工智能", "软件开发", "云计算", "消费电子", "搜索引擎", "Semiconductors", "医疗", "教育", "金融", "媒体"];

/** Writes a digest of three articles a day from 1 August to 15 November 2026, two on Mondays. */
async function writeDigest(root) {
  await mkdir(join(root, "content/articles"), { recursive: true });
  await writeFile(join(root, "newsprint.yaml"), "title: 浏览\nbase_url: https://example.org/\n");
  const articles = [];
  let n = 0;
  for (let time = Date.UTC(2026, 7, 1); time <= Date.UTC(2026, 10, 15); time += 86_400_000) {
    const day = new Date(time).toISOString().slice(0, 10);
    for (let i = 0; i < (new Date(time).getUTCDay() === 1 ? 2 : 3); i++) {
      n += 1;
      const of = (all, step) => all[(n * step + i) % all.length];
      const industry = of(INDUSTRIES.slice(0, 8), 3);
      // Too few articles for a crossing.
      const rare = n % 100 === 0 ? `, ${INDUSTRIES[8]}` : "";
      const rising = time > Date.UTC(2026, 10, 8) ? ", 脑机接口" : "";
      const front = `title: 第 ${n} 条新闻：${of(KEYWORDS, 1)}\ndate: ${day}\nkeywords: [${of(KEYWORDS, 1)}, ${of(KEYWORDS, 2)}${rising}]\nai_technologies: [${of(TECHNOLOGIES, 5)}]\nindustries: [${industry}${rare}]\n`;
      articles.push(writeFile(join(root, `content/articles/${n}.md`), `---\n${front}---\n\n正文 ${n}。\n`));
    }
  }
  await Promise.all(articles);
}

/**
 * The elements with a word that is broken: a word of letters and digits, or a run of Han, whose
 * characters are not all on one line (in one column if `vertical`), although the element has room
 * for the word.
 */
const brokenWords = (page, selector, vertical = false) =>
  page.locator(selector).evaluateAll((elements, vertical) => {
    const broken = [];
    for (const element of elements) {
      for (const node of element.childNodes) {
        if (node.nodeType !== 3) continue;
        for (const { 0: word, index } of node.data.matchAll(/[\p{Script=Han}]+|[A-Za-z0-9]+/gu)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          const lines = new Set([...range.getClientRects()].map((box) => Math.round(vertical ? box.left : box.top)));
          if (lines.size > 1) broken.push(word);
        }
      }
    }
    return broken;
  }, vertical);

const scrollsSideways = (page) => page.evaluate(() => document.scrollingElement.scrollWidth > innerWidth);

describe("pages to browse by", { timeout: 600_000 }, () => {
  let site;
  let browser;
  let root;
  const opened = async (t, path, options) => {
    const page = await newPage(browser, t, { viewport: DESKTOP, ...options });
    const troubles = watch(page, site.origin);
    await page.goto(site.base + path);
    return { page, troubles };
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "newsprint-browsing-"));
    await writeDigest(root);
    site = await startSite(root);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    if (root) await rm(root, { recursive: true, force: true });
  });

  describe("index of terms", () => {
    for (const path of ["keywords/", "keywords/recent/", "keywords/a-z/", "industries/"]) {
      test(`${path}: no word breaks, each name begins beside its sign, and counts end in one column`, async (t) => {
        for (const viewport of [DESKTOP, PHONE, { width: 320, height: 700 }]) {
          const { page } = await opened(t, path, { viewport });
          assert.ok((await page.locator(".index a").count()) > 6);
          assert.deepEqual(await brokenWords(page, ".index a"), [], `${viewport.width} px`);
          // The name is on one line, as a short name is.
          const height = (name) => page.locator(".index a", { hasText: name }).first().evaluate((link) => link.offsetHeight);
          if (path.startsWith("keywords")) {
            for (const name of ["HyperRobo373", "检索增强生成"]) assert.equal(await height(name), await height("芯片"), `${name}, ${viewport.width} px`);
          }
          const ends = await page.locator(".index li").evaluateAll((cells) =>
            cells.map((cell) => Math.round(cell.getBoundingClientRect().right - cell.querySelector(".count").getBoundingClientRect().right)),
          );
          assert.deepEqual([...new Set(ends)], [0], `${viewport.width} px`);
          assert.ok(!(await scrollsSideways(page)));
          await page.close();
        }
      });
    }

    test("a word that is wider than its cell breaks and does not leave the cell", async (t) => {
      const { page } = await opened(t, "keywords/", { viewport: PHONE });
      const sticksOut = await page.locator(".index a").first().evaluate((link) => {
        link.textContent = "Pneumonoultramicroscopicsilicovolcanoconiosis".repeat(2);
        return link.closest("li").scrollWidth > link.closest("li").clientWidth;
      });
      assert.equal(sticksOut, false);
      assert.ok(!(await scrollsSideways(page)));
    });
  });

  describe("matrix of crossings", () => {
    test("heads of columns are vertical, with Han upright, and no head breaks within a word", async (t) => {
      for (const viewport of [DESKTOP, PHONE]) {
        const { page } = await opened(t, "crossings/", { viewport });
        const heads = page.locator(".matrix thead th a");
        assert.ok((await heads.count()) > 5);
        const styles = await heads.evaluateAll((all) => all.map((head) => `${getComputedStyle(head).writingMode} ${getComputedStyle(head).textOrientation}`));
        assert.deepEqual([...new Set(styles)], ["vertical-rl mixed"]);
        const wide = await heads.evaluateAll((all) => all.filter((head) => head.offsetWidth > 30).map((head) => head.textContent));
        assert.deepEqual(wide, [], "heads of more than one line");
        assert.deepEqual(await brokenWords(page, ".matrix thead th a", true), [], `${viewport.width} px`);
        assert.deepEqual(await brokenWords(page, ".matrix tbody th a"), [], `${viewport.width} px`);
        await page.close();
      }
    });

    test("each row and each column has a number", async (t) => {
      const { page } = await opened(t, "crossings/");
      const filled = await page.locator(".matrix tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent !== "")));
      assert.ok(filled.length > 2 && filled.every((row) => row.includes(true)), "a row is empty");
      assert.ok(filled[0].every((_, column) => filled.some((row) => row[column])), "a column is empty");
      const heads = await page.locator(".matrix th").allTextContents();
      assert.ok(!heads.includes(INDUSTRIES[8]), heads.join());
    });

    test("a hint in words and a faded edge are visible only where the matrix scrolls, and the first column stays", async (t) => {
      const hint = (page) => page.locator(".sideways").evaluate((hint) => hint.offsetWidth > 50);
      const { page, troubles } = await opened(t, "crossings/", { viewport: PHONE });
      assert.equal(await hint(page), true, "no hint on a phone");
      assert.equal(await page.locator(".sideways").textContent(), "左右滑动可看更多");
      const matrix = page.locator(".matrix");
      await matrix.focus();
      const left = () => page.locator(".matrix tbody th").first().evaluate((head) => Math.round(head.getBoundingClientRect().left));
      const before = await left();
      for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
      await page.waitForFunction(() => document.querySelector(".matrix").scrollLeft > 50);
      assert.ok(Math.abs((await left()) - before) <= 2, "the first column scrolled away");
      assert.ok(!(await scrollsSideways(page)));
      const wide = await opened(t, "crossings/");
      assert.equal(await hint(wide.page), false, "a hint on a screen that shows all");
      assert.deepEqual(troubles, []);
    });
  });

  describe("trends", () => {
    test("rising terms have their factor and newest headline, and fading ones unfold by keyboard", async (t) => {
      const { page } = await opened(t, "trends/", { viewport: PHONE });
      assert.match(await page.locator(".heading").innerText(), /最近四周，与前[一二两三]个四周的平均相比。\s*截至(2026年)?11月15日/);
      const sections = await page.locator(".trends h2").allTextContents();
      assert.deepEqual(sections, ["上升", "新出现", "回落"]);
      const fresh = page.locator(".trends").nth(1);
      assert.match(await fresh.locator("tbody").first().innerText(), /脑机接口[\s\S]*第 \d+ 条新闻/);
      assert.equal(await fresh.locator("svg").first().getAttribute("role"), "img");
      assert.match(await fresh.locator("svg title").first().textContent(), /“脑机接口”/);
      // No number is broken over lines.
      const tall = await page.locator(".trends td:not([colspan])").evaluateAll((cells) =>
        cells.filter((cell) => cell.checkVisibility()).flatMap((cell) => {
          const range = document.createRange();
          range.selectNodeContents(cell);
          return range.getBoundingClientRect().height > 40 ? [cell.textContent] : [];
        }),
      );
      assert.deepEqual(tall, []);
      const details = page.locator(".trends details");
      assert.equal(await details.evaluate((details) => details.open), false);
      await details.locator("summary").focus();
      await page.keyboard.press("Enter");
      assert.equal(await details.evaluate((details) => details.open), true);
    });
  });

  describe("calendar", () => {
    for (const path of ["archive/", "2026/"]) {
      test(`${path}: days are links with a name in words, in tables with the month as caption`, async (t) => {
        const { page, troubles } = await opened(t, path);
        const months = page.locator(".calendar table");
        assert.equal(await months.count(), 4);
        const november = page.getByRole("table", { name: /^11月/ });
        assert.equal(await november.getByRole("columnheader").count(), 7);
        const day = november.getByRole("link", { name: "11月10日 星期二：3 篇" });
        assert.equal(await day.innerText(), "10");
        // 10 November is in the second column, Tuesday.
        assert.equal(await day.evaluate((link) => link.closest("td").cellIndex), 1);
        const next = november.getByRole("link", { name: /^11月11日/ });
        await day.focus();
        await page.keyboard.press("Tab");
        assert.ok(await next.evaluate((link) => link === document.activeElement), "Tab does not go to the next day");
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/2026\/11\/11\/$/);
        assert.deepEqual(troubles, []);
      });

      test(`${path}: days are at least 24 px wide and high, in 1 column at 320 px and 2 at 390 px`, async (t) => {
        for (const [viewport, columns] of [[{ width: 320, height: 700 }, [1, 1]], [PHONE, [2, 2]], [DESKTOP, [3, 4]]]) {
          const { page } = await opened(t, path, { viewport });
          const sizes = await page.locator(".calendar td a").evaluateAll((days) => days.map((day) => day.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)));
          assert.ok(sizes.length > 90 && Math.min(...sizes) >= 24, `${Math.min(...sizes)} px at ${viewport.width} px`);
          const lefts = await page.locator(".calendar table").evaluateAll((months) => months.map((month) => Math.round(month.getBoundingClientRect().left)));
          const count = new Set(lefts).size;
          assert.ok(count >= columns[0] && count <= columns[1], `${count} columns at ${viewport.width} px`);
          assert.ok(!(await scrollsSideways(page)));
          await page.close();
        }
      });
    }

    test("each heat is readable in light and dark", async (t) => {
      const { page } = await opened(t, "archive/");
      await page.locator(".calendar td[class]").evaluateAll((days) => days.forEach((day, i) => (day.className = `heat-${1 + (i % 5)}`)));
      for (const view of VIEWS) {
        await page.setViewportSize(view.viewport);
        await page.emulateMedia({ colorScheme: view.colorScheme });
        assert.deepEqual(await violations(page), [], view.name);
      }
      const colours = await page.locator(".scale span").evaluateAll((steps) => new Set(steps.map((step) => getComputedStyle(step).backgroundColor)).size);
      assert.equal(colours, 5);
    });
  });

  describe("search page", () => {
    const visible = (page, selector) => page.locator(selector).evaluateAll((all) => all.filter((element) => element.checkVisibility()).length);

    test("without a query it shows examples, ways on and terms, and is not longer than its content", async (t) => {
      for (const viewport of [DESKTOP, PHONE]) {
        const { page, troubles } = await opened(t, "search/", { viewport });
        await page.locator(".start.shown").waitFor();
        assert.equal(await visible(page, ".examples a"), 3);
        const ways = await page.locator(".start .ways a").allTextContents();
        assert.deepEqual(ways, ["最新一期", "关键词", "AI 技术", "行业", "趋势", "归档"]);
        assert.ok((await visible(page, ".start .term")) > 15);
        assert.equal(await visible(page, ".narrow, .narrow *, .results *"), 0);
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        assert.ok(height < 1267, `${height} px`);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          assert.deepEqual(await violations(page), []);
        }
        // The ring around the focused field is not covered.
        const field = page.locator("form.search input");
        await field.focus();
        const gap = await page.evaluate(() => document.querySelector("form.search button").getBoundingClientRect().left - document.querySelector("form.search input").getBoundingClientRect().right);
        const ring = await field.evaluate((input) => parseFloat(getComputedStyle(input).outlineWidth) + parseFloat(getComputedStyle(input).outlineOffset));
        assert.ok(ring > 0 && gap >= ring, `${gap} px between field and button, a ring of ${ring} px`);
        assert.deepEqual(troubles, []);
        await page.close();
      }
    });

    test("each example finds something, and Back shows the beginning again", async (t) => {
      const { page } = await opened(t, "search/");
      const hrefs = await page.locator(".examples a").evaluateAll((links) => links.map((a) => a.href));
      for (const href of hrefs) {
        await page.goto(href);
        await page.waitForFunction(() => /^\d+ 篇/.test(document.querySelector("[role=status]")?.textContent ?? ""));
        assert.equal(await visible(page, ".start"), 0, href);
      }
      await page.goto(`${site.base}search/`);
      await page.locator("form.search input").fill("芯片");
      await page.locator(".results .card").first().waitFor();
      assert.equal(await visible(page, ".start"), 0);
      await page.goBack();
      await page.waitForFunction(() => document.querySelector(".start").checkVisibility());
      assert.equal(await visible(page, ".found"), 0);
    });

    test("dates are written as elsewhere on the site, with a year that can be hidden", async (t) => {
      const { page } = await opened(t, `search/?q=${encodeURIComponent("脑机接口")}`);
      const time = page.locator(".results time").first();
      await time.waitFor();
      const html = await time.evaluate((time) => time.outerHTML.replace(/datetime="([^"]{10})[^"]*"/, 'datetime="$1"'));
      assert.match(html, /^<time datetime="2026-11-(\d\d)"><span class="year">2026年<\/span>11月(\d+)日<\/time>$/);
      const [, iso, day] = html.match(/2026-11-(\d\d).*11月(\d+)日/);
      assert.equal(Number(iso), Number(day));
    });

    test("filters, sorting and dates are shown only where they leave something", async (t) => {
      const { page } = await opened(t, `search/?q=${encodeURIComponent("新闻")}`);
      await page.locator(".narrow section").first().waitFor();
      assert.ok((await visible(page, ".narrow section")) === 2 && (await visible(page, ".order")) === 1 && (await visible(page, ".dates")) === 1);
      // All results of one industry: the facet of the industry leaves nothing out.
      const field = page.locator("form.search input");
      await page.goto(`${site.base}search/?q=${encodeURIComponent('"第 1 条新闻"')}`);
      await page.waitForFunction(() => /^1 篇/.test(document.querySelector("[role=status]")?.textContent ?? ""));
      assert.equal(await visible(page, ".narrow"), 0, "one result has filters");
      await field.fill("没有这样的话");
      await page.waitForFunction(() => document.querySelector("[role=status]").textContent.startsWith("没有找到"));
      assert.equal(await visible(page, ".narrow"), 0, "no result has filters");
      // Filters that hide all results can be removed.
      await page.goto(`${site.base}search/?q=${encodeURIComponent("新闻")}&to=2020-01-01`);
      await page.waitForFunction(() => document.querySelector("[role=status]").textContent.includes("去掉筛选有"));
      assert.deepEqual([await visible(page, ".order"), await visible(page, ".dates"), await visible(page, ".narrow .clear")], [0, 1, 1]);
    });

    test("nothing found: single words, similar terms, the indexes and the archive", async (t) => {
      const { page, troubles } = await opened(t, `search/?q=${encodeURIComponent("芯片 检索增强生存 龘龘")}`, { viewport: PHONE });
      await page.waitForFunction(() => document.querySelector(".results .ways"));
      const links = await page.locator(".results a").evaluateAll((all) => all.map((a) => decodeURIComponent(a.getAttribute("href"))));
      assert.ok(links.includes("?q=芯片") && links.includes("?q=检索增强生成"), links.join());
      for (const path of ["keywords/", "archive/"]) assert.ok(links.some((link) => link.endsWith(path)), links.join());
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(troubles, []);
    });

    test("results appear while the reader types, once for keys that follow each other", async (t) => {
      const { page } = await opened(t, "search/");
      await page.locator(".start.shown").waitFor();
      await page.evaluate(() => {
        window.asked = [];
        const push = history.pushState, replace = history.replaceState;
        history.pushState = function (...all) { window.asked.push(all[2]); push.apply(this, all); };
        history.replaceState = function (...all) { window.asked.push(all[2]); replace.apply(this, all); };
        // In one task, so that the test does not depend on the machine's speed.
        const field = document.querySelector("form.search input");
        for (let end = 1; end <= 9; end++) {
          field.value = "HyperRobo".slice(0, end);
          field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
      });
      await page.locator(".results .card").first().waitFor();
      assert.deepEqual(await page.evaluate(() => window.asked), ["?q=HyperRobo"]);
    });

    test("nothing moves when a page with a query loads", async (t) => {
      for (const viewport of [DESKTOP, PHONE]) {
        const page = await newPage(browser, t, { viewport });
        await page.route(/search-page\.js|\/search\/[^?]+\.[a-z]+$/, async (route) => {
          await new Promise((resolve) => setTimeout(resolve, 150));
          await route.continue();
        });
        await page.goto(`${site.base}search/?q=${encodeURIComponent("芯片")}`);
        await page.locator(".results .card").first().waitFor();
        const shifts = await page.evaluate(() => new Promise((resolve) => {
          const shifts = [];
          new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value, sources }) => `${value} ${sources.map(({ node }) => node?.outerHTML?.slice(0, 80))}`))).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(shifts), 300);
        }));
        assert.deepEqual(shifts, [], `${viewport.width} px`);
      }
    });

    test("without JavaScript the beginning links the terms and the archive", async (t) => {
      const { page } = await opened(t, "search/", { javaScriptEnabled: false });
      assert.equal(await page.locator(".examples").isVisible(), false);
      assert.ok(await page.locator(".start .ways").isVisible());
      assert.ok((await page.locator(".start .term").count()) > 15);
    });
  });
});
