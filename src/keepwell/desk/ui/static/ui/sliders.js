// A slider beside a number field: either moves the other. The number alone is sent; without scripts it stands alone.
(function () {
  "use strict";
  document.querySelectorAll("input[data-slides]").forEach((slider) => {
    const number = document.getElementById(slider.dataset.slides);
    const follow = () => {
      slider.value = number.value;
      slider.setAttribute("aria-valuetext", `${number.value}%`);
    };
    slider.addEventListener("input", () => {
      number.value = slider.value;
      number.dispatchEvent(new Event("input", { bubbles: true }));
    });
    number.addEventListener("input", follow);
    follow();
    slider.hidden = false;
  });

  // Parts of a whole: what they add up to, and a button that makes it a hundred in proportion.
  const HUNDREDTHS = 10000;
  const worth = (field) => Math.round(Number(field.value) * 100) || 0;
  document.querySelectorAll("[data-adds]").forEach((group) => {
    const fields = [...group.querySelectorAll("input[type=number]")];
    const total = group.querySelector("[data-total]");
    const scale = group.querySelector("[data-scale]");
    const sum = () => fields.reduce((all, field) => all + worth(field), 0);
    const tell = () => {
      total.querySelector("output").value = String(sum() / 100);
      scale.hidden = sum() === HUNDREDTHS || sum() === 0;
    };
    scale.addEventListener("click", () => {
      const all = sum();
      const parts = fields.map((field) => Math.floor((worth(field) * HUNDREDTHS) / all));
      parts[parts.indexOf(Math.max(...parts))] += HUNDREDTHS - parts.reduce((one, two) => one + two, 0);
      fields.forEach((field, at) => {
        field.value = String(parts[at] / 100);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      total.focus();
    });
    group.addEventListener("input", tell);
    total.hidden = false;
    tell();
  });
})();
