/* Files go up one by one with a bar; type and size are checked before a byte is sent. */

import { icon, make, onPart } from "./elements.js";
import { ask, csrf, expired } from "./requests.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function fits(file, accept) {
  if (!accept) return true;
  return accept.split(",").map((a) => a.trim().toLowerCase()).some((a) =>
    a.startsWith(".") ? file.name.toLowerCase().endsWith(a)
      : a.endsWith("/*") ? file.type.startsWith(a.slice(0, -1)) : file.type === a);
}

/** The sentence that refuses this file, or "". */
function refusal(file, box, input) {
  const max = Number(box.dataset.maxMb);
  const there = box.querySelectorAll("[data-files] .file:not(.is-bad)").length;
  if (there >= Number(box.dataset.maxFiles)) return say("too_many_files", { n: box.dataset.maxFiles });
  if (file.size === 0) return say("empty_file", { name: file.name });
  if (file.size > max * 1024 * 1024) return say("too_big", { name: file.name, size: size(file.size), max });
  if (!fits(file, input.accept)) return say("bad_type", { name: file.name, types: input.accept });
  return "";
}

function line(box, file, text) {
  const bar = make("progress", { class: "meter", max: 100, value: 0 });
  const state = make("span", { class: "file-size num" }, text);
  const remove = make("button", { type: "button", class: "btn-icon btn-icon-small", "aria-label": `${say("remove")} ${file.name}`, "data-remove-file": "" }, icon("x-lg"));
  const one = make("li", { class: "file is-going" }, icon("paperclip"), make("span", { class: "file-name" }, file.name), state, bar, remove);
  box.querySelector("[data-files]").append(one);
  return { one, bar, state, remove };
}

function fail(part, sentence) {
  part.one.className = "file is-bad";
  part.bar.remove();
  part.state.textContent = sentence;
}

function send(box, file) {
  const part = line(box, file, say("uploading", { percent: 0 }));
  const form = new FormData();
  form.set("file", file);
  form.set("csrf_token", csrf());
  const draft = box.dataset.draftKey ?? box.closest("form")?.dataset.draft;
  if (draft) form.set("draft_key", draft);
  const request = new XMLHttpRequest();
  request.open("POST", box.dataset.upload);
  request.setRequestHeader("X-CSRFToken", csrf());
  request.setRequestHeader("Accept", "application/json");
  request.upload.onprogress = (event) => {
    const percent = Math.round((100 * event.loaded) / event.total);
    part.bar.value = percent;
    part.state.textContent = say("uploading", { percent });
  };
  request.onerror = () => fail(part, say("upload_failed", { name: file.name }));
  request.onload = () => {
    let told = {};
    try { told = JSON.parse(request.responseText); } catch { /* not ours: an error page of a proxy */ }
    const login = new URL(request.responseURL, location.href).pathname === (document.body.dataset.login ?? "/login");
    if (request.status === 401 || login) expired();
    if (request.status >= 300 || told.id === undefined) return fail(part, told.detail ?? say("upload_failed", { name: file.name }));
    done(box, part, told);
  };
  part.remove.addEventListener("click", () => request.abort());
  request.send(form);
}

function done(box, part, told) {
  part.one.classList.remove("is-going");
  part.bar.remove();
  part.state.textContent = size(told.size);
  part.one.querySelector(".file-name").replaceWith(make("a", { href: told.url, target: "_blank", rel: "noopener" }, told.name));
  part.remove.dataset.removeFile = told.url;
  part.one.append(make("input", { type: "hidden", name: box.dataset.name, value: told.id }));
}

function take(box, files) {
  const input = box.querySelector('input[type="file"]');
  for (const file of files) {
    const no = refusal(file, box, input);
    if (no) fail(line(box, file, ""), no);
    else send(box, file);
  }
  input.value = "";
}

document.addEventListener("change", (event) => {
  const box = event.target.type === "file" && event.target.closest("[data-upload]");
  if (box) take(box, [...event.target.files]);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-remove-file]");
  if (!button) return;
  const address = button.dataset.removeFile;
  button.closest(".file").remove();
  if (address) ask(address, { method: "DELETE" }).catch(() => toast(say("network"), "warn"));
});

/** Files that go with the form: named beside the button, or refused before a byte is sent. */
function named(input, words) {
  const no = [...input.files].map((file) => refusal(file, input, input)).find(Boolean)
    ?? (input.files.length > Number(input.dataset.maxFiles) ? say("too_many_files", { n: input.dataset.maxFiles }) : "");
  words.textContent = no || [...input.files].map((file) => file.name).join("、");
  words.classList.toggle("is-bad", Boolean(no));
  if (no) input.value = "";
}

/** The browser's own button speaks the browser's language, not the reader's: a label stands for it. */
function dress(input) {
  input.dataset.dressed = "";
  input.classList.add("visually-hidden");
  const words = make("span", { class: "file-chosen", role: "status" });
  input.after(make("label", { class: "btn btn-outline-primary file-choice", for: input.id }, icon("paperclip"), say("choose_files")), words);
  if (!input.closest("[data-upload]")) input.addEventListener("change", () => named(input, words));
}

onPart((part) => {
  part.querySelectorAll('input[type="file"]:not([data-dressed])').forEach(dress);
  for (const box of part.querySelectorAll("[data-upload]:not([data-ready])")) {
    box.dataset.ready = "";
    const drop = box.querySelector(".drop");
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("is-over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("is-over");
      take(box, [...event.dataTransfer.files]);
    });
  }
});
