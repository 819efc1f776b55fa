import { TITLE, articles, day, href } from "../digest.mjs";

const escape = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
const ORIGIN = "https://example.org";

export async function GET() {
  const items = (await articles()).slice(0, 20).map(
    (article) => `<item><title>${escape(article.data.title)}</title>
<link>${ORIGIN}${href(`articles/${article.id}/`)}</link>
<guid>${ORIGIN}${href(`articles/${article.id}/`)}</guid>
<pubDate>${new Date(day(article)).toUTCString()}</pubDate>
<description>${escape(article.data.event)}</description></item>
`,
  );
  return new Response(`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>${TITLE}</title><link>${ORIGIN}/digest/</link><description>${TITLE}</description>
${items.join("")}</channel></rss>
`);
}
