/* Keyboard all the way: data-key on anything clickable or typable, arrows in lists, and a table of all keys on "?". */

import { openDialog } from "./dialogs.js";
import { make } from "./elements.js";
import { pressed } from "./pressed.js";
import { mayAct } from "./steady.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const typing = (element) => element?.matches?.("input:not([type=checkbox]):not([type=radio]):not([type=button]),textarea,select,[contenteditable]");
/** What lies in a closed part has a place and yet is not seen. */
const visible = (element) => element.checkVisibility();

/** The topmost dialog owns the keyboard while it is open. */
const stage = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;

/** What was opened has handed its key on to what it shows. */
const opened = (element) => element.matches("details[open] > summary");

/** In a list the selected row's own button comes before that of the first row. */
function find(combo) {
  const having = [...stage().querySelectorAll("[data-key]")].filter((one) => one.dataset.key === combo && visible(one) && !one.disabled && !opened(one));
  const row = document.activeElement?.closest?.("[data-rows] tr");
  return having.find((one) => row?.contains(one)) ?? having[0];
}

function use(element) {
  if (typing(element)) {
    element.focus();
    element.select?.();
  } else {
    element.focus();
    element.click();
  }
}

const LEFT = "hotline:row-left";
const rowLinks = () => [...stage().querySelectorAll("[data-rows] [data-row-link]")].filter(visible);
const rowInHand = (links) => links.indexOf(document.activeElement?.closest("tr")?.querySelector("[data-row-link]"));

/** The row to begin with: the one in which this list was left, or what has come into its place; else the first or the last. */
function start(links, step) {
  const left = JSON.parse(sessionStorage.getItem(LEFT) ?? "null");
  sessionStorage.removeItem(LEFT);
  if (left?.list !== location.href) return step > 0 ? 0 : links.length - 1;
  const same = links.findIndex((one) => one.href === left.row);
  return same < 0 ? Math.min(left.at, links.length - 1) : same;
}

function move(step) {
  const links = rowLinks();
  if (!links.length) return false;
  const here = rowInHand(links);
  const next = links[here < 0 ? start(links, step) : Math.min(Math.max(here + step, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/* Who goes down a list and comes back to it goes on where it was left. */
window.addEventListener("pagehide", () => {
  const links = rowLinks(), at = rowInHand(links);
  if (at >= 0) sessionStorage.setItem(LEFT, JSON.stringify({ list: location.href, row: links[at].href, at }));
});

function label(element) {
  return element.getAttribute("aria-label")
    || element.querySelector?.("span:not(.keys)")?.textContent.trim()
    || document.querySelector(`label[for="${element.id}"]`)?.childNodes[0]?.textContent.trim()
    || element.title || element.textContent.trim();
}

function name(combo) {
  const words = { mod: "Ctrl", alt: "Alt", shift: "Shift", enter: "Enter", arrowdown: "↓", arrowup: "↑" };
  return combo.split("+").map((key) => make("kbd", {}, words[key] ?? (key.length === 1 ? key.toUpperCase() : key)));
}

function help() {
  const list = document.getElementById("keys-list");
  if (!list) return;
  const rows = [["?", say("key_help")]];
  for (const one of document.querySelectorAll("[data-key]")) {
    if (visible(one) && !rows.some(([combo]) => combo === one.dataset.key)) rows.push([one.dataset.key, label(one)]);
  }
  const digits = document.querySelector("form[data-digits]");
  if (digits) rows.push(["1+…+9", digits.dataset.digits]);
  if (document.querySelector("[data-rows]")) rows.push(["arrowup+arrowdown", say("key_rows")]);
  list.replaceChildren(...rows.map(([combo, text]) => make("div", {}, make("dt", {}, ...name(combo)), make("dd", {}, text))));
  openDialog(document.getElementById("dialog-keys"));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const combo = pressed(event);
  const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
  if (plain && combo === "escape" && typing(document.activeElement) && stage() === document) return document.activeElement.blur();
  if (plain && typing(event.target)) return;
  if (plain && combo === "?") { event.preventDefault(); return help(); }
  const step = { j: 1, k: -1, arrowdown: 1, arrowup: -1 }[combo];
  const inRows = combo.length === 1 || document.activeElement?.closest("[data-rows]");
  if (plain && step && inRows && move(step)) return event.preventDefault();
  const found = find(combo);
  if (!found) return;
  event.preventDefault();
  if (mayAct(found)) use(found);
  else toast(say("too_soon"), "warn");
});

/* A key that was pressed before the scripts of this page listened did nothing either, and that is told too. */
document.addEventListener("DOMContentLoaded", () => {
  if (window.pressedEarly?.some((event) => find(pressed(event)))) toast(say("too_soon"), "warn");
  delete window.pressedEarly;
});

document.addEventListener("click", (event) => { if (event.target.closest?.("[data-open-keys]")) help(); });
