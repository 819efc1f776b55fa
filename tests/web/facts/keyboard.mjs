import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS } from "../kinds.mjs";

/** The focused element: what it is, and whether a reader sees that it is the one. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const outlined =
      style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && !/, 0\)$/.test(style.outlineColor);
    element.dataset.visited = Number(element.dataset.visited ?? 0) + 1;
    return {
      shown: element.outerHTML.replace(/ data-visited="\d+"/, "").slice(0, 160),
      visits: Number(element.dataset.visited),
      isSkip: element.matches("a.skip[href='#content']"),
      inMain: element.closest("main") !== null,
      outlined,
      inView:
        box.width > 1 && box.height > 1 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight,
    };
  });
}

export default function keyboard(web) {
  for (const kind of KINDS) {
    test(`${kind}: the first Tab shows a link that skips to the main content`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      const skip = page.locator("a.skip");
      const hidden = await skip.boundingBox();
      assert.ok(hidden.y + hidden.height <= 0, "the link is out of sight until it is focused");
      await page.keyboard.press("Tab");
      const first = await focused(page);
      assert.ok(first?.isSkip, `the first Tab focuses ${first?.shown}`);
      assert.ok(first.inView, "the focused link is out of sight");
      const onTop = await skip.evaluate((link) => {
        const { left, top, width, height } = link.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2) === link;
      });
      assert.ok(onTop, "the focused link is covered");
      await page.keyboard.press("Enter");
      assert.equal(new URL(page.url()).hash, "#content");
      assert.equal(await page.locator("#content").evaluate((target) => target.localName), "main");
      await page.keyboard.press("Tab");
      const next = await focused(page);
      assert.ok(next?.inMain, `the next Tab focuses ${next?.shown}, which is not in the main content`);
    });

    test(`${kind}: Tab reaches everything that can be used, each with a visible outline`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      const expected = await page.locator("a[href], button, input, select, textarea, summary").count();
      let reached = 0;
      for (;;) {
        await page.keyboard.press("Tab");
        const element = await focused(page);
        if (!element || element.visits > 1) break;
        reached += 1;
        assert.ok(element.outlined, `no outline on ${element.shown}`);
        assert.ok(element.inView, `out of sight while focused: ${element.shown}`);
      }
      // Tables and code that scroll may be stops, too.
      assert.ok(reached >= expected, `Tab reached ${reached} of ${expected}`);
      const missed = page.locator(":is(a[href], button, input, select, textarea, summary):not([data-visited])");
      assert.equal(await missed.count(), 0, "elements that Tab did not reach");
    });
  }
}
