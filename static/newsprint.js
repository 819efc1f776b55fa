// Adds to pages: a switch between light and dark colours, keyboard shortcuts as in news readers,
// and a filter for the indexes of terms. Everything else works without JavaScript.
(() => {
  "use strict";
  const root = document.documentElement;
  const { toggle, keys, find } = document.currentScript.dataset;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const make = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };

  // If storage is switched off, a choice lasts until the page is left.
  const recall = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const remember = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // See above.
    }
  };

  // The system's colour scheme until the reader chooses one. Set before the first paint, so that
  // the page does not flash.
  const dress = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  };
  dress(recall("theme"));
  const addSwitch = () => {
    const button = make("button", { type: "button", className: "theme", textContent: "◐", title: toggle ?? "", ariaLabel: toggle ?? "" });
    button.addEventListener("click", () => {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      const theme = dark ? "light" : "dark";
      dress(theme);
      remember("theme", theme);
    });
    document.querySelector(".masthead .frame")?.append(button);
  };

  // Makes scrollable code and tables focusable, so that they can be scrolled by keyboard.
  const reachScrollers = () => {
    for (const box of all(".text pre, .text table")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };

  // A field above an index that hides all terms without the typed text. As in the keys of terms,
  // width, case and spaces make no difference.
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const addFilter = () => {
    const room = document.querySelector(".find");
    if (!room) return;
    const input = make("input", { type: "search", id: "find", placeholder: room.dataset.label, autocomplete: "off" });
    input.ariaLabel = room.dataset.label;
    const told = make("output", { ariaLive: "polite" });
    const lists = all(".index");
    const items = all(".index li").map((item) => [item, fold(item.querySelector("a").textContent)]);
    const folded = document.querySelector(".once");
    const filter = () => {
      const wanted = fold(input.value);
      let found = 0;
      for (const [item, name] of items) {
        const holds = name.includes(wanted);
        item.classList.toggle("found", holds);
        if (holds) found += 1;
      }
      for (const list of lists) list.classList.toggle("finding", wanted !== "");
      if (folded && wanted) folded.open = true;
      told.textContent = wanted === "" ? "" : found || room.dataset.none;
    };
    input.addEventListener("input", filter);
    room.append(input, told);
    if (input.value) filter(); // The browser restores the text when the reader returns.
    if (location.hash === "#find") input.focus();
  };

  // Single-key shortcuts. The reader can switch them off (WCAG 2.2, 2.1.4).
  const [title, next, previous, search, off, close] = (keys ?? "").split("|");
  let dialog;
  const showKeys = () => {
    if (!dialog) {
      const line = (key, does) => [make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: does })];
      const box = make("input", { type: "checkbox", checked: recall("keys") === "off" });
      box.addEventListener("change", () => remember("keys", box.checked ? "off" : "on"));
      const end = make("button", { type: "button", textContent: close, autofocus: true });
      end.addEventListener("click", () => dialog.close());
      const lines = [line("j", next), line("k", previous), ...(find ? [line("/", search)] : []), line("?", title)];
      dialog = make(
        "dialog",
        { className: "keys" },
        make("h2", { id: "keys", textContent: title }),
        make("dl", {}, ...lines.flat()),
        make("label", {}, box, off),
        end,
      );
      dialog.setAttribute("aria-labelledby", "keys");
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  };
  const addKeysButton = () => {
    if (!keys) return;
    const button = make("button", { type: "button", textContent: title });
    button.addEventListener("click", showKeys);
    document.querySelector(".colophon p")?.append(" · ", button);
  };
  const step = (way) => {
    const neighbour = document.querySelector(way > 0 ? ".neighbours .older" : ".neighbours .newer");
    if (document.querySelector(".neighbours")) {
      neighbour?.click();
      return;
    }
    const stops = all("main h3 a, main .titles li > a, main .index .term, main tbody th a, main .pages > a");
    const shown = stops.filter((stop) => stop.checkVisibility());
    const at = shown.indexOf(document.activeElement);
    // Starts at the focused link, or else at the top of the visible part.
    const below = shown.findIndex((stop) => stop.getBoundingClientRect().top >= 0);
    const from = way > 0 ? (below < 0 ? shown.length : below) : (below < 0 ? shown.length : below) - 1;
    const stop = shown[at < 0 ? from : at + way];
    stop?.focus({ preventScroll: true });
    stop?.scrollIntoView({ block: "center" });
  };
  const act = {
    "j": () => step(1),
    "k": () => step(-1),
    "/": () => {
      const field = document.querySelector("form[role=search] input, main input[type=search]");
      if (field) field.focus();
      else if (find) location.assign(find);
    },
    "?": showKeys,
  };
  addEventListener("keydown", (event) => {
    const busy = event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
    if (!keys || busy || typing || !Object.hasOwn(act, event.key) || recall("keys") === "off") return;
    event.preventDefault();
    act[event.key]();
  });

  addEventListener("DOMContentLoaded", () => {
    addSwitch();
    addFilter();
    addKeysButton();
    reachScrollers();
    addEventListener("resize", reachScrollers);
  });
})();
