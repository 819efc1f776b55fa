import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";

const articles = defineCollection({
  loader: glob({
    base: "../digest/content/articles",
    pattern: "**/*.md",
    generateId: ({ entry }) => entry.split("/").pop().replace(/\.md$/, ""),
  }),
});

export const collections = { articles };
