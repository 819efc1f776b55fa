import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { VIEWS } from "../browser.mjs";
import { KINDS } from "../kinds.mjs";

const SOURCE = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** The violations that axe finds on the page in its current state, one line for each element. */
export async function violations(page, runOnly = { type: "tag", values: TAGS }) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(SOURCE);
  return page.evaluate(async (runOnly) => {
    // The scripts of the page hear of a new size of the window before the next frame.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const { violations } = await window.axe.run(document, {
      runOnly,
      resultTypes: ["violations"],
      // axe does not run this rule by default.
      rules: runOnly.type === "tag" ? { "target-size": { enabled: true } } : {},
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`),
    );
  }, runOnly);
}

export default function accessibility(web) {
  for (const kind of KINDS) {
    test(`${kind}: axe finds no violation in any view`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      await web.complete(page, kind);
      for (const view of VIEWS) {
        await page.setViewportSize(view.viewport);
        await page.emulateMedia({ colorScheme: view.colorScheme });
        assert.deepEqual(await violations(page), [], `${page.url()}, ${view.name}`);
      }
    });
  }

  test("axe finds no violation in the keyboard help in any view", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "home");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    for (const view of VIEWS) {
      await page.setViewportSize(view.viewport);
      await page.emulateMedia({ colorScheme: view.colorScheme });
      assert.deepEqual(await violations(page), [], view.name);
    }
  });
}
