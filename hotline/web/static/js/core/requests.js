/* Requests with the CSRF token; a session that has ended raises the "log in again" dialog. */

import { handsMoved } from "./hands.js";

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** fetch with our token; a 401 raises the "log in again" dialog. JSON bodies are sent as JSON. hands: a person is behind it. */
export async function ask(url, { method = "GET", json, form, keepalive = false, hands = handsMoved() } = {}) {
  const headers = { "X-CSRFToken": csrf(), Accept: "application/json", "X-Requested-With": "fetch" };
  if (hands) headers["X-Hands"] = "1";
  let body = form;
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(json);
  }
  const answer = await fetch(url, { method, headers, body, keepalive, credentials: "same-origin" });
  if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === loginPath())) {
    expired();
    throw new Error("session expired");
  }
  return answer;
}

export const loginPath = () => document.body.dataset.login ?? "/login";

export function expired() {
  document.dispatchEvent(new CustomEvent("hotline:expired"));
  const dialog = document.getElementById("dialog-expired");
  if (!dialog || dialog.open || document.body.classList.contains("public")) return;
  const here = location.pathname + location.search;
  document.getElementById("dialog-expired-login").href = `${loginPath()}?next=${encodeURIComponent(here)}`;
  dialog.showModal();
}
