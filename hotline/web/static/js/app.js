/* The floor the other scripts stand on: words, requests with the CSRF token, toasts, times, small attributes. */
"use strict";

window.hotline = (() => {
  const block = document.getElementById("words");
  const words = block ? JSON.parse(block.textContent) : {};

  /** The sentence for a key, with {name} places filled. */
  const say = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

  const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  /** fetch with our token; a 401 raises the "log in again" dialog. JSON bodies are sent as JSON. */
  async function ask(url, { method = "GET", json, form, keepalive = false } = {}) {
    const headers = { "X-CSRFToken": csrf(), Accept: "application/json", "X-Requested-With": "fetch" };
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

  const loginPath = () => document.body.dataset.login ?? "/login";

  function expired() {
    document.dispatchEvent(new CustomEvent("hotline:expired"));
    const dialog = document.getElementById("dialog-expired");
    if (!dialog || dialog.open || document.body.classList.contains("public")) return;
    const here = location.pathname + location.search;
    document.getElementById("dialog-expired-login").href = `${loginPath()}?next=${encodeURIComponent(here)}`;
    dialog.showModal();
  }

  function icon(name) {
    const known = document.querySelector("svg.ico use")?.getAttribute("href")?.split("#")[0] ?? "";
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "ico");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${known}#${name}`);
    svg.append(use);
    return svg;
  }

  /** An element with attributes and children; text is always text, never markup. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) element.setAttribute(name, "");
      else if (value !== false && value != null) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  /** A short message at the corner; kind: info, good, warn, bad. Bad ones stay until closed. */
  function toast(text, kind = "info", url = "") {
    const holder = document.getElementById("toasts");
    if (!holder || !text) return;
    if ([...holder.children].some((one) => one.dataset.text === text)) return;
    const sign = { good: "check-circle", warn: "exclamation-triangle", bad: "exclamation-octagon" }[kind] ?? "info-circle";
    const close = make("button", { type: "button", class: "btn-icon btn-icon-small", "aria-label": say("close") }, icon("x-lg"));
    const message = url ? make("a", { href: url }, text) : make("span", {}, text);
    const one = make("div", { class: `toast-one toast-${kind}`, "data-text": text }, icon(sign), message, close);
    close.addEventListener("click", () => one.remove());
    holder.append(one);
    if (kind !== "bad") setTimeout(() => one.remove(), kind === "warn" ? 9000 : 5000);
  }

  /** "2 天 3 小时": the same words as the span_words macro. */
  function span(seconds) {
    const s = Math.abs(Math.trunc(seconds));
    const days = Math.floor(s / 86400), hours = Math.floor((s % 86400) / 3600), minutes = Math.floor((s % 3600) / 60);
    if (days >= 10) return say("day", { n: days });
    if (days) return say("day", { n: days }) + (hours ? " " + say("hour", { n: hours }) : "");
    if (hours) return say("hour", { n: hours }) + (hours < 6 && minutes ? " " + say("minute_short", { n: minutes }) : "");
    return say("minute", { n: Math.max(minutes, 1) });
  }

  /** A moment as the pages write it, in the city's time wherever this computer stands; its day is named unless it is today. */
  function clock(at = new Date()) {
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

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make("textarea", { class: "visually-hidden" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  document.addEventListener("click", async (event) => {
    const target = event.target.closest?.("[data-copy],[data-dismiss],[data-print],[data-fill]");
    if (!target) return;
    if (target.dataset.copy !== undefined) {
      const done = await copy(target.dataset.copy);
      toast(say(done ? "copied" : "copy_failed"), done ? "good" : "warn");
    } else if (target.dataset.dismiss) target.closest(target.dataset.dismiss)?.remove();
    else if (target.dataset.print !== undefined) window.print();
    else {
      const too = target.dataset.fillToo && document.querySelector(target.dataset.fillToo);
      if (too) too.value = target.dataset.valueToo;
      const field = document.querySelector(target.dataset.fill);
      if (field) {
        field.value = target.dataset.value ?? "";
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.focus();
      }
    }
  });

  /** Run a starter for the whole page and again for every part htmx brings in. */
  function onPart(start) {
    const run = () => start(document);
    if (document.readyState === "complete") run();
    else document.addEventListener("DOMContentLoaded", run);
    document.addEventListener("htmx:after:swap", run);
  }

  /** On a narrow screen the present tab may lie outside: bring it in, sideways only. */
  function showTab(tab) {
    const row = tab.parentElement;
    row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - tab.offsetWidth) / 2;
  }

  /** A table that must be scrolled sideways can be reached and scrolled by keyboard. */
  function reach(wrap) {
    if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
  }

  onPart((part) => {
    refreshTimes();
    part.querySelectorAll(".table-wrap").forEach(reach);
    part.querySelectorAll(".tabs > [aria-current]").forEach(showTab);
    const wanted = part.querySelector("[data-focus]:not([data-focused])");
    if (wanted) {
      wanted.dataset.focused = "";
      wanted.focus();
    }
  });
  setInterval(refreshTimes, 30000);
  document.addEventListener("visibilitychange", () => document.hidden || refreshTimes());
  document.addEventListener("hotline:toast", (event) => toast(event.detail?.text, event.detail?.kind, event.detail?.url));

  return { say, csrf, ask, expired, icon, make, toast, span, clock, copy, onPart, refreshTimes };
})();
