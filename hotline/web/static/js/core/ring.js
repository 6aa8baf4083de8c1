/* A call whose turn I am: it rings, stands in the title and on the desktop, until it is answered or rings on for somebody else.
   The bar says which call; the running time of a call counts on. */

import { hush, mark, notify, play } from "./attention.js";
import { isDirty } from "./forms.js";

const bar = () => document.getElementById("calls");
const RINGS = 30;
let ringing = "", shown = null;

/** One page of the browser sounds: the first that may; the lock is free again when the call has stopped. */
function sound(id) {
  if (!navigator.locks) return play("ring", [440, 480, 440, 480, 440], { every: 0.2, times: RINGS, pause: 1.5 });
  return navigator.locks.request("hotline-ring", { ifAvailable: true }, (lock) => {
    if (!lock || ringing !== id) return null;
    play("ring", [440, 480, 440, 480, 440], { every: 0.2, times: RINGS, pause: 1.5 });
    return new Promise((done) => { stop = done; });
  });
}
let stop = () => {};

function look() {
  const now = bar()?.dataset.ring ?? "";
  if (now === ringing) return;
  ringing = now;
  stop();
  hush("ring");
  shown?.close();
  const words = bar()?.dataset.ringText ?? "";
  mark("ring", now ? `☎ ${words}` : "");
  shown = now ? notify(words, document.title, `call-${now}`) : null;
  if (now) sound(now);
}

/* The strip is drawn anew by whoever answers, hangs up or rings; its place stays. */
const place = bar()?.parentElement;
if (place) {
  new MutationObserver(look).observe(place, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ring"] });
  look();
}

/* Somebody pressed a key after it had begun to ring in silence. */
for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, () => setTimeout(() => ringing && sound(ringing), 300), { once: true });

function count() {
  for (const one of document.querySelectorAll("time[data-running]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(one.dateTime)) / 1000));
    const words = [Math.floor(seconds / 60), seconds % 60].map((n) => String(n).padStart(2, "0")).join(":");
    if (one.textContent !== words) one.textContent = words;
  }
}
setInterval(count, 1000);

/* ---- a call takes the page away: what is being typed is put down first ---- */

const LONGEST = 1500;
const unsaved = () => [...document.querySelectorAll("form[data-draft]")].some((form) => isDirty(form) && form.dataset.saved !== "1");
let put = null;

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("#calls .post-button:not([hx-post]) button");
  if (!button || button === put || !unsaved()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  put = button;
  document.dispatchEvent(new CustomEvent("hotline:save-now"));
  for (let waited = 0; unsaved() && waited < LONGEST; waited += 50) await new Promise((go) => setTimeout(go, 50));
  button.click();
  put = null;
}, true);
