// Requests are for pages of this site only.
import { LIMITS, isKept, isTerm, itemsOf, keep, kept, load, refresh, rename, say, terms } from "./newsprint-more.js";

const { base, make, button, read: stored, write, mark, termToggles } = window.newsprint;
const room = document.querySelector(".mine");
const [
  news, saved, ofTerms, take, remove, file, readFile, address, clear, clearSure, opml, withoutFeed, gone, failed, offer,
  doImport, refused, imported, quiet,
] = room.dataset.words.split("|");

const MAX_NEWS = 100;
const MAX_TERMS = 50;
const AT_A_TIME = 6;
const MAX_BYTES = 1_000_000;

const line = (textContent, className = "") => make("p", { textContent, className });
const comma = document.documentElement.lang.startsWith("zh") ? "、" : ", ";
const naming = (text, names) => (names.length ? [line(text.replace("{names}", () => names.join(comma)))] : []);
const linkTo = ({ path, title }) => make("a", { href: path, textContent: title });
const section = (className, heading) => make("section", { className }, make("h2", { textContent: heading }));
const followed = () => terms().filter(([, { as }]) => as === "follow").slice(0, MAX_TERMS);
const dayOf = ({ date }) => (date ?? "").slice(0, 10);

/** A day as on other pages. */
const timeOf = (day) => {
  const at = new Date(`${day}T12:00`);
  if (Number.isNaN(at.getTime())) return "";
  const form = (options) => new Intl.DateTimeFormat(document.documentElement.lang, options).format(at);
  const [year, date, weekday] = [{ year: "numeric" }, { month: "long", day: "numeric" }, { weekday: "long" }].map(form);
  const span = (textContent) => make("span", { className: "year", textContent });
  const parts = year.endsWith("年") ? [span(year), `${date} ${weekday}`] : [`${weekday}, ${date}`, span(` ${year}`)];
  return make("time", { dateTime: day }, ...parts);
};

/** The pages of the followed terms. Renames renamed terms. */
const readTerms = async () => {
  const queue = followed();
  const found = [];
  const work = async () => {
    while (queue.length) {
      const [path, { name }] = queue.shift();
      const term = { name, path, ...(await load(path).catch(() => {})) };
      if (term.path !== path) rename(path, term.path);
      found.push(term);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return found;
};

/** Articles of followed terms by day, the newest first, without those of hidden terms. */
const showNews = (read, room) => {
  const found = new Map();
  for (const item of read.flatMap(({ page }) => (page ? itemsOf(page.querySelector("main") ?? page) : []))) {
    if (dayOf(item)) found.set(item.path, item);
  }
  const concealed = terms().flatMap(([path, { as }]) => (as === "hide" ? (stored("hidden")[path]?.paths ?? []) : []));
  for (const path of concealed) found.delete(path);
  const key = ({ date }) => Date.parse(date.length > 10 ? date : `${date}T00:00`);
  const all = [...found.values()].sort((a, b) => dayOf(b).localeCompare(dayOf(a)) || key(b) - key(a));
  let last;
  for (const item of all.slice(0, MAX_NEWS)) {
    const day = dayOf(item);
    if (last?.day !== day) {
      last = { day, list: make("ul", { className: "titles" }) };
      const heading = make("h2", {}, timeOf(day));
      room.append(make("section", { className: "day" }, heading, last.list));
    }
    const source = item.link.parentElement.closest(".card, li").querySelector(".source")?.textContent ?? "";
    last.list.append(make("li", {}, linkTo(item), " ", make("span", { className: "source", textContent: source })));
  }
  const named = (is) => read.filter(is).map(({ name }) => name);
  room.append(...naming(gone, named((term) => term.gone)), ...naming(failed, named((term) => !term.page && !term.gone)));
  if (!all.length) room.append(line(quiet));
  mark();
};

const showSaved = () => {
  const list = make("ul", { className: "kept" });
  for (const item of kept()) {
    const away = button(remove, () => {
      keep(item, false);
      row.remove();
    });
    away.ariaLabel = `${remove} ${item.title}`;
    const row = make("li", {}, linkTo(item), " ", item.date ? timeOf(dayOf(item)) : "", away);
    list.append(row);
  }
  const shown = section("saved", saved);
  shown.append(list);
  return list.firstChild ? [shown] : [];
};

const showTerms = () => {
  const list = make("ul", { className: "kept" });
  for (const [path, { name }] of terms()) {
    list.append(make("li", {}, linkTo({ path, title: name }), ...termToggles(path, name)));
  }
  const shown = section("followed", ofTerms);
  shown.append(list);
  return list.firstChild ? [shown] : [];
};

const exported = () => JSON.stringify({ newsprint: 1, terms: Object.fromEntries(terms()), saved: kept() });

const download = (name, type, text) => {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

/** The contents of an export of this site; undefined for any other text. */
const parse = (text) => {
  try {
    const { newsprint, terms, saved } = JSON.parse(text);
    const all = Object.entries(terms);
    const fits = text.length <= MAX_BYTES && all.length <= LIMITS.terms && saved.length <= LIMITS.saved;
    const isWhole = newsprint === 1 && Array.isArray(saved) && !Array.isArray(terms);
    if (fits && isWhole && all.every(isTerm) && saved.every(isKept)) return { all, saved };
  } catch {}
};

const propose = (text) => {
  document.querySelector(".offer")?.remove();
  const shown = make("section", { className: "offer" });
  room.before(shown);
  shown.tabIndex = -1;
  const held = parse(text);
  if (!held) return shown.focus(shown.append(line(refused)));
  const { all, saved: keptOnes } = held;
  const [, , , , , follow, , hide] = window.newsprint.words;
  const group = (word, names) => (names.length ? [`${word} ${names.map((name) => `“${name}”`).join(comma)}`] : []);
  const named = (as) => all.filter(([, term]) => term.as === as).map(([, { name }]) => name);
  const titles = keptOnes.map(({ title }) => title);
  const names = [...group(follow, named("follow")), ...group(hide, named("hide")), ...group(saved, titles)];
  const counted = offer.replace("{terms}", all.length).replace("{articles}", keptOnes.length);
  const accept = () => {
    const otherTerms = terms().filter(([path]) => !all.some(([other]) => other === path));
    const otherSaved = kept().filter(({ path }) => !keptOnes.some((item) => item.path === path));
    // Own entries first: none is dropped.
    write("terms", Object.fromEntries([...otherTerms, ...all].slice(0, LIMITS.terms)));
    write("saved", [...otherSaved, ...keptOnes].slice(0, LIMITS.saved));
    history.replaceState(null, "", location.pathname);
    shown.remove();
    refresh();
    show();
    say(imported);
    room.tabIndex = -1;
    room.focus();
  };
  shown.append(...naming(counted, names.length ? names : ["–"]), button(doImport, accept));
  shown.focus();
};

const toAddress = (text) => {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
const fromAddress = (coded) => {
  try {
    const bytes = atob(coded.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return "";
  }
};

/** OPML 2.0 */
const saveOutline = (read, room) => {
  const made = document.implementation.createDocument(null, "opml");
  const add = (parent, name, attributes = {}) => {
    const element = parent.appendChild(made.createElementNS(null, name));
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  made.documentElement.setAttribute("version", "2.0");
  add(add(made.documentElement, "head"), "title").textContent = document.title;
  const body = add(made.documentElement, "body");
  const missing = [];
  for (const { page, path, name } of read.filter(({ page }) => page)) {
    // Every page names the feed of the whole site, too.
    const feeds = [...page.querySelectorAll('link[rel="alternate"][type="application/atom+xml"]')];
    const feed = feeds.map((link) => new URL(link.getAttribute("href"), location)).find((url) => url.pathname.startsWith(path));
    const more = { xmlUrl: feed, htmlUrl: new URL(path, location) };
    if (feed) add(body, "outline", { type: "rss", text: name, title: name, ...more });
    else missing.push(name);
  }
  room.querySelector(".missing")?.remove();
  room.append(make("div", { className: "missing" }, ...naming(withoutFeed, missing)));
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(made)}\n`;
  if (body.firstChild) download("feeds.opml", "text/x-opml", text);
};

const showTake = (read) => {
  const shown = section("take", take);
  const chosen = make("input", { type: "file", accept: ".json,application/json", ariaLabel: readFile, hidden: true });
  chosen.addEventListener("change", async () => {
    const [given] = chosen.files;
    if (given) propose(given.size <= MAX_BYTES ? await given.text() : "");
    chosen.value = "";
  });
  const copy = () => {
    const field = make("input", { readOnly: true, ariaLabel: address, value: `${location.origin}${location.pathname}#import=${toAddress(exported())}` });
    shown.querySelector("input[readonly]")?.remove();
    shown.append(field);
    field.select();
    navigator.clipboard?.writeText(field.value).then(() => say(window.newsprint.words[17]), () => {});
  };
  const forget = () => {
    if (!confirm(clearSure)) return;
    for (const name of ["theme", "keys", "view", "terms", "saved", "hidden", "visit", "shown"]) {
      window.newsprint.remember(name, "");
      try {
        localStorage.removeItem(`newsprint:${base}${name}`);
      } catch {}
    }
    show();
  };
  const buttons = [
    button(file, () => download("newsprint.json", "application/json", exported())),
    button(readFile, () => chosen.click()),
    button(address, copy),
    button(opml, () => saveOutline(read(), shown)),
    button(clear, forget),
  ];
  shown.append(make("p", { className: "acts" }, ...buttons), chosen);
  return shown;
};

/** The rest waits for the news above it, so that nothing moves. */
const show = async () => {
  const isEmpty = !terms().length && !kept().length;
  document.querySelector(".unfollowed").hidden = !isEmpty;
  room.replaceChildren();
  let read = [];
  if (followed().length) {
    const latest = section("news", news);
    room.append(latest);
    const reading = readTerms().then((found) => {
      read = found;
      showNews(found, latest);
    });
    await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 2000))]);
  }
  room.append(...showSaved(), ...showTerms(), showTake(() => read));
};

const offered = () => {
  const coded = location.hash.match(/^#import=(.+)/s)?.[1];
  if (coded) propose(coded.length <= 1.5 * MAX_BYTES ? fromAddress(coded) : "");
};
addEventListener("hashchange", offered);
addEventListener("pageshow", (event) => event.persisted && show());
offered();
show();
