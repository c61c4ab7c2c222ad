// The desk's own script: dialogs, palette, keys, toasts. Every page works without it.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);

  function open(name) {
    const dialog = byId(name);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    if (name === "palette") {
      byId("palette-filter").value = "";
      filterPalette("");
      byId("palette-filter").focus();
    }
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      open(opener.dataset.open);
      return;
    }
    const option = event.target.closest("#palette-list [role=option]");
    if (option) choose(option);
    if (event.target instanceof HTMLDialogElement) event.target.close();
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
    document.querySelectorAll("details.kw-user[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // --- palette
  const options = () => [...document.querySelectorAll("#palette-list [role=option]")];
  const shown = () => options().filter((option) => !option.hidden);

  function select(option) {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    const field = byId("palette-filter");
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function filterPalette(words) {
    const wanted = words.trim().toLowerCase();
    options().forEach((option) => {
      option.hidden = "search" in option.dataset ? !wanted : !option.textContent.toLowerCase().includes(wanted);
    });
    byId("palette-none").hidden = shown().length > 0;
    select(shown()[0] || null);
  }

  function choose(option) {
    byId("palette").close();
    if ("search" in option.dataset) {
      byId("search").value = byId("palette-filter").value;
      byId("search").form.requestSubmit();
    }
    if (option.dataset.go) window.location.assign(option.dataset.go);
    if (option.dataset.press) byId(option.dataset.press).click();
    if (option.dataset.show) open(option.dataset.show);
  }

  const filter = byId("palette-filter");
  if (filter) {
    filter.addEventListener("input", () => filterPalette(filter.value));
    filter.addEventListener("keydown", (event) => {
      const list = shown();
      const at = list.findIndex((option) => option.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown") select(list[(at + 1) % list.length]);
      else if (event.key === "ArrowUp") select(list[(at - 1 + list.length) % list.length]);
      else if (event.key === "Enter" && at >= 0) choose(list[at]);
      else return;
      event.preventDefault();
    });
  }

  // --- keys
  function row(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const link = (one) => one.querySelector("a, button") || one;
    const at = rows.findIndex((one) => one.contains(document.activeElement));
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    link(next).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function follow(relation) {
    const link = document.querySelector(`a[rel~="${relation}"]`);
    if (link) link.click();
  }

  const letters = {
    "/": () => (byId("search") ? byId("search").focus() : open("palette")),
    "?": () => open("keys"),
    "[": () => follow("first"),
    "]": () => follow("next"),
    j: () => row(1),
    k: () => row(-1),
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("palette");
      return;
    }
    if (event.key === "Escape" && window.location.hash === "#navigation") {
      window.location.hash = "content";
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys !== "on") return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    const act = letters[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  // --- what folds on a phone stands open where there is room
  if (window.matchMedia("(min-width: 961px)").matches)
    document.querySelectorAll("details[data-fold]").forEach((fold) => (fold.open = true));

  // --- toasts and drawer
  function toast(sentence, isError) {
    const line = document.createElement("div");
    line.className = isError ? "kw-toast kw-toast-error" : "kw-toast";
    if (isError) line.setAttribute("role", "alert");
    line.textContent = sentence;
    byId("toasts").append(line);
    fade(line);
  }
  function fade(line) {
    window.setTimeout(() => line.remove(), 10000);
  }
  document.querySelectorAll("#toasts .kw-toast").forEach(fade);

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "drawer-body") open("drawer");
    if (event.detail.target.id === "toasts") event.detail.target.querySelectorAll(".kw-toast").forEach(fade);
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id === "toasts") event.detail.target.querySelectorAll(".kw-toast").forEach(fade);
  });
  document.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const sentence = page.querySelector("[data-sentence]");
    toast(sentence ? sentence.textContent : String(event.detail.xhr.status), true);
  });
})();
