// Before the first paint: a reader who follows the system gets its theme, and its changes.
(function () {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    if (root.dataset.theme === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light";
  }
  // The switch offers the opposite of what is seen, which only the browser knows while the system is followed.
  function offer() {
    const button = document.getElementById("switch-theme");
    if (!button || root.dataset.theme !== "auto") return;
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    button.form.elements.theme.value = next;
    button.textContent = button.dataset[next];
  }
  follow();
  document.addEventListener("DOMContentLoaded", offer);
  dark.addEventListener("change", () => {
    follow();
    offer();
  });
})();
