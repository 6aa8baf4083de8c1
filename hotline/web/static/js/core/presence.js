/* Whoever is on duty is there while hands move on any page; after a long time without, they are asked, loudly. */

import { hush, mark, play } from "./attention.js";
import { openDialog } from "./dialogs.js";
import { ask } from "./requests.js";

const { duty, idle } = document.body.dataset;
const dialog = document.getElementById("dialog-there");
if (duty && dialog) watch();

function watch() {
  const HAND = "hotline-hand", SIGN = 60000, AGAIN = 15000;
  let told = Date.now(), asked = 0;
  const last = () => Number(localStorage.getItem(HAND) ?? 0);

  /** A hand on one page counts for all pages of this browser; the server hears of it once a minute. */
  function hand() {
    localStorage.setItem(HAND, String(Date.now()));
    if (asked) answered();
    if (Date.now() - told < SIGN) return;
    told = Date.now();
    ask(duty, { method: "POST", form: new FormData(), hands: true }).catch(() => {});
  }

  function answered() {
    asked = 0;
    told = 0;
    hush("there");
    mark("there", "");
    if (dialog.open) dialog.close();
  }

  function look() {
    if (Date.now() - last() < Number(idle) * 60000) return asked && answered();
    if (Date.now() - asked < AGAIN) return undefined;
    asked = Date.now();
    if (!dialog.open && !document.querySelector("dialog[open]")) openDialog(dialog);
    mark("there", dialog.querySelector("h2").textContent);
    return play("there", [660, 550, 660]);
  }

  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart", "mousemove"]) {
    document.addEventListener(sign, () => { if (Date.now() - last() > 1000 || asked) hand(); }, { capture: true, passive: true });
  }
  localStorage.setItem(HAND, String(Date.now()));
  setInterval(look, 5000);
}
