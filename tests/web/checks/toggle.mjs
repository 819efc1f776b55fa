import assert from "node:assert/strict";
import { test } from "node:test";

/** The chosen theme, and the computed colours of background and text. */
function appearance(page) {
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
    const light = await appearance(page);
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await appearance(page);
    assert.equal(light.theme, undefined);
    assert.equal(dark.theme, undefined);
    assert.ok(isLight(light), `not light: ${light.ink} on ${light.paper}`);
    assert.ok(!isLight(dark), `not dark: ${dark.ink} on ${dark.paper}`);
  });

  for (const [system, chosen] of [["light", "dark"], ["dark", "light"]]) {
    test(`on a ${system} system the switch chooses ${chosen}, which survives a reload, a navigation and a change of the system`, async (t) => {
      const page = await web.newPage(t, { colorScheme: system });
      const troubles = web.watch(page);
      await web.open(page, "home");
      const before = await appearance(page);
      const button = page.locator(".masthead .theme");
      assert.equal(await button.count(), 1, "number of theme switches");
      await button.click();
      const after = await appearance(page);
      assert.equal(after.theme, chosen);
      assert.notEqual(after.paper, before.paper);
      assert.equal(isLight(after), chosen === "light");

      await page.reload();
      assert.deepEqual(await appearance(page), after, "after a reload");
      await page.locator(".card h3 a").first().click();
      await page.waitForURL(web.kinds.article);
      assert.deepEqual(await appearance(page), after, "on another page");
      await page.emulateMedia({ colorScheme: chosen });
      await page.emulateMedia({ colorScheme: system });
      assert.deepEqual(await appearance(page), after, "after the system changed");

      await button.click();
      const again = await appearance(page);
      assert.equal(again.theme, system);
      assert.equal(again.paper, before.paper);
      assert.deepEqual(troubles, []);
    });
  }

  test("the theme switch works from the keyboard and has an accessible name", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "home");
    const button = page.locator(".masthead .theme");
    assert.ok((await button.getAttribute("aria-label"))?.trim(), "the switch has no accessible name");
    await button.focus();
    await page.keyboard.press("Enter");
    assert.equal((await appearance(page)).theme, "dark");
    await page.keyboard.press("Space");
    assert.equal((await appearance(page)).theme, "light");
  });

  test("a chosen theme is set before the first paint", async (t) => {
    const page = await web.newPage(t);
    await page.addInitScript(() => {
      localStorage.setItem("newsprint:/my-digest/theme", "dark");
      // Records the theme when the parser adds the body, before anything is painted.
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
