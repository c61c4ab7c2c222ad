// One pair after the other by keyboard: 1-3 choose the judgement, then 1-4 its reason; Esc closes, U takes back.
(function () {
  "use strict";
  const one = (words, within) => (within || document).querySelector(words);
  const all = (words, within) => [...(within || document).querySelectorAll(words)];
  const opened = () => one("#pair .kw-way[open]");

  function choose(way) {
    all("#pair .kw-way").forEach((other) => (other.open = other === way));
    const first = one("[name=proof]", way) || one("[data-reason]", way);
    if (first) first.focus();
  }

  function press(key) {
    const way = opened();
    const reason = way && one(`[data-reason="${key}"]`, way);
    if (reason) reason.click();
    else if (!way && one(`#pair [data-way="${key}"]`)) choose(one(`#pair [data-way="${key}"]`));
  }

  document.addEventListener("click", (event) => {
    const summary = event.target.closest(".kw-way > summary");
    if (!summary) return;
    all("#pair .kw-way").forEach((other) => {
      if (other !== summary.parentElement) other.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys !== "on") return;
    const way = opened();
    if (event.key === "Escape" && way && !one("dialog[open]")) {
      way.open = false;
      one("summary", way).focus();
      return;
    }
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    if (event.key >= "1" && event.key <= "9") {
      event.preventDefault();
      press(event.key);
    }
    if (event.key.toLowerCase() === "u") {
      const undo = all("#toasts [data-undo]").pop();
      if (undo) undo.click();
    }
  });

  // --- the next pair is there: its number goes into the navigation, the focus to its top
  document.addEventListener("htmx:afterSettle", () => {
    const pair = one("#pair");
    if (!pair || pair.contains(document.activeElement)) return;
    const number = one('.kw-side a[href$="/identities/pairs/"] .kw-side-count');
    if (number) number.textContent = Number(pair.dataset.n) ? pair.dataset.n : "";
    const title = one("#pair-title");
    if (title) title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  });
})();
