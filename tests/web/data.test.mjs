// The data of the example digest, held against the JSON Schemas that the site publishes; no browser is needed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const root = new URL("../..", import.meta.url).pathname;
let site;
const read = (path) => JSON.parse(readFileSync(join(site, path), "utf8"));

describe("the data of the example digest", () => {
  before(() => {
    site = join(mkdtempSync(join(tmpdir(), "newsprint-data-")), "public");
    execFileSync(process.env.NEWSPRINT ?? join(root, "target/release/newsprint"), ["-r", root, "build", "-o", site], {
      stdio: "ignore",
    });
  });
  after(() => rmSync(join(site, ".."), { recursive: true }));

  const validator = (form) => {
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
    addFormats(ajv);
    return ajv.compile(read(`api/schema/${form}-1.json`));
  };
  const holds = (validate, path) => {
    assert.ok(validate(read(path)), `${path}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  };

  it("lists articles as the schema says", () => {
    const validate = validator("articles");
    holds(validate, "api/articles.json");
    const list = read("api/articles.json");
    assert.equal(list.articles.length, 70);
    assert.ok(list.articles.some((article) => article.date === null), "there is an undated one among them");
    for (const spoil of [
      (article) => delete article.title,
      (article) => (article.url = "not a URL"),
      (article) => (article.terms.keywords = "x"),
      (article) => (article.published = "yesterday"),
    ]) {
      const spoilt = structuredClone(list);
      spoil(spoilt.articles[0]);
      assert.equal(validate(spoilt), false, spoil.toString());
    }
  });

  it("lists the terms of every taxonomy as the schema says", () => {
    const validate = validator("terms");
    const files = readdirSync(join(site, "api/terms"));
    assert.deepEqual(files.sort(), ["ai_technologies.json", "industries.json", "keywords.json"]);
    for (const file of files) holds(validate, `api/terms/${file}`);
    assert.equal(validate({ ...read("api/terms/keywords.json"), terms: [{ name: "" }] }), false);
  });

  it("has a twin of every article as the schema says", () => {
    const validate = validator("article");
    const slugs = readdirSync(join(site, "articles")).filter((name) => name !== "page");
    assert.ok(slugs.length >= 70);
    let twins = 0;
    for (const slug of slugs) {
      const files = readdirSync(join(site, "articles", slug));
      if (!files.includes("index.json")) continue;
      assert.ok(files.includes("index.md"), slug);
      holds(validate, `articles/${slug}/index.json`);
      twins += 1;
    }
    assert.equal(twins, 70);
  });
});
