// The default theme, tested on the example digest in one browser. The tests are in checks/.

import { after, before, describe } from "node:test";
import { launchBrowser, newPage, watch } from "./browser.mjs";
import { findKinds } from "./kinds.mjs";
import { startSite } from "./site.mjs";

import accessibility from "./checks/accessibility.mjs";
import journeys from "./checks/journeys.mjs";
import keyboard from "./checks/keyboard.mjs";
import layout from "./checks/layout.mjs";
import links from "./checks/links.mjs";
import loading from "./checks/loading.mjs";
import markup from "./checks/markup.mjs";
import nu from "./checks/nu.mjs";
import print from "./checks/print.mjs";
import scripting from "./checks/scripting.mjs";
import shortcuts from "./checks/shortcuts.mjs";
import toggle from "./checks/toggle.mjs";
import weight from "./checks/weight.mjs";

/** Shared by all checks. `site`, `kinds` and `browser` are set before the tests run. */
const web = {
  site: null,
  kinds: null,
  browser: null,
  newPage: (t, options) => newPage(web.browser, t, options),
  watch: (page) => watch(page, web.site.origin),
  /** Opens the page of a kind and waits until everything on it is loaded. */
  async open(page, kind) {
    const url = web.kinds[kind];
    page.missing = kind === "404" ? url : undefined;
    return page.goto(url, { waitUntil: "load" });
  },
  /** Waits for what scripts add to the open page of a kind after it is loaded. */
  async complete(page, kind) {
    if (kind === "search results") {
      await page.locator(".results[aria-busy=false]").waitFor();
      await page.locator(".results .card").first().waitFor();
    }
    if (kind.startsWith("taxonomy index")) await page.locator(".find input").waitFor();
  },
};

// Two tests run at a time, since each has its own browser context.
describe("the default theme", { concurrency: 2, timeout: 900_000 }, () => {
  before(async () => {
    web.site = await startSite();
    web.browser = await launchBrowser();
    const page = await web.browser.newPage();
    web.kinds = await findKinds(web.site, page);
    await page.close();
  });
  after(async () => {
    await web.browser?.close();
    await web.site?.close();
  });

  for (const check of [
    loading,
    markup,
    nu,
    weight,
    links,
    journeys,
    layout,
    accessibility,
    keyboard,
    shortcuts,
    toggle,
    scripting,
    print,
  ]) {
    check(web);
  }
});
