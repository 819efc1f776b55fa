// What mine.js loads when the reader exports or imports the own view. Each function gets first what
// mine.js has: `{ words, naming, show, room }`.
import { LIMITS, isKept, isTerm, kept, refresh, say, terms } from "./newsprint-own.js";

const { make, button, write, words: own } = window.newsprint;
const MAX_BYTES = 1_000_000;
const comma = document.documentElement.lang.startsWith("zh") ? "、" : ", ";

const exported = () => JSON.stringify({ newsprint: 1, terms: Object.fromEntries(terms()), saved: kept() });

const download = (name, type, text) => {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

/** Saves an export as a file. */
export const saveFile = () => download("newsprint.json", "application/json", exported());

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

/** Shows the contents of an export and a button that imports them. */
const propose = ({ words, naming, show, room }, text) => {
  const [, offer, doImport, refused, imported, saved] = words;
  document.querySelector(".offer")?.remove();
  const shown = make("section", { className: "offer" });
  room.before(shown);
  shown.tabIndex = -1;
  const held = parse(text);
  if (!held) return shown.focus(shown.append(make("p", { textContent: refused })));
  const { all, saved: keptOnes } = held;
  const [, , , , , follow, , hide] = own;
  const group = (word, names) => (names.length ? [`${word} ${names.map((name) => `“${name}”`).join(comma)}`] : []);
  const named = (as) => all.filter(([, term]) => term.as === as).map(([, { name }]) => name);
  const titles = keptOnes.map(({ title }) => title);
  const names = [...group(follow, named("follow")), ...group(hide, named("hide")), ...group(saved, titles)];
  const counted = offer.replace("{terms}", all.length).replace("{articles}", keptOnes.length);
  const accept = () => {
    const otherTerms = terms().filter(([path]) => !all.some(([other]) => other === path));
    const otherSaved = kept().filter(({ path }) => !keptOnes.some((item) => item.path === path));
    // Own entries first: none is dropped.
    const isStored = [
      write("terms", Object.fromEntries([...otherTerms, ...all].slice(0, LIMITS.terms))),
      write("saved", [...otherSaved, ...keptOnes].slice(0, LIMITS.saved)),
    ].every(Boolean);
    history.replaceState(null, "", location.pathname);
    shown.remove();
    refresh();
    show();
    say(isStored ? imported : own[18]);
    room.tabIndex = -1;
    room.focus();
  };
  shown.append(...naming(counted, names.length ? names : ["–"]), button(doImport, accept));
  shown.focus();
};

/** Offers to import a file. */
export const readFile = async (mine, given) => propose(mine, given.size <= MAX_BYTES ? await given.text() : "");

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

/** Offers to import the part of an address after `#import=`. */
export const readAddress = (mine, coded) =>
  propose(mine, coded.length <= 1.5 * MAX_BYTES ? fromAddress(coded) : "");

/** Shows an address that holds an export, and copies it. */
export const copyAddress = (mine, room, label) => {
  const value = `${location.origin}${location.pathname}#import=${toAddress(exported())}`;
  const field = make("input", { readOnly: true, ariaLabel: label, value });
  room.querySelector("input[readonly]")?.remove();
  room.append(field);
  field.select();
  navigator.clipboard?.writeText(value).then(() => say(own[19]), () => {});
};

/** OPML 2.0 */
export const saveOutline = ({ words: [withoutFeed], naming }, read, room) => {
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
