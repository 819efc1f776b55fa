// The search page: field, results while the reader types, filters, and an address for each search.
import { open, standsAt } from "./search.js";

const room = document.querySelector(".found");
const { folder, base, bodies, ...words } = room.dataset;
const field = document.querySelector("form.search input");
const start = document.querySelector(".start");
const PAGE = 10, NEAR = 60, PAUSE = 150;
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
// The text of an element, with U+2029 at the beginning and end of blocks.
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
// `no-cache`: an outdated page in the browser's cache would not match the index.
const bodyOf = async ({ path }) => {
  const response = await fetch(address(path), { cache: "no-cache" });
  if (!response.ok) throw new Error(path);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const body = page.querySelector("[data-search]") ?? page.querySelector("main");
  if (!body) throw new Error(`${path} is no article`);
  return textOf(body);
};
let engine, since;
// A page that stays open looks for a new build at most once a minute.
const opened = (again) => {
  if (again || !engine || Date.now() - since > 60_000) {
    since = Date.now();
    engine = open(again ? (name) => fetched(name, "again") : fetched, bodyOf);
    engine.catch(() => (engine = undefined));
  }
  return engine;
};

// The address contains the whole search. Text that is typed without a pause is one history entry.
const state = () => new URLSearchParams(location.search);
let typing = false;
const go = (changes, way = "pushState", goesOn = false) => {
  const next = state();
  for (const [key, value] of Object.entries(changes)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  const query = next.toString();
  if (query !== state().toString()) history[way](null, "", query ? `?${query}` : location.pathname);
  typing = goesOn;
  show();
};

// A text with its matches marked; with `near`, an excerpt around the first match.
const marked = (engine, text, runs, near) => {
  const units = engine.unitsOf(text);
  const spans = runs.flatMap((run) => standsAt(run, units).map(([a, b]) => [units[a].start, units[b].end]));
  spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  if (near && !spans.length) return [];
  let [at, end] = [0, text.length];
  if (near) {
    at = Math.max(text.lastIndexOf("\u2029", spans[0][0]) + 1, spans[0][0] - near / 2);
    end = Math.min(end, at + near * 2);
  }
  const clean = (from, to) => text.slice(from, to).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "").replace(/\s*\u2029[\s\u2029]*/g, " · ").replace(/\s+/g, " ");
  const parts = [near && at > 0 && text[at - 1] !== "\u2029" ? "…" : ""];
  for (const [from, to] of spans) {
    if (from < at || to > end) continue;
    parts.push(clean(at, from), make("mark", {}, text.slice(from, to)));
    at = to;
  }
  parts.push(clean(at, end), end < text.length ? "…" : "");
  return parts;
};

// A day as the site's pages write it: its year can be hidden.
const timeOf = (date) => {
  const [year, month, day] = date.slice(0, 10).split("-").map(Number);
  const { lang } = document.documentElement;
  const own = (text) => make("span", { className: "year" }, text);
  if (lang.startsWith("zh")) return make("time", { dateTime: date }, own(`${year}年`), `${month}月${day}日`);
  const name = new Date(Date.UTC(2000, month - 1)).toLocaleDateString(lang, { month: "short", timeZone: "UTC" });
  return make("time", { dateTime: date }, `${day} ${name}`, own(` ${year}`));
};

const item = (engine, article, number, runs) => {
  const { title, lang, path, event = "", source = "", label, date, terms = [] } = article;
  const within = (text) => {
    const units = engine.unitsOf(text);
    return (run) => standsAt(run, units).length > 0;
  };
  const summary = make("p", { className: "summary" }, ...marked(engine, event, runs));
  const met = terms.filter((term) => runs.some(within(term)));
  const card = make(
    "article",
    { className: "card" },
    make("h3", lang ? { lang } : {}, make("a", { href: address(path) }, ...marked(engine, title, runs))),
    summary,
    make(
      "p",
      { className: "byline" },
      ...(source || label ? [make("span", { className: "source" }, ...marked(engine, source, runs), ...(label ? [" ", make("span", { className: "ai" }, label)] : []))] : []),
      date ? timeOf(date) : make("span", {}, words.undated),
      ...met.map((term) => make("span", { className: "term" }, ...marked(engine, term, runs))),
    ),
  );
  const seen = within(`${title}\u2029${event}`);
  const hidden = runs.filter((run) => !seen(run));
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
const order = make("select", {}, make("option", { value: "" }, words.byRelevance), make("option", { value: "date" }, words.byDate));
const [from, to] = [0, 1].map(() => make("input", { type: "date" }));
const facetRoom = make("div");
const clear = make("button", { type: "button", className: "clear" }, words.clear);
const summary = make("summary");
const dates = make("div", { className: "dates" }, make("label", {}, `${words.from} `, from), make("label", {}, `${words.to} `, to));
const filters = make("details", { open: matchMedia("(min-width: 60rem)").matches }, summary, facetRoom, dates, clear);
const sorting = make("label", { className: "order" }, `${words.order} `, order);
const narrow = make("div", { className: "narrow", hidden: true }, sorting, filters);
room.append(status, narrow, make("section", { ariaLabel: words.heading }, make("h2", { className: "hidden" }, words.heading), list, more));
order.onchange = () => go({ sort: order.value });
from.onchange = () => go({ from: from.value }, "replaceState");
to.onchange = () => go({ to: to.value }, "replaceState");
let parameters = [];
const clearAll = () => {
  go(Object.fromEntries(["from", "to", ...parameters].map((name) => [name, ""])));
  summary.focus();
};
clear.onclick = clearAll;

const dayOf = (text) => {
  const time = Date.parse(`${text}T00:00Z`);
  return !isNaN(time) && new Date(time).toISOString().startsWith(text) ? time / 86400000 : NaN;
};
// The range of article numbers between two dates. Numbers are sorted by day, undated first.
const span = ({ days, undated, articles }, from, to) => {
  const [first, last] = [dayOf(from), dayOf(to)];
  if (isNaN(first) && isNaN(last)) return [0, articles];
  const before = (day) => days.findLast(([at]) => at < day)?.[1] ?? undated;
  return [isNaN(first) ? undated : before(first), isNaN(last) ? articles : before(last + 1)];
};

const narrower = (facets, found, now) => {
  const active = document.activeElement?.dataset?.key;
  const groups = facets.flatMap(({ parameter, title, terms }) => {
    const chosen = now.get(parameter);
    const counted = terms.map((term) => ({ ...term, count: term.articles.reduce((n, article) => n + found.has(article), 0) }));
    if (chosen && !terms.some(({ slug }) => slug === chosen)) counted.push({ name: chosen, slug: chosen, count: 0 });
    const shown = counted.filter(({ count, slug }) => count || slug === chosen).sort((a, b) => (b.slug === chosen) - (a.slug === chosen) || b.count - a.count).slice(0, 8);
    const buttons = shown.map(({ name, slug, count }) => {
      const pressed = slug === chosen;
      const label = `${name}, ${fill(words.results, count)}`;
      const button = make("button", { type: "button", ariaPressed: `${pressed}`, ariaLabel: label }, make("bdi", {}, name), " ", make("span", { className: "count" }, `${count}`));
      button.dataset.key = `${parameter} ${slug}`;
      button.onclick = () => go({ [parameter]: pressed ? "" : slug });
      return make("li", {}, button);
    });
    // A term of all results leaves nothing out.
    const isUseful = chosen || shown.length > 1 || shown[0]?.count < found.size;
    return isUseful && shown.length ? [make("section", {}, make("h2", {}, title), make("ul", {}, ...buttons))] : [];
  });
  facetRoom.replaceChildren(...groups);
  const count = ["from", "to", ...parameters].filter((name) => now.get(name)).length;
  summary.textContent = words.filters + (count ? ` (${count})` : "");
  clear.hidden = !count;
  const many = found.size > 1;
  sorting.hidden = !many;
  dates.hidden = !many && !count && !dates.contains(document.activeElement);
  filters.hidden = dates.hidden && !groups.length;
  order.value = now.get("sort") === "date" ? "date" : "";
  // Not the focused field: while a date is typed, its incomplete year is already a valid one.
  for (const [input, name] of [[from, "from"], [to, "to"]]) if (input !== document.activeElement) input.value = now.get(name) ?? "";
  // Without any result there is nothing to narrow down, but filters that hide all results stay.
  narrow.hidden = !many && !count && filters.hidden;
  if (active) facetRoom.querySelector(`[data-key="${CSS.escape(active)}"]`)?.focus();
};

const folded = (units) => units.map(({ text }) => text).join("");
const searchFor = (text, ...inside) => make("a", { href: `?q=${encodeURIComponent(text)}` }, text, ...inside);
const counted = (text, n) => make("span", { className: "pair" }, searchFor(text), " ", make("span", { className: "count" }, `${n}`));
// Up to five names of terms that share most pairs of characters with the query.
const nearest = async (engine, runs) => {
  const terms = JSON.parse(new TextDecoder().decode(await fetched("terms.json", true)));
  const pairs = (text) => new Set([...text].slice(1).map((c, i) => [...text][i] + c));
  const typed = pairs(folded(runs.flat()));
  const alike = terms.map((name) => {
    const term = folded(engine.unitsOf(name)), own = pairs(term);
    const shared = [...typed].filter((pair) => own.has(pair)).length;
    return { name, alike: runs.some((run) => folded(run) === term) ? 0 : (2 * shared) / (typed.size + own.size || 1) };
  });
  return alike.filter(({ alike }) => alike > 0.4).sort((a, b) => b.alike - a.alike).slice(0, 5);
};
// Separates words that were typed without a space: where the script changes, and between Han
// characters that are adjacent in no article.
const parted = async (engine, run) => {
  const cuts = await Promise.all(
    run.slice(1).map(async (unit, i) => unit.wide !== run[i].wide || (unit.wide && !(await engine.find({ wanted: [run.slice(i, i + 2)], unwanted: [] })).counts[0])),
  );
  return run.map((unit, i) => (i && cuts[i - 1] ? " " : "") + run.written.slice(unit.start - run[0].start, (run[i + 1]?.start ?? unit.end) - run[0].start)).join("").trim();
};
const help = async (engine, { wanted }, counts) => {
  const lines = [];
  const apart = (await Promise.all(wanted.map((run) => parted(engine, run)))).join(" ");
  if (apart !== wanted.map(({ written }) => written).join(" ")) {
    const { matches } = await engine.find(engine.parse(apart));
    if (matches.length) lines.push(make("p", {}, `${words.apart} `, counted(apart, matches.length)));
  }
  if (counts.length > 1 && counts.some(Boolean)) lines.push(make("p", {}, words.counts, ...wanted.flatMap((run, i) => [" ", counted(run.written, counts[i])])));
  const terms = await nearest(engine, wanted);
  if (terms.length) lines.push(make("p", {}, words.nearest, ...terms.flatMap(({ name }) => [" ", make("span", { className: "pair" }, searchFor(name))])));
  const ways = start?.querySelector(".ways")?.cloneNode(true);
  if (ways) lines.push(make("p", {}, words.ways), ways);
  return lines;
};

// Shows the beginning of the empty page, or the place for results.
const begins = (empty) => {
  start?.classList.add("shown");
  if (start) start.hidden = !empty;
  room.hidden = empty;
};

const title = document.title;
let turn = 0;
const show = async (again = false) => {
  const mine = ++turn;
  const stale = () => mine !== turn;
  const now = state();
  const typed = (now.get("q") ?? "").trim();
  document.title = typed ? `${typed} · ${title}` : title;
  list.ariaBusy = true;
  const late = setTimeout(() => !stale() && (status.textContent = words.busy), 400);
  try {
    const nothing = () => {
      begins(true);
      status.textContent = "";
      list.replaceChildren();
      narrow.hidden = more.hidden = true;
    };
    if (![...now].some(([key, value]) => key !== "sort" && value.trim())) return nothing();
    begins(false);
    const engine = await opened(again);
    const [query, facets] = [engine.parse(typed), await engine.facets()];
    if (stale()) return;
    parameters = facets.map(({ parameter }) => parameter);
    const asked = query.wanted.length + query.unwanted.length > 0;
    if (!asked && !["from", "to", ...parameters].some((name) => now.get(name))) return nothing();
    const everything = () => ({ matches: Array.from({ length: engine.articles }, (_, i) => [engine.articles - 1 - i, 0]), counts: [] });
    const { matches, counts } = asked ? await engine.find(query) : everything();
    if (stale()) return;
    const [first, end] = span(engine, now.get("from"), now.get("to"));
    const chosen = facets.filter(({ parameter }) => now.get(parameter)).map(({ parameter, terms }) => new Set(terms.find(({ slug }) => slug === now.get(parameter))?.articles));
    const kept = matches.map(([number]) => number).filter((number) => number >= first && number < end && chosen.every((articles) => articles.has(number)));
    if (now.get("sort") === "date") kept.sort((a, b) => b - a);
    let lines = [];
    if (!kept.length && matches.length) {
      const button = make("button", { type: "button", className: "more" }, words.clear);
      button.onclick = clearAll;
      lines = [button];
    } else if (!kept.length) lines = await help(engine, query, counts);
    let shown = 0;
    const next = async () => {
      const part = kept.slice(shown, shown + PAGE);
      const articles = await Promise.all(part.map((number) => engine.articleOf(number)));
      if (stale()) return;
      const cards = articles.map((article, i) => item(engine, article, part[i], query.wanted));
      if (shown) {
        list.append(...cards);
        cards[0]?.querySelector("a").focus();
      } else list.replaceChildren(...(kept.length ? cards : lines));
      shown += part.length;
      more.hidden = shown >= kept.length;
      more.textContent = fill(words.more, Math.min(PAGE, kept.length - shown));
    };
    await next();
    if (stale()) return;
    more.onclick = () => next().catch(failed);
    narrower(facets, new Set(kept), now);
    status.textContent = kept.length ? fill(words.results, kept.length) : matches.length ? fill(words.noneHere, matches.length) : words.none;
  } catch (error) {
    if (stale()) return;
    // The site may have been replaced between two requests: one retry from the beginning.
    if (again) failed(error);
    else show(true);
  } finally {
    clearTimeout(late);
    if (!stale()) list.ariaBusy = false;
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
  pause = setTimeout(() => go({ q: field.value.trim() }, typing ? "replaceState" : "pushState", true), PAUSE);
};
// While an input method composes, the text is not final.
field.addEventListener("input", (event) => event.isComposing || type());
field.addEventListener("compositionend", type);
field.addEventListener("focus", () => opened().catch(() => {}), { once: true });
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  go({ q: field.value.trim() });
  // Closes the keyboard of a phone, which covers the results.
  if (matchMedia("(pointer: coarse)").matches) field.blur();
});
addEventListener("popstate", () => {
  field.value = state().get("q") ?? "";
  typing = false;
  show();
});
// Text that was typed before this script ran is a search, too.
const typed = state().get("q") ? "" : field.value.trim();
field.value = typed || (state().get("q") ?? "");
if (!field.value) field.focus();
if (typed) go({ q: typed }, "replaceState", true);
else show();
