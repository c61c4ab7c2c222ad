// Today by keyboard and thumb: the chosen row and its panel, the entry that is being completed, the next row after
// an outcome; drafts of forms.
(function () {
  "use strict";
  const all = (words, within) => [...(within || document).querySelectorAll(words)];
  const one = (words, within) => (within || document).querySelector(words);
  const byId = (id) => (id ? document.getElementById(id) : null);
  const rows = () => all(".kw-task");
  const sheet = () => one("#sheet");
  const isWide = () => window.innerWidth > 960;
  const completing = () => one("#task-panel [data-completes]");
  const shown = () => (one("#task-panel [data-panel]") || { dataset: {} }).dataset.panel;

  let following = ""; // where the list goes on after what is under way
  let pause = 0;
  let asked = null; // the panel's last request: {xhr, path, verb}; an earlier one's answer comes too late
  const underWay = () => asked !== null && asked.xhr.readyState > 0 && asked.xhr.readyState < 4;

  function choose(row) {
    if (!row) return;
    all(".kw-task, .kw-task-settled").forEach((other) => other.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    follow();
  }
  const chosen = () => one('.kw-task[aria-current="true"]') || byId(following) || rows()[0];
  function beside(row) {
    const list = rows();
    const at = list.indexOf(row);
    return list[at + 1] || list[at - 1];
  }

  function press(name) {
    const row = chosen();
    const act = row && one(`[data-act="${name}"]`, row);
    if (act) act.click();
  }

  // --- the panel is that of the chosen row, unless an entry is being completed
  function show(row) {
    const act = row && one('[data-act="contact"]', row);
    const path = act && act.getAttribute("hx-get");
    if (path && !(underWay() && asked.path === path)) window.htmx.ajax("GET", path, { source: act, target: "#task-panel" });
  }
  function follow() {
    window.clearTimeout(pause);
    if (!sheet() || !isWide()) return;
    pause = window.setTimeout(() => {
      const row = chosen();
      if (row && !completing() && shown() !== row.id) show(row);
    }, 250);
  }
  function place() {
    const told = one("#task-panel [data-place]");
    const at = rows().findIndex((row) => row.id === shown());
    if (told && at >= 0) told.textContent = `${at + 1} / ${rows().length}`;
  }
  document.addEventListener("htmx:afterSettle", place);

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest(".kw-task");
    if (row && row.getAttribute("aria-current") !== "true") choose(row);
  });
  document.addEventListener("click", (event) => {
    choose(event.target.closest(".kw-task"));
    if (event.target.closest('[data-act="contact"]') && sheet()) sheet().classList.add("is-open");
    if (event.target.closest("[data-close-sheet]")) close();
    if (event.target.closest("[data-next]") && sheet()) {
      event.preventDefault();
      if (close() && !isWide()) sheet().classList.add("is-open");
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
    const told = one("[data-n-picked]");
    if (told) told.textContent = n ? ` (${n})` : "";
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches('.kw-task input[name="task"]')) count();
  });

  function focusOn(row) {
    const act = row && (one('[data-act="contact"]', row) || one("a", row));
    if (act && act.offsetParent !== null) act.focus();
    else if (row) one("a", row).focus();
  }

  // --- an entry that is being completed: it says whose it is, its row stays marked, and nothing typed is lost
  function mayLeave() {
    const form = one("#task-panel [data-completes] form");
    if (!form || !form.dataset.dirty || form.dataset.asked) return true;
    form.dataset.asked = "yes";
    const told = one("[data-unsaved]", form);
    if (told) told.hidden = false;
    const save = one(".btn-primary", form);
    if (save) save.focus();
    return false;
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest("#task-panel [data-completes] form");
    if (!form) return;
    form.dataset.dirty = "yes";
    delete form.dataset.asked;
  });
  function tidy() {
    all(".kw-task-settled").forEach((row) => row.remove());
    recount();
  }
  function recount() {
    all(".kw-tasks").forEach((list) => {
      const n = all(".kw-task", list).length;
      const told = one(".kw-group-n", list.parentElement);
      if (told) told.textContent = String(n);
      if (!list.children.length) list.parentElement.hidden = true;
    });
    all(".kw-kinds [data-kind]").forEach((chip) => {
      const told = one("[data-n]", chip); // without one there are more tasks than the page lists
      if (!told) return;
      const n = rows().filter((row) => row.dataset.kind === chip.dataset.kind).length;
      told.textContent = String(n);
      chip.parentElement.hidden = !n && chip.getAttribute("aria-current") !== "true";
    });
  }
  function goOn() {
    const next = chosen();
    tidy();
    choose(next);
    focusOn(next);
    return next;
  }
  function close() {
    if (!sheet() || !mayLeave()) return false;
    sheet().classList.remove("is-open");
    const form = completing();
    const next = goOn();
    if (form && next) show(next);
    else if (form) form.remove();
    return true;
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, elt } = event.detail;
    const { verb } = event.detail.requestConfig;
    const settles = event.detail.pathInfo.requestPath.includes("/today/outcome/"); // what comes next stands in the panel
    if (verb === "post") window.clearTimeout(pause); // what is settled is not asked for
    const row = one('.kw-task[aria-current="true"]');
    if (verb === "post" && elt.closest("#task-panel") && row && shown() && shown() !== row.id) {
      event.preventDefault(); // the panel has not followed yet: nothing is recorded for another client than the marked one
      return show(row);
    }
    if (!target || (target.id !== "task-panel" && !settles)) return;
    window.clearTimeout(pause);
    if (verb === "get" && underWay() && asked.verb === "post") return event.preventDefault(); // its answer shows what is next
    const form = completing();
    if (form && !form.contains(elt)) {
      if (!mayLeave()) {
        event.preventDefault();
        const drawer = one("#drawer");
        if (drawer && drawer.open) drawer.close();
        return;
      }
      tidy();
    }
    asked = { xhr: event.detail.xhr, path: event.detail.pathInfo.requestPath, verb };
  });
  // A panel that comes after something else was asked for, or settled, does not take its place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, xhr } = event.detail;
    const isLate = asked !== null && xhr !== asked.xhr;
    if (target.id === "task-panel" && requestConfig.verb === "get" && isLate) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig, successful } = event.detail;
    if (asked !== null && xhr === asked.xhr && requestConfig.verb === "post" && !successful) follow(); // nothing was settled
  });

  // --- an outcome: the focus moves to the next row, whose panel is shown; the number in the navigation follows
  document.addEventListener("htmx:configRequest", (event) => {
    const { path, parameters } = event.detail;
    if (!/\/today\/(outcome|complete)\//.test(path)) return;
    const task = rows().find((row) => row.dataset.client === parameters.client && row.dataset.key === parameters.key);
    const next = path.includes("/outcome/") ? beside(task || chosen()) : chosen();
    following = next ? next.id : "";
    if (!next) return;
    parameters.next_client = next.dataset.client;
    parameters.next_key = next.dataset.key;
  });
  document.body.addEventListener("kw-settled", (event) => {
    const drawer = one("#drawer");
    if (drawer && drawer.open) drawer.close();
    const number = one('.kw-side a[href$="/contacts/today/"] .kw-side-count');
    if (number) number.textContent = event.detail.due || "";
    const settled = byId(event.detail.row);
    const form = completing();
    if (form) {
      rows().forEach((row) => row.removeAttribute("aria-current"));
      if (settled) settled.setAttribute("aria-current", "true");
      recount();
      form.focus();
      return;
    }
    if (settled) settled.remove();
    if (sheet()) sheet().classList.remove("is-open");
    goOn();
  });
  document.body.addEventListener("kw-completed", () => {
    if (sheet()) sheet().classList.remove("is-open");
    goOn();
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
  // From the entry that is being completed J and K go on where the list stopped; the entry stays open.
  function step(event) {
    const inList = event.target.closest(".kw-task");
    const key = event.key.toLowerCase();
    if (!completing() || inList || !["j", "k"].includes(key)) return false;
    const at = chosen();
    focusOn(key === "j" ? at : rows()[Math.max(rows().indexOf(at) - 1, 0)]);
    return true;
  }
  function digit(event) {
    const field = all("#task-panel .kw-keyed")[Number(event.key) - 1];
    const row = chosen();
    event.preventDefault();
    if (field) one("select, input", field).focus();
    else if (row && shown() && shown() !== row.id) press("contact"); // the panel is another client's: show this one's first
    else {
      const target = one(`#task-panel [data-key="${event.key}"]`);
      if (target) target.click();
    }
  }
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey) {
        const form = one("form[data-saves]");
        if (event.key.toLowerCase() === "s" && form) {
          event.preventDefault();
          form.requestSubmit();
        }
        return;
      }
      if (event.altKey || document.body.dataset.keys !== "on") return;
      if (event.target.closest("dialog[open]")) return;
      if (event.key === "Escape" && sheet()) {
        if (completing()) close();
        else sheet().classList.remove("is-open");
        return;
      }
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      if (step(event)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      if ("123".includes(event.key)) {
        digit(event);
        return;
      }
      const act = keys[event.key.toLowerCase()];
      if (act) {
        event.preventDefault();
        act();
      }
    },
    true,
  );

  // --- drafts: what is typed is kept at the desk, so that a session that ends loses nothing. One after the other, and
  // the form itself after them: what is recorded leaves no draft behind.
  const form = one("form[data-draft]");
  let keeping = null;
  if (form) {
    let waiting = 0;
    let isSent = false;
    form.addEventListener("input", () => {
      window.clearTimeout(waiting);
      if (!isSent) waiting = window.setTimeout(() => keep(form), 800);
    });
    form.addEventListener("submit", (event) => {
      const { submitter } = event;
      window.clearTimeout(waiting);
      if (keeping) {
        event.preventDefault();
        if (!isSent) keeping.then(() => form.requestSubmit(submitter));
      }
      isSent = true;
    });
  }
  async function send(form) {
    const sent = { method: "POST", body: new FormData(form), credentials: "same-origin", signal: AbortSignal.timeout(5000) };
    const answer = await fetch(form.dataset.draft, sent).catch(() => null); // not kept, and not said to be
    const told = one("[data-draft-kept]", form);
    if (answer && answer.status === 204 && told) told.textContent = form.dataset.kept || "";
  }
  function keep(form) {
    const mine = (keeping || Promise.resolve()).then(() => send(form)).then(() => {
      if (keeping === mine) keeping = null;
    });
    keeping = mine;
  }
})();
