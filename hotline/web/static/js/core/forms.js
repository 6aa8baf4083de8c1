/* Forms that forgive: no double submit, no lost typing, counters, growing text fields, fields that depend on others. */

import { onPart } from "./elements.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const SECRET = new Set(["csrf_token", "once", "password", "draft_key", "version"]);
const dirty = new WeakSet();
let leaving = false;

/** A random key; crypto.randomUUID is missing on plain http, getRandomValues is not. */
const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

const keep = (field) => field.name && !SECRET.has(field.name) && !["file", "password", "submit", "button", "hidden"].includes(field.type);

/** What was typed, by field name; several values become a list. */
export function read(form) {
  const data = {};
  for (const field of form.elements) {
    if (!keep(field)) continue;
    if (field.type === "radio") { if (field.checked) data[field.name] = field.value; }
    else if (field.type === "checkbox") (data[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    else if (field.name in data) data[field.name] = [].concat(data[field.name], field.value);
    else data[field.name] = field.value;
  }
  return data;
}

/** Put saved values back; fields that no longer exist are left out. */
export function write(form, data) {
  const seen = {};
  for (const field of form.elements) {
    if (!keep(field) || !(field.name in data)) continue;
    const value = data[field.name];
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.type === "checkbox") field.checked = [].concat(value).includes(field.value);
    else if (Array.isArray(value)) field.value = value[(seen[field.name] = (seen[field.name] ?? -1) + 1)] ?? "";
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.querySelectorAll("textarea").forEach(grow);
  touch(form);
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export const isDirty = (form) => dirty.has(form);

function touch(form) {
  dirty.add(form);
  form.dispatchEvent(new CustomEvent("hotline:typed", { bubbles: true }));
}

export function clean(form) {
  dirty.delete(form);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || form.method === "get" || "noDirty" in form.dataset || !keep(event.target)) return;
  touch(form);
});

/* ---- once, and only once ---- */

function busy(form, submitter, on) {
  for (const button of form.querySelectorAll('button:not([type="button"]), input[type="submit"]')) {
    button.classList.toggle("is-busy", on && button === submitter);
    if (on) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
  if (on) form.dataset.sending = "1";
  else delete form.dataset.sending;
}

const fillOnce = (form) => form.querySelectorAll("[data-once]").forEach((field) => { field.value ||= key(); });
const newOnce = (form) => form.querySelectorAll("[data-once]").forEach((field) => { field.value = key(); });

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || !("guard" in form.dataset)) return;
  if (form.dataset.sending || form.querySelector(".file.is-going")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!form.dataset.sending) toast(say("uploads_running"), "warn");
    return;
  }
  fillOnce(form);
  if (!navigator.onLine) {
    event.preventDefault();
    event.stopImmediatePropagation();
    document.dispatchEvent(new CustomEvent("hotline:no-line", { detail: { form, submitter: event.submitter } }));
    return;
  }
  leaving = true;
  document.dispatchEvent(new CustomEvent("hotline:sending", { detail: { form } }));
  busy(form, event.submitter, true);
  /* A download or a refused connection leaves us on the page: become usable again. */
  setTimeout(() => { leaving = false; busy(form, null, false); }, 15000);
}, true);

document.addEventListener("htmx:finally:request", (event) => {
  const form = event.detail?.ctx?.request?.form;
  if (!form || event.detail.ctx.sourceElement !== form) return;
  leaving = false;
  busy(form, null, false);
  if (event.detail.ctx.response?.status < 400) {
    clean(form);
    newOnce(form);
  }
});

window.addEventListener("pageshow", (event) => {
  leaving = false;
  document.querySelectorAll("form[data-sending]").forEach((form) => busy(form, null, false));
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (event.persisted || back) document.querySelectorAll("form").forEach(newOnce);
});

window.addEventListener("beforeunload", (event) => {
  if (leaving) return;
  const open = [...document.querySelectorAll("form[data-guard]")].some((form) => isDirty(form) && form.dataset.saved !== "1");
  if (open) event.preventDefault();
});

/* ---- small comforts ---- */

function grow(area) {
  area.style.height = "auto";
  if (area.scrollHeight > area.clientHeight) area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight * 0.6)}px`;
}

function count(area) {
  const place = document.getElementById(`${area.id}-count`);
  if (!place) return;
  place.textContent = `${area.value.length} / ${area.maxLength}`;
  place.classList.toggle("is-near", area.value.length > area.maxLength * 0.9);
  place.hidden = area.maxLength > 2000 && area.value.length < area.maxLength * 0.8;
}

function toggle(form) {
  for (const part of form.querySelectorAll("[data-toggle-when]")) {
    const [name, values] = part.dataset.toggleWhen.split("=");
    const fields = [...form.elements].filter((f) => f.name === name);
    const given = fields.filter((f) => !["radio", "checkbox"].includes(f.type) || f.checked).map((f) => f.value);
    const on = values.split(",").some((value) => given.includes(value));
    part.hidden = !on;
    part.querySelectorAll("input,select,textarea").forEach((field) => { field.disabled = !on; });
  }
}

/** What was complained about is being mended: the complaint goes. */
function forgive(control) {
  const field = control.closest?.(".has-error");
  if (!field) return;
  field.classList.remove("has-error");
  field.querySelectorAll(".field-error").forEach((one) => { one.hidden = true; });
  control.removeAttribute("aria-invalid");
}

document.addEventListener("input", (event) => {
  forgive(event.target);
  if (event.target.matches?.("textarea[data-grow]")) grow(event.target);
  if (event.target.matches?.("[data-counter]")) count(event.target);
});
document.addEventListener("change", (event) => event.target.form && toggle(event.target.form));

onPart((part) => {
  part.querySelectorAll("form").forEach((form) => { fillOnce(form); toggle(form); });
  part.querySelectorAll("textarea[data-counter]").forEach(count);
  part.querySelectorAll("textarea[data-grow]").forEach((area) => area.value && grow(area));
});

/* ---- picking rows ---- */

document.addEventListener("change", (event) => {
  const table = event.target.closest?.("table");
  if (!table) return;
  const boxes = [...table.querySelectorAll('tbody input[type="checkbox"][name]')];
  if ("pickAll" in event.target.dataset) boxes.forEach((box) => { box.checked = event.target.checked; });
  else if (!boxes.includes(event.target)) return;
  const picked = boxes.filter((box) => box.checked).length;
  const all = table.querySelector("[data-pick-all]");
  if (all) [all.checked, all.indeterminate] = [picked === boxes.length, picked > 0 && picked < boxes.length];
  boxes.forEach((box) => box.closest("tr").classList.toggle("is-picked", box.checked));
  document.querySelectorAll("[data-bulk]").forEach((bar) => {
    bar.hidden = picked === 0;
    bar.querySelectorAll("[data-bulk-count]").forEach((place) => { place.textContent = picked; });
  });
});
