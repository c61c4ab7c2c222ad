// The desk's own script: dialogs, palette, keys, toasts. Every page works without it.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);

  function open(name) {
    const dialog = byId(name);
    if (!dialog || dialog.open) return;
    if (name === "palette") {
      byId("palette-filter").value = "";
      moved = entered = false;
      commands();
      filterPalette("");
      clients("");
    }
    dialog.showModal();
    if (name === "palette") byId("palette-filter").focus();
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
  const selected = () => shown().find((option) => option.getAttribute("aria-selected") === "true");

  function select(option) {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    const field = byId("palette-filter");
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  let foundFor = ""; // the words for which the clients stand there
  let moved = false; // by an arrow, since something was typed
  let entered = false; // before the clients for what is typed were there
  function filterPalette(words, kept) {
    const wanted = words.trim().toLowerCase();
    options().forEach((option) => {
      if ("found" in option.dataset) return;
      option.hidden = "search" in option.dataset ? !wanted : !option.textContent.toLowerCase().includes(wanted);
    });
    document.querySelectorAll("#palette-list [role=group]").forEach((group) => {
      group.hidden = !group.querySelector("[role=option]:not([hidden])");
    });
    const list = shown();
    byId("palette-none").hidden = list.length > 0;
    // Clients found for other words stay until the answer comes, but Enter does not take one of them.
    const fresh = list.filter((option) => !("found" in option.dataset) || foundFor === words.trim());
    select(list.includes(kept) ? kept : fresh[0] || null);
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
    if (option.act) option.act();
  }

  // What can be done on this page: its own buttons, as they stand; refused ones are left out.
  function commands() {
    const group = byId("palette-commands");
    group.replaceChildren();
    const acts = document.querySelectorAll(
      "main .kw-actions a, main .kw-actions button, main [data-command], #toasts [data-undo]",
    );
    acts.forEach((act, at) => {
      if (act.getAttribute("aria-disabled") === "true" || !act.offsetParent) return;
      if (options().some((one) => one.dataset.go && one.dataset.go === act.getAttribute("href"))) return; // stands there already
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.id = `palette-command-${at}`;
      option.textContent = act.dataset.command || act.textContent.trim();
      option.act = () => act.click();
      group.append(option);
    });
    if (group.children.length) {
      const head = document.createElement("p");
      head.className = "kw-palette-group";
      head.setAttribute("aria-hidden", "true");
      head.textContent = group.dataset.label;
      group.prepend(head);
    }
  }

  // Clients come first: those opened lately, then those found for what is typed. What is typed goes by POST.
  let asked = 0;
  async function clients(words) {
    const address = byId("palette").dataset.clients;
    if (!address) return;
    const turn = ++asked;
    await found(address, words, turn);
    if (turn !== asked || !entered) return;
    entered = false;
    const first = selected();
    if (first && byId("palette").open) choose(first);
  }

  async function found(address, words, turn) {
    const answer = await fetch(address, {
      method: words ? "POST" : "GET",
      body: words ? new URLSearchParams({ q: words }) : undefined,
      headers: { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) },
    }).catch(() => null); // nobody answers: what stands there stays
    const told = answer && answer.ok ? await answer.text() : null;
    if (turn !== asked || told === null) return;
    // A late answer takes nothing from under a finger: what is chosen stays so, unless it stood in for what was found.
    const chosen = selected();
    const stays = chosen && (moved || (words && !("search" in chosen.dataset)));
    byId("palette-clients").innerHTML = told;
    foundFor = words;
    filterPalette(byId("palette-filter").value, stays ? chosen : null);
  }

  const filter = byId("palette-filter");
  if (filter) {
    let pause = 0;
    // The search stands in for clients who are not found yet: a fast Enter waits for them.
    const waits = (option) =>
      option && !moved && "search" in option.dataset && byId("palette").dataset.clients && foundFor !== filter.value.trim();
    const wait = () => {
      entered = true;
      window.clearTimeout(pause);
      clients(filter.value.trim());
    };
    filter.addEventListener("input", () => {
      moved = entered = false;
      filterPalette(filter.value);
      window.clearTimeout(pause);
      pause = window.setTimeout(() => clients(filter.value.trim()), 250);
    });
    filter.addEventListener("keydown", (event) => {
      const list = shown();
      const at = list.indexOf(selected());
      if (event.key === "Enter" && waits(list[at])) {
        event.preventDefault();
        wait();
        return;
      }
      if (event.key === "ArrowDown") select(list[(at + 1) % list.length]);
      else if (event.key === "ArrowUp") select(list[(at - 1 + list.length) % list.length]);
      else if (event.key === "Enter" && at >= 0) choose(list[at]);
      else return;
      moved = true;
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
    const link = document.querySelector(`a[rel~="${relation}"]:not([hidden])`);
    if (link) link.click();
    return Boolean(link);
  }

  const letters = {
    "/": () => (byId("search") ? byId("search").focus() : open("palette")),
    "?": () => open("keys"),
    "[": () => follow("prev") || follow("first"),
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

  // --- a form is sent once: what is pressed again before the answer comes is not recorded again. One that is answered
  // by a file, with which the page stays, says so (data-repeats).
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches("[data-sent], .htmx-request")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  document.addEventListener("submit", ({ target, defaultPrevented }) => {
    if (!defaultPrevented && target.getAttribute("method") === "post" && !("repeats" in target.dataset)) target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // --- a list's clients, so that a card knows the ones before and after it; only numbers, for this tab alone
  const beside = byId("neighbours");
  const card = /^\/clients\/[^/]+\/$/;
  const listed = [...document.querySelectorAll("[data-row] a")].map((link) => link.getAttribute("href") || "");
  const cards = [...new Set(listed.filter((address) => card.test(address)))];
  if (!beside && cards.length) window.sessionStorage.setItem("kw-list", JSON.stringify(cards));
  if (beside) {
    const order = JSON.parse(window.sessionStorage.getItem("kw-list") || "[]");
    const at = order.indexOf(beside.dataset.card);
    for (const [relation, step] of [["prev", -1], ["next", 1]]) {
      const link = beside.querySelector(`[rel=${relation}]`);
      const address = at < 0 ? undefined : order[at + step];
      link.hidden = !address;
      if (address) link.setAttribute("href", address);
    }
    beside.hidden = at < 0 || order.length < 2;
    const place = beside.querySelector("[data-place]");
    if (place && at >= 0) place.textContent = `${at + 1} / ${order.length}`;
  }

  // --- choosing rows
  const ticks = () => [...document.querySelectorAll("input[type=checkbox][form=bulk]")];
  document.addEventListener("change", (event) => {
    const form = byId("bulk");
    if (!form) return;
    if (event.target.dataset.tickAll) ticks().forEach((tick) => (tick.checked = event.target.checked));
    const told = form.querySelector("[data-ticked]");
    const n = ticks().filter((tick) => tick.checked).length;
    told.textContent = n ? `${n} ${told.dataset.ticked}` : "";
  });

  // --- copying what stands on the page
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText);
    button.dataset.done = "yes";
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
    window.setTimeout(() => (line.matches(":hover, :focus-within") ? fade(line) : line.remove()), 10000);
  }
  document.querySelectorAll("#toasts .kw-toast").forEach(fade);

  // The drawer shows what was asked for last; what comes after it was closed does not open it again.
  let awaited = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target.id === "drawer-body") awaited = event.detail.xhr;
  });
  if (byId("drawer")) byId("drawer").addEventListener("close", () => (awaited = null));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, xhr } = event.detail;
    if (target.id === "drawer-body" && requestConfig.verb === "get" && xhr !== awaited) event.detail.shouldSwap = false;
  });

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
