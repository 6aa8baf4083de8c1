/* Short messages at the corner. */

import { icon, make } from "./elements.js";
import { say } from "./words.js";

/** A short message at the corner; kind: info, good, warn, bad. Bad ones stay until closed. */
export function toast(text, kind = "info", url = "") {
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

document.addEventListener("hotline:toast", (event) => toast(event.detail?.text, event.detail?.kind, event.detail?.url));
