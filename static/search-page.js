// What readers see of a search: the field, the results as they type, what narrows them down, and an address for all of it.
import { open, standsAt } from "./search.js";

const room = document.querySelector(".found");
const { folder, base, bodies, ...words } = room.dataset;
const field = document.querySelector("form.search input");
const PAGE = 10, NEAR = 60, PAUSE = 120;
const fill = (text, n) => text.replace("{n}", n);
const make = (name, properties = {}, ...inside) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
};
const address = (path) => base + path.split("/").map(encodeURIComponent).join("/");

// Elements within a line; see src/search/html.rs.
const INLINE = /^(a|abbr|b|cite|code|del|em|i|img|ins|kbd|mark|q|s|small|span|strong|sub|sup|time|u|var)$/i;
// The text of an element, with U+2029 where a block begins or ends.
const textOf = (element) =>
  [...element.childNodes]
    .map((node) => {
      if (node.nodeType === 3) return node.data;
      if (node.nodeType !== 1) return "";
      return INLINE.test(node.tagName) ? textOf(node) : `\u2029${textOf(node)}\u2029`;
    })
    .join("");

const fetched = async (name, fresh) => {
  const cache = fresh === "again" ? "reload" : fresh ? "no-cache" : "default";
  const response = await fetch(folder + name, { cache });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};
const bodyOf = async ({ path }) => {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(path);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return textOf(page.querySelector(".text") ?? page.querySelector("main") ?? page.body);
};
let engine;
const opened = (again) => {
  if (again || !engine) {
    engine = open(again ? (name) => fetched(name, "again") : fetched, bodyOf);
    engine.catch(() => (engine = undefined));
  }
  return engine;
};

// The address is all that a search is.
const state = () => new URLSearchParams(location.search);
const go = (changes, way = "pushState") => {
  const next = state();
  for (const [key, value] of Object.entries(changes)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  const query = next.toString();
  if (query !== state().toString()) history[way](null, "", query ? `?${query}` : location.pathname);
  show();
};

// A text with what was found in it marked; a long one only around the first mark.
const marked = (engine, text, runs, near) => {
  const units = engine.unitsOf(text);
  const spans = runs.flatMap((run) => standsAt(run, units).map(([a, b]) => [units[a].start, units[b].end]));
  spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  if (near && !spans.length) return [];
  let [at, end] = [0, text.length];
  if (near) {
    at = Math.max(text.lastIndexOf("\u2029", spans[0][0]) + 1, spans[0][0] - near / 2);
    end = at + near * 2;
  }
  const clean = (from, to) => [...text.slice(from, to)].join("").replace(/[\s\u2029]+/gu, " ");
  const parts = [at > 0 && text[at - 1] !== "\u2029" ? "…" : ""];
  for (const [from, to] of spans) {
    if (from < at || to > end) continue;
    parts.push(clean(at, from), make("mark", {}, text.slice(from, to)));
    at = to;
  }
  parts.push(clean(at, end), end < text.length ? "…" : "");
  return parts;
};

const item = (engine, article, number, runs) => {
  const { title, lang, path, event = "", source, date } = article;
  const seen = `${title}\u2029${event}`;
  const summary = make("p", { className: "summary" }, ...marked(engine, event, runs));
  const card = make(
    "article",
    { className: "card" },
    make("h3", lang ? { lang } : {}, make("a", { href: address(path) }, ...marked(engine, title, runs))),
    summary,
    make("p", { className: "byline" }, ...(source ? [make("span", { className: "source" }, source)] : []), date ? make("time", { dateTime: date }, date.slice(0, 10)) : words.undated),
  );
  const units = engine.unitsOf(seen);
  const hidden = runs.filter((run) => !standsAt(run, units).length);
  if (bodies && hidden.length) {
    engine.textOf(number).then((text) => {
      const excerpt = marked(engine, text, hidden, NEAR);
      if (excerpt.length) summary.after(make("p", { className: "summary excerpt" }, ...excerpt));
    }, () => {});
  }
  return card;
};

const status = make("p", { className: "facts", role: "status" });
const list = make("div", { className: "results" });
const more = make("button", { type: "button", className: "more", hidden: true });
const narrow = make("div", { className: "narrow" });
room.append(status, narrow, list, more);

const dayOf = (text) => (/^\d{4}-\d\d-\d\d$/.test(text ?? "") ? Date.parse(text) / 86400000 : NaN);
// Which articles the dates allow: numbers go by days, and articles without a date come before all days.
const span = ({ days, undated, articles }, from, to) => {
  const [first, last] = [dayOf(from), dayOf(to)];
  if (isNaN(first) && isNaN(last)) return [0, articles];
  const before = (day) => days.findLast(([at]) => at < day)?.[1] ?? undated;
  return [isNaN(first) ? undated : before(first), isNaN(last) ? articles : before(last + 1)];
};

const narrower = (facets, found, now) => {
  const active = document.activeElement?.dataset?.key;
  const groups = facets.map(({ parameter, title, terms }) => {
    const chosen = now.get(parameter);
    const counted = terms.map((term) => ({ ...term, count: term.articles.reduce((n, article) => n + found.has(article), 0) }));
    const shown = counted.filter(({ count, slug }) => count || slug === chosen).sort((a, b) => (b.slug === chosen) - (a.slug === chosen) || b.count - a.count).slice(0, 8);
    const buttons = shown.map(({ name, slug, count }) => {
      const pressed = slug === chosen;
      const button = make("button", { type: "button", ariaPressed: `${pressed}` }, `${name} `, make("span", { className: "count" }, `${count}`));
      button.dataset.key = `${parameter} ${slug}`;
      button.onclick = () => go({ [parameter]: pressed ? "" : slug });
      return make("li", {}, button);
    });
    return shown.length ? [make("section", {}, make("h2", {}, title), make("ul", {}, ...buttons))] : [];
  });
  const input = (name, label) => {
    const date = make("input", { type: "date", value: now.get(name) ?? "" });
    date.dataset.key = name;
    date.onchange = () => go({ [name]: date.value });
    return make("label", {}, `${label} `, date);
  };
  const order = make("select", {}, ...[["", words.byRelevance], ["date", words.byDate]].map(([value, text]) => make("option", { value, selected: (now.get("sort") ?? "") === value }, text)));
  order.dataset.key = "sort";
  order.onchange = () => go({ sort: order.value });
  const names = ["from", "to", "sort", ...facets.map(({ parameter }) => parameter)];
  const clear = make("button", { type: "button", hidden: !names.some((name) => now.has(name)) }, words.clear);
  clear.onclick = () => go(Object.fromEntries(names.map((name) => [name, ""])));
  const open = narrow.querySelector("details")?.open ?? matchMedia("(min-width: 60rem)").matches;
  const inside = [...groups.flat(), make("div", { className: "dates" }, input("from", words.from), input("to", words.to), clear)];
  narrow.replaceChildren(
    make("label", { className: "order" }, `${words.order} `, order),
    make("details", { open }, make("summary", {}, words.filters), ...inside),
  );
  if (active) narrow.querySelector(`[data-key="${CSS.escape(active)}"]`)?.focus();
};

// What may have been meant: terms that share most pairs of letters with what was typed.
const nearest = async (engine, query) => {
  const terms = JSON.parse(new TextDecoder().decode(await fetched("terms.json", true)));
  const pairs = (text) => new Set([...text].slice(1).map((c, i) => [...text][i] + c));
  const folded = (units) => units.map(({ text }) => text).join("");
  const typed = pairs(folded(query.wanted.flat()));
  const alike = terms.map(([name, path]) => {
    const term = pairs(folded(engine.unitsOf(name)));
    return { name, path, alike: (2 * [...typed].filter((pair) => term.has(pair)).length) / (typed.size + term.size || 1) };
  });
  return alike.filter(({ alike }) => alike > 0.3).sort((a, b) => b.alike - a.alike).slice(0, 5);
};
const help = async (engine, query, counts) => {
  const lines = [];
  if (counts.length > 1 && counts.some(Boolean)) {
    const links = query.wanted.flatMap((run, i) => {
      const link = make("a", { href: `?q=${encodeURIComponent(run.written)}` }, run.written);
      return [" ", make("span", { className: "pair" }, link, " ", make("span", { className: "count" }, `${counts[i]}`))];
    });
    lines.push(make("p", {}, words.counts, ...links));
  }
  const terms = await nearest(engine, query);
  if (terms.length) lines.push(make("p", {}, words.nearest, ...terms.flatMap(({ name, path }) => [" ", make("a", { className: "term", href: address(path) }, name)])));
  return lines;
};

let turn = 0;
const show = async (again = false) => {
  const mine = ++turn;
  const stale = () => mine !== turn;
  const now = state();
  const typed = now.get("q") ?? "";
  if (field.value.trim() !== typed && document.activeElement !== field) field.value = typed;
  try {
    const words_ = [...now.keys()].filter((key) => now.get(key)).length;
    if (!words_) {
      status.textContent = words.hint;
      for (const part of [list, narrow]) part.replaceChildren();
      more.hidden = true;
      return;
    }
    const late = setTimeout(() => !stale() && (status.textContent = words.busy), 400);
    const engine = await opened(again).finally(() => clearTimeout(late));
    const query = engine.parse(typed);
    const asked = query.wanted.length + query.unwanted.length > 0;
    const [{ matches, counts }, facets] = await Promise.all([asked ? engine.find(query) : { matches: Array.from({ length: engine.articles }, (_, i) => [engine.articles - 1 - i, 0]), counts: [] }, engine.facets()]);
    if (stale()) return;
    const [first, end] = span(engine, now.get("from"), now.get("to"));
    const chosen = facets.filter(({ parameter }) => now.has(parameter)).map(({ parameter, terms }) => new Set(terms.find(({ slug }) => slug === now.get(parameter))?.articles));
    const kept = asked || !typed.trim() ? matches.map(([number]) => number).filter((number) => number >= first && number < end && chosen.every((articles) => articles.has(number))) : [];
    if (now.get("sort") === "date") kept.sort((a, b) => b - a);
    const lines = kept.length ? [] : await help(engine, query, counts);
    let shown = 0;
    const next = async () => {
      const part = kept.slice(shown, shown + PAGE);
      const articles = await Promise.all(part.map((number) => engine.articleOf(number)));
      if (stale()) return;
      const cards = articles.map((article, i) => item(engine, article, part[i], query.wanted));
      if (shown) list.append(...cards);
      else list.replaceChildren(...(kept.length ? cards : lines));
      if (shown) cards[0]?.querySelector("a").focus();
      shown += part.length;
      more.hidden = shown >= kept.length;
      more.textContent = fill(words.more, Math.min(PAGE, kept.length - shown));
    };
    await next();
    if (stale()) return;
    more.onclick = () => next().catch(failed);
    narrower(facets, new Set(kept), now);
    status.textContent = kept.length ? fill(words.results, kept.length) : words.none;
  } catch (error) {
    if (stale()) return;
    // A new build may have come between two requests: once more, from the beginning.
    if (!again) show(true);
    else failed(error);
  }
};
const failed = (error) => {
  console.warn(error);
  status.textContent = words.failed;
  list.replaceChildren();
  more.hidden = true;
};

let pause;
const type = () => {
  clearTimeout(pause);
  pause = setTimeout(() => go({ q: field.value.trim() }, "replaceState"), PAUSE);
};
// While an input method composes, what is typed is not yet what is meant.
field.addEventListener("input", (event) => event.isComposing || type());
field.addEventListener("compositionend", type);
field.addEventListener("focus", () => opened().catch(() => {}), { once: true });
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  go({ q: field.value.trim() }, "replaceState");
});
addEventListener("popstate", () => {
  field.value = state().get("q") ?? "";
  show();
});
field.value = state().get("q") ?? "";
if (!field.value) field.focus();
show();
