// The letter of an edition against caniemail's data about Gmail, Outlook and Apple Mail, and as a
// mail program shows it that removes the style sheet. QQ Mail and NetEase are not in the data.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { caniemail } from "caniemail";
import { launchBrowser, newPage } from "./browser.mjs";
import { findNewsprint } from "./site.mjs";

const root = new URL("../..", import.meta.url).pathname;

/** What one of the programs drops, and why that does not matter. */
const DROPPED = {
  "@media": "the dark style sheet: the letter stays light",
  "<style> element": "it has the dark style sheet alone",
  "display:none": "the preheader: it has the colour of the background and one pixel",
  overflow: "the preheader",
  "max-height property": "the preheader",
  "color-scheme meta tag": "it permits the dark style sheet: the letter stays light",
  "overflow-wrap": "the program breaks a long address itself, or scrolls",
  "word-break": "as for overflow-wrap",
  "<body> element": "the element .page repeats its background",
};

describe("the letter", { timeout: 120_000 }, () => {
  let browser;
  let html;
  before(async () => {
    browser = await launchBrowser();
    html = execFileSync(findNewsprint(), ["-r", root, "edition", "2026-w47", "--as", "mail", "--unsubscribe", "listmonk", "--quiet"], { encoding: "utf8" });
  });
  after(() => browser?.close());

  test("no program drops a feature that matters", () => {
    const { issues } = caniemail({ clients: ["gmail.*", "outlook.*", "apple-mail.*"], html });
    const titles = new Set();
    for (const [, found] of issues.errors) for (const { title } of found) titles.add(title);
    assert.ok(titles.size > 0, "the data says that everything is supported everywhere");
    assert.deepEqual([...titles].filter((title) => !(title in DROPPED)), []);
  });

  test("titles, key events and colours are there without the style sheet", async (t) => {
    const page = await newPage(browser, t);
    await page.setContent(html.replace(/<style>[\s\S]*?<\/style>/, ""));
    const found = await page.evaluate(() => {
      const style = (selector) => getComputedStyle(document.querySelector(selector));
      return {
        items: document.querySelectorAll(".item").length,
        size: style("h1").fontSize,
        ink: style(".letter").color,
        paper: style(".letter").backgroundColor,
        width: document.querySelector(".letter").getBoundingClientRect().width,
        preheader: document.querySelector(".preheader").getBoundingClientRect().height,
        wide: document.documentElement.scrollWidth - innerWidth,
      };
    });
    assert.ok(found.items > 20, JSON.stringify(found));
    assert.deepEqual([found.size, found.ink, found.paper, found.preheader], ["24px", "rgb(34, 34, 34)", "rgb(255, 255, 255)", 0]);
    assert.ok(found.width <= 648 && found.wide <= 0, JSON.stringify(found));
  });

  test("a dark mode changes paper and ink", async (t) => {
    const page = await newPage(browser, t, { colorScheme: "dark" });
    await page.setContent(html);
    const [ink, paper] = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.querySelector(".letter"));
      return [color, backgroundColor];
    });
    assert.deepEqual([ink, paper], ["rgb(230, 230, 230)", "rgb(31, 31, 31)"]);
  });

  test("the merge tag is a link, and no picture or script is loaded", () => {
    assert.ok(html.includes('href="{{ UnsubscribeURL }}"'));
    assert.ok(!/<(img|script|link|iframe)/.test(html));
  });
});
