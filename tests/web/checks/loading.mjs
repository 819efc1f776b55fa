import assert from "node:assert/strict";
import { test } from "node:test";
import { VIEWS } from "../browser.mjs";
import { KINDS } from "../kinds.mjs";

export default function loading(web) {
  for (const kind of KINDS) {
    test(`${kind}: loads in every view without console messages, errors, failed requests or other hosts`, async (t) => {
      const page = await web.newPage(t);
      const troubles = web.watch(page);
      for (const view of VIEWS) {
        await page.setViewportSize(view.viewport);
        await page.emulateMedia({ colorScheme: view.colorScheme });
        const response = await web.open(page, kind);
        assert.equal(response.status(), kind === "404" ? 404 : 200, page.url());
        assert.deepEqual(troubles, [], `${page.url()}, ${view.name}`);
      }
      // Waits for requests after the load event.
      await page.waitForLoadState("networkidle");
      assert.deepEqual(troubles, [], page.url());
    });
  }
}
