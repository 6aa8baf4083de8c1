/* Small attributes of any page: copy, dismiss, print, fill; the present tab in sight, wide tables within reach of the keyboard. */

import { make, onPart } from "./elements.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { class: "visually-hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

document.addEventListener("click", async (event) => {
  const target = event.target.closest?.("[data-copy],[data-dismiss],[data-print],[data-fill]");
  if (!target) return;
  if (target.dataset.copy !== undefined) {
    const done = await copy(target.dataset.copy);
    toast(say(done ? "copied" : "copy_failed"), done ? "good" : "warn");
  } else if (target.dataset.dismiss) target.closest(target.dataset.dismiss)?.remove();
  else if (target.dataset.print !== undefined) window.print();
  else {
    const too = target.dataset.fillToo && document.querySelector(target.dataset.fillToo);
    if (too) too.value = target.dataset.valueToo;
    const field = document.querySelector(target.dataset.fill);
    if (field) {
      field.value = target.dataset.value ?? "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  }
});

/** On a narrow screen the present tab may lie outside: bring it in, sideways only. */
function showTab(tab) {
  const row = tab.parentElement;
  row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - tab.offsetWidth) / 2;
}

/** A table that must be scrolled sideways can be reached and scrolled by keyboard. */
function reach(wrap) {
  if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
}

onPart((part) => {
  part.querySelectorAll(".table-wrap").forEach(reach);
  part.querySelectorAll(".tabs > [aria-current]").forEach(showTab);
  const wanted = part.querySelector("[data-focus]:not([data-focused])");
  if (wanted) {
    wanted.dataset.focused = "";
    wanted.focus();
  }
});
