// Validates the data of the example digest against the JSON Schemas that the site publishes. Needs
// no browser.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { buildInto } from "./site.mjs";

const root = new URL("../..", import.meta.url).pathname;
let site;
const read = (path) => JSON.parse(readFileSync(join(site, path), "utf8"));

describe("the data of the example digest", () => {
  before(async () => {
    site = join(mkdtempSync(join(tmpdir(), "newsprint-data-")), "public");
    await buildInto(root, site);
  });
  after(() => rmSync(join(site, ".."), { recursive: true }));

  const validator = (form) => {
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
    addFormats(ajv);
    return ajv.compile(read(`api/schema/${form}-1.json`));
  };
  const assertValid = (validate, path) => {
    assert.ok(validate(read(path)), `${path}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  };

  it("the article list matches its schema", () => {
    const validate = validator("articles");
    assertValid(validate, "api/articles.json");
    const list = read("api/articles.json");
    assert.equal(list.articles.length, 103);
    assert.ok(list.articles.some((article) => article.date === null), "the list contains no undated article");
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

  it("the term list of every taxonomy matches its schema", () => {
    const validate = validator("terms");
    const files = readdirSync(join(site, "api/terms"));
    assert.deepEqual(files.sort(), ["ai_technologies.json", "industries.json", "keywords.json"]);
    for (const file of files) assertValid(validate, `api/terms/${file}`);
    assert.equal(validate({ ...read("api/terms/keywords.json"), terms: [{ name: "" }] }), false);
  });

  it("the JSON alternate of every article matches its schema", () => {
    const validate = validator("article");
    const slugs = readdirSync(join(site, "articles")).filter((name) => name !== "page");
    assert.ok(slugs.length >= 103);
    let alternates = 0;
    for (const slug of slugs) {
      const files = readdirSync(join(site, "articles", slug));
      if (!files.includes("index.json")) continue;
      assert.ok(files.includes("index.md"), slug);
      assertValid(validate, `articles/${slug}/index.json`);
      alternates += 1;
    }
    assert.equal(alternates, 103);
  });
});
