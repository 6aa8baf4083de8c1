/* Tell whoever else has this ticket open that something is being typed here: at once when it begins, then with the form's own beat; and
   that nobody is here any more when the page is left or the next ticket stands in its place. */

import { onPart } from "./elements.js";

const BEAT = 15000;
let told = 0;
let shown = null;

document.addEventListener("hotline:typed", () => {
  const sign = document.querySelector("#onlookers [name=typing]");
  if (!sign) return;
  sign.value = "1";
  if (Date.now() - told < BEAT) return;
  told = Date.now();
  sign.form.requestSubmit();
});

/** Sent while the page goes, so nobody waits for the answer. */
function left(form) {
  const said = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, left: "1" });
  navigator.sendBeacon(form.action, said);
}

window.addEventListener("pagehide", () => shown && left(shown));
window.addEventListener("pageshow", (event) => event.persisted && shown?.requestSubmit());
onPart(() => {
  const now = document.getElementById("onlookers");
  if (shown && now?.action !== shown.action) {
    left(shown);
    told = 0;
  }
  shown = now;
});
