/* Digits act on the selected row: 1 is its main button, 2 and on are the entries of its menu. */

import { mayAct } from "../core/steady.js";

const writes = (element) => element?.matches?.("input:not([type=checkbox]),textarea,select,[contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || !/^[1-9]$/.test(event.key)) return;
  if (writes(event.target) || document.querySelector("dialog[open]")) return;
  const act = document.activeElement?.closest("tr.ticket")?.querySelectorAll("[data-row-act]")[Number(event.key) - 1];
  if (!act) return;
  event.preventDefault();
  if (mayAct(act)) act.click();
});
