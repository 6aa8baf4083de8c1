/* One key to 110, on every page of those who take calls: the second press is a decision, not a bounce, and a held key rings nobody. */

import { onPart } from "../core/elements.js";

const BOUNCE = 300;
let askedAt = 0;
const asking = () => document.querySelector("dialog[data-line][open]");

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-open^='line-']")) askedAt = performance.now();
}, true);

document.addEventListener("keydown", (event) => {
  if (!asking() || !(event.repeat || performance.now() - askedAt < BOUNCE) || event.key === "Escape") return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("submit", (event) => {
  const dialog = event.target.closest?.("dialog[data-line]");
  if (dialog) setTimeout(() => dialog.close());
}, true);

/* The dialogs stand outside the strip, so that drawing it anew closes none; what they offer follows it. */
onPart(() => {
  const talking = "talking" in (document.getElementById("calls")?.dataset ?? {});
  for (const one of document.querySelectorAll("[data-line] :is([data-in-call], [data-no-call])")) {
    const usable = talking === "inCall" in one.dataset;
    one.hidden = !usable && one.dataset.inCall !== "kept";
    if (one.matches("button")) one.disabled = !usable;
  }
});
