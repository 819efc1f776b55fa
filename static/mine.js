// Requests are for pages of this site only.
import { itemsOf, keep, kept, load, rename, terms } from "./newsprint-own.js";

const { key, make, button, read: stored, write, mark, termToggles } = window.newsprint;
const room = document.querySelector(".mine");
const words = room.dataset.words.split("|");
const [news, saved, ofTerms, take, remove, file, readFile, address, clear, clearSure, opml, gone, failed, quiet] = words;

const MAX_NEWS = 100;
const MAX_TERMS = 50;
const AT_A_TIME = 6;

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

/** Loads what the buttons of the last section do, and does it. */
const act = (name, ...given) =>
  import("./mine-file.js").then((all) => all[name]({ words: words.slice(14), naming, show, room }, ...given));

const forget = () => {
  if (!confirm(clearSure)) return;
  for (const name of ["theme", "keys", "view", "terms", "saved", "hidden", "visit", "shown"]) {
    window.newsprint.remember(name, "");
    try {
      localStorage.removeItem(key(name));
    } catch {}
  }
  show();
};

const showTake = (read) => {
  const shown = section("take", take);
  const chosen = make("input", { type: "file", accept: ".json,application/json", ariaLabel: readFile, hidden: true });
  chosen.addEventListener("change", async () => {
    const [given] = chosen.files;
    if (given) await act("readFile", given);
    chosen.value = "";
  });
  const buttons = [
    button(file, () => act("saveFile")),
    button(readFile, () => chosen.click()),
    button(address, () => act("copyAddress", shown, address)),
    button(opml, () => act("saveOutline", read(), shown)),
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
  if (coded) act("readAddress", coded);
};
addEventListener("hashchange", offered);
addEventListener("pageshow", (event) => event.persisted && show());
offered();
show();
