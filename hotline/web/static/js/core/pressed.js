/* What was pressed, as data-key tells it. */

/** "alt+s" as pressed. event.code makes Alt combinations work on keyboards where Alt types other letters. */
export function pressed(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  const letter = event.code === "Slash" ? "/" : /^(Key|Digit)(.)$/.exec(event.code)?.[2].toLowerCase();
  const key = event.altKey && letter ? letter : event.key.toLowerCase();
  if (event.shiftKey && key.length > 1) parts.push("shift");
  return [...parts, key].join("+");
}
