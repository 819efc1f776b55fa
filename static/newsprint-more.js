// What newsprint.js loads for the dialog of keyboard shortcuts and the filter of an index.
const { words, make, button, recall, remember } = window.newsprint;
const [next, previous, search, off, close] = words.slice(20);
const [, title, , , , follow, , , , save] = words;

let dialog;
/** Opens the dialog of keyboard shortcuts. */
export const showKeys = () => {
  if (!dialog) {
    const box = make("input", { type: "checkbox", checked: recall("keys") === "off" });
    box.addEventListener("change", () => remember("keys", box.checked ? "off" : "on"));
    const end = Object.assign(button(close, () => dialog.close()), { autofocus: true });
    const find = document.querySelector("script[data-find]") && search;
    const keys = [["j", next], ["k", previous], ["f", follow], ["s", save], ["/", find], ["?", title]];
    const lines = keys
      .filter(([, does]) => does)
      .flatMap(([key, does]) => [make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: does })]);
    dialog = make(
      "dialog",
      { className: "keys" },
      make("h2", { id: "keys", textContent: title }),
      make("dl", {}, ...lines),
      make("label", {}, box, off),
      end,
    );
    dialog.setAttribute("aria-labelledby", "keys");
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
};

// As in the keys of terms, width, case and spaces make no difference.
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

/** Adds a field above an index that hides all terms without the typed text. */
export const addFilter = () => {
  const room = document.querySelector(".find");
  const all = (selector) => [...document.querySelectorAll(selector)];
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
    told.textContent = wanted === "" ? "" : found ? room.dataset.found.replace("{n}", found) : room.dataset.none;
  };
  input.addEventListener("input", filter);
  room.append(input, told);
  if (input.value) filter(); // The browser restores the text when the reader returns.
  if (location.hash === "#find") input.focus();
};
