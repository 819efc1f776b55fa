// The WeChat form of an edition in the preview: its copy buttons, and what an editor receives that
// the article is pasted into.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { launchBrowser, newPage } from "./browser.mjs";
import { startPreview } from "./preview.mjs";

describe("the WeChat form in the preview", { timeout: 300_000 }, () => {
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  /** Opens the form of a day with two articles, one of them without a link. */
  async function open(t) {
    const preview = await startPreview(t, { articles: 2 });
    preview.write(
      "content/articles/2026-10-05-linked.md",
      "---\ntitle: C# 与 <b>标签</b>\nevent: 事件的说明。\nlink: https://news.example/a b?x=1&y=2\nsource: 甲报\n---\n\n正文。\n",
    );
    preview.write("content/articles/2026-10-05-own.md", "---\ntitle: 没有链接的一篇\n---\n\n正文。\n");
    preview.write(
      "newsprint.yaml",
      "title: 预览日报\nbase_url: https://example.org/my-digest/\noutputs: {editions: [wechat]}\n",
    );
    const page = await newPage(browser, t);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: preview.origin });
    const address = new URL("2026/10/05/wechat.html", preview.url).href;
    const until = Date.now() + 20_000;
    while (!(await page.request.get(address)).ok() && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await page.goto(address);
    return { preview, page };
  }

  /** Pastes the clipboard into an editor on a page of the preview and returns its element. */
  async function paste(page) {
    await page.evaluate(() => {
      document.body.innerHTML = "";
      const editor = document.createElement("div");
      editor.id = "editor";
      editor.contentEditable = "true";
      document.body.append(editor);
      editor.focus();
    });
    await page.keyboard.press("ControlOrMeta+V");
    await page.waitForFunction(() => document.querySelector("#editor").textContent.trim() !== "");
    return page.locator("#editor");
  }

  test("a pasted article has numbered notes and its styles, and no links, classes or ids", async (t) => {
    const { page } = await open(t);
    await page.getByRole("button", { name: "Copy article" }).click();
    await page.getByRole("status").getByText("✓").waitFor();
    const editor = await paste(page);
    const text = await editor.innerText();
    for (const part of ["C# 与 <b>标签</b>", "事件的说明。", "没有链接的一篇", "甲报"]) assert.ok(text.includes(part), `${part} in ${text}`);
    assert.match(text, /\[1\][\s\S]*\[2\][\s\S]*\[1\] C# 与 <b>标签<\/b> https:\/\/news\.example\/a%20b\?x=1&y=2[\s\S]*\[2\] 没有链接的一篇 https:\/\/example\.org/);
    const found = await editor.evaluate((node) => ({
      links: node.querySelectorAll("a, script, style, img").length,
      marked: node.querySelectorAll("[class]:not(.Apple-interchange-newline), [id]").length,
      sections: node.querySelectorAll("section").length,
      bold: [...node.querySelectorAll("p")].filter((p) => p.style.fontWeight === "bold").length,
    }));
    assert.equal(found.links + found.marked, 0, JSON.stringify(found));
    assert.ok(found.sections >= 3 && found.bold >= 3, JSON.stringify(found));
  });

  test("the article is also copied as text, and title and summary by themselves", async (t) => {
    const { page } = await open(t);
    const copied = async (name) => {
      await page.getByRole("button", { name }).click();
      // Not the status of the copy before.
      await page.getByRole("status").getByText(`✓ ${name}`, { exact: true }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    assert.match(await copied("Copy as text"), /没有链接的一篇[\s\S]*\[2\] 没有链接的一篇/);
    assert.equal(await copied("Copy title"), "预览日报 · 2026年10月5日 星期一");
    assert.match(await copied("Copy summary"), /没有链接的一篇/);
  });

  test("the built file has neither the bar nor a script", async (t) => {
    const { preview, page } = await open(t);
    const served = await (await page.request.get(page.url())).text();
    assert.ok(served.includes("/.newsprint/copy.js"));
    const other = await (await page.request.get(new URL("2026/10/05/", preview.url).href)).text();
    assert.ok(!other.includes("copy.js"));
    const template = readFileSync(new URL("../../templates/editions/wechat.html", import.meta.url), "utf8");
    assert.ok(!/<script|copy\.js/.test(template));
  });
});
