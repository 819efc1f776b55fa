import assert from "node:assert/strict";
import { test } from "node:test";

/** The theme that is set, and what a reader sees of it: the colours of paper and ink. */
function look(page) {
  return page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return { theme: document.documentElement.dataset.theme, paper: backgroundColor, ink: color };
  });
}

const brightness = (colour) => colour.match(/\d+(\.\d+)?/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
const isLight = ({ paper, ink }) => brightness(paper) > brightness(ink);

export default function toggle(web) {
  test("the theme follows the system until a reader chooses", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "home");
    const light = await look(page);
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await look(page);
    assert.equal(light.theme, undefined);
    assert.equal(dark.theme, undefined);
    assert.ok(isLight(light), `not light: ${light.ink} on ${light.paper}`);
    assert.ok(!isLight(dark), `not dark: ${dark.ink} on ${dark.paper}`);
  });

  for (const [system, chosen] of [["light", "dark"], ["dark", "light"]]) {
    test(`on a ${system} system the switch chooses ${chosen}, which survives a reload, a click and the system`, async (t) => {
      const page = await web.newPage(t, { colorScheme: system });
      const troubles = web.watch(page);
      await web.open(page, "home");
      const before = await look(page);
      const button = page.locator(".masthead .theme");
      assert.equal(await button.count(), 1, "switches");
      await button.click();
      const after = await look(page);
      assert.equal(after.theme, chosen);
      assert.notEqual(after.paper, before.paper);
      assert.equal(isLight(after), chosen === "light");

      await page.reload();
      assert.deepEqual(await look(page), after, "after a reload");
      await page.locator(".card h3 a").first().click();
      await page.waitForURL(web.kinds.article);
      assert.deepEqual(await look(page), after, "on another page");
      await page.emulateMedia({ colorScheme: chosen });
      await page.emulateMedia({ colorScheme: system });
      assert.deepEqual(await look(page), after, "after the system changed");

      await button.click();
      const again = await look(page);
      assert.equal(again.theme, system);
      assert.equal(again.paper, before.paper);
      assert.deepEqual(troubles, []);
    });
  }

  test("the switch works from the keyboard and has a name", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "home");
    const button = page.locator(".masthead .theme");
    assert.ok((await button.getAttribute("aria-label"))?.trim(), "the switch has no name");
    await button.focus();
    await page.keyboard.press("Enter");
    assert.equal((await look(page)).theme, "dark");
    await page.keyboard.press("Space");
    assert.equal((await look(page)).theme, "light");
  });

  test("a chosen theme is there before the first paint", async (t) => {
    const page = await web.newPage(t);
    await page.addInitScript(() => {
      localStorage.setItem("theme", "dark");
      // The theme at the moment when the parser adds the body: nothing has been painted yet.
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        window.themeAtBody = document.documentElement.dataset.theme;
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await web.open(page, "home");
    assert.equal(await page.evaluate(() => window.themeAtBody), "dark");
  });
}
