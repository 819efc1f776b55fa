// The switch between light and dark: follows the system until a reader chooses, then remembers the choice.
(() => {
  "use strict";
  const root = document.documentElement;
  const label = document.currentScript.dataset.toggle;
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // Storage may be switched off; the system's scheme is then all there is.
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  };
  apply(stored());
  addEventListener("DOMContentLoaded", () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "theme";
    button.textContent = "◐";
    button.setAttribute("aria-label", label);
    button.title = label;
    button.addEventListener("click", () => {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      const theme = dark ? "light" : "dark";
      apply(theme);
      try {
        localStorage.setItem("theme", theme);
      } catch {
        // The choice then lasts for this page.
      }
    });
    document.querySelector(".masthead .frame")?.append(button);
  });
})();
