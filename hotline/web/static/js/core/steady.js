/* Nobody hurts anybody by a slip: held and bouncing keys do nothing, a key acts only on what has stood on the screen, Enter in a field never sends. */

import { onPart } from "./elements.js";

const SEEN_AFTER = 400;
const FREE = /^(Arrow|Page|Home|End|Tab|Backspace|Delete|Shift|Alt|Control|Meta)/;
const born = new WeakMap();
let standing = new Map();

const field = (element) => element?.matches?.("input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable]");

/** Whether a person has had the time to see this element. */
const steady = (element) => performance.now() - (born.get(element) ?? 0) >= SEEN_AFTER;

/** What sends something away, unlike a link, a field or a button that opens a dialog. */
const sends = (element) => "acts" in element.dataset || (element.matches("button,input") && element.type === "submit" && element.form?.method === "post");

/** Whether a key may act on this element now: what sends something away must have been seen first. */
export const mayAct = (element) => !sends(element) || steady(element);

const keyed = () => [...document.querySelectorAll("[data-key]")];

const buttons = () => [...document.querySelectorAll("form[method=post] button, [data-key]")];

/** The page carries a sign while something with a key is too fresh to act; whoever presses keys for a person (tests do) waits for its end. */
function sign() {
  if (keyed().every(steady)) return delete document.documentElement.dataset.unseen;
  document.documentElement.dataset.unseen = "";
  return setTimeout(sign, SEEN_AFTER / 4);
}

/** What a key would do here, in words: a part that is drawn again with the same button has not become new by that. */
const does = (element) => [element.dataset.key, element.form?.getAttribute("action"), element.getAttribute("formaction"), element.href, element.textContent].join(" ");

function look() {
  const now = performance.now();
  for (const one of buttons()) if (!born.has(one)) born.set(one, standing.get(does(one)) ?? now);
  standing = new Map(buttons().map((one) => [does(one), born.get(one)]));
  sign();
}

onPart(look);
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  const now = performance.now();
  for (const one of buttons()) born.set(one, now);
  sign();
});

/* A key that is held down presses once; letters may be held where text is written, and lists may be run through. */
document.addEventListener("keydown", (event) => {
  if (!event.repeat || FREE.test(event.key)) return;
  const writes = field(event.target) && !event.altKey && !(event.key === "Enter" && event.target.matches("input"));
  const rows = ["j", "k"].includes(event.key) && !event.altKey;
  if (writes || rows || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

/* A second click of a double click belongs to the page that was there at the first. */
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button || event.detail < 2 || !sends(button) || steady(button)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

/** Whether a form is sent by its own key or button alone: one that has such a key, and one of several buttons of which the first says
 * something of its own ("granted"), so that no Enter can choose. A first button without a name is what Enter means. */
const chosen = (form) => {
  const submits = [...form.elements].filter((one) => one.type === "submit");
  return (submits.length > 1 && submits[0].matches("[name],[formaction]")) || submits.some((one) => one.dataset.key);
};

/* Enter chooses and goes on. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const input = event.target;
  if (!input.matches?.("input:not([type=submit],[type=button],[type=file])") || input.form?.method !== "post") return;
  if (!chosen(input.form)) return;
  event.preventDefault();
  const all = [...input.form.elements].filter((one) => one.matches("input:not([type=hidden]),textarea,select") && one.getClientRects().length);
  all[all.indexOf(input) + 1]?.focus();
});
