/* Ctrl+K: every page, everything this page offers, and tickets by number; found by Chinese, by the first letters of its sounds, or by digits. */

import { openDialog } from "./dialogs.js";
import { icon, make } from "./elements.js";
import { ask } from "./requests.js";
import { mayAct } from "./steady.js";
import { say } from "./words.js";

const MOST = 12, PAUSE = 150;
const OFFERED = "main a.btn, main button.btn, main .dropdown-item, main a.tab, main summary.btn, .topbar-right .dropdown-item";
let parts, places, letters = new Map(), offered = [], shown = [], at = 0, waiting;

const quiet = (text) => text.replace(/\s+/g, " ").trim();

/** What a button or link is called, without its key and the number beside it. */
function label(one) {
  const bare = one.cloneNode(true);
  for (const beside of bare.querySelectorAll("kbd, .keys, .tab-count, .nav-count")) beside.remove();
  return quiet(one.getAttribute("aria-label") || bare.textContent || one.title);
}

const usable = (one) => !one.disabled && (one.getClientRects().length > 0 || one.closest("details, .dropdown-menu"));

/** What stands on the page, as it may be pressed there: nothing that the person may not do is drawn. */
function here() {
  const known = new Set();
  return [...document.querySelectorAll(OFFERED)].filter(usable).map((one) => ({ label: label(one), kind: "palette_here", icon: "dash", press: one }))
    .filter(({ label: text }) => text && !known.has(text) && known.add(text));
}

const initials = (text) => [...text.toLowerCase()].map((sign) => letters.get(sign) ?? sign).join("");

/** The smaller the better; nothing when it does not fit. */
function fit(item, asked) {
  const text = item.label.toLowerCase();
  const ways = [text.indexOf(asked), initials(text).replace(/[^a-z0-9]/g, "").indexOf(asked)];
  const [plain, sound] = ways;
  if (plain < 0 && sound < 0) return undefined;
  return (plain < 0 ? 100 + sound : plain) + text.length / 100;
}

function ranked(asked) {
  const all = [...offered, ...(places ?? [])];
  if (!asked) return all.slice(0, MOST);
  return all.map((item) => [fit(item, asked), item]).filter(([score]) => score !== undefined)
    .sort(([one], [other]) => one - other).map(([, item]) => item).slice(0, MOST);
}

function draw() {
  const asked = quiet(parts.input.value);
  parts.list.replaceChildren(...shown.map((item, n) => make("li", { role: "option", id: `palette-${n}`, class: "palette-item", "aria-selected": String(n === at) },
    icon(item.icon), make("span", { class: "palette-label" }, item.label), make("small", { class: "quiet" }, item.note ?? say(item.kind)))));
  parts.none.hidden = shown.length > 0 || !asked || !places;
  parts.none.textContent = say("palette_none", { words: asked });
  if (shown.length) parts.input.setAttribute("aria-activedescendant", `palette-${at}`);
  else parts.input.removeAttribute("aria-activedescendant");
  parts.list.children[at]?.scrollIntoView({ block: "nearest" });
}

function look() {
  const asked = quiet(parts.input.value).toLowerCase();
  [shown, at] = [ranked(asked), 0];
  draw();
  clearTimeout(waiting);
  const number = /(?:^|\s)([a-z]*\d{2,})(?:\s|$)/.exec(asked)?.[1];
  if (number) waiting = setTimeout(() => seek(number, asked), PAUSE);
}

/** Tickets by number; where one is meant, what may be done to it stands below, narrowed by the other words. */
async function seek(number, asked) {
  const answer = await ask(`${parts.address}/tickets?q=${encodeURIComponent(number)}`).catch(() => undefined);
  if (!answer?.ok || quiet(parts.input.value).toLowerCase() !== asked) return;
  const rest = quiet(asked.replace(number, ""));
  const found = (await answer.json()).flatMap((one) => [one, ...one.does.map((deed) => ({ ...deed, note: one.label.split(" ")[0] }))]);
  const tickets = found.map((one) => ({ ...one, kind: "palette_ticket" })).filter((one) => !rest || fit(one, rest) !== undefined);
  [shown, at] = [[...tickets, ...shown].slice(0, MOST), 0];
  draw();
}

function take(item) {
  parts.dialog.close();
  if (!item) location.assign(`/search?q=${encodeURIComponent(quiet(parts.input.value))}`);
  else if (item.url) location.assign(item.url);
  else if (item.press.isConnected && mayAct(item.press)) {
    item.press.closest("details")?.setAttribute("open", "");
    item.press.focus();
    item.press.click();
  }
}

function press(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing || !(step || event.key === "Enter")) return;
  event.preventDefault();
  if (!step) return shown.length || quiet(parts.input.value) ? take(shown[at]) : undefined;
  at = (at + step + shown.length) % Math.max(shown.length, 1);
  draw();
}

function build(address) {
  const input = make("input", {
    type: "text", class: "form-control", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-label": say("palette"),
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: say("palette_hint"), maxlength: "60",
  });
  const list = make("ul", { id: "palette-list", role: "listbox", class: "palette-list", "aria-label": say("palette") });
  const none = make("p", { class: "palette-none", role: "status", hidden: true });
  const dialog = make("dialog", { class: "dialog palette", "aria-label": say("palette") }, input, list, none);
  input.addEventListener("input", look);
  input.addEventListener("keydown", press);
  list.addEventListener("click", (event) => take(shown[[...list.children].indexOf(event.target.closest("li"))]));
  document.body.append(dialog);
  return { address, dialog, input, list, none };
}

async function load(address) {
  const [first, second] = await Promise.all([ask(`${address}/`), ask(`${address}/letters`)]);
  places = (await first.json()).map((one) => ({ ...one, kind: "palette_go" }));
  letters = new Map(Object.entries(await second.json()).flatMap(([letter, signs]) => [...signs].map((sign) => [sign, letter])));
}

/** It stands open at once, so that no key that is typed falls on the page; the places follow. */
async function open(address) {
  parts ??= build(address);
  offered = here();
  parts.input.value = "";
  openDialog(parts.dialog);
  parts.input.focus();
  look();
  if (places) return;
  await load(address);
  look();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-palette]");
  if (button) open(button.dataset.palette);
});
