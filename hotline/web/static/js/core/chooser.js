/* A dialog with one field and a list below it: what is typed narrows the list, arrows choose, Enter takes. */

import { openDialog } from "./dialogs.js";
import { icon, make } from "./elements.js";

/** id: of its list. look: called as something is typed. take: called with what was chosen, or nothing. row: how an item is drawn. */
export function chooser({ id, name, hint, look, take, row = plainRow }) {
  const input = make("input", {
    type: "text", class: "form-control", role: "combobox", "aria-expanded": "true", "aria-controls": `${id}-list`, "aria-label": name,
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: hint, maxlength: "60",
  });
  const list = make("ul", { id: `${id}-list`, role: "listbox", class: "palette-list", "aria-label": name });
  const none = make("p", { class: "palette-none", role: "status", hidden: true });
  const dialog = make("dialog", { class: `dialog palette ${id}`, "aria-label": name }, input, list, none);
  let shown = [], at = 0;

  function draw() {
    list.replaceChildren(...shown.map((item, n) => make("li", { role: "option", id: `${id}-${n}`, class: "palette-item", "aria-selected": String(n === at) }, ...row(item))));
    if (shown.length) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || !(step || event.key === "Enter")) return;
    event.preventDefault();
    if (!step) return shown.length || input.value.trim() ? take(shown[at]) : undefined;
    at = (at + step + shown.length) % Math.max(shown.length, 1);
    draw();
  }

  input.addEventListener("input", look);
  input.addEventListener("keydown", press);
  list.addEventListener("click", (event) => take(shown[[...list.children].indexOf(event.target.closest("li"))]));
  document.body.append(dialog);
  return {
    dialog, input,
    asked: () => input.value,
    /** items: what is listed now. nothing: what is said when that is none; "" for nothing. stays: whether the chosen one is kept. */
    show(items, nothing = "", stays = false) {
      [shown, at] = [items, stays ? Math.max(items.indexOf(shown[at]), 0) : 0];
      draw();
      none.hidden = items.length > 0 || !nothing;
      none.textContent = nothing;
    },
    open() {
      input.value = "";
      openDialog(dialog);
      input.focus();
    },
  };
}

function plainRow(item) {
  return [icon(item.icon), make("span", { class: "palette-label" }, item.label), make("small", { class: "quiet" }, item.note)];
}
