// What newsprint.js and mine.js load for changes of the reader's own view.
const { base, words, make, read, write, ITEMS, itemOf, conceal, draw } = window.newsprint;
const [, , , , , , followed, , hidden, , saved] = words;
const [undone, unstored, copied] = words.slice(17);

// The most terms and kept articles, and the most characters of a name or title.
export const LIMITS = { terms: 200, saved: 300, text: 500 };

/** Whether this is a text of some length without control characters, which no feed outline can hold. */
export const isText = (value) =>
  typeof value === "string" && value.length <= LIMITS.text && !/[\0-\x1f\x7f]/.test(value);

/** Whether this is the path of a page of this site, as links on its pages have it. */
export const isPath = (path) => {
  try {
    const url = new URL(path, location);
    const isPlain = url.origin === location.origin && url.pathname === path && path.startsWith(base);
    // A host may read %2F as the end of a folder's name.
    return isPlain && path.length <= 2000 && !/\/\/|%2f|%5c/i.test(path);
  } catch {
    return false;
  }
};
export const isTerm = ([path, term]) => isPath(path) && isText(term?.name) && term.name !== "" && ["follow", "hide"].includes(term.as);
export const isKept = (item) => isPath(item?.path) && isText(item.title) && item.title !== "" && isText(item.date ?? "");

/** The followed and hidden terms: pairs of a path and `{ name, as }`. */
export const terms = () => Object.entries(read("terms")).filter(isTerm).slice(0, LIMITS.terms);

/** The kept articles, the last kept first. */
export const kept = () => {
  const all = read("saved");
  return (Array.isArray(all) ? all : []).filter(isKept).slice(0, LIMITS.saved);
};

/** Shows a text for some seconds; screen readers read it aloud. */
export const say = (text) => {
  const told = document.querySelector(".said") ?? document.body.appendChild(make("output", { className: "said" }));
  told.textContent = text;
  setTimeout(() => {
    if (told.textContent === text) told.textContent = "";
  }, 3000);
};

const colon = document.documentElement.lang.startsWith("zh") ? "：" : ": ";

/** Stores a value, draws the page again, and reports what happened to whom. */
const change = (name, value, word, whom) => {
  const isStored = write(name, value);
  draw();
  say(`${isStored ? word : unstored}${colon}${whom}`);
};

/** Follows or hides a term (`as`), or neither. */
export const setTerm = (path, name, as) => {
  if (!isPath(path)) return;
  const others = terms().filter(([other]) => other !== path);
  const all = as ? [[path, { name: name.slice(0, LIMITS.text), as }], ...others] : others;
  // No entry is dropped for a new one.
  if (all.length > LIMITS.terms) return say(`${unstored} (${others.length}/${LIMITS.terms})`);
  change("terms", Object.fromEntries(all), as === "follow" ? followed : as ? hidden : undone, name);
  if (as === "hide") return refresh();
};

/** Keeps an article for later, or no longer. */
export const keep = ({ path, title, date }, on) => {
  if (!isPath(path)) return;
  const others = kept().filter((item) => item.path !== path);
  const all = on ? [{ path, title: title.slice(0, LIMITS.text), date }, ...others] : others;
  if (all.length > LIMITS.saved) return say(`${unstored} (${others.length}/${LIMITS.saved})`);
  change("saved", all, on ? saved : undone, title);
};

/** Copies an address; with a title, shares it. */
export const send = (url, title) =>
  title ? navigator.share({ title, url }) : navigator.clipboard.writeText(url).then(() => say(copied));

/**
 * The page at a path, and its path after at most one redirect, which a renamed term has. Without a
 * page, `gone` says whether it is gone for good.
 */
export const load = async (path, isLast) => {
  const answer = await fetch(path, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) return { path, gone: answer.status === 404 || answer.status === 410 };
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const to = page.querySelector("meta[http-equiv=refresh]")?.content.split("url=")[1];
  if (!to) return { path, page };
  return isPath(to) && !isLast ? load(to, true) : { path, gone: true };
};

/** The articles that a page lists. */
export const itemsOf = (page) =>
  [...page.querySelectorAll(ITEMS)].map(itemOf).filter((item) => item && isPath(item.path));

/** Replaces the path of a renamed term. */
export const rename = (from, to) => {
  const all = terms().map(([path, term]) => [path === from ? to : path, term]);
  write("terms", Object.fromEntries(all));
};

// The most pages of a hidden term's list that are read, and the most articles of it.
const HIDDEN = { pages: 10, articles: 500 };

/** The newest articles of a term, from the pages of its list; undefined if they cannot be read. */
const articlesOf = async (asked) => {
  const paths = [];
  const { path, page } = await load(asked);
  if (!page) return;
  for (let at = page, read = 1; at; read += 1) {
    paths.push(...itemsOf(at).map((item) => item.path));
    const older = at.querySelector(".pages > .older")?.getAttribute("href");
    at = older && isPath(older) && read < HIDDEN.pages ? (await load(older)).page : undefined;
  }
  return { path, paths: [...new Set(paths)].slice(0, HIDDEN.articles) };
};

/** Reads which articles have a hidden term, for each term at most every six hours. */
export const refresh = async () => {
  const now = Date.now();
  const isDue = ([path, { as }]) => as === "hide" && !(Math.abs(now - read("hidden")[path]?.at) < 6 * 3_600_000);
  const update = async ([asked]) => {
    const found = await articlesOf(asked).catch(() => {});
    const { path, paths } = found ?? { path: asked, paths: read("hidden")[asked]?.paths ?? [] };
    if (path !== asked) rename(asked, path);
    const wanted = new Set(terms().map(([path]) => path));
    const others = Object.entries(read("hidden")).filter(([other]) => wanted.has(other) && other !== path);
    write("hidden", Object.fromEntries([...others, [path, { at: now, paths }]]));
    conceal();
  };
  await Promise.all(terms().filter(isDue).map(update));
  conceal();
};
