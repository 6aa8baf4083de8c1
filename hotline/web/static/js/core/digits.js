/* Digits answer a form's choices, one question after the other, in the order in which they stand: 1 is the first answer.
   While such a form stands on the page a digit does nothing else: one too many never leaves a form half written.
   The answer given is in hand, so that Tab goes on to the field behind it. */

import { onPart } from "./elements.js";

const writes = (element) => element?.matches?.("input:not([type=radio],[type=checkbox],[type=button]),textarea,select,[contenteditable]");
const questions = (form) => [...form.querySelectorAll("fieldset")].filter((one) => one.getClientRects().length && one.querySelector("input[type=radio]"));
const answered = (question) => question.querySelector("input:checked");

/** The question that the next digit answers: the one in hand if it is open, else the first open one. */
function next(form) {
  const open = questions(form).filter((one) => !answered(one));
  return open.find((one) => one.contains(document.activeElement)) ?? open[0];
}

function mark(form) {
  const asked = next(form);
  questions(form).forEach((one) => one.classList.toggle("is-asked", one === asked));
}

function take(form, digit) {
  const answer = next(form)?.querySelectorAll("input[type=radio]")[digit - 1];
  if (!answer) return;
  answer.focus({ preventScroll: true });
  answer.click();
  mark(form);
  next(form)?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || writes(event.target) || !/^[1-9]$/.test(event.key)) return;
  if (document.querySelector("dialog[open]")) return;
  const form = document.querySelector("form[data-digits]");
  if (!form || !questions(form).length) return;
  take(form, Number(event.key));
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

onPart((part) => part.querySelectorAll("form[data-digits]:not([data-digits-begun])").forEach((form) => {
  form.dataset.digitsBegun = "";
  form.addEventListener("change", () => mark(form));
  mark(form);
}));
