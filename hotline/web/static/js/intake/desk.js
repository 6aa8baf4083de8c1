/* The agent's desk: Enter goes to the next field, a button may ask for its field first, the right field has the cursor and
   gets it back after every telephone key. */

import { clean } from "../core/forms.js";
import { toast } from "../core/toasts.js";
import "./hung_up.js";
import "./of_the_caller.js";

const desk = document.querySelector("form[data-enter-next]");
if (desk) begin(desk);

function begin(form) {
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
    button.closest("dialog")?.close();
    field.focus();
    if (button.dataset.needsWhy) toast(button.dataset.needsWhy, "warn");
  }, true);

  /* ---- the cursor goes back to where the words are ---- */

  let wrote = null;
  form.addEventListener("focusin", (event) => { if (event.target.matches("input,textarea,select")) wrote = event.target; });

  function back() {
    const lost = !document.activeElement || document.activeElement === document.body || document.activeElement.closest("#calls");
    if (wrote?.isConnected && lost && !document.querySelector("dialog[open]")) wrote.focus({ preventScroll: true });
  }

  document.querySelectorAll("dialog[data-line]").forEach((one) => one.addEventListener("close", back));
  /* A telephone key draws the strip anew, and the button that was pressed is gone with the old one. */
  const strip = document.getElementById("calls")?.parentElement;
  if (strip) new MutationObserver(() => setTimeout(back)).observe(strip, { childList: true });

  /* Come back on purpose (#go-on), the words are put in without being asked for again. */
  if (location.hash === "#go-on") {
    const looking = setInterval(() => {
      const restore = form.querySelector(".draft-bar .btn-primary");
      if (!restore) return;
      clearInterval(looking);
      restore.click();
      history.replaceState(history.state, "", location.pathname + location.search);
      document.getElementById("f-body")?.focus({ preventScroll: true });
    }, 50);
    setTimeout(() => clearInterval(looking), 3000);
  }

  /* ---- back to a form that has arrived: it must not be sent a second time ---- */

  const ARRIVED = "hotline:arrived", SENDING = "hotline:sending-desk";
  const arrived = () => JSON.parse(sessionStorage.getItem(ARRIVED) ?? "[]");

  /** A sign of the words, not the words: they must not outlive the form in this window. */
  function sign() {
    const words = form.elements.body.value;
    return `${words.length}:${[...words].reduce((sum, one) => (sum * 31 + one.codePointAt(0)) | 0, 7)}`;
  }

  if (!form.dataset.arrived) return focusStart();
  form.addEventListener("submit", () => sessionStorage.setItem(SENDING, sign()));
  if (document.getElementById("done") && sessionStorage.getItem(SENDING)) {
    sessionStorage.setItem(ARRIVED, JSON.stringify([...arrived(), sessionStorage.getItem(SENDING)].slice(-20)));
    sessionStorage.removeItem(SENDING);
  }
  window.addEventListener("pageshow", () => {
    const fresh = form.querySelector('[name="draft"]') || document.querySelector(".problems");
    if (fresh || !form.elements.body.value.trim() || !arrived().includes(sign())) return;
    form.querySelectorAll("input:not([type=hidden]),textarea").forEach((one) => { if (one.name !== "phone") one.value = ""; });
    form.querySelectorAll("textarea").forEach((one) => { one.style.height = ""; });
    clean(form);
    toast(form.dataset.arrived, "info");
  });

  /* Leaving with a proposal still under way is no network trouble: nobody waits for it any more. */
  const stopAsking = () => document.querySelectorAll("#beside,#calls,#today").forEach((one) => one.dispatchEvent(new Event("htmx:abort")));
  form.addEventListener("submit", stopAsking);
  window.addEventListener("beforeunload", stopAsking);

  focusStart();

  function focusStart() {
    const start = form.querySelector('[aria-invalid="true"]') ?? form.querySelector("[data-desk-start]");
    if (start && !document.querySelector(".problems")) start.focus({ preventScroll: true });
  }
}
