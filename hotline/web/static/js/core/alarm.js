/* Danger to life: a beep of our own, the title, and a desktop notice, until somebody has taken it. */

import { mark, notify as desktop, play } from "./attention.js";

const AGAIN = 12000;
const KEPT = "hotline-alarms-heard";
const bar = () => document.getElementById("alarms");
const standing = () => (bar()?.dataset.alarms ?? "").split(" ").filter(Boolean);

/** Two short high tones, thrice. */
const beep = () => play("alarm", [784, 988, 784, 988, 784, 988]);

/** One desktop notice for each ticket in this browser, however many pages are open. */
function notify(number) {
  const words = [...bar().querySelectorAll(".alarm-words")].find((one) => one.href.includes(number))?.textContent ?? "";
  desktop(bar().dataset.alarmTitle, words.trim(), `alarm-${number}`);
}

function heard() {
  try { return JSON.parse(localStorage.getItem(KEPT) ?? "[]"); } catch { return []; }
}

function look() {
  const now = standing();
  mark("alarm", now.length ? `(${now.length}) ${bar().dataset.alarmTitle}!` : "");
  const before = heard();
  const fresh = now.filter((number) => !before.includes(number));
  localStorage.setItem(KEPT, JSON.stringify(now));
  for (const number of fresh) notify(number);
  if (fresh.length) beep();
}

new MutationObserver(() => look()).observe(document.getElementById("alarm-place") ?? document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-alarms"] });
setInterval(() => { if (standing().length) beep(); }, AGAIN);
look();
