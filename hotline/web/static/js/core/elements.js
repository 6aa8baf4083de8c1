/* Elements, icons, and parts that htmx brings in: text is always text, never markup. */

export function icon(name) {
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
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Run a starter for the whole page and again for every part htmx brings in. */
export function onPart(start) {
  const run = () => start(document);
  if (document.readyState === "complete") run();
  else document.addEventListener("DOMContentLoaded", run);
  document.addEventListener("htmx:after:swap", run);
}
