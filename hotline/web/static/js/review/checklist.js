/* The reviewer's checklist by keyboard: an answer of "no" proposes its reason, and the pass button opens only when nothing is open. */

import { openDialog } from "../core/dialogs.js";
import { make, onPart } from "../core/elements.js";
import { toast } from "../core/toasts.js";

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function begin(form) {
  const checks = [...form.querySelectorAll("[data-check]")];
  const pass = form.querySelector("[data-pass]");
  const state = form.querySelector("[data-check-state]");
  const phrases = form.querySelector("[data-phrases]");
  const note = form.elements.note;
  const rest = form.querySelector("[data-rest]");
  const back = form.querySelector("[data-send-back]");
  const atOnce = form.querySelector("[data-at-once]");
  const WORD = 6;
  const proposed = new Set();
  let here = -1;

  const answer = (check) => check.querySelector("input:checked")?.value ?? "";
  const against = (check, value) => value !== "" && check.dataset.against.split(" ").includes(value);
  const inDoubt = (check) => check.dataset.doubted !== undefined;
  const forOneKey = (check) => !answer(check) && !inDoubt(check) && !against(check, "yes");
  const reason = (code) => form.querySelector(`input[name="reasons"][value="${code}"]`);

  /* A reason that a "no" proposed leaves again with the last "no" that wants it; one the reviewer chose stays. */
  function propose() {
    const wanted = new Set(checks.filter((one) => answer(one) === "no").map((one) => one.dataset.reason));
    for (const code of wanted) {
      const box = reason(code);
      if (box && !box.checked && !proposed.has(code)) { box.checked = true; proposed.add(code); }
    }
    for (const code of [...proposed]) {
      if (wanted.has(code)) continue;
      proposed.delete(code);
      if (reason(code)) reason(code).checked = false;
    }
  }

  function show() {
    for (const check of checks) {
      check.classList.remove("is-yes", "is-no", "is-na");
      if (answer(check)) check.classList.add(`is-${answer(check)}`);
    }
    const failed = checks.find((one) => answer(one) === "no");
    const open = checks.filter((one) => !answer(one)).length;
    const doubted = note.value.trim().length < WORD && checks.find((one) => against(one, answer(one)));
    checks.forEach((one) => one.classList.toggle("is-against", against(one, answer(one))));
    rest.disabled = !checks.some(forOneKey);
    state.textContent = failed ? fill(state.dataset.failed, { question: failed.dataset.question })
      : open ? fill(state.dataset.open, { n: open })
        : doubted ? fill(state.dataset.against, { question: doubted.dataset.question }) : state.dataset.ready;
    state.className = `check-state ${failed ? "is-bad" : open || doubted ? "" : "is-good"}`;
    pass.disabled = Boolean(failed || open || doubted);
    pass.title = pass.disabled ? state.textContent : "";
    offer();
  }

  function offer() {
    const chosen = [...form.querySelectorAll('input[name="reasons"]:checked')];
    const fresh = chosen.filter((box) => !note.value.includes(box.dataset.hint));
    phrases.hidden = fresh.length === 0;
    phrases.replaceChildren(...(fresh.length ? [make("span", {}, phrases.dataset.label)] : []), ...fresh.map((box) => {
      const button = make("button", { type: "button", class: "phrase" }, box.dataset.hint);
      button.addEventListener("click", () => {
        note.value = (note.value ? note.value.trimEnd() + "\n" : "") + box.dataset.hint;
        note.dispatchEvent(new Event("input", { bubbles: true }));
        note.focus();
      });
      return button;
    }));
  }

  function go(index) {
    here = Math.max(0, Math.min(index, checks.length - 1));
    checks.forEach((one, n) => one.classList.toggle("is-here", n === here));
    checks[here].scrollIntoView({ block: "nearest" });
    (checks[here].querySelector("input:checked") ?? checks[here].querySelector("input")).focus({ preventScroll: true });
  }

  function mark(value) {
    if (here < 0) go(Math.max(0, checks.findIndex((one) => !answer(one))));
    const input = checks[here].querySelector(`input[value="${value}"]`);
    if (!input) return toast(form.dataset.noNa, "warn");
    if (!input.checked) {
      input.checked = true;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (here < checks.length - 1) go(here + 1);
  }

  /* One key for what is left to a person; what the records or the assistant speak against stays open and wants an answer of its own. */
  rest.addEventListener("click", () => {
    const left = checks.filter(forOneKey);
    for (const check of left) check.querySelector('input[value="yes"]').checked = true;
    atOnce.value = Number(atOnce.value || 0) + left.length;
    if (left.length) left[0].querySelector("input:checked").dispatchEvent(new Event("change", { bubbles: true }));
    form.dispatchEvent(new CustomEvent("hotline:typed", { bubbles: true }));
    const open = checks.findIndex((one) => !answer(one));
    if (open >= 0) go(open);
    else if (!pass.disabled) pass.focus({ preventScroll: true });
  });

  /* Nothing goes back without a word to the unit: the cursor goes there, and what is typed next is that word. */
  back?.addEventListener("click", (event) => {
    if (note.value.trim()) return;
    event.preventDefault();
    toast(back.dataset.sendBack, "warn");
    note.focus();
  });

  form.addEventListener("change", (event) => {
    if (event.target.closest("[data-check]")) propose();
    if (event.target.name === "reasons") proposed.delete(event.target.value);
    show();
  });
  form.addEventListener("focusin", (event) => {
    const check = event.target.closest("[data-check]");
    if (!check) return;
    here = checks.indexOf(check);
    checks.forEach((one, n) => one.classList.toggle("is-here", n === here));
  });
  note.addEventListener("input", show);

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("textarea,select,input:not([type=radio]):not([type=checkbox])");
    if (typing || event.altKey || event.ctrlKey || event.metaKey || event.isComposing || !form.isConnected) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const acts = { j: () => go(here + 1), k: () => go(here - 1), y: () => mark("yes"), n: () => mark("no"), 0: () => mark("na") };
    const act = acts[key] ?? (/^[1-9]$/.test(key) ? () => go(Number(key) - 1) : null);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }, true);

  for (const check of checks) {
    if (answer(check) === "no") proposed.add(check.dataset.reason);
  }
  show();
}

onPart((part) => {
  for (const form of part.querySelectorAll("form[data-review]:not([data-review-begun])")) {
    form.dataset.reviewBegun = "";
    begin(form);
  }
  const refused = part.querySelector("#mend .field-error");
  if (refused) openDialog(document.getElementById("mend"));
});
