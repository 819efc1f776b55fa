import assert from "node:assert/strict";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import { KINDS } from "../kinds.mjs";

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  root: true,
  rules: {
    // A rule of style: lower case is valid as well.
    "doctype-style": "off",
    // Not a rule of HTML: titles end with the name of the site, and search engines shorten them.
    "long-title": "off",
    // A rule of style: HTML ignores the slash of `<img … />`, which CommonMark's renderers write.
    "void-style": "off",
  },
});

export default function markup(web) {
  for (const kind of KINDS) {
    test(`${kind}: has one h1, no skipped heading level, a main landmark, a language and unique ids`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      const found = await page.evaluate(() => ({
        language: document.documentElement.lang,
        mains: document.querySelectorAll("main, [role=main]").length,
        headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => ({
          level: Number(heading.localName[1]),
          text: heading.textContent.trim(),
        })),
        ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
      }));
      assert.match(found.language, /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);
      assert.equal(found.mains, 1, "main landmarks");
      assert.equal(found.headings.filter(({ level }) => level === 1).length, 1, "headings of level 1");
      let above = 0;
      for (const { level, text } of found.headings) {
        assert.ok(text, `a heading of level ${level} is empty`);
        assert.ok(level <= above + 1, `“${text}” is of level ${level} after one of level ${above}`);
        above = level;
      }
      const twice = found.ids.filter((id, at) => found.ids.indexOf(id) !== at);
      assert.deepEqual(twice, [], "ids that occur twice");
    });

    test(`${kind}: is valid HTML`, async () => {
      const url = web.kinds[kind];
      const html = await (await fetch(url)).text();
      const report = await validator.validateString(html, `${url}index.html`);
      const messages = report.results.flatMap((result) => result.messages);
      const shown = messages.map((at) => `${at.line}:${at.column} ${at.ruleId}: ${at.message} (${at.selector})`);
      assert.deepEqual(shown, [], url);
    });
  }
}
