/* Ready words in any text field of the desks: Alt+/ or a "/" at the start of a line. What is chosen goes in as if it were typed,
   so that undo and drafts know it; places that are still open are marked, Tab goes from one to the next, and nothing is sent with them. */

import { chooser } from "./chooser.js";
import { icon, make } from "./elements.js";
import { loadLetters, quiet, ranked } from "./finding.js";
import { ask } from "./requests.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const MOST = 30;
const SLASH = new Set(["/", "／", "、"]);
const OPEN = /【请填：?[^】\n]{0,20}】?/g;
const button = document.querySelector("[data-ready]");
let area, from = 0, to = 0, parts, offered;

const takes = (one) => one?.matches?.("textarea:not([readonly],[disabled])") && !one.closest("[data-no-ready]");

/** The number of the ticket that the form is about. */
function ticketOf(field) {
  const told = field.closest("[data-ticket]")?.dataset.ticket;
  const addresses = [field.form?.getAttribute("action") ?? "", location.pathname + location.search];
  return told ?? addresses.map((one) => /(?:^|[/=])(\d{12,})(?=[/?&]|$)/.exec(one)?.[1]).find(Boolean) ?? "";
}

function row(item) {
  return [icon("chat-quote"), make("span", { class: "palette-label" }, make("b", {}, item.label), make("small", { class: "ready-text" }, item.text)),
    make("small", { class: "quiet" }, item.note)];
}

function look() {
  const asked = quiet(parts.asked()).toLowerCase();
  parts.show(ranked(offered ?? [], asked, MOST, (item) => item.text), offered ? say("ready_none") : "");
}

async function open() {
  parts ??= chooser({ id: "ready-chooser", name: say("ready"), hint: say("ready_hint"), look, take, row });
  offered = undefined;
  parts.open();
  look();
  const where = [location.pathname, area.form?.getAttribute("action") ?? ""].map((one) => `&where=${encodeURIComponent(one)}`).join("");
  const [answer] = await Promise.all([ask(`${button.dataset.ready}/offered?ticket=${encodeURIComponent(ticketOf(area))}${where}`), loadLetters("/palette")]);
  if (answer.ok) offered = await answer.json();
  look();
}

function take(item) {
  parts.dialog.close();
  if (!item || !area.isConnected) return;
  area.focus();
  area.setSelectionRange(from, to);
  if (area.maxLength > 0 && area.value.length - (to - from) + item.text.length > area.maxLength) return toast(say("ready_long", { n: area.maxLength }), "warn");
  if (!document.execCommand("insertText", false, item.text)) {
    area.setRangeText(item.text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  fillNext(area, from);
  if (area.form?.dataset.practising) return;
  ask(`${button.dataset.ready}/${item.id}/used`, { method: "POST" }).catch(() => undefined);
}

/** Select the first place that is open behind this point. */
function fillNext(field, after) {
  const found = [...field.value.matchAll(OPEN)].find((one) => one.index >= after);
  if (found) field.setSelectionRange(found.index, found.index + found[0].length);
  return Boolean(found);
}

/** The one button stands in the field that was used last. */
function follow(field) {
  area = field;
  const box = field.closest(".field");
  if (!box) return;
  box.append(button);
  button.hidden = false;
}

if (button) {
  document.addEventListener("focusin", (event) => takes(event.target) && follow(event.target));
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!area?.isConnected) return;
    [from, to] = [area.selectionStart, area.selectionEnd];
    open();
  });
  document.addEventListener("input", (event) => {
    if (!takes(event.target) || event.isComposing || !SLASH.has(event.data)) return;
    const caret = event.target.selectionStart;
    if (caret > 1 && event.target.value[caret - 2] !== "\n") return;
    follow(event.target);
    [from, to] = [caret - 1, caret];
    open();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey || event.defaultPrevented || !takes(event.target)) return;
    if (fillNext(event.target, event.target.selectionEnd)) event.preventDefault();
  });
}

/* The server refuses open places as well; here the hand is led to the first one. What is urgent has buttons of its own addresses. */
document.addEventListener("click", (event) => {
  const sends = event.target.closest?.("button:not([type=button]):not([formaction])");
  if (!sends || sends.form?.method !== "post" || sends.value === "draft") return;
  const field = [...sends.form.elements].find((one) => takes(one) && one.getClientRects().length && one.value.search(OPEN) >= 0);
  if (!field) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  field.focus();
  fillNext(field, 0);
  toast(say("ready_open"), "warn");
}, true);
