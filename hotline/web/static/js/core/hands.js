/* Whether a hand was on the keys, the mouse or the glass since the last request: only that keeps a person signed in, never a page by itself. */

let moved = false;
for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
  document.addEventListener(sign, () => { moved = true; }, { capture: true, passive: true });
}

/** Told once: the next request tells of what moved after this one. */
export function handsMoved() {
  const said = moved;
  moved = false;
  return said;
}
