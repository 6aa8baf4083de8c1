/* A hang-up is not lost: what the server could not do is asked again by itself, and what stays undone is told. */

import { toast } from "../core/toasts.js";

const TIMES = 3, AFTER = 1500;
const form = () => document.querySelector("#calls form[data-again]");
let tried = 0;

function failed(event) {
  const { sourceElement: asked, response } = event.detail?.ctx ?? {};
  if (!asked?.matches?.("form[data-again]") || (response && response.status < 500)) return;
  tried = (tried + 1) % TIMES;
  toast(tried ? asked.dataset.again : asked.dataset.undone, tried ? "warn" : "bad");
  if (tried) setTimeout(() => form()?.requestSubmit(), AFTER);
}

document.addEventListener("htmx:response:error", failed);
document.addEventListener("htmx:error", failed);
document.addEventListener("htmx:after:swap", () => { if (!form()) tried = 0; });
