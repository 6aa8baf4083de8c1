/* The agent's desk: Enter goes to the next field, a button may ask for its field first, the right field has the cursor. */
"use strict";

(() => {
  const form = document.querySelector("form[data-enter-next]");
  if (!form) return;

  const fields = () => [...form.querySelectorAll("input:not([type=hidden]):not([type=file]),textarea,select")].filter((one) => one.getClientRects().length);

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!event.target.matches("input:not([type=file])")) return;
    event.preventDefault();
    const all = fields();
    all[all.indexOf(event.target) + 1]?.focus();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-needs]");
    const field = button && document.querySelector(button.dataset.needs);
    if (!field || field.value.trim()) return;
    event.preventDefault();
    field.focus();
  }, true);

  /* Leaving with a proposal still under way is no network trouble: nobody waits for it any more. */
  const stopAsking = () => document.querySelectorAll("#beside,#calls,#today").forEach((one) => one.dispatchEvent(new Event("htmx:abort")));
  form.addEventListener("submit", stopAsking);
  window.addEventListener("beforeunload", stopAsking);

  const start = form.querySelector('[aria-invalid="true"]') ?? form.querySelector("[data-desk-start]");
  if (start && !document.querySelector(".problems")) start.focus({ preventScroll: true });
})();
