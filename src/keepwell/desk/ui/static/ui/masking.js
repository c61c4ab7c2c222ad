// What was shown in full is masked again: after its seconds, on Esc, when its drawer closes, when the page is left.
(function () {
  "use strict";
  const shown = (within) => [...within.querySelectorAll("[data-mask-after]")];

  function mask(box) {
    box.querySelector("[data-value]").textContent = box.dataset.masked;
    box.querySelector("[data-while]").hidden = true;
    box.querySelector("[data-after]").hidden = false;
    delete box.dataset.maskAfter;
  }

  function tick(box) {
    if (!box.isConnected || !("maskAfter" in box.dataset)) return;
    const left = Math.ceil((Number(box.dataset.until) - Date.now()) / 1000);
    if (left <= 0) {
      mask(box);
      return;
    }
    box.querySelector("[data-seconds]").textContent = String(left);
    window.setTimeout(() => tick(box), 250);
  }

  function watch() {
    shown(document).forEach((box) => {
      if (box.dataset.until) return;
      box.dataset.until = String(Date.now() + 1000 * Number(box.dataset.maskAfter));
      box.focus();
      tick(box);
    });
  }

  document.addEventListener("htmx:afterSettle", watch);
  document.addEventListener("visibilitychange", () => shown(document).forEach(tick));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shown(document).forEach(mask);
  });
  window.addEventListener("pagehide", () => shown(document).forEach(mask));
  const drawer = document.getElementById("drawer");
  if (drawer) drawer.addEventListener("close", () => shown(drawer).forEach(mask));
  // Whoever closed the drawer before the answer came does not want to see it any more.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "drawer-body" || drawer.open) return;
    if (event.detail.serverResponse.includes("data-mask-after")) event.detail.shouldSwap = false;
  });

  // A form in the drawer tells its refusal where it was asked, since the drawer covers the toasts.
  document.addEventListener("htmx:responseError", (event) => {
    const form = event.detail.elt.closest("[data-refusable]");
    if (!form) return;
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const sentence = page.querySelector("[data-sentence]");
    const line = form.querySelector("[data-refusal]");
    line.textContent = sentence ? sentence.textContent : String(event.detail.xhr.status);
    line.hidden = false;
  });
  watch();
})();
