/* Found by Chinese, by the first letters of its sounds, or by digits: one way for whatever is chosen from a list. */

import { ask } from "./requests.js";

let letters, loading;

export const quiet = (text) => text.replace(/\s+/g, " ").trim();

/** The first letters of the signs' sounds, asked for once. */
export function loadLetters(address) {
  loading ??= ask(`${address}/letters`).then((answer) => answer.json()).then((known) => {
    letters = new Map(Object.entries(known).flatMap(([letter, signs]) => [...signs].map((sign) => [sign, letter])));
  });
  return loading;
}

const initials = (text) => [...text.toLowerCase()].map((sign) => letters?.get(sign) ?? sign).join("");

/** The smaller the better; nothing when it does not fit. */
export function fit(item, asked) {
  const text = item.label.toLowerCase();
  const plain = text.indexOf(asked), sound = initials(text).replace(/[^a-z0-9]/g, "").indexOf(asked);
  if (plain < 0 && sound < 0) return undefined;
  return (plain < 0 ? 100 + sound : plain) + text.length / 100;
}

/** The best first. also: further words of an item in which a sign may stand, after every hit in its name. */
export function ranked(items, asked, most, also = () => "") {
  if (!asked) return items.slice(0, most);
  const score = (item) => fit(item, asked) ?? (also(item).toLowerCase().includes(asked) ? 1000 : undefined);
  return items.map((item) => [score(item), item]).filter(([found]) => found !== undefined)
    .sort(([one], [other]) => one - other).map(([, item]) => item).slice(0, most);
}
