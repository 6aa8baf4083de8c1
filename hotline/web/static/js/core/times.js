/* Times as the pages write them, kept true while the page stays open. */

import { onPart } from "./elements.js";
import { say } from "./words.js";

/** "2 天 3 小时": the same words as the span_words macro. */
export function span(seconds) {
  const s = Math.abs(Math.trunc(seconds));
  const days = Math.floor(s / 86400), hours = Math.floor((s % 86400) / 3600), minutes = Math.floor((s % 3600) / 60);
  if (days >= 10) return say("day", { n: days });
  if (days) return say("day", { n: days }) + (hours ? " " + say("hour", { n: hours }) : "");
  if (hours) return say("hour", { n: hours }) + (hours < 6 && minutes ? " " + say("minute_short", { n: minutes }) : "");
  return say("minute", { n: Math.max(minutes, 1) });
}

/** A moment as the pages write it, in the city's time wherever this computer stands; its day is named unless it is today. */
export function clock(at = new Date()) {
  const read = (moment) => new Date(moment).toLocaleString("sv-SE", { timeZone: document.body.dataset.zone }).split(" ");
  const [day, time] = read(at);
  return day === read(Date.now())[0] ? time.slice(0, 5) : `${day.slice(5)} ${time.slice(0, 5)}`;
}

/** Keep "剩 3 小时" and "5 分钟前" true while the page stays open. */
function refreshTimes() {
  const now = Date.now();
  for (const chip of document.querySelectorAll("time[data-due]")) {
    const left = (Date.parse(chip.dateTime) - now) / 1000;
    const level = left < 0 ? "over" : left <= +chip.dataset.hot ? "hot" : left <= +chip.dataset.soon ? "soon" : "ok";
    if (!chip.classList.contains(`due-${level}`)) {
      chip.classList.remove("due-ok", "due-soon", "due-hot", "due-over");
      chip.classList.add(`due-${level}`);
    }
    const text = chip.querySelector("[data-due-text]");
    const fresh = say(left < 0 ? "over" : "left", { span: span(left) });
    if (text && text.textContent !== fresh) text.textContent = fresh;
  }
  for (const one of document.querySelectorAll("time[data-ago]")) {
    const past = (now - Date.parse(one.dateTime)) / 1000;
    if (past < 86400) one.textContent = past < 60 ? say("just_now") : say("ago", { span: span(past) });
  }
}

onPart(refreshTimes);
setInterval(refreshTimes, 30000);
document.addEventListener("visibilitychange", () => document.hidden || refreshTimes());
