/* Nothing typed is lost: drafts on the server, and a copy in this window when the session has ended. */

import { icon, make, onPart } from "./elements.js";
import * as forms from "./forms.js";
import { ask } from "./requests.js";
import { clock } from "./times.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const WAIT = 1200;
const PREFIX = "hotline:typed:";
const LOGIN_SEEN = "hotline:login-seen";
const loginPath = document.body.dataset.login ?? "/login";
const who = document.body.dataset.who ?? "";
const known = new Map();

const url = (form) => `/drafts/${encodeURIComponent(form.dataset.draft)}`;
const tell = (form, text, kind = "") => {
  for (const place of form.querySelectorAll("[data-draft-state]")) {
    place.textContent = text;
    place.dataset.kind = kind;
  }
};

/* ---- the copy in this window ---- */

function name(form) {
  const forms = [...document.querySelectorAll("form[data-guard],form[data-draft],form[data-draft-local]")];
  return `${PREFIX}${location.pathname}:${form.dataset.draft || form.id || forms.indexOf(form)}`;
}

function stash(form, why) {
  try {
    sessionStorage.setItem(name(form), JSON.stringify({ why, who, at: Date.now(), data: forms.read(form) }));
  } catch { /* storage is full or forbidden: the form itself is still there */ }
}

function stashAll() {
  for (const form of document.querySelectorAll("form[data-guard],form[data-draft]")) {
    if (!forms.isDirty(form)) continue;
    stash(form, "expired");
    form.dataset.saved = "1";
  }
}

function unstash(form) {
  const text = sessionStorage.getItem(name(form));
  if (!text) return;
  sessionStorage.removeItem(name(form));
  const kept = JSON.parse(text);
  const local = "draftLocal" in form.dataset;
  if (kept.who !== who || Date.now() - kept.at > 12 * 3600e3) return;
  if (kept.why === "sent" && !cameFromLogin && !local) return;
  if (forms.same(kept.data, forms.read(form))) return;
  forms.write(form, kept.data);
  if (kept.why !== "local") toast(say("restored_login"), "good");
}

const onLogin = location.pathname === loginPath;
let cameFromLogin = false;
if (onLogin) sessionStorage.setItem(LOGIN_SEEN, "1");
else {
  cameFromLogin = sessionStorage.getItem(LOGIN_SEEN) === "1";
  sessionStorage.removeItem(LOGIN_SEEN);
}

/** After a successful act the next page has no such form: its copy has done its duty. */
function forget() {
  if (onLogin) return;
  const wanted = new Set([...document.querySelectorAll("form")].map(name));
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(PREFIX) || wanted.has(key)) continue;
    const kept = JSON.parse(sessionStorage.getItem(key));
    if (kept.why === "sent" || kept.who !== who) sessionStorage.removeItem(key);
  }
}

document.addEventListener("hotline:expired", stashAll);
document.addEventListener("hotline:sending", (event) => {
  clearTimeout(event.detail.form.draftTimer); // a late copy of what is being typed would outlive the successful act
  stash(event.detail.form, "sent");
});
document.addEventListener("submit", (event) => {
  if (!(event.target.getAttribute("action") ?? "").endsWith("/logout")) return; // a button named "action" would hide the property
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
});

/* ---- the draft on the server ---- */

async function save(form) {
  const state = known.get(form);
  if (!state || state.stopped || !form.isConnected || form.dataset.sending) return;
  if (state.running) { state.again = true; return; }
  const data = forms.read(form);
  if (forms.same(data, state.data)) return;
  state.running = true;
  tell(form, say("saving"));
  try {
    const answer = await ask(url(form), { method: "PUT", json: { version: state.version, data } });
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 409) conflict(form, state, told);
    else if (!answer.ok) throw new Error(String(answer.status));
    else {
      Object.assign(state, { version: told.version, data });
      form.dataset.saved = "1";
      tell(form, say("saved", { time: clock(told.saved_at ?? Date.now()) }), "good");
      sessionStorage.removeItem(name(form));
    }
  } catch {
    stash(form, "expired");
    tell(form, say("save_failed"), "warn");
    state.timer = setTimeout(() => save(form), 15000);
  } finally {
    state.running = false;
    if (state.again) { state.again = false; save(form); }
  }
}

function bar(form, text, ...buttons) {
  form.querySelector(".draft-bar")?.remove();
  const one = make("div", { class: "draft-bar", role: "status" }, icon("clock-history"), make("span", {}, text), ...buttons);
  form.prepend(one);
  return one;
}

function choice(label, primary, act) {
  const button = make("button", { type: "button", class: `btn btn-sm ${primary ? "btn-primary" : "btn-quiet"}` }, label);
  button.addEventListener("click", () => { button.closest(".draft-bar").remove(); act(); });
  return button;
}

function conflict(form, state, told) {
  state.stopped = true;
  bar(form, say("draft_conflict", { time: clock(told.saved_at ?? Date.now()) }),
    choice(say("keep_mine"), true, () => { state.stopped = false; state.version = told.version; save(form); }),
    choice(say("take_other"), false, () => {
      Object.assign(state, { stopped: false, version: told.version, data: told.data });
      forms.write(form, told.data);
    }));
}

function offer(form, state, kept) {
  state.version = kept.version;
  const now = forms.read(form);
  const differs = Object.keys(kept.data).some((field) => field in now && !forms.same(kept.data[field], now[field]));
  if (!differs) return;
  bar(form, say("draft_found", { time: clock(kept.saved_at) }),
    choice(say("restore"), true, () => { forms.write(form, kept.data); toast(say("restored"), "good"); }),
    choice(say("discard"), false, () => ask(url(form), { method: "DELETE" }).then(() => { state.version = 0; }, () => {})));
}

async function begin(form) {
  const state = { version: Number(form.dataset.draftVersion) || 0, data: forms.read(form), timer: 0 };
  known.set(form, state);
  const block = form.querySelector("script[data-draft-saved]");
  if (block) return offer(form, state, JSON.parse(block.textContent));
  if (forms.isDirty(form)) return;
  try {
    const answer = await ask(url(form));
    if (answer.status === 200) offer(form, state, await answer.json());
  } catch { /* no draft to be had: typing still works */ }
}

document.addEventListener("hotline:typed", (event) => {
  const form = event.target;
  if ("draftLocal" in form.dataset) {
    clearTimeout(form.draftTimer);
    form.draftTimer = setTimeout(() => stash(form, "local"), 400);
    return;
  }
  delete form.dataset.saved;
  const state = known.get(form);
  if (!state) return;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), WAIT);
});

function saveNow() {
  for (const [form, state] of known) { clearTimeout(state.timer); if (forms.isDirty(form)) save(form); }
}

document.addEventListener("visibilitychange", () => { if (document.hidden) saveNow(); });
document.addEventListener("hotline:save-now", saveNow);

onPart((part) => {
  forget();
  for (const form of part.querySelectorAll("form[data-guard],form[data-draft],form[data-draft-local]")) {
    if (form.dataset.begun) continue;
    form.dataset.begun = "1";
    unstash(form);
    if (form.dataset.draft) begin(form);
  }
  for (const form of known.keys()) if (!form.isConnected) known.delete(form);
});
