/* After the session's end the page is locked; signed in again, in any window, it goes on with every word in its place, and a hang-up
   that was pressed meanwhile is done. */

import { pressed } from "./pressed.js";
import { expired } from "./requests.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const dialog = document.getElementById("dialog-expired");
const { poll, who } = document.body.dataset;
const ONCE_IN = 5000;
const renewed = new Set();
let asking = false;
let waits = "";

/** The page as the server gives it now, to somebody who is signed in; null while nobody is. */
async function fresh() {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || new URL(answer.url).pathname !== location.pathname) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** New tokens into every form; false while nobody, or somebody else, is signed in. */
async function renew() {
  const page = await fresh();
  if (page?.body.dataset.who !== who) return false;
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
  document.querySelectorAll('input[name="csrf_token"]').forEach((field) => { field.value = token; });
  return true;
}

/** Send once more what was refused for its token, or waits since the session's end: the form as it stands on the page now. */
function again(action) {
  const form = [...document.querySelectorAll("form[hx-post]")].find((one) => one.getAttribute("hx-post") === action);
  form?.requestSubmit();
}

async function look() {
  if (!dialog.open || asking || !poll) return;
  asking = true;
  try {
    if (!await renew()) return;
    dialog.close();
    toast(say("goes_on"), "good");
    document.dispatchEvent(new CustomEvent("hotline:save-now"));
    if (waits) again(waits);
    waits = "";
  } catch { /* no line: the next look will tell */ } finally {
    asking = false;
  }
}

/** The page's forms are of a session that is over, and another is there: they take its token, and what was pressed is done. */
async function stale(action) {
  if (renewed.has(action)) return expired();
  renewed.add(action);
  setTimeout(() => renewed.delete(action), ONCE_IN);
  if (await renew().catch(() => false)) return action && again(action);
  if (ofTheCall(action)) waits = action;
  expired();
}

const ofTheCall = (action) => /^\/desk\/calls\//.test(action);

if (dialog && who) {
  /* What the page asks for by itself does not take the page away: it is locked where it stands. */
  document.addEventListener("htmx:before:response", (event) => {
    const { response, sourceElement } = event.detail?.ctx ?? {};
    const action = sourceElement?.closest?.("form")?.getAttribute("hx-post") ?? "";
    const old = response?.headers?.get?.("X-Stale-Form");
    if (response?.status !== 401 && !old) return;
    event.preventDefault();
    if (old) return stale(action);
    if (ofTheCall(action)) waits = action;
    expired();
  });

  /* The lock lies over the call bar: the key that hangs up is kept, like one that was pressed just before. */
  document.addEventListener("keydown", (event) => {
    if (!dialog.open) return;
    const key = [...document.querySelectorAll("form[hx-post] [data-key]")].find((one) => one.dataset.key === pressed(event));
    const action = key?.closest("form").getAttribute("hx-post");
    if (/^\/desk\/calls\/\d+\/end\b/.test(action)) waits = action;
  });

  window.addEventListener("focus", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  setInterval(look, 5000);
}
