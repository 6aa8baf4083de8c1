/* What htmx asks and hears: the CSRF token, refusals as sentences, and no swap under somebody's hands. */

import { icon, make } from "./elements.js";
import { isDirty } from "./forms.js";
import { handsMoved } from "./hands.js";
import { csrf, expired } from "./requests.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const BY_STATUS = { 403: "not_allowed", 404: "not_found", 413: "trouble", 429: "too_fast" };

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (handsMoved()) request.headers["X-Hands"] = "1";
  if (request.method !== "GET") request.headers["X-CSRFToken"] = csrf();
});

/** The sentence of an error page or fragment, or ours for its status. */
function sentence(text, status) {
  const page = new DOMParser().parseFromString(text ?? "", "text/html");
  return page.querySelector("[data-sentence]")?.textContent.trim() || say(BY_STATUS[status] ?? "trouble");
}

/** A form that is asked again by itself tells of its failures in its own words. */
const tells = (event) => event.detail?.ctx?.sourceElement?.matches?.("form[data-again]");

/** What a button filled in and what may not be told any more is taken out again, while it stands as it was filled in. */
function takeOut(button) {
  const field = button?.dataset?.fill && document.querySelector(button.dataset.fill);
  if (!field || field.value !== button.dataset.value) return;
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("htmx:response:error", (event) => {
  const { response, text, sourceElement } = event.detail.ctx;
  if (response.status === 401) return expired();
  if (response.status === 404) takeOut(sourceElement);
  if ([400, 409, 422].includes(response.status) || tells(event)) return;
  toast(sentence(text, response.status), response.status >= 500 ? "bad" : "warn");
});

document.addEventListener("htmx:error", (event) => {
  console.error(event.detail?.error ?? event.detail);
  if (!isLive(event.detail?.ctx) && !tells(event)) toast(say("network"), "warn");
});

/* ---- a live update never replaces a form being typed in ---- */

const isLive = (ctx) => /^(hotline:|every$)/.test(ctx?.sourceEvent?.type ?? "");

function inUse(region) {
  if (!(region instanceof Element)) return false;
  const active = document.activeElement;
  if (region.contains(active) && active.matches("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]")) return true;
  if (region.querySelector("dialog[open]")) return true;
  return [...region.querySelectorAll("form")].some(isDirty);
}

function hold(event) {
  const { ctx } = event.detail;
  const target = ctx.target instanceof Element ? ctx.target : document.querySelector(ctx.target ?? "body");
  if (!isLive(ctx) || !inUse(target)) return;
  event.preventDefault();
  offerRefresh(target);
}

function offerRefresh(region) {
  if (region.querySelector(":scope > .stale-bar")) return;
  const link = make("a", { href: location.href, class: "btn btn-sm btn-outline-primary" }, say("refresh"));
  region.prepend(make("div", { class: "stale-bar", role: "status" }, icon("arrow-repeat"), make("span", {}, say("changed_here")), link));
}

document.addEventListener("htmx:before:request", hold);
document.addEventListener("htmx:before:swap", hold);
