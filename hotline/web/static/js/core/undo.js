/* The way back in the green bar counts down and goes when its time is over: nothing is offered that would be refused.
   A bar that was closed stays closed: the next page is told by a cookie, which is there before any page is asked for. */

import { onPart } from "./elements.js";

function begin(form) {
  const until = performance.now() + Number(form.dataset.undo) * 1000;
  const left = form.querySelector("[data-undo-left]");
  const tick = setInterval(() => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (left) left.textContent = String(Math.max(seconds, 0));
    if (seconds > 0 && form.isConnected) return;
    clearInterval(tick);
    form.remove();
  }, 250);
}

onPart((part) => {
  for (const form of part.querySelectorAll("form[data-undo]:not([data-begun])")) {
    form.dataset.begun = "1";
    begin(form);
  }
});

document.addEventListener("click", (event) => {
  const form = event.target.closest?.(".notice [data-dismiss]")?.closest(".notice").querySelector("form[data-undo]");
  if (form) document.cookie = `undo_closed=${form.elements.events.value.split(",")[0]}; path=/; max-age=60; samesite=lax`;
}, true);

/* A page that comes back from the browser's memory shows a bar whose time is over. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-undo]").forEach((form) => form.remove());
});
