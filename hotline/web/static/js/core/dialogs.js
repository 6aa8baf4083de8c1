/* Native dialogs: open, close, "are you sure", and the reveal of a masked field with its reason. */

import { make, onPart } from "./elements.js";
import { ask } from "./requests.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

export function openDialog(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

/** Resolves to true when the person says yes. */
function confirmed(text, { yes = "", danger = false } = {}) {
  const dialog = document.getElementById("dialog-confirm");
  const button = document.getElementById("dialog-confirm-yes");
  document.getElementById("dialog-confirm-text").textContent = text;
  button.textContent = yes || say("yes");
  button.classList.toggle("btn-danger", danger);
  button.classList.toggle("btn-primary", !danger);
  dialog.returnValue = "no";
  openDialog(dialog);
  button.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

const sure = new WeakSet();

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-confirm]");
  if (!button || sure.delete(button)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const yes = await confirmed(button.dataset.confirm, {
    yes: button.dataset.confirmYes, danger: "confirmDanger" in button.dataset,
  });
  if (!yes) return button.focus();
  sure.add(button);
  button.click();
}, true);

document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  if (!ctx?.confirm) return;
  event.preventDefault();
  confirmed(ctx.confirm).then((yes) => (yes ? issueRequest() : dropRequest()));
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  if (opener) {
    event.preventDefault();
    return openDialog(document.getElementById(opener.dataset.open));
  }
  const closer = event.target.closest?.("[data-close]");
  if (closer) return closer.closest("dialog")?.close();
  if (event.target.tagName === "DIALOG" && !event.target.querySelector("form")) event.target.close();
});

/* A dialog whose form came back with problems opens again by itself. */
onPart((part) => part.querySelectorAll("dialog[data-open-now]:not([open])").forEach(openDialog));

/* ---- masked fields ---- */

async function reveal(button, reason) {
  const form = new FormData();
  form.set("field", button.dataset.field);
  form.set("reason", reason);
  const answer = await ask(button.dataset.reveal, { method: "POST", form });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) return toast(told.detail ?? say("not_allowed"), "bad");
  show(button, told.value, told.seconds ?? 60);
}

function show(button, value, seconds) {
  const text = button.closest(".masked").querySelector("[data-masked]");
  const before = text.textContent;
  text.textContent = value;
  text.classList.add("is-revealed");
  button.hidden = true;
  const left = make("span", { class: "masked-left num" });
  button.after(left);
  const tick = () => {
    left.textContent = seconds;
    left.title = say("masks_in", { n: seconds });
    if (seconds-- > 0) return;
    clearInterval(timer);
    text.textContent = before;
    text.classList.remove("is-revealed");
    left.remove();
    button.hidden = false;
  };
  const timer = setInterval(tick, 1000);
  tick();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-reveal]");
  if (!button) return;
  if ("agreed" in button.dataset) {
    reveal(button, "");
    return;
  }
  const dialog = document.getElementById("dialog-reveal");
  const form = dialog.querySelector("form");
  const chosen = document.getElementById("reveal-chosen");
  const written = document.getElementById("reveal-reason");
  const problem = document.getElementById("reveal-problem");
  document.getElementById("dialog-reveal-title").textContent = say("reveal_title", { what: button.dataset.what ?? "" });
  problem.textContent = "";
  form.onsubmit = (submit) => {
    const reason = written.value.trim() || chosen.value;
    if (reason) return reveal(button, reason);
    submit.preventDefault();
    problem.textContent = say("reason_needed");
    chosen.focus();
  };
  written.value = "";
  openDialog(dialog);
  chosen.focus();
});
