// The digest with the least templates that do the job in Astro. compare.py copies this folder beside
// the corpus in `digest/`.
import { defineConfig } from "astro/config";

export default defineConfig({
  site: "https://example.org",
  base: "/digest/",
  cacheDir: "./cache",
  trailingSlash: "always",
  devToolbar: { enabled: false },
  // Pages whose `cacheKey` and modules are those of the last build are not rendered again.
  experimental: { incrementalBuild: true },
});
