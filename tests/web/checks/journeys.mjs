import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE } from "../browser.mjs";

export default function journeys(web) {
  for (const [device, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
    test(`a reader on a ${device} clicks from home to articles, a term, the archive, a year and a month`, async (t) => {
      const page = await web.newPage(t, { viewport });
      const troubles = web.watch(page);
      const visited = [];
      page.on("response", (response) => {
        if (response.request().isNavigationRequest()) visited.push(response.status());
      });

      const follow = async (selector, kind) => {
        const link = page.locator(selector).first();
        const text = (await link.innerText()).trim();
        const target = await link.evaluate((a) => a.href);
        assert.ok(target.startsWith(web.site.base), `${target} is outside the site's folder`);
        await link.click();
        await page.waitForURL(target);
        assert.equal(await page.locator("body").getAttribute("class"), `${kind}-page`, page.url());
        return text;
      };
      const heading = () => page.locator("h1").innerText();

      await page.goto(web.site.base);
      const title = await follow(".card h3 a", "article");
      assert.equal(await heading(), title);
      const article = page.url();
      const term = await follow(".filed a.term", "term");
      assert.equal(await heading(), term);
      const back = page.locator(`main h3 a[href="${new URL(article).pathname}"]`);
      assert.equal(await back.count(), 1, "links to the article on the page of its term");
      await follow(`main h3 a[href="${new URL(article).pathname}"]`, "article");
      await follow(".masthead nav a[href$='/archive/']", "archive");
      const year = await follow(".year h2 a", "year");
      assert.ok((await heading()).includes(year), `${await heading()} is not the year ${year}`);
      await follow(".year h2 a", "month");
      await follow("main h3 a", "article");
      await follow(".masthead .name", "home");

      assert.deepEqual(visited, Array(9).fill(200), "statuses of the pages that were visited");
      assert.deepEqual(troubles, []);
    });

    test(`a reader on a ${device} goes from home through an edition, an article and a term to a crossing, and back`, async (t) => {
      const page = await web.newPage(t, { viewport });
      const troubles = web.watch(page);
      const kind = () => page.locator("body").getAttribute("class");
      await page.goto(web.site.base);
      const visited = [];
      const crossing = ".about a[href*='/ai-technologies/'][href*='/industries/']";
      for (const [selector, wanted, within] of [
        [".edition h2 a", /^(day|week|month)-page$/],
        [".card h3 a", /^article-page$/],
        // A term of the article whose page links a crossing.
        [".filed a.term", /^term-page$/, crossing],
        [crossing, /^crossing-page$/],
      ]) {
        visited.push(page.url());
        const target = await page.locator(selector).evaluateAll(async (links, within) => {
          const holds = async (href) => {
            const html = await (await fetch(href)).text();
            return new DOMParser().parseFromString(html, "text/html").querySelector(within) !== null;
          };
          for (const { href } of links) if (!within || (await holds(href))) return href;
        }, within);
        assert.ok(target, `${page.url()} has no ${selector}`);
        await page.locator(`${selector}[href="${new URL(target).pathname}"]`).first().click();
        await page.waitForURL(target);
        assert.match(await kind(), wanted);
      }
      for (const url of visited.reverse()) {
        await page.goBack();
        assert.equal(page.url(), url);
      }
      assert.equal(await kind(), "home-page");
      assert.deepEqual(troubles, []);
    });
  }
}
