/* Nothing typed is lost: this file alone owns the copies of what is typed, on the server and in this window.
   The newest words win; where two copies differ both can be reached; a copy goes only when the server has taken its original. */

import { icon, make, onPart } from "./elements.js";
import { refused } from "./answered.js";
import * as forms from "./forms.js";
import { ask } from "./requests.js";
import { clock } from "./times.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const PAUSE = 250, APART = 1000, LATEST = 2000;
/* Saved at the first pause, at once when a field or the page is left, and every other second of whoever types on; never twice a second. */
const LONGEST = 12 * 3600e3;
const PREFIX = "hotline:typed:";
const LOGIN_SEEN = "hotline:login-seen";
const OURS = "form[data-guard],form[data-draft],form[data-draft-local]";
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

/* ---- whether two copies say the same to a person who reads them ---- */

const plain = (value) => [].concat(value ?? []).map((one) => String(one).replace(/\r\n?/g, "\n").trim()).filter(Boolean).sort().join("\u0000");

/** Whatever the copy says is said here too: nothing is lost with it. */
const within = (copy, now) => Object.keys(copy).every((field) => !(field in now) || plain(copy[field]) === plain(now[field]));

function alike(copy, now) {
  return within(copy, now)
    && Object.keys(now).every((field) => field in copy || !plain(now[field]) || field.startsWith("checklist."));
}

/* ---- the copy in this window: it knows which form it belongs to and why it was made ---- */

/** By what the form is and asks, never by its place on the page: the next page may have another form there. */
function name(form) {
  const asks = [...new Set([...form.elements].map((one) => one.name).filter((one) => one && one !== "csrf_token"))].sort().join(",");
  const action = new URL(form.getAttribute("action") || "", location.href).pathname;
  return `${PREFIX}${location.pathname}:${form.dataset.draft || form.id || `${action}?${asks}`}`;
}

function stash(form, why) {
  const once = form.querySelector("[data-once]")?.value ?? "";
  try {
    sessionStorage.setItem(name(form), JSON.stringify({ why, who, once, page: location.pathname, at: Date.now(), data: forms.read(form) }));
  } catch { /* storage is full or forbidden: the form itself is still there */ }
}

function read(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    if (kept && kept.who === who && Date.now() - kept.at < LONGEST) return kept;
  } catch { /* not ours */ }
  sessionStorage.removeItem(key);
  return null;
}

function stashAll() {
  for (const form of document.querySelectorAll("form[data-guard],form[data-draft]")) {
    if (!forms.isDirty(form)) continue;
    stash(form, "expired");
    form.dataset.saved = "1";
  }
}

const onLogin = location.pathname === loginPath;
let cameFromLogin = false;
if (onLogin) sessionStorage.setItem(LOGIN_SEEN, "1");
else {
  cameFromLogin = sessionStorage.getItem(LOGIN_SEEN) === "1";
  sessionStorage.removeItem(LOGIN_SEEN);
}

/** The server has answered a form with a way onward: what was sent has arrived. */
const navigation = performance.getEntriesByType("navigation")[0];
const cameFrom = document.referrer && new URL(document.referrer).origin === location.origin ? new URL(document.referrer).pathname : "";
const wentOnward = (kept) => !refused && (navigation?.redirectCount > 0 || ((navigation?.type ?? "navigate") === "navigate" && cameFrom === kept.page));
const BACK = { expired: "restored_login", sent: "restored_line", unsaved: "restored_line", waiting: "restored_line", refused: "restored_refused" };

/** What this window still holds of the form; null when it has arrived or there is nothing. */
function held(form) {
  const kept = read(name(form));
  if (!kept) return null;
  const arrived = kept.why === "sent" && !cameFromLogin && wentOnward(kept);
  const there = alike(kept.data, forms.read(form));
  if (arrived || (there && !refused)) sessionStorage.removeItem(name(form));
  else if (there) stash(form, "refused"); // the page shows the words now, and has forgotten them when it is opened again
  return arrived || there ? null : kept;
}

function unstash(form, kept) {
  forms.write(form, kept.data);
  const once = form.querySelector("[data-once]");
  if (once && kept.once && kept.why !== "expired") once.value = kept.once; /* if it did arrive, it is the same once more */
  const why = kept.why === "sent" && cameFromLogin ? "expired" : kept.why;
  if (BACK[why]) toast(say(BACK[why]), "good");
  stash(form, kept.why === "local" ? "local" : "unsaved");
}

/** After a successful act the next page has no such form: its copy has done its duty. */
function forget() {
  if (onLogin) return;
  const wanted = new Set([...document.querySelectorAll("form")].map(name));
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(PREFIX) || wanted.has(key)) continue;
    const kept = read(key);
    if (kept?.why === "sent" && !cameFromLogin && wentOnward(kept)) sessionStorage.removeItem(key);
  }
}

document.addEventListener("hotline:expired", stashAll);
document.addEventListener("hotline:sending", (event) => {
  clearTimeout(event.detail.form.draftTimer); // a late copy of what is being typed would outlive the successful act
  stash(event.detail.form, "sent");
});
document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail ?? {};
  if (ctx?.sourceElement?.matches?.("form") && ctx.response?.status < 400) sessionStorage.removeItem(name(ctx.sourceElement));
});
document.addEventListener("submit", (event) => {
  if (!(event.target.getAttribute("action") ?? "").endsWith("/logout")) return; // a button named "action" would hide the property
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
});

/* ---- no line: the form stays, and goes out once when the line is back ---- */

let waiting = null;

document.addEventListener("hotline:no-line", (event) => {
  waiting = event.detail;
  stash(waiting.form, "waiting");
  tell(waiting.form, say("waits_for_line"), "warn");
  toast(say("waits_for_line"), "warn");
});

window.addEventListener("online", () => {
  const sent = waiting;
  waiting = null;
  if (sent?.form.isConnected && !sent.form.dataset.sending) sent.form.requestSubmit(sent.submitter?.isConnected ? sent.submitter : null);
  else saveNow();
});

/* ---- the draft on the server ---- */

function soon(form, state, pause = PAUSE) {
  const now = Date.now();
  state.since ??= now;
  clearTimeout(state.timer);
  const wait = Math.max(Math.min(pause, state.since + LATEST - now), (state.sentAt ?? 0) + APART - now, 0);
  state.timer = setTimeout(() => save(form), wait);
}

async function save(form, keepalive = false) {
  const state = known.get(form);
  if (!state || state.stopped || !form.isConnected || form.dataset.sending) return;
  clearTimeout(state.timer);
  const data = forms.read(form);
  if (forms.same(data, state.data)) return;
  if (state.running) {
    if (keepalive) farewell(form, state, data);
    state.again = true;
    return;
  }
  Object.assign(state, { running: true, since: null, sentAt: Date.now() });
  tell(form, say("saving"));
  try {
    const once = form.querySelector("[data-once]")?.value ?? "";
    const answer = await ask(url(form), { method: "PUT", json: { version: state.version, data, once }, keepalive });
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 410) state.stopped = true; // the form has arrived meanwhile
    else if (answer.status === 409) conflict(form, state, told);
    else if (!answer.ok) throw new Error(String(answer.status));
    else {
      Object.assign(state, { version: told.version, data });
      const whole = forms.same(data, forms.read(form));
      if (whole) form.dataset.saved = "1"; // words that were typed meanwhile are not saved yet, and nobody says so
      tell(form, say("saved", { time: clock(told.saved_at ?? Date.now()) }), whole ? "good" : "");
      if (whole && waiting?.form !== form) sessionStorage.removeItem(name(form));
    }
  } catch {
    if (read(name(form))?.why !== "expired") stash(form, "unsaved");
    tell(form, say("save_failed"), "warn");
    state.timer = setTimeout(() => save(form), 15000);
  } finally {
    state.running = false;
    if (state.again) { state.again = false; soon(form, state, 0); }
  }
}

/** The page goes while a save is under way: the newest words follow it, as the version after; nobody is left to hear the answer. */
function farewell(form, state, data) {
  state.left = data;
  const once = form.querySelector("[data-once]")?.value ?? "";
  ask(url(form), { method: "PUT", json: { version: state.version + 1, data, once }, keepalive: true }).catch(() => stash(form, "unsaved"));
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

/** What the other copy says where it differs, field by field, to be read beside one's own words. */
function beside(form, copy) {
  const now = forms.read(form);
  const rows = Object.keys(copy).filter((field) => field in now && plain(copy[field]) !== plain(now[field]) && plain(copy[field]));
  const label = (field) => form.querySelector(`label[for="f-${CSS.escape(field)}"]`)?.firstChild?.textContent.trim() || field;
  return make("ul", { class: "draft-other" }, ...rows.map((field) => make("li", {}, `${label(field)}：${[].concat(copy[field]).join(" ")}`)));
}

function conflict(form, state, told) {
  if (within(told.data ?? {}, forms.read(form)) || (state.left && alike(told.data ?? {}, state.left))) {
    state.version = told.version;
    state.again = true;
    return;
  }
  state.stopped = true;
  stash(form, "unsaved");
  bar(form, say("draft_conflict", { time: clock(told.saved_at ?? Date.now()) }),
    choice(say("keep_mine"), true, () => { state.stopped = false; state.version = told.version; save(form); }),
    choice(say("take_other"), false, () => {
      const mine = { data: forms.read(form), saved_at: Date.now() };
      Object.assign(state, { stopped: false, version: told.version, data: told.data });
      forms.write(form, told.data);
      other(form, mine, told.saved_at, "see_newer");
    })).append(beside(form, told.data ?? {}));
}

/** The other copy is older and differs: it can be looked at, and the newer one comes back with the same button. */
function other(form, kept, time, key) {
  bar(form, say("older_kept", { time: clock(kept.saved_at), now: clock(time) }),
    choice(say(key), false, () => {
      const mine = { data: forms.read(form), saved_at: time };
      forms.write(form, kept.data);
      other(form, mine, kept.saved_at, key === "see_older" ? "see_newer" : "see_older");
    }),
    choice(say("keep_this"), true, () => {}));
}

/** Nothing is offered that would change nothing: once the browser has put its own words back, the bar goes again. */
function offer(form, state, kept) {
  state.version = kept.version;
  const mine = held(form);
  if (mine && (within(kept.data, mine.data) || !(Date.parse(kept.saved_at) > mine.at))) {
    unstash(form, mine);
    if (!within(kept.data, forms.read(form))) other(form, kept, mine.at, "see_older");
    return;
  }
  if (alike(kept.data, forms.read(form))) return;
  state.offered = kept.data;
  bar(form, say("draft_found", { time: clock(kept.saved_at) }),
    choice(say("restore"), true, () => {
      const before = forms.read(form), typed = forms.isDirty(form);
      forms.write(form, kept.data);
      toast(say("restored"), "good");
      if (mine) other(form, { data: mine.data, saved_at: mine.at }, kept.saved_at, "see_older");
      else if (typed && !alike(before, kept.data)) other(form, { data: before, saved_at: Date.now() }, kept.saved_at, "see_newer");
    }),
    choice(say("discard"), false, () => {
      if (mine) return unstash(form, mine);
      return ask(url(form), { method: "DELETE" }).then(() => { state.version = 0; }, () => {});
    }));
}

async function begin(form) {
  const state = { version: Number(form.dataset.draftVersion) || 0, data: forms.read(form), timer: 0 };
  known.set(form, state);
  const block = form.querySelector("script[data-draft-saved]");
  if (block) return offer(form, state, JSON.parse(block.textContent));
  const mine = held(form);
  if (mine) unstash(form, mine);
  if (forms.isDirty(form) && !mine) return;
  try {
    const answer = await ask(url(form));
    if (answer.status !== 200) return;
    const kept = await answer.json();
    if (!kept.version) return;
    if (!mine) return offer(form, state, kept);
    state.version = kept.version;
    if (!alike(kept.data, forms.read(form))) other(form, kept, mine.at, "see_older");
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
  form.querySelectorAll("[data-draft-state]").forEach((place) => { place.dataset.kind = ""; }); // what is typed now is not saved
  soon(form, state);
});
document.addEventListener("focusout", (event) => {
  const state = known.get(event.target.form);
  if (state && forms.isDirty(event.target.form)) soon(event.target.form, state, 0);
});

function saveNow(keepalive = false) {
  for (const form of known.keys()) if (forms.isDirty(form)) save(form, keepalive);
}

document.addEventListener("visibilitychange", () => { if (document.hidden) saveNow(true); });
window.addEventListener("pagehide", () => saveNow(true));
document.addEventListener("hotline:save-now", () => saveNow());
window.addEventListener("pageshow", () => setTimeout(() => {
  for (const [form, state] of known) if (state.offered && alike(state.offered, forms.read(form))) form.querySelector(".draft-bar")?.remove();
}));

onPart((part) => {
  forget();
  for (const form of part.querySelectorAll(OURS)) {
    if (form.dataset.begun) continue;
    form.dataset.begun = "1";
    if (form.dataset.draft) begin(form);
    else {
      const kept = held(form);
      if (kept) unstash(form, kept);
    }
  }
  for (const form of known.keys()) if (!form.isConnected) known.delete(form);
});
