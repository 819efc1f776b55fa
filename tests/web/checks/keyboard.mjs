import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS } from "../kinds.mjs";

const USABLE = "a[href], button, input, select, textarea, summary";

/** The HTML of the focused element (160 characters), and whether it is visible and in `<main>`. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    return {
      shown: element.outerHTML.slice(0, 160),
      isSkip: element.matches("a.skip[href='#content']"),
      inMain: element.closest("main") !== null,
      inSight: box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight,
    };
  });
}

/** Records each element that gets the focus from now on, and whether it has a visible outline. */
function recordFocus(page) {
  return page.evaluate(() => {
    window.stops = new Map();
    window.rounds = 0;
    addEventListener("focusin", ({ target }) => {
      if (window.stops.has(target)) window.rounds += 1;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(target);
      const transparent = /^rgba\(.*, 0\)$/.test(outlineColor);
      window.stops.set(target, outlineStyle !== "none" && parseFloat(outlineWidth) > 0 && !transparent);
    });
  });
}

export default function keyboard(web) {
  // The search page without a query focuses its search field.
  for (const kind of KINDS.filter((kind) => kind !== "search")) {
    test(`${kind}: the first Tab shows a link that skips to the main content`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      const skip = page.locator("a.skip");
      const hidden = await skip.boundingBox();
      assert.ok(hidden.y + hidden.height <= 0, "the skip link is visible before it is focused");
      await page.keyboard.press("Tab");
      const first = await focused(page);
      assert.ok(first.isSkip, `the first Tab focuses ${first.shown}`);
      assert.ok(first.inSight, "the focused skip link is not visible");
      const onTop = await skip.evaluate((link) => {
        const { left, top, width, height } = link.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2) === link;
      });
      assert.ok(onTop, "the focused skip link is covered");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.hash === "#content");
      assert.equal(await page.locator("#content").evaluate((target) => target.localName), "main");
      await page.keyboard.press("Tab");
      const next = await focused(page);
      assert.ok(next.inMain, `the next Tab focuses ${next.shown}, which is not in the main content`);
    });

    test(`${kind}: Tab reaches every usable element, each with a visible outline`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      // Elements must not change while Tab is pressed.
      await web.complete(page, kind);
      await recordFocus(page);
      const usable = await page.locator(USABLE).count();
      for (let stop = 0; stop < usable; stop += 1) await page.keyboard.press("Tab");
      // Scrollable tables and code are tab stops, too: continues until the first element has the
      // focus again.
      for (let more = 0; more < 50 && (await page.evaluate(() => window.rounds === 0)); more += 1) {
        await page.keyboard.press("Tab");
      }
      const found = await page.evaluate((usable) => {
        const shown = (element) => element.outerHTML.slice(0, 160);
        return {
          rounds: window.rounds,
          // Elements in folded details cannot get the focus and are skipped.
          missed: [...document.querySelectorAll(usable)]
            .filter((it) => it.checkVisibility() && !window.stops.has(it))
            .map(shown),
          unmarked: [...window.stops].filter(([, outlined]) => !outlined).map(([element]) => shown(element)),
        };
      }, USABLE);
      assert.deepEqual(found.missed, [], "elements that Tab does not reach");
      assert.deepEqual(found.unmarked, [], "elements without an outline while they are focused");
      assert.ok(found.rounds > 0, "Tab does not return to the first element");
    });
  }
}
