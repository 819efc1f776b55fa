import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { DESKTOP, PHONE } from "../browser.mjs";
import { KINDS } from "../kinds.mjs";

const PAGE_LIMIT = 25_000;
const SCRIPT_LIMIT = 10_500;

export default function weight(web) {
  test(`an article's page with its style sheet and script has at most ${PAGE_LIMIT} bytes compressed`, async (t) => {
    const page = await web.newPage(t);
    const loaded = [];
    page.on("response", async (response) => {
      const type = response.request().resourceType();
      if (["document", "stylesheet", "script", "font", "image"].includes(type)) loaded.push({ type, response });
    });
    await web.open(page, "article");
    const count = (type) => loaded.filter((it) => it.type === type).length;
    assert.deepEqual([count("document"), count("stylesheet"), count("script"), count("font")], [1, 1, 1, 0]);
    let sum = 0;
    for (const { response } of loaded) sum += gzipSync(await response.body()).length;
    assert.ok(sum <= PAGE_LIMIT, `${sum} bytes`);
    const script = await readFile(join(web.site.folder, "newsprint.js"));
    assert.ok(script.length <= SCRIPT_LIMIT, `the script has ${script.length} bytes`);
  });

  /** The layout shifts of a loaded page, each with the elements that moved. */
  const shiftsOf = (page, milliseconds) =>
    page.evaluate(
      (milliseconds) =>
        new Promise((resolve) => {
          const shifts = [];
          new PerformanceObserver((list) => {
            for (const { value, sources } of list.getEntries()) {
              shifts.push(`${value}: ${sources.map(({ node }) => (node?.outerHTML ?? node?.textContent)?.slice(0, 80)).join(", ")}`);
            }
          }).observe({ type: "layout-shift", buffered: true });
          // Layout shifts are reported when a frame is painted.
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(shifts), milliseconds)));
        }),
      milliseconds,
    );

  for (const [device, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
    test(`no layout shift occurs while a page loads on a ${device}`, async (t) => {
      const page = await web.newPage(t, { viewport });
      for (const kind of KINDS) {
        await web.open(page, kind);
        assert.deepEqual(await shiftsOf(page, 50), [], page.url());
      }
    });

    test(`no layout shift occurs while the index of the search arrives slowly on a ${device}`, async (t) => {
      const page = await web.newPage(t, { viewport });
      // The page is painted before its data arrives, and again between two answers.
      await page.route(/\/search\/[^?]+\.[a-z]+$/, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 150));
        await route.continue();
      });
      await web.open(page, "search results");
      await page.locator(".results .card").first().waitFor();
      assert.deepEqual(await shiftsOf(page, 300), [], page.url());
    });
  }
}
