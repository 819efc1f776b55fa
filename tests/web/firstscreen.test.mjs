// Headlines within the first screen of a daily, a weekly and a sparse digest.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launchBrowser, newPage } from "./browser.mjs";
import { writeDigest } from "./digests.mjs";
import { startSite } from "./site.mjs";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };

/** The minimum number of whole headlines of articles within the first screen. */
const MINIMUM = {
  daily: { home: [4, 8], day: [4, 8], week: [4, 8], term: [4, 8] },
  weekly: { home: [4, 8], day: [4, 8], week: [4, 8], term: [4, 8] },
  sparse: { home: [4, 8], week: [3, 3], term: [4, 8] },
};

/** Paths of a digest's pages; `main` selectors find those that depend on the news. */
async function pages(site, page) {
  const follow = async (from, selector) => {
    await page.goto(from);
    return page.locator(selector).first().evaluate((link) => link.href);
  };
  const year = await follow(`${site.base}archive/`, ".year h2 a");
  return {
    home: site.base,
    day: await follow(site.base, "main a[href*='/2026/11/']"),
    week: await follow(year, "main a[href*='/w']"),
    term: `${site.base}ai-technologies/${encodeURIComponent("大语言模型")}/`,
  };
}

/** Counts the headlines whose whole line boxes lie within the window. */
function headlines(page) {
  return page.evaluate(() => {
    const links = [...document.querySelectorAll("main h3 a, main .titles li > a")];
    const shown = links.filter((link) => link.checkVisibility());
    return shown.filter((link) => {
      const { top, bottom } = link.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    }).length;
  });
}

describe("the first screen", { timeout: 600_000 }, () => {
  let browser;
  const sites = {};
  before(async () => {
    browser = await launchBrowser();
    for (const shape of Object.keys(MINIMUM)) {
      const root = await mkdtemp(join(tmpdir(), "newsprint-first-"));
      sites[shape] = { root, site: await startSite(await writeDigest(root, shape)) };
    }
  });
  after(async () => {
    await browser?.close();
    for (const { root, site } of Object.values(sites)) {
      await site.close();
      await rm(root, { recursive: true, force: true });
    }
  });

  for (const [shape, kinds] of Object.entries(MINIMUM)) {
    for (const [kind, [phone, desktop]] of Object.entries(kinds)) {
      test(`${shape} digest: ${kind} shows ${phone} headlines on a phone and ${desktop} on a desktop`, async (t) => {
        const page = await newPage(browser, t);
        const at = (await pages(sites[shape].site, page))[kind];
        const counted = [];
        for (const viewport of [PHONE, DESKTOP]) {
          await page.setViewportSize(viewport);
          await page.goto(at, { waitUntil: "load" });
          counted.push(await headlines(page));
          if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${shape}-${kind}-${viewport.width}.png`) });
        }
        t.diagnostic(`${shape} ${kind}: ${counted.join(" and ")} headlines`);
        assert.ok(counted[0] >= phone && counted[1] >= desktop, `${at}: ${counted.join(" and ")}`);
      });
    }
  }
});
