// Adds to pages: a switch between light and dark colours, keyboard shortcuts, the reader's own
// view. Everything else works without JavaScript. It loads newsprint-own.js for changes of the view
// and newsprint-more.js for what few pages need.
(() => {
  "use strict";
  const root = document.documentElement;
  const script = document.currentScript;
  const { find } = script.dataset;
  const words = (script.dataset.words ?? "").split("|");
  const [
    toggle, keys, today, yesterday, fresh, follow, followed, hide, hidden, save, saved, share, copy, titles, summaries, hid, show,
  ] = words;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const one = (selector, inside = document) => inside.querySelector(selector);
  const make = (name, properties, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };
  const button = (textContent, act) => make("button", { type: "button", textContent, onclick: act });

  // Sites of one host share their storage: names carry the base path. If it is off or full, values
  // last until the page is left. Text of another shape counts as missing.
  const base = new URL(".", script.src).pathname;
  // What names pages is kept by language, whose home page is below the base path.
  const home = script.dataset.home ?? base;
  const key = (name) => `newsprint:${["theme", "keys", "view"].includes(name) ? base : home}${name}`;
  const unsaved = {};
  const recall = (name) => {
    try {
      return unsaved[name] ?? localStorage.getItem(key(name));
    } catch {}
  };
  const remember = (name, value) => {
    unsaved[name] = value;
    try {
      localStorage.setItem(key(name), value);
      return delete unsaved[name];
    } catch {}
  };
  const read = (name) => {
    try {
      return Object(JSON.parse(recall(name)));
    } catch {
      return {};
    }
  };
  const write = (name, value) => remember(name, JSON.stringify(value));
  const list = (value) => (Array.isArray(value) ? value : []);
  const texts = (value) => list(value).filter((text) => typeof text === "string");

  // Before the first paint, so that nothing flashes.
  const sheet = (rules) => {
    const added = new CSSStyleSheet();
    added.replaceSync(rules);
    document.adoptedStyleSheets.push(added);
    return added;
  };
  const now = Date.now();
  const dayOf = (time) => new Date(time - new Date(time).getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
  const day = dayOf(now);
  const before = dayOf(now - 864e5);
  const name = (day, word) => `.day > h2 time[datetime="${day}"]::before { content: "${word} " }`;
  const dress = (theme) => (/^(light|dark)$/.test(theme) ? (root.dataset.theme = theme) : "");
  dress(recall("theme"));
  const view = (chosen) => (root.dataset.view = chosen === "titles" ? chosen : "");
  view(recall("view"));

  const addSwitch = (title) => {
    const element = button("◐", () => {
      const { theme } = root.dataset;
      const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      remember("theme", dress(dark ? "light" : "dark"));
    });
    one(".masthead .frame")?.append(Object.assign(element, { className: "theme", title, ariaLabel: title }));
  };

  // A visit ends after 30 minutes without a page. New is what is later than the visit before; of
  // articles of its day without a time, those that no page had shown.
  let { at, since } = read("visit");
  let past = texts(read("shown")[0]);
  let shown = texts(read("shown")[1]);
  if (!(at > now - 18e5)) {
    since = at;
    past = [...shown, ...past];
    shown = [];
  }
  since = since > 0 && since <= now ? +since : 0;
  const isNew = (date, path) =>
    since && (date[10] ? Date.parse(date) > since : date > dayOf(since) || (date === dayOf(since) && !past.includes(path)));
  const ITEMS = ".card, .titles > li";
  const itemOf = (item) => {
    const link = item && one("a", item);
    const time = link && (one("time", item) ?? item.closest(".day")?.querySelector("h2 time"));
    return link && { link, path: link.getAttribute("href"), title: link.textContent, date: time?.dateTime ?? "" };
  };
  const mark = () => {
    for (const item of all(ITEMS)) {
      const { link, path, date } = itemOf(item) ?? {};
      if (!date || item.matches(".new")) continue;
      if (isNew(date, path)) {
        item.classList.add("new");
        link.after(make("span", { className: "hidden", textContent: fresh }));
      }
      if (date >= before && !shown.includes(path)) shown.unshift(path);
    }
    write("shown", [past, shown].map((paths) => paths.slice(0, 75)));
  };

  const linksTo = (paths) => `a:is(${paths.map((path) => `[href=${JSON.stringify(path)}]`)})`;
  const keptPaths = () => texts(list(read("saved")).map((item) => item?.path));

  // Marks kept articles in lists.
  let stars = {};
  const star = () => {
    stars.disabled = true;
    const links = linksTo(keptPaths());
    if (save) stars = sheet(`:is(.card > h3, .titles > li) > ${links}::after { content: " ★" / "${saved}"; color: var(--accent) }`);
  };

  // Hides the articles that pages of hidden terms list, except there, and sections without others.
  let veil = {};
  const conceal = () => {
    const lists = read("hidden");
    const paths = Object.entries(read("terms")).flatMap(([path, term]) =>
      term?.as === "hide" && !location.pathname.startsWith(path) ? texts(lists[path]?.paths) : [],
    );
    veil.disabled = true;
    one(".veiled")?.remove();
    if (!paths[0]) return;
    const links = linksTo(paths);
    const rule = `body:not(.search-page) :is(.card:has(> h3 ${links}), .titles > li:has(> ${links}))`;
    veil = sheet(`${rule}, .emptied { display: none !important }`);
    for (const section of all("main section")) {
      const items = all(ITEMS, section);
      section.classList.toggle("emptied", items.length && items.every((item) => item.matches(rule)));
    }
    const line = make("p", { className: "veiled" }, hid.replace("{n}", all(rule).length), " ");
    line.append(button(show, () => line.remove((veil.disabled = true))));
    if (one(rule)) one("main").append(line);
  };

  // Buttons that show what is stored, drawn again when something changes.
  const load = (file, act, ...given) => import(`${base}newsprint-${file}.js`).then((all) => all[act](...given)).catch(() => {});
  const own = (...given) => load("own", ...given);
  const more = (...given) => load("more", ...given);
  const drawings = [];
  const draw = () => conceal(drawings.forEach((draw) => draw()), star());
  const addToggle = (names, is, change, properties) => {
    const element = Object.assign(button("", () => change(!is())), properties);
    // A button whose name changes has no pressed state besides.
    const show = () => {
      element.textContent = names[+is()];
      if (element.ariaLabel) element.ariaPressed = is();
      element.classList.toggle("on", is());
    };
    show(drawings.push(show));
    return element;
  };
  const termToggle = (names, path, name, as, properties) =>
    addToggle(
      names,
      () => read("terms")[path]?.as === as,
      (on) => own("setTerm", path, name, on && as),
      properties,
    );
  const termToggles = (...term) => [
    termToggle([follow, followed], ...term, "follow"),
    termToggle([hide, hidden], ...term, "hide"),
  ];
  const isSaved = ({ path }) => keptPaths().includes(path);
  const saveToggle = (item) => addToggle([save, saved], () => isSaved(item), (on) => own("keep", item, on));
  const addButtons = () => {
    const path = location.pathname.replace(/(page\/\d+\/)?(index\.html)?$/, "");
    const title = one("h1")?.textContent;
    if (follow) {
      one(".term-page .heading")?.append(make("p", { className: "own" }, ...termToggles(path, title)));
      for (const link of all(".filed a.term")) {
        const name = link.textContent;
        const title = `${follow} ${name}`;
        const properties = { title, ariaLabel: title, className: "follow" };
        link.after(termToggle(["+", "✓"], link.getAttribute("href"), name, "follow", properties));
      }
    }
    const room = one(".act");
    if (room) {
      const item = { path, title, date: one("main time")?.dateTime };
      if (save) for (const place of [one(".byline"), room]) place?.append(saveToggle(item));
      const url = location.origin + path;
      if (navigator.share) room.append(button(share, () => own("send", url, title)));
      if (navigator.clipboard) room.append(button(copy, () => own("send", url)));
    }
    const change = (on) => draw(remember("view", view(on && "titles")));
    one(".view")?.append(addToggle([titles, summaries], () => root.dataset.view !== "", change));
  };

  // Makes what scrolls focusable.
  const reachScrollers = () => {
    for (const box of all(".text pre, .text table")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };

  // Single-key shortcuts (WCAG 2.2, 2.1.4).
  const step = (way) => {
    if (one(".neighbours")) return one(way > 0 ? ".neighbours .older" : ".neighbours .newer")?.click();
    const links = all("main h3 a, main .titles li > a, main .index .term, main tbody th a, main .pages > a");
    const stops = links.filter((link) => link.checkVisibility());
    const at = stops.indexOf(document.activeElement);
    // Without a focused link, starts at the top of the visible part.
    const below = stops.findIndex((stop) => stop.getBoundingClientRect().top >= 0);
    const stop = stops[at < 0 ? (below < 0 ? stops.length : below) - (way < 0) : at + way];
    stop?.focus({ preventScroll: true });
    stop?.scrollIntoView({ block: "center" });
  };
  const act = {
    "j": () => step(1),
    "k": () => step(-1),
    "f": () => one(".own button, .follow")?.click(),
    "s": () => {
      const item = itemOf(document.activeElement.closest(ITEMS));
      item && save ? own("keep", item, !isSaved(item)) : one(".byline > button")?.click();
    },
    "/": () => {
      const field = all("[type=search]").find((field) => field.checkVisibility());
      if (field || !find) field?.focus();
      else location = find;
    },
    "?": () => more("showKeys"),
  };
  addEventListener("keydown", (event) => {
    const { key } = event;
    const busy = event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
    if (!keys || busy || typing || !Object.hasOwn(act, key) || recall("keys") === "off") return;
    event.preventDefault();
    act[key]();
  });

  window.newsprint = { base, key, words, make, button, recall, remember, read, write, ITEMS, itemOf, mark, conceal, draw, termToggles };
  addEventListener("DOMContentLoaded", () => {
    addSwitch(toggle);
    if (one(".find")) more("addFilter");
    if (keys) {
      one(".colophon p")?.append(make("span", { className: "keyed" }, " · ", button(keys, act["?"])));
      addButtons();
      mark();
      conceal();
      if (one(ITEMS) && recall("terms")?.includes('"hide"')) own("refresh");
      addEventListener("pageshow", draw);
      addEventListener("storage", draw);
    }
    reachScrollers();
    addEventListener("resize", reachScrollers);
  });
  if (keys) {
    write("visit", { at: now, since });
    draw();
    sheet(`time[datetime^="${day.slice(0, 5)}"] .year { display: none }${name(day, today)}${name(before, yesterday)}`);
  }
})();
