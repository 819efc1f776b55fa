// The facts about the default theme, tested on the example digest in one browser. The facts themselves are in facts/.

import { after, before, describe } from "node:test";
import { launchBrowser, newPage, watch } from "./browser.mjs";
import { findKinds } from "./kinds.mjs";
import { startSite } from "./site.mjs";

import accessibility from "./facts/accessibility.mjs";
import journeys from "./facts/journeys.mjs";
import keyboard from "./facts/keyboard.mjs";
import layout from "./facts/layout.mjs";
import links from "./facts/links.mjs";
import loading from "./facts/loading.mjs";
import markup from "./facts/markup.mjs";
import nu from "./facts/nu.mjs";
import print from "./facts/print.mjs";
import scripting from "./facts/scripting.mjs";
import shortcuts from "./facts/shortcuts.mjs";
import toggle from "./facts/toggle.mjs";
import weight from "./facts/weight.mjs";

/** What the facts share: `site` and `kinds` are there once the tests run. */
const web = {
  site: null,
  kinds: null,
  browser: null,
  newPage: (t, options) => newPage(web.browser, t, options),
  watch: (page) => watch(page, web.site.origin),
  /** Opens the page of a kind and waits for everything it loads. */
  async open(page, kind) {
    const url = web.kinds[kind];
    page.missing = kind === "404" ? url : undefined;
    return page.goto(url, { waitUntil: "load" });
  },
};

// Two at a time: each test has a context of its own.
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

  for (const facts of [
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
    facts(web);
  }
});
