/* After the session's end the page is locked; signed in again, in any window, it goes on with every word in its place. */

import { expired } from "./requests.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const dialog = document.getElementById("dialog-expired");
const { poll, who } = document.body.dataset;
let asking = false;

/** The page as the server gives it now, to somebody who is signed in; null while nobody is. */
async function fresh() {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || new URL(answer.url).pathname !== location.pathname) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function look() {
  if (!dialog.open || asking || !poll) return;
  asking = true;
  try {
    const page = await fresh();
    if (page?.body.dataset.who !== who) return;
    const token = page.querySelector('meta[name="csrf-token"]')?.content;
    document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
    document.querySelectorAll('input[name="csrf_token"]').forEach((field) => { field.value = token; });
    dialog.close();
    toast(say("goes_on"), "good");
    document.dispatchEvent(new CustomEvent("hotline:save-now"));
  } catch { /* no line: the next look will tell */ } finally {
    asking = false;
  }
}

if (dialog && who) {
  /* What the page asks for by itself does not take the page away: it is locked where it stands. */
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail?.ctx?.response?.status !== 401) return;
    event.preventDefault();
    expired();
  });

  window.addEventListener("focus", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  setInterval(look, 5000);
}
