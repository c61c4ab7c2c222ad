// Today by keyboard and thumb: the chosen row, its acts, the next row after an outcome; drafts of forms.
(function () {
  "use strict";
  const all = (words, within) => [...(within || document).querySelectorAll(words)];
  const one = (words, within) => (within || document).querySelector(words);
  const rows = () => all(".kw-task");
  const sheet = () => one("#sheet");

  function choose(row) {
    if (!row) return;
    rows().forEach((other) => other.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
  }
  const chosen = () => one('.kw-task[aria-current="true"]') || rows()[0];

  function press(name) {
    const row = chosen();
    const act = row && one(`[data-act="${name}"]`, row);
    if (act) act.click();
  }

  document.addEventListener("focusin", (event) => choose(event.target.closest(".kw-task")));
  document.addEventListener("click", (event) => {
    const row = event.target.closest(".kw-task");
    choose(row);
    if (event.target.closest('[data-act="contact"]') && sheet()) sheet().classList.add("is-open");
    if (event.target.closest("[data-close-sheet]") && sheet()) {
      sheet().classList.remove("is-open");
      focusOn(chosen());
    }
    if (event.target.closest("[data-next]")) {
      const next = one('[data-act="contact"]', chosen() || document);
      if (next && next.hasAttribute("hx-get")) {
        event.preventDefault();
        next.click();
      }
    }
    if (event.target.closest("[data-pick-all]")) {
      const boxes = all('.kw-task input[name="task"]');
      const on = boxes.some((box) => !box.checked);
      boxes.forEach((box) => (box.checked = on));
      count();
    }
  });

  function count() {
    const n = all('.kw-task input[name="task"]:checked').length;
    const shown = one("[data-n-picked]");
    if (shown) shown.textContent = n ? ` (${n})` : "";
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches('.kw-task input[name="task"]')) count();
  });

  function focusOn(row) {
    const act = row && (one('[data-act="contact"]', row) || one("a", row));
    if (act && act.offsetParent !== null) act.focus();
    else if (row) one("a", row).focus();
  }

  // --- an outcome: the row goes, the focus moves to the next one, the number in the navigation follows
  let following = null;
  document.addEventListener("htmx:beforeRequest", () => {
    const row = chosen();
    following = row ? (row.nextElementSibling || row.previousElementSibling || {}).id : null;
  });
  document.body.addEventListener("kw-settled", (event) => {
    const drawer = one("#drawer");
    if (drawer && drawer.open) drawer.close();
    const gone = document.getElementById(event.detail.row);
    if (gone) gone.remove();
    all(".kw-tasks").forEach((list) => {
      const shown = one(".kw-group-n", list.parentElement);
      if (shown) shown.textContent = String(list.children.length);
    });
    const number = one('.kw-side a[href$="/contacts/today/"] .kw-side-count');
    if (number) number.textContent = event.detail.due || "";
    const next = (following && document.getElementById(following)) || rows()[0];
    choose(next);
    if (!one("#task-panel .kw-form") || window.innerWidth > 960) focusOn(next);
    if (sheet() && !one("#task-panel .kw-form")) sheet().classList.remove("is-open");
  });

  // --- keys
  const keys = {
    c: () => press("contact"),
    s: () => press("skip"),
    u: () => {
      const undo = all("#toasts [data-undo]").pop();
      if (undo) undo.click();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) {
      const form = one("form[data-saves]");
      if (event.key.toLowerCase() === "s" && form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.altKey || document.body.dataset.keys !== "on") return;
    if (event.key === "Escape" && sheet()) sheet().classList.remove("is-open");
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    if ("123".includes(event.key)) {
      const field = all("#task-panel .kw-keyed")[Number(event.key) - 1];
      const target = field ? one("select, input", field) : one(`#task-panel [data-key="${event.key}"]`);
      if (target) {
        event.preventDefault();
        if (field) target.focus();
        else target.click();
      }
      return;
    }
    const act = keys[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  // --- drafts: what is typed is kept at the desk, so that a session that ends loses nothing
  const form = one("form[data-draft]");
  if (form) {
    let waiting = 0;
    form.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => keep(form), 800);
    });
  }
  function keep(form) {
    fetch(form.dataset.draft, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(
      (answer) => {
        const told = one("[data-draft-kept]", form);
        if (answer.status === 204 && told) told.textContent = form.dataset.kept || "";
      },
    );
  }
})();
