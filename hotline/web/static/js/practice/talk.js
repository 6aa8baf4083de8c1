/* The practised call: the newest words stay in sight, and what was said leaves the field for the next question. */

import { onPart } from "../core/elements.js";

let asked = false;

document.addEventListener("submit", (event) => {
  if (event.target.matches?.(".talk-form")) asked = event.submitter?.name !== "chosen";
}, true);

onPart(() => {
  const lines = document.getElementById("talk-lines");
  if (lines) lines.scrollTop = lines.scrollHeight;
  if (asked) document.getElementById("f-say")?.focus({ preventScroll: true });
  asked = false;
});
