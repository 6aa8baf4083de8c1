/* Ctrl+K: every page, everything this page offers, tickets by number, and people, articles and units by name; found by Chinese, by the first
   letters of its sounds, or by digits. */

import { chooser } from "./chooser.js";
import { fit, loadLetters, quiet, ranked } from "./finding.js";
import { ask } from "./requests.js";
import { mayAct } from "./steady.js";
import { say } from "./words.js";

const MOST = 12, ROOM = 6, SHORTEST = 2, PAUSE = 150;
const OFFERED = "main a.btn, main button.btn, main .dropdown-item, main a.tab, main summary.btn, .topbar-right .dropdown-item, .duty-button";
let parts, address, places, offered = [], shown = [], waiting;

/** What a button or link is called, without its key and the number beside it; one that shows a state tells what it does. */
function label(one) {
  if (one.dataset.does) return one.dataset.does;
  const bare = one.cloneNode(true);
  for (const beside of bare.querySelectorAll("kbd, .keys, .tab-count, .nav-count")) beside.remove();
  return quiet(one.getAttribute("aria-label") || bare.textContent || one.title);
}

const usable = (one) => !one.disabled && (one.getClientRects().length > 0 || one.closest("details, .dropdown-menu"));

/** What stands on the page, as it may be pressed there: nothing that the person may not do is drawn. */
function here() {
  const known = new Set();
  return [...document.querySelectorAll(OFFERED)].filter(usable).map((one) => ({ label: label(one), note: say("palette_here"), icon: "dash", press: one }))
    .filter(({ label: text }) => text && !known.has(text) && known.add(text));
}

function draw(items, stays = false) {
  const words = quiet(parts.asked());
  shown = items;
  parts.show(items, words && places ? say("palette_none", { words }) : "", stays);
}

function look() {
  const asked = quiet(parts.asked()).toLowerCase();
  draw(ranked([...offered, ...(places ?? [])], asked, MOST));
  clearTimeout(waiting);
  const number = /(?:^|\s)([a-z]*\d{2,})(?:\s|$)/.exec(asked)?.[1];
  waiting = setTimeout(() => Promise.all([number && seek(number, asked), asked.length >= SHORTEST && seekNames(asked)]), PAUSE);
}

/** Those who and what are called so stand below the pages: pages are few and known by heart. */
async function seekNames(asked) {
  const answer = await ask(`${address}/names?q=${encodeURIComponent(asked)}`).catch(() => undefined);
  if (!answer?.ok || quiet(parts.asked()).toLowerCase() !== asked) return;
  const named = await answer.json();
  if (named.length) draw([...shown.slice(0, MOST - Math.min(named.length, ROOM)), ...named].slice(0, MOST), true);
}

/** Tickets by number; where one is meant, what may be done to it stands below, narrowed by the other words. */
async function seek(number, asked) {
  const answer = await ask(`${address}/tickets?q=${encodeURIComponent(number)}`).catch(() => undefined);
  if (!answer?.ok || quiet(parts.asked()).toLowerCase() !== asked) return;
  const rest = quiet(asked.replace(number, ""));
  const found = (await answer.json()).flatMap((one) => [one, ...one.does.map((deed) => ({ ...deed, note: one.label.split(" ")[0] }))]);
  const tickets = found.map((one) => ({ note: say("palette_ticket"), ...one })).filter((one) => !rest || fit(one, rest) !== undefined);
  draw([...tickets, ...shown].slice(0, MOST));
}

function take(item) {
  parts.dialog.close();
  if (!item) location.assign(`/search?q=${encodeURIComponent(quiet(parts.asked()))}`);
  else if (item.url) location.assign(item.url);
  else if (item.press.isConnected && mayAct(item.press)) {
    item.press.closest("details")?.setAttribute("open", "");
    item.press.focus();
    item.press.click();
  }
}

async function load() {
  const [first] = await Promise.all([ask(`${address}/`), loadLetters(address)]);
  places = (await first.json()).map((one) => ({ ...one, note: say("palette_go") }));
}

/** It stands open at once, so that no key that is typed falls on the page; the places follow. */
async function open(from) {
  address = from;
  parts ??= chooser({ id: "palette", name: say("palette"), hint: say("palette_hint"), look, take });
  offered = here();
  parts.open();
  look();
  if (places) return;
  await load();
  look();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-palette]");
  if (button) open(button.dataset.palette);
});
