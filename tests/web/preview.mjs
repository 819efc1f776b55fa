// Starts `newsprint serve` for a new digest in a temporary folder.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findNewsprint } from "./site.mjs";

/**
 * Creates a digest with `init` and `articles` articles, and starts its preview, which is killed at
 * the end of test `t`.
 */
export async function startPreview(t, { articles = 30, baseUrl = "https://example.org/my-digest/" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "newsprint-preview-"));
  const newsprint = findNewsprint();
  const made = spawnSync(newsprint, ["init", folder], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  const path = (name) => join(folder, name);
  const read = (name) => readFileSync(path(name), "utf8");
  const write = (name, text) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  write("newsprint.yaml", `title: 预览日报\nbase_url: ${baseUrl}\n`);
  for (const name of readdirSync(path("content/articles"))) rmSync(path(`content/articles/${name}`));
  for (let n = 1; n <= articles; n += 1) {
    const day = `2026-10-${String(n).padStart(2, "0")}`;
    write(
      `content/articles/${day}-article-${n}.md`,
      `---\ntitle: 第 ${n} 篇\nevent: 第 ${n} 件事\nkeywords: [共同]\n---\n\n${"一段正文。\n\n".repeat(60)}`,
    );
  }
  const child = spawn(newsprint, ["serve", "--root", folder, "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  t.after(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  let printed = "";
  const url = await new Promise((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text) => {
      printed += text;
      const found = /preview at (http:\S+)/.exec(printed);
      if (found) resolve(found[1]);
    });
    child.on("exit", () => reject(new Error(`the preview ended: ${printed}`)));
  });
  return { url, origin: new URL(url).origin, path, read, write, child };
}
